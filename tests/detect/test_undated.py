"""A banner that ends with publication takes no date from the text below it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.detect import Context, Detectors, DetectorSpec
from gateway.model.content import Text
from gateway.model.message import Location

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def until(text: str) -> list[object]:
    found = Detectors(DetectorSpec(())).inspect(
        [Text(Location("1", None, "body"), text)], Context(NOW, NOW, "Europe/London")
    )
    banners = [f for f in found.findings if f.kind == "embargo-banner"]
    return [(f.facts["until"], f.facts["expired"]) for f in banners]


@pytest.mark.parametrize(
    "text",
    [
        "EMBARGOED UNTIL PUBLICATION\n\nIn 2019, 4,321 homes were built.\n",
        "RESTRICTED UNTIL PUBLISHED\nTable 1: 31 March 2021\n",
        "RESTRICTED UNTIL PUBLISHED\n31 March 2021 was a Wednesday.\n",
    ],
)
def test_a_date_in_the_text_below_does_not_end_it(text: str) -> None:
    assert until(text) == [(None, False)]


@pytest.mark.parametrize(
    "text",
    [
        "RESTRICTED UNTIL PUBLISHED\nAT 9:30AM ON WEDNESDAY 28 MARCH 2018\n",
        "RESTRICTED UNTIL PUBLISHED AT\n9:30AM ON WEDNESDAY 28 MARCH 2018\n",
    ],
)
def test_an_instant_that_is_only_wrapped_does(text: str) -> None:
    assert until(text) == [("2018-03-28T09:30:00+01:00", True)]
