"""A machine that lacks a reader says so before the first mail comes."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from gateway.extract import presence


def test_what_is_missing_is_named_with_what_to_install(monkeypatch: Any) -> None:
    monkeypatch.setattr(presence, "find_spec", lambda name: None)
    monkeypatch.setattr(presence, "find_library", lambda name: None)
    said = "\n".join(presence.missing_readers())
    assert "SAS" in said and "'statistical'" in said
    assert "libarchive13" in said and "words in pictures" in said


def test_recognition_without_a_language_is_missing(monkeypatch: Any) -> None:
    monkeypatch.setattr(presence, "TESSDATA", ("/nonexistent",))
    assert any("tesseract-ocr-eng" in line for line in presence.missing_readers())


def test_every_library_is_in_the_extra_that_is_named() -> None:
    project = tomllib.loads((Path(__file__).resolve().parents[2] / "pyproject.toml").read_text())
    extras = project["project"]["optional-dependencies"]
    for module, _, extra in presence.EXTRAS:
        assert any(line.startswith(module) for line in extras[extra]), module
