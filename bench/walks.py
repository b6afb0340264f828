"""`python -m bench.walks`: times the stream's statement for viewers who see much, little and in many pieces; prints JSON.

Run by `growth` upon the large company: its environment names the data folder.
"""

from __future__ import annotations

import json
import time
from typing import Any

from app import create_app
from app.content import cards
from app.content.audience import EVERYBODY
from app.database import now, reading
from app.extensions import db
from bench.growth import APART

RUNS = 15
VIEWERS = {
    "sees most of everything": [EVERYBODY, "city:1", "store:1", "position:seller"],
    "sees one store only": ["store:5"],
    "sees 30 old entries of two million": [APART[0]],
    "sees 300 small audiences": [APART[1]],
    "sees nothing": ["group:9003"],
}


def main() -> None:
    """Print how long the statement takes, first page and older, whichever is longer."""
    found = {}
    with create_app(commands=False).app_context(), reading():
        for name, keys in VIEWERS.items():
            found[name] = max(_time(keys, None), _time(keys, cards.Position(now(), 0)))
    print(json.dumps(found))


def _time(keys: list[str], before: cards.Position | None) -> float:
    """Return the shortest of several runs: the others tell what else the machine did."""
    statement = cards._stream(db.engine.dialect.name, before is not None)
    values: dict[str, Any] = {"viewer_id": 0, "keys": keys, "size": cards.PAGE, "limit": cards.PAGE + 1}
    if before is not None:
        values |= {"before_at": before.at, "before_id": before.id}
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        db.session.execute(statement, values).all()
        times.append(1000 * (time.perf_counter() - began))
    return min(times)


if __name__ == "__main__":
    main()
