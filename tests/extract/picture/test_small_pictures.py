"""A line of small letters is seen; what was learnt from one picture does not colour the next."""

from __future__ import annotations

from typing import Any

import pytest
from PIL import Image
from support.pictures import saved

from gateway.extract.picture import recognition


class _Engine:
    """What Tesseract is asked, and in what order."""

    def __init__(self, fails: bool) -> None:
        self.asked: list[str] = []
        self._fails = fails

    def SetImageBytes(self, *_: Any) -> None:
        self.asked.append("SetImageBytes")

    def GetUTF8Text(self) -> str:
        if self._fails:
            raise RuntimeError
        return ""

    def Clear(self) -> None:
        self.asked.append("Clear")

    def ClearAdaptiveClassifier(self) -> None:
        self.asked.append("ClearAdaptiveClassifier")


@pytest.mark.parametrize("fails", [False, True])
def test_nothing_of_a_picture_stays_behind(monkeypatch: pytest.MonkeyPatch, fails: bool) -> None:
    engine = _Engine(fails)
    monkeypatch.setattr(recognition, "_engine", lambda: engine)
    try:
        recognition.recognise(b"\0", 1, 1, 1)
    except RuntimeError:
        assert fails
    assert engine.asked == ["SetImageBytes", "Clear", "ClearAdaptiveClassifier"]


def test_a_picture_as_high_as_small_letters_is_looked_at(
    read: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int]] = []

    def recognise(grey: bytes, width: int, height: int, stride: int) -> recognition.Recognised:
        asked.append((width, height))
        return recognition.Recognised("", [])

    monkeypatch.setattr("gateway.extract.picture.recognition.recognise", recognise)
    read(saved(Image.new("L", (300, 10), 255), "PNG"))
    assert asked
