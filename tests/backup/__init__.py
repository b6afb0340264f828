"""Backup and restore: everything is in it, nothing is touched by a bad one."""
