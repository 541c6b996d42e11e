"""Registers 80 releases of 200 pages and 2,000 figures each, in a folder that a gateway runs in.

Words are those of this project's own pages, as often as they stand there, so that mail has many of
them too; figures are random. Everything is due years ahead.
"""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime
from pathlib import Path

from gateway.detect.material.prints import prints
from gateway.key_file import make_key
from gateway.model.content import Content, Table, Text
from gateway.model.material import Digesters
from gateway.model.message import Location
from gateway.releases.material.document import Registered
from gateway.releases.material.folder import MaterialFolder
from gateway.releases.material.sealing import MaterialKey

ROOT = Path(__file__).resolve().parent.parent
RELEASES, PAGES, WORDS_OF_PAGE, FIGURES = 80, 200, 400, 2000
_AREAS = "North South East West Central Upper Lower Outer Inner Greater".split()


def register_packs(base: Path, releases: int = RELEASES) -> None:
    """Into `base`/rules/releases and `base`/var."""
    var = base / "var"
    var.mkdir(mode=0o700, exist_ok=True)
    make_key(var / "material.key")
    key = MaterialKey.load(var / "material.key")
    words = re.findall(
        r"[a-z]{2,}", " ".join(p.read_text() for p in ROOT.glob("docs/*.md")).lower()
    )
    documents = []
    for number in range(releases):
        source = random.Random(number)
        name = f"bench-{number}"
        (base / "rules/releases" / f"{name}.yaml").write_text(
            f"release: {{title: Benchmark statistics {number}, instant: 2037-03-01T09:30:00}}\n"
        )
        found = prints(_pack(source, words), Digesters(key.digests))
        about = Registered(
            name, key.document(name.encode()), f"{name}.docx", False, "bench", datetime.now(UTC),
            found.words, found.figure_count,
        )  # fmt: skip
        documents.append((about, found))
    MaterialFolder(var / "material").add(documents, key)


def _pack(source: random.Random, words: list[str]) -> list[Content]:
    pages: list[Content] = [
        Text(Location("1", "pack.docx", f"page {page}"), _page(source, words))
        for page in range(1, PAGES + 1)
    ]
    measures = source.sample(words, 10)
    rows = [["Area", "Year", *measures]]
    rows += [
        [source.choice(_AREAS), str(2018 + row % 9), *map(str, _figures(source))]
        for row in range(FIGURES // 10)
    ]
    return [*pages, Table(Location("1", "pack.xlsx", "sheet Table_1"), rows)]


def _page(source: random.Random, words: list[str]) -> str:
    sentences = (
        " ".join(source.choices(words, k=20)).capitalize() for _ in range(WORDS_OF_PAGE // 20)
    )
    return ". ".join(sentences) + "."


def _figures(source: random.Random) -> list[int | float]:
    levels = [int(10 ** source.uniform(3, 6)) for _ in range(6)]
    return [*levels, *(round(source.uniform(0.5, 95), 1) for _ in range(4))]
