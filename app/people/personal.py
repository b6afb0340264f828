"""What the portal keeps of a person and where: the one declaration that export and erasure work from.

A new column that refers to a person, or holds something about one, gets its line here before anything else: a test walks
the schema and fails on a column without one. Columns stand by name, "table.column", so that this layer knows of features
without importing them.
"""

from enum import StrEnum
from typing import NamedTuple


class Erasure(StrEnum):
    """What erasing a person does with a row that refers to him."""

    # The row stays and goes on referring to the person, whose own row has become nameless by then.
    KEEP = "keep"
    # The row stays, the column becomes empty.
    BLANK = "blank"
    # The row goes, with what hangs on it.
    DELETE = "delete"


class Use(NamedTuple):
    """What happens to one column, whether its row belongs into the person's export, and why."""

    erasure: Erasure
    exported: bool
    why: str


KEEP, BLANK, DELETE = Erasure.KEEP, Erasure.BLANK, Erasure.DELETE

# Columns with a foreign key to a person.
REFERENCES: dict[str, Use] = {
    "absence.noted_by_id": Use(BLANK, False, "the absence is somebody else's"),
    "absence.person_id": Use(DELETE, True, "when one was away, and why"),
    "access_link.created_by_id": Use(BLANK, False, "who invited is of no use once the link is void"),
    "access_link.person_id": Use(DELETE, False, "a way in; holds nothing but hashes"),
    "activity.actor_id": Use(KEEP, True, "what took place; counts and points follow from it"),
    "announcement_file.owner_id": Use(KEEP, True, "belongs to the announcement that it came with"),
    "announcement_version.by_id": Use(KEEP, True, "authorship stays, under no name"),
    "assignee.person_id": Use(DELETE, True, "what one was to learn, and how far one came"),
    "assignment.author_id": Use(KEEP, True, "authorship stays, under no name"),
    "assignment.cancelled_by_id": Use(KEEP, True, "the log must still say that somebody did it"),
    "assignment_event.actor_id": Use(KEEP, True, "the log must still say that somebody did it"),
    "assignment_event.person_id": Use(DELETE, True, "what became of one's own assignments"),
    "assignment_name.person_id": Use(DELETE, True, "for whom something was assigned by name"),
    "bookmark.person_id": Use(DELETE, True, "kept for oneself alone"),
    "briefing.by_id": Use(KEEP, True, "that a store was told stays true"),
    "briefing_person.person_id": Use(KEEP, True, "the same, under no name"),
    "change.actor_id": Use(KEEP, True, "the log must still say that somebody did it"),
    "certificate.person_id": Use(KEEP, True, "that it was given stays true, under no name"),
    "certificate.revoked_by_id": Use(KEEP, True, "the log must still say that somebody did it"),
    "certificate_rule.changed_by_id": Use(KEEP, True, "authorship stays, under no name"),
    "channel_choice.person_id": Use(DELETE, True, "nothing is sent any more"),
    "comment.author_id": Use(KEEP, True, "authorship stays, under no name"),
    "comment_like.person_id": Use(KEEP, True, "counts stay true"),
    "course_version.published_by_id": Use(KEEP, True, "authorship stays, under no name"),
    "delivery.person_id": Use(DELETE, True, "what was sent when"),
    "draft.person_id": Use(DELETE, True, "never sent"),
    "enrolment.person_id": Use(DELETE, True, "which courses one goes through"),
    "entry.author_id": Use(KEEP, True, "authorship stays, under no name"),
    "former_round.person_id": Use(DELETE, True, "how one went through a course before"),
    "group_member.person_id": Use(DELETE, True, "belongs to no group any more"),
    "lesson_file.owner_id": Use(KEEP, True, "belongs to the lesson that it came with"),
    "lesson_progress.person_id": Use(DELETE, True, "how far one has come"),
    "mention.person_id": Use(DELETE, True, "the text that named him stays its author's"),
    "notice.person_id": Use(DELETE, True, "what the person was told of"),
    "notice_actor.person_id": Use(KEEP, False, "somebody else's notice still counts right, under no name"),
    "path.author_id": Use(KEEP, True, "authorship stays, under no name"),
    "path_completion.person_id": Use(DELETE, True, "which paths one has completed"),
    "photo.owner_id": Use(KEEP, True, "belongs to the entry it stands in; one that waits for its form is swept"),
    "push_subscription.person_id": Use(DELETE, True, "a browser that is told nothing any more"),
    "quiet_hours.person_id": Use(DELETE, True, "nothing is sent any more"),
    "quiz_attempt.person_id": Use(DELETE, True, "what one answered"),
    "reaction.person_id": Use(KEEP, True, "counts stay true"),
    "receipt.person_id": Use(KEEP, True, "how far news came stays true, under no name"),
    "report.reporter_id": Use(KEEP, True, "what moderators decided stays on record"),
    "report.resolved_by_id": Use(KEEP, True, "what moderators decided stays on record"),
    "review_answer.person_id": Use(DELETE, True, "what one answered in a shift"),
    "review_card.person_id": Use(DELETE, True, "how well one remembers"),
    "review_day.person_id": Use(DELETE, True, "how many questions one answered that day"),
    "role_grant.granted_by_id": Use(BLANK, False, "the role is somebody else's"),
    "role_grant.person_id": Use(DELETE, True, "holds no role any more"),
    "scorm_state.person_id": Use(DELETE, True, "how one went through a package, and what one answered there"),
    "sign_in.person_id": Use(DELETE, True, "where and when one signed in"),
    "staff_import.uploaded_by_id": Use(BLANK, True, "the import stays, as the log does"),
    "staff_import_change.person_id": Use(DELETE, True, "what the accounting said of the person then"),
    "strength.person_id": Use(DELETE, True, "what one is good at, in one's own words"),
    "task_answer.decided_by_id": Use(BLANK, False, "the answer is somebody else's"),
    "task_answer.person_id": Use(DELETE, True, "what one handed in, and what was said of it"),
    "task_photo.owner_id": Use(DELETE, True, "what one handed in; the files go too"),
    "terminal.enrolled_by_id": Use(BLANK, False, "the terminal is the store's"),
    "terminal_code.created_by_id": Use(BLANK, False, "used up or void within ten minutes"),
}

