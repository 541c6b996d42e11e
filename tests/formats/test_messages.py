"""What is planted in a place of a whole message is found there, or is a gap: through the parser,
the readers and the detectors, as the gateway inspects it."""

from __future__ import annotations

from pathlib import Path

from formats import test_places  # fills the matrix
from formats.planting import BANNER, PLACES, RECORDS, Place, Rows

from gateway.cli.setting import load_setting
from gateway.live import opened_inspector
from gateway.model.session import Envelope, Recipient, Session
from gateway.model.verdict import Case

CONFIG = Path(__file__).resolve().parents[2] / "config.example.yaml"
MESSAGES = [
    p for p in PLACES if p.format in ("message (EML)", "archived page (MHT)")
]  # fmt: skip


async def cases(places: list[Place], text: str, rows: Rows) -> dict[str, Case]:
    found = {}
    envelope = Envelope("a.field@dept.example", (Recipient("x@webmail.example"),))
    async with opened_inspector(load_setting(CONFIG)) as inspector:
        for place in places:
            raw = place.build(text, rows)
            inspection = await inspector.inspect(
                Session("127.0.0.1"), envelope, raw, test_places.BEFORE
            )
            found[f"{place.format}: {place.where}"] = inspection.case
    return found


def lacking(case: Case, place: Place, kind: str) -> bool:
    if place.expect != "found":
        return place.expect not in {gap.reason for gap in case.gaps}
    return not [f for f in case.findings if f.kind == kind and f.facts.get("verdict") != "unsure"]


async def test_a_banner_is_found_wherever_it_is_planted() -> None:
    places = [p for p in MESSAGES if p.holds != "rows"]
    found = await cases(places, BANNER, ())
    pairs = zip(places, found.items(), strict=True)
    assert [name for p, (name, case) in pairs if lacking(case, p, "embargo-banner")] == []


async def test_unit_records_are_found_wherever_they_are_planted() -> None:
    places = [p for p in MESSAGES if p.holds != "words"]
    found = await cases(places, "", RECORDS)
    pairs = zip(places, found.items(), strict=True)
    assert [name for p, (name, case) in pairs if lacking(case, p, "microdata")] == []


async def test_the_same_places_without_them_are_clean() -> None:
    kinds = ("embargo-banner", "marking", "microdata")
    found = await cases(MESSAGES, "", ())
    assert not [n for n, c in found.items() if any(f.kind in kinds for f in c.findings)]
