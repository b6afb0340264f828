"""Courses: made by editors, gone through by everybody."""
