"""Announcements: written, published, read, confirmed, understood; and kept from whom they are not for."""
