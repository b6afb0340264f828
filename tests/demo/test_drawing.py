"""The demo's pictures: the same number is the same picture, and each has its format."""

from __future__ import annotations

import pytest
from PIL import ImageStat

from app.demo.drawing.portraits import portrait
from app.demo.drawing.scenes import FORMATS, SEASONS, album, paint

FAMILIES = {scene.family: scene for scene in album()}


def test_no_two_scenes_are_one():
    assert len({scene.name for scene in album()}) == len(album())
    assert 60 <= len(album()) <= 120


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_scene_is_drawn_in_its_format(family):
    picture = paint(FAMILIES[family])
    assert picture.size == FORMATS[FAMILIES[family].shape]
    assert picture.mode == "RGB"
    # Something is to be seen on it.
    assert max(ImageStat.Stat(picture).stddev) > 12


def test_the_same_number_is_the_same_picture():
    scene = FAMILIES["still"]
    assert paint(scene).tobytes() == paint(scene).tobytes()
    assert portrait(True, "00123").tobytes() == portrait(True, "00123").tobytes()
    assert portrait(True, "00123").tobytes() != portrait(True, "00124").tobytes()


def test_every_season_has_its_windows():
    for season in SEASONS:
        assert sum(scene.season == season for scene in album()) >= 9
