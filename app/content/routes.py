"""Registers what can be done with any entry."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the addresses of comments, reactions, photos and the rest of the spine."""
