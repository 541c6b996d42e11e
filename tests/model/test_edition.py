"""Editions of one series: by its name, or by titles that differ by no more than dates."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from support.lists import INSTANT, release

from gateway.model.edition import earlier
from gateway.model.register import Register
from gateway.model.release import Release


def edition(id: str, months_before: int, title: str, **more: Any) -> Release:
    return release(id=id, title=title, instant=INSTANT - timedelta(days=30 * months_before), **more)


NOW = edition("now", 0, "Labour market statistics, June 2020")


def before(*others: Release, of: Release = NOW) -> list[str]:
    known = Register({one.id: one for one in (of, *others)})
    return [one.id for one in earlier(known, of)]


def test_titles_that_differ_by_dates_are_editions_the_latest_first() -> None:
    april = edition("april", 2, "Labour market statistics: April 2020")
    may = edition("may", 1, "Labour Market Statistics, May 2020")
    assert before(april, may) == ["may", "april"]


def test_another_title_is_another_series_and_a_later_edition_is_no_earlier_one() -> None:
    prices = edition("prices", 1, "Consumer prices, May 2020")
    july = edition("july", -1, "Labour market statistics, July 2020")
    assert before(prices, july) == []


def test_a_series_that_is_named_goes_before_the_title() -> None:
    now = edition("now", 0, "Jobs, June 2020", series="labour-market")
    may = edition("may", 1, "Labour market statistics, May 2020", series="labour-market")
    like = edition("like", 1, "Jobs, May 2020")
    assert before(may, like, of=now) == ["may"]
