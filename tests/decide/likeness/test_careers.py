"""Who held a post before, who has left or moved on, who was on an earlier list, who is barred."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from support.lists import IN_WINDOW, INSTANT, appointed, directory, person, register, release

from gateway.decide.likeness import NearMiss, near_misses
from gateway.model.people import Directory
from gateway.model.register import Register
from gateway.model.roster import Exclusion

NOW_WEBB = release(
    appointed("t.moss@dept.example", ends=date(2020, 5, 31)), appointed("k.webb@dept.example")
)


def found(known: Register, address: str) -> tuple[NearMiss, ...]:
    return near_misses(known, known.releases["x"], address, IN_WINDOW)


def kinds(known: Register, address: str) -> list[str]:
    return [near.kind for near in found(known, address)]


def test_the_previous_holder_is_told_apart_from_the_present_one() -> None:
    (near,) = found(register(NOW_WEBB), "t.moss@dept.example")
    assert near == NearMiss(
        "previous-holder",
        "k.webb@dept.example",
        "t.moss@dept.example was “Media Officer” until 31 May 2020; now it is k.webb@dept.example who"
        " is “Media Officer”.",
        "high",
    )


def test_where_nobody_has_the_post_now_there_is_nothing_to_add() -> None:
    subject = release(appointed("t.moss@dept.example", ends=date(2020, 5, 31)))
    assert found(register(subject), "t.moss@dept.example") == ()


def test_the_previous_holder_by_the_directory() -> None:
    known = directory(person("toni", "t.moss@dept.example", title="Statistician", previous=("Media Officer",)))  # fmt: skip
    (near,) = found(register(release(appointed("k.webb@dept.example")), directory=known), "t.moss@dept.example")  # fmt: skip
    assert (near.kind, near.sentence) == (
        "previous-holder",
        "The directory has “Media Officer” among the previous posts of t.moss@dept.example; now it is"
        " k.webb@dept.example who is “Media Officer”.",
    )


def test_somebody_who_has_left_is_shown_their_successor() -> None:
    known = directory(person("toni", "t.moss@dept.example", left=date(2020, 4, 30)))
    subject = release(appointed("t.moss@dept.example"), appointed("k.webb@dept.example"))
    (near,) = found(register(subject, directory=known), "t.moss@dept.example")
    assert (near.kind, near.sentence) == (
        "left",
        "t.moss@dept.example left on 30 April 2020; now it is k.webb@dept.example who is “Media"
        " Officer”.",
    )


def editions(**changes: Any) -> Register:
    before = release(
        appointed("t.moss@dept.example"), id="w", title="X", instant=INSTANT - timedelta(days=90),
        **changes,
    )  # fmt: skip
    subject = release(appointed("k.webb@dept.example"), **changes)
    return Register({"w": before, "x": subject})


@pytest.mark.parametrize("series", ["", "quarterly"])
def test_a_place_on_the_last_edition_is_no_place_on_this_one(series: str) -> None:
    (near,) = found(editions(series=series), "t.moss@dept.example")
    assert (near.kind, near.resembles, near.sentence) == (
        "cloned-list",
        "w",
        "t.moss@dept.example was on the list of “X” (w) as “Media Officer” and is not on this one; now"
        " it is k.webb@dept.example who is “Media Officer”.",
    )


def test_another_series_is_nothing_to_compare_with() -> None:
    known = editions()
    other = release(appointed("t.moss@dept.example"), id="w", title="Y", instant=INSTANT - timedelta(days=90))  # fmt: skip
    assert found(Register({**known.releases, "w": other}), "t.moss@dept.example") == ()


BARRED = Exclusion("v.pike@dept.example", date(2020, 1, 1), date(2021, 1, 1), "second breach")


@pytest.mark.parametrize(
    "address, sentence",
    [
        ("vic.pike@agency.example",
         "vic.pike@agency.example is another address of v.pike@dept.example, who is excluded from"
         " pre-release lists."),
        ("v.pike+home@dept.example",
         "v.pike+home@dept.example has a +tag, so that it is not v.pike@dept.example, who is excluded"
         " from pre-release lists."),
        ("v.pike@webmail.example",
         "v.pike@webmail.example has the same words before the @ as v.pike@dept.example, who is"
         " excluded from pre-release lists."),
    ],
)  # fmt: skip
def test_an_address_that_is_or_looks_like_that_of_somebody_barred(
    address: str, sentence: str
) -> None:
    known = directory(person("vic", "v.pike@dept.example", "vic.pike@agency.example"))
    subject = release(appointed("k.webb@dept.example"))
    near = found(register(subject, directory=known, exclusions=(BARRED,)), address)[0]
    assert (near.kind, near.sentence) == ("alias-of-excluded", sentence)


def test_an_exclusion_that_is_over_bars_nobody_and_resembles_nobody() -> None:
    over = Exclusion("v.pike@dept.example", date(2019, 1, 1), date(2020, 1, 1), "a breach")
    assert found(register(release(), exclusions=(over,)), "v.pike@webmail.example") == ()


MOVED = person("kit", "k.webb@dept.example", title="Head of Estates", previous=("Media Officer",))


def test_somebody_on_the_list_who_has_moved_to_another_post() -> None:
    subject = release(appointed("k.webb@dept.example"))
    (near,) = found(register(subject, directory=directory(MOVED)), "k.webb@dept.example")
    assert (near.kind, near.sentence) == (
        "role-changer",
        "The list says that k.webb@dept.example is “Media Officer”; the directory says that they were"
        " that before and are “Head of Estates” now.",
    )


@pytest.mark.parametrize(
    "title, previous", [("Head of Estates", ()), ("Senior Media Officer", ("Media Officer",)), ("", ("Media Officer",))]
)  # fmt: skip
def test_a_directory_that_only_words_it_otherwise_changes_nobody(
    title: str, previous: tuple[str, ...]
) -> None:
    known = directory(person("kit", "k.webb@dept.example", title=title, previous=previous))
    subject = release(appointed("k.webb@dept.example"))
    assert found(register(subject, directory=known), "k.webb@dept.example") == ()


def test_who_waits_for_approval_or_a_letter_is_on_the_list_and_resembles_nobody() -> None:
    subject = release(
        appointed("k.webb@dept.example", grant="exceptional"), appointed("k.web@dept.example")
    )
    assert kinds(register(subject, directory=Directory()), "k.webb@dept.example") == []
