"""Registers the blueprints of the people package."""

from flask import Flask

from app.people import sign_in


def init_app(app: Flask) -> None:
    """Register every address of people, stores, sign-in and terminals."""
    app.register_blueprint(sign_in.bp)