# The columns of a person's own row: KEEP stays, BLANK becomes empty or a word that names nobody.
OWN: dict[str, Use] = {
    "person.id": Use(KEEP, True, "what the kept rows refer to"),
    "person.personnel_number": Use(BLANK, True, "names the person to the accounting"),
    "person.number_key": Use(BLANK, False, "the same, for comparing"),
    "person.last_name": Use(BLANK, True, "names the person"),
    "person.first_name": Use(BLANK, True, "names the person"),
    "person.middle_name": Use(BLANK, True, "names the person"),
    "person.name_key": Use(BLANK, False, "the same, for comparing"),
    "person.store_id": Use(KEEP, True, "numbers by store stay true"),
    "person.position": Use(KEEP, True, "numbers by position stay true"),
    "person.position_title": Use(BLANK, True, "a rare title names its holder"),
    "person.hired_on": Use(KEEP, True, "cohorts stay true; a date names nobody"),
    "person.dismissed_on": Use(KEEP, True, "cohorts stay true; without it the person would be back"),
    "person.phone": Use(BLANK, True, "reaches the person"),
    "person.email": Use(BLANK, True, "reaches the person"),
    "person.login": Use(BLANK, True, "names the person"),
    "person.password_hash": Use(BLANK, False, "a secret, even as a hash"),
    "person.pin_hash": Use(BLANK, False, "a secret, even as a hash"),
    "person.badge_hash": Use(BLANK, False, "a secret, even as a hash"),
    "person.badge_nonce": Use(BLANK, False, "what the badge is made from"),
    "person.locale": Use(BLANK, True, "a preference"),
    "person.photo_key": Use(BLANK, True, "shows the person; the files go too"),
    "person.about": Use(BLANK, True, "the person's own words"),
    "person.shows_phone": Use(BLANK, True, "a preference"),
    "person.shows_email": Use(BLANK, True, "a preference"),
    "person.stream_seen_at": Use(BLANK, True, "when one was here"),
    "person.stream_before_at": Use(BLANK, True, "when one was here"),
    "person.created_at": Use(KEEP, True, "when the row came about"),
}

# Columns without a foreign key that hold something about people all the same.
HIDDEN: dict[str, Use] = {
    "activity.subject_id": Use(KEEP, True, "an id of the kind beside it; a person's where that is `person`"),
    "certificate.full_name": Use(BLANK, True, "names the person"),
    "certificate.short_name": Use(BLANK, True, "names the person"),
    "certificate.revoked_why": Use(BLANK, True, "somebody's words about the person"),
    "former_round.lessons": Use(DELETE, True, "goes with its row"),
    "attempt.subject": Use(DELETE, False, "whose sign-in was tried, as an id; swept after a day"),
    "change.subject_id": Use(KEEP, True, "whose row was changed"),
    "change.subject_name": Use(BLANK, True, "what the person was called then"),
    "change.details": Use(BLANK, True, "values before and after: names, phones"),
    "push_subscription.device": Use(DELETE, True, "goes with its row"),
    "push_subscription.endpoint": Use(DELETE, False, "goes with its row"),
    "push_subscription.keys": Use(DELETE, False, "goes with its row"),
    "letter.address": Use(DELETE, False, "whom a letter reached; its text is wiped as it leaves"),
    "letter.html": Use(DELETE, False, "goes with its row"),
    "letter.subject": Use(DELETE, False, "goes with its row"),
    "letter.text": Use(DELETE, False, "goes with its row"),
    "job.args": Use(DELETE, False, "letters on their way, and ids; done jobs are swept"),
    "job.kwargs": Use(DELETE, False, "the same"),
    "report.text": Use(KEEP, True, "the reporter's own words"),
    "review_answer.given": Use(DELETE, True, "goes with its row"),
    "sign_in.device": Use(DELETE, True, "which browser; goes with its row"),
    "staff_import.file_name": Use(KEEP, False, "names a file"),
    "staff_import.refused": Use(BLANK, False, "rows of the list that could not be read, with names"),
    "staff_import.recognised": Use(BLANK, False, "samples of the list's columns, with names"),
    "staff_import_change.after": Use(DELETE, True, "goes with its row"),
    "staff_import_change.before": Use(DELETE, True, "goes with its row"),
    "staff_import_change.name": Use(DELETE, True, "goes with its row"),
    "staff_import_change.number": Use(DELETE, False, "goes with its row"),
    "staff_import_change.number_key": Use(DELETE, False, "goes with its row"),
}


def declared() -> dict[str, Use]:
    """Return what is declared of every column, by its name "table.column"."""
    return {**REFERENCES, **OWN, **HIDDEN}
