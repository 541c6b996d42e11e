"""Real restrictions are noticed, talk about restrictions is not: measured on labelled sentences."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Iterator

import pytest
from support.corpus import CORPUS

from gateway.detect import Context, Detectors, DetectorSpec
from gateway.model.content import Text
from gateway.model.message import Location

HERE = Path(__file__).resolve().parent
PHRASES = CORPUS / "phrases.tsv"
LATER = datetime(2026, 11, 20, 10, tzinfo=UTC)


def rows(path: Path, split: str | None = None) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if split is None or row["split"] == split:
                yield row


def noticed(detectors: Detectors, row: dict[str, str]) -> bool:
    now, date = LATER, None
    if row["label"] == "real" and row["embargo_until"]:
        until = datetime.fromisoformat(row["embargo_until"]).replace(tzinfo=UTC)
        now = date = until - timedelta(hours=26)
    text = Text(Location("1", None, "body"), row["sentence"].replace("\\n", "\n"))
    found = detectors.inspect([text], Context(now, date, "Europe/London"))
    assert not found.gaps
    return any(f.confidence != "low" and not f.facts.get("expired") for f in found.findings)


def shares(path: Path, split: str | None = None) -> tuple[float, float, list[str]]:
    """(real noticed, innocent noticed, ids that went wrong)"""
    detectors = Detectors(DetectorSpec())
    total = {"real": 0, "innocent": 0}
    hits = {"real": 0, "innocent": 0}
    wrong = []
    for row in rows(path, split):
        seen = noticed(detectors, row)
        total[row["label"]] += 1
        hits[row["label"]] += seen
        if seen != (row["label"] == "real"):
            wrong.append(row["id"])
    return hits["real"] / total["real"], hits["innocent"] / total["innocent"], wrong


@pytest.mark.skipif(not PHRASES.exists(), reason="the shared corpus is not here")
def test_the_shared_sentences_are_told_apart() -> None:
    real, innocent, wrong = shares(PHRASES)
    assert real >= 0.9, wrong
    assert innocent <= 0.05, wrong


@pytest.mark.parametrize("split", ["dev", "held", "fresh", "fresh2"])
def test_our_own_sentences_are_told_apart(split: str) -> None:
    real, innocent, wrong = shares(HERE / "phrases_own.tsv", split)
    assert real >= 0.9, wrong
    assert innocent <= 0.05, wrong
