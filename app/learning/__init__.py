"""Learning: courses in versions, their lessons and quizzes, and how far everybody has come.

Says course.published, course.renewed, course.archived, course.unarchived, course.begun, course.completed, lesson.done,
review.answered, task.handed_in, task.accepted, task.sent_back. Hears itself: what follows from a lesson that is done
(questions come back).
"""
