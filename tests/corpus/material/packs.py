"""The synthetic releases as files: what is registered before publication, and what is out already.

- A folder holds `release.yaml` (words) and the figures as CSV: `tables/` to come, `public/` out.
- Everything in them is invented. Files are made here and never kept.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from corpus.material.files import csv_file, document, ods_file, text_file, workbook

HERE = Path(__file__).parent
Named = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Pack:
    """A release: the files of its pack, and those of its last public edition."""

    id: str
    title: str
    market_sensitive: bool
    files: tuple[Named, ...]
    public: tuple[Named, ...]


def packs(split: str) -> tuple[Pack, ...]:
    """The releases whose material is registered for one split: those of `tune` alone, or all."""
    folders = [HERE / "releases"] + ([HERE / "apart" / "releases"] if split == "apart" else [])
    return tuple(
        _pack(path) for folder in folders for path in sorted(folder.glob("*/release.yaml"))
    )


def _pack(path: Path) -> Pack:
    said = yaml.safe_load(path.read_text())
    name = said["id"]
    files = _files(path.parent / "tables", said, said["briefing"], name)
    public = _files(path.parent / "public", said, said["public_briefing"], f"{name}-last")
    return Pack(name, said["title"], said.get("market_sensitive", False), files, public)


def _files(folder: Path, said: dict[str, Any], briefing: str, name: str) -> tuple[Named, ...]:
    sheets = [
        (str(sheet["name"]), sheet["title"], rows_of((folder / sheet["file"]).read_text()))
        for sheet in said["sheets"]
    ]
    words = briefing + said["notes"]
    kind, form = said["pack"]["tables"], said["pack"]["briefing"]
    if kind == "csv":
        tables = [(f"{name}-{sheet}.csv", csv_file(rows)) for sheet, _, rows in sheets]
    else:
        make = workbook if kind == "xlsx" else ods_file
        tables = [(f"{name}-tables.{kind}", make(sheets))]
    make_words = document if form == "docx" else text_file
    return (*tables, (f"{name}-briefing.{form}", make_words(words)))


def rows_of(text: str) -> list[list[str]]:
    """The rows of comma-separated text."""
    return list(csv.reader(io.StringIO(text)))
