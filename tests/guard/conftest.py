"""The world in which all addresses are tried."""

from __future__ import annotations

import pytest

from tests.conftest import Portal
from tests.guard.world import World


@pytest.fixture
def world(portal: Portal) -> World:
    """Return the portal with things of everybody in it."""
    return World(portal)
