"""A folder of material with a key, and documents that were made of words and figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from gateway.key_file import make_key
from gateway.model.material import FIGURE, PHRASE, Digesters, DocumentPrints
from gateway.releases.material.document import Registered
from gateway.releases.material.folder import MaterialFolder
from gateway.releases.material.sealing import MaterialKey

AT = datetime(2036, 3, 1, 12, tzinfo=UTC)
Make = Callable[..., tuple[Registered, DocumentPrints]]


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "keys" / "material.key"
    make_key(path)
    return path


@pytest.fixture
def key(key_file: Path) -> MaterialKey:
    return MaterialKey.load(key_file)


@pytest.fixture
def folder(tmp_path: Path) -> MaterialFolder:
    return MaterialFolder(tmp_path / "material")


@pytest.fixture
def document(key: MaterialKey) -> Make:
    """A document of these words and figures, each at a place of its own."""

    def make(
        release: str = "fostering", name: str = "tables.xlsx", words: Sequence[str] = ("heron",),
        figures: Sequence[str] = ("48213",), public: bool = False,
    ) -> tuple[Registered, DocumentPrints]:  # fmt: skip
        digesters = Digesters(key.digests)
        phrases = np.zeros(len(words), PHRASE)
        numbers = np.zeros(len(figures), FIGURE)
        phrases["place"] = np.arange(len(words))
        numbers["place"] = np.arange(len(figures))
        numbers["context"] = np.arange(len(figures)) * 2
        context = [part for word in figures for part in (1, digesters.context(word.encode()) >> 32)]
        prints = DocumentPrints(
            (digesters.phrase.many(w.encode() for w in words).tobytes(), phrases.tobytes()),
            (digesters.figure.many(f.encode() for f in figures).tobytes(), numbers.tobytes()),
            np.array(context, "<u4").tobytes(),
            tuple(f"sheet Kestrel, B{number + 2}" for number in range(len(words) + len(figures))),
            len(words), len(figures),
        )  # fmt: skip
        id = key.document(repr((name, words, figures)).encode())
        about = Registered(release, id, name, public, "a.producer@dept.example", AT, len(words),
                           len(figures))  # fmt: skip
        return about, prints

    return make
