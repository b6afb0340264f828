"""Plain forms over everything for administrators; the last layer, may import all."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the administrator's pages."""
