"""The demo's pictures on their way into the media store: drawn by all cores, cut like uploads, stored once and linked."""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from typing import Any

from app.content.photos import file_key
from app.demo.company import Worker
from app.demo.drawing.portraits import portrait
from app.demo.drawing.scenes import SEASONS, Scene, album, paint
from app.media import media
from app.pictures import Picture, square, variants

ALT = {
    "window": "Витрина магазина",
    "still": "Ваза на столе у стены",
    "glow": "Бокалы в ряд",
    "shelf": "Полки с посудой",
    "table": "Накрытый стол, вид сверху",
    "packing": "Подарки в упаковке, вид сверху",
    "hall": "Торговый зал",
    "landscape": "Вид за городом",
}
# Fewer are drawn at once where starting further processes would take longer.
FEW = 6


@lru_cache(maxsize=8)
def draw(scene: Scene) -> Picture:
    """Draw a scene and cut it into the variants that an upload would get."""
    return variants(paint(scene))


def key_of(kind: str, *parts: Any) -> str:
    """Return a media key: like any other in form, the same whenever the demo is made."""
    name = hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:32]
    return f"{kind}/{name[:2]}/{name}"


class Gallery:
    """The drawn scenes, and where each was stored first."""

    def __init__(self, count: int) -> None:
        scenes = album()
        random.Random(count).shuffle(scenes)
        chosen = scenes[:count]
        self.pictures = dict(zip(chosen, _drawn(chosen), strict=True))
        self.stored: dict[Scene, str] = {}
        self.families: dict[tuple[str, str], list[Scene]] = {}
        for scene in chosen:
            for season in (scene.season,) if scene.season else SEASONS:
                self.families.setdefault((scene.family, season), []).append(scene)
        self.last_used: dict[Scene, int] = {}
        self.uses = 0

    def choose(self, families: Iterable[str], season: str, count: int, rng: random.Random) -> list[Scene]:
        """Choose different scenes of these families, those not seen for longest first."""
        fitting = [scene for family in families for scene in self.families.get((family, season), ())]
        rng.shuffle(fitting)
        fitting.sort(key=lambda scene: self.last_used.get(scene, -1) // 8)
        chosen = fitting[:count]
        for scene in chosen:
            self.uses += 1
            self.last_used[scene] = self.uses
        return chosen

    def store(self, scene: Scene, key: str) -> Picture:
        """Store a scene's files under a photo's key; after the first time they are linked, not written."""
        picture = self.pictures[scene]
        former = self.stored.get(scene)
        for width, data in picture.files.items():
            if former is None:
                media().put(file_key(key, width), data)
            else:
                media().copy(file_key(former, width), file_key(key, width))
        self.stored.setdefault(scene, key)
        return picture


def store_portrait(worker: Worker) -> str:
    """Draw and store somebody's portrait; return its key."""
    key = key_of("avatar", "portrait", worker.number)
    for side, data in square(portrait(worker.female, f"{worker.number} {worker.name}")).items():
        media().put(file_key(key, side), data)
    return key


def _drawn(scenes: list[Scene]) -> Iterable[Picture]:
    cores = min(os.cpu_count() or 1, 8)
    if len(scenes) <= FEW or cores == 1:
        return [draw(scene) for scene in scenes]
    with ProcessPoolExecutor(cores) as pool:
        return list(pool.map(draw, scenes, chunksize=2))
