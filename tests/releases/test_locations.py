"""Where a release's documents lie, and the link that is sent instead of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.releases.concerns import concerns

RELEASE = """
    release:
      title: Children in care, 2018
      instant: 2018-03-28T09:30:00
"""


def test_locations_and_share_link_reach_the_detectors(load: Any) -> None:
    lines = "      locations: ['https://files.dept.example/cla/', '\\\\nas.dept.example\\cla']\n"
    lines += "      share_link: https://share.dept.example/f/cla\n"
    register = load(cla=RELEASE + lines)
    assert register.releases["cla"].share_link == "https://share.dept.example/f/cla"
    (words,) = register.words()
    assert words.locations == (
        "https://files.dept.example/cla/",
        r"\\nas.dept.example\cla",
        "https://share.dept.example/f/cla",
    )


@pytest.mark.parametrize(
    "wrong",
    ["files/cla", "mailto:a@dept.example", "https://", "https://-/x", "C:\\stats\\cla", "''"],
)
def test_what_is_no_place_is_a_fault(faults: Any, wrong: str) -> None:
    (fault,) = faults(cla=RELEASE + f"      locations: [{wrong}]\n")
    assert fault.line == 5


@pytest.mark.parametrize(
    "wrong", [r"'\\nas.dept.example\cla'", "https://x.example/a b", "https://x.example/ü", "x"]
)
def test_what_cannot_be_sent_in_any_mail_is_no_share_link(faults: Any, wrong: str) -> None:
    (fault,) = faults(cla=RELEASE + f"      share_link: {wrong}\n")
    assert fault.line == 5


def test_links_only_without_a_link_to_share_is_worth_a_look(load: Any) -> None:
    before = datetime(2018, 3, 1, tzinfo=UTC)
    without = concerns(load(cla=RELEASE + "      delivery: links-only\n"), before)
    assert any("no share_link says which" in sentence for sentence in without)
    link = "      delivery: links-only\n      share_link: https://share.dept.example/f/cla\n"
    assert not any(
        "share_link" in sentence for sentence in concerns(load(cla=RELEASE + link), before)
    )
