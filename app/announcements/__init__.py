"""Announcements: what head office says to an audience, who has heard it first-hand, and what is still asked of whom.

Says announcement.published, announcement.edited, announcement.renewed, announcement.archived, announcement.deleted,
announcement.read, announcement.confirmed, announcement.understood. Hears that a session begins:
whoever has joined an audience gets what he missed.
"""
