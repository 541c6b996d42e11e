"""The open evaluation tables, where they are at hand, in every format: who was called what, with floors."""

from __future__ import annotations

import csv
from collections import Counter

import pytest
from support.corpus import TABLES

from gateway.cli.scan import Limits, conclude, read_tables
from gateway.model.message import Part

CORPUS = TABLES
RECALL, FALSE = 0.90, 0.05
ASKED, DOUBTED = 0.98, 0.12
"""With "unsure" counted as a question to a person: records found, tables of figures asked about."""


@pytest.mark.skipif(not CORPUS.exists(), reason="the open evaluation tables are not here")
def test_unit_records_are_found_and_tables_of_counts_are_not_accused() -> None:
    counts: Counter[tuple[str, str]] = Counter()
    formats: Counter[tuple[str, str, str]] = Counter()
    wrong = []
    with (CORPUS / "manifest.tsv").open(encoding="utf-8", newline="") as manifest:
        for entry in csv.DictReader(manifest, delimiter="\t"):
            path = CORPUS / entry["path"]
            part = Part("1", "application/octet-stream", "attachment", path.read_bytes(), path.name)
            reading = read_tables(Limits(), part)
            found = conclude(path.name, (reading[0], (), ()))
            counts[entry["label"], found.verdict] += 1
            formats[entry["format"], entry["label"], found.verdict] += 1
            if (entry["label"] == "microdata") != (found.verdict == "microdata"):
                wrong.append(f"{entry['label']} called {found.verdict}: {path.name}")
    for key, number in sorted(formats.items()):
        print(*key, number)
    print("\n".join(wrong))
    records = sum(n for (label, _), n in counts.items() if label == "microdata")
    tables = sum(n for (label, _), n in counts.items() if label == "aggregate")
    asked = counts["microdata", "microdata"] + counts["microdata", "unsure"]
    doubted = counts["aggregate", "microdata"] + counts["aggregate", "unsure"]
    assert counts["microdata", "microdata"] >= RECALL * records
    assert counts["aggregate", "microdata"] <= FALSE * tables
    assert asked >= ASKED * records and doubted <= DOUBTED * tables
