import copy
import json
import pickle

import pytest

from nbblocks.core.filedata import FileData
from nbblocks.core.records import Record, Records


class Clip(Record):
    video: str
    subtitles: str | None = None
    rate: int = 24


class LongClip(Clip):
    length: float


def test_fields_of_a_record_are_attributes_and_items() -> None:  # CP-3
    clip = Clip(video="a.mp4", own=1)
    assert (clip.video, clip.subtitles, clip["rate"], clip.own) == ("a.mp4", None, 24, 1)
    clip.rate = 30
    assert clip["rate"] == clip.rate == 30
    assert clip == {"video": "a.mp4", "subtitles": None, "rate": 30, "own": 1}
    with pytest.raises(AttributeError, match="Clip has no field 'codec'"):
        _ = clip.codec


def test_a_record_has_its_fields_in_the_order_of_the_class_and_its_bases() -> None:
    assert list(LongClip(own=1, length=2.0, video="a")) == ["video", "subtitles", "rate", "length", "own"]
    with pytest.raises(ValueError, match="LongClip lacks video, length"):
        LongClip()


def test_records_survive_copies_pickles_and_json() -> None:
    data = Records([Clip(video="a"), Clip(video="b")])
    for again in (copy.deepcopy(data), pickle.loads(pickle.dumps(data))):
        assert type(again) is Records and type(again[0]) is Clip
        assert again == data and again[0] is not data[0]
    assert json.loads(data.model_dump_json()) == data
    assert Clip(video="a").model_dump_json() == '{"video": "a", "subtitles": null, "rate": 24}'


def test_a_dump_is_plain_to_the_bottom() -> None:
    dumped = Records([Clip(video="a", parts=[FileData(path="x")])]).model_dump()
    assert type(dumped) is list and type(dumped[0]) is dict and type(dumped[0]["parts"][0]) is dict
    assert dumped[0]["parts"][0]["path"] == "x"
