"""The demo company: an invented chain with two years of life, to look at, to try things on, and to measure with.

The last layer like `admin`: may import all, is imported by nobody. `flask demo` makes it once in an empty database.
"""

from flask import Flask

from app.demo.command import demo


def init_app(app: Flask) -> None:
    """Register `flask demo`."""
    app.cli.add_command(demo)
