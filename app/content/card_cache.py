"""Finished things, cards above all, kept under everything they are made of: nothing has to be told to forget them."""

import threading
from collections import OrderedDict
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class Cache(Generic[Value]):
    """The cards, or other values, used last, for all threads of a process."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.cards: OrderedDict[Any, Value] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key: Any) -> Value | None:
        """Return a card if it is still there."""
        with self.lock:
            card = self.cards.get(key)
            if card is not None:
                self.cards.move_to_end(key)
            return card

    def put(self, key: Any, card: Value | None) -> None:
        """Keep a card; the one that nobody has asked for longest makes room."""
        if card is None:
            return
        with self.lock:
            self.cards[key] = card
            while len(self.cards) > self.size:
                self.cards.popitem(last=False)
