"""A statistical series: what a system exports month by month, long before a release publishes it.

Its words, codes and columns say what is shown; the register says how far it is published. None of
that is secret: the figures are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Mapping

from gateway.model.message import Location
from gateway.model.period import Period

How = Literal["template", "identifiers", "names"]
"""By what a series was recognised, the surest first: the columns of its export, its codes, its
name."""


@dataclass(frozen=True, slots=True)
class Series:
    """One file of rules/series.

    `release` is a release's id, or the `series` that its editions have in common ("" for none);
    `editions` are the periods of releases, by their ids. `names` are what people call the series,
    `measures` what its columns and rows are called, `identifiers` its codes, `columns` those of the
    system's export. `latest_published` is the last period that was out when somebody last wrote the
    file, and what the register says for later editions is added to it. `next_due` and `owner` are
    for people.
    """

    id: str
    title: str
    release: str = ""
    names: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    latest_published: Period | None = None
    editions: Mapping[str, Period] = field(default_factory=dict)
    next_due: date | None = None
    owner: str = ""


@dataclass(frozen=True, slots=True)
class SeriesShown:
    """A part shows figures of a series. No clock has been asked yet: what is published changes.

    `periods` are the latest of those that its figures are about, each with the number of its rows;
    `undated` is how many rows there are besides. `relative`: a period was read from the day on
    which the message was written. `hidden`: it stands where a reader would not see it.
    `mixed`: the part holds tables of other things, too.
    """

    series: str
    location: Location
    how: How
    periods: tuple[tuple[Period, int], ...] = ()
    undated: int = 0
    relative: bool = False
    hidden: bool = False
    mixed: bool = False
