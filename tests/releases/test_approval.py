"""Until a second person approves a change, nobody gets more than both versions of a list allow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Callable, Mapping

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gateway.decide.embargo import embargoed
from gateway.decide.roster import standing
from gateway.model.approval import Approved
from gateway.model.fault import Faults
from gateway.model.register import Register
from gateway.model.release import CalendarKey, Release
from gateway.releases import concerns, load_register
from gateway.releases.approval import agreed_register, effective, same_list

THEN = datetime(2020, 11, 1, tzinfo=UTC)
INSIDE = datetime(2020, 11, 12, 9, tzinfo=UTC)
BEFORE = datetime(2020, 11, 10, 12, tzinfo=UTC)
HART, WOOD, FIELD = "e.hart@dept.example", "b.wood@dept.example", "s.field@dept.example"
Agree = Callable[..., Register]


def text(people: list[str], team: list[str] | None = None, **release: Any) -> bytes:
    told = {"title": "Fostering statistics", "instant": "2020-11-12T09:30:00", **release}
    value = {
        "release": told,
        "roles": [{"id": "office", "title": "Private Office", "count": 9}],
        "appointments": [{"role": "office", "address": address} for address in people],
        "production_team": team or [],
    }
    return yaml.safe_dump(value).encode()


def load(versions: Mapping[str, bytes]) -> Register:
    return load_register(Path("lists"), None, "Europe/London", ("dept.example",), versions)


def agreed(
    changed: Mapping[str, bytes],
    approved: Mapping[str, bytes | None],
    damaged: tuple[str, ...] = (),
) -> Register:
    versions = {
        id: Approved(id, 1, THEN, "r.dale@dept.example", one, id not in damaged)
        for id, one in approved.items()
    }
    return agreed_register(load, changed, versions)


def status(register: Register, address: str, at: datetime = INSIDE) -> str:
    return standing(register, register.releases["x"], address, at).status


def test_what_was_approved_counts_as_it_is() -> None:
    register = agreed({"x": text([HART])}, {"x": text([HART])})
    assert (status(register, HART), register.waiting) == ("listed", {})
    assert register.digest == load({"x": text([HART])}).digest


def test_who_was_added_waits_and_who_was_removed_is_gone() -> None:
    register = agreed({"x": text([WOOD])}, {"x": text([HART])})
    added = standing(register, register.releases["x"], WOOD, INSIDE)
    assert added.status == "not-listed"
    assert added.sentence == "Their place on the list waits for a second person's approval."
    assert status(register, HART) == "not-listed"


def test_nobody_counts_on_a_list_that_was_never_approved() -> None:
    register = agreed({"x": text([HART], [FIELD])}, {})
    assert (status(register, HART), status(register, FIELD)) == ("not-listed", "not-listed")
    assert "nobody has approved it" in register.waiting["x"]


def test_nobody_counts_on_a_list_whose_approval_was_tampered_with() -> None:
    register = agreed({"x": text([HART])}, {"x": text([HART])}, damaged=("x",))
    assert status(register, HART) == "not-listed"
    assert "tampered" in register.waiting["x"]


def test_an_earlier_publication_waits_and_a_later_one_counts_at_once() -> None:
    list_ = text([HART])
    sooner = agreed({"x": text([HART], instant="2020-11-05T09:30:00")}, {"x": list_})
    assert sooner.releases["x"].instant == datetime(2020, 11, 12, 9, 30, tzinfo=UTC)
    later = agreed({"x": text([HART], instant="2020-11-19T09:30:00")}, {"x": list_})
    assert later.releases["x"].instant == datetime(2020, 11, 19, 9, 30, tzinfo=UTC)
    assert status(later, HART) == "not-yet", "the window moves with the instant"


def test_a_longer_window_waits_and_a_shorter_one_counts_at_once() -> None:
    longer = agreed({"x": text([HART], window="P5D")}, {"x": text([HART])})
    found = standing(longer, longer.releases["x"], HART, BEFORE)
    assert found.status == "not-yet"
    shorter = agreed({"x": text([HART], window="PT1H")}, {"x": text([HART])})
    assert status(shorter, HART, INSIDE - timedelta(hours=1)) == "not-yet"
    assert status(shorter, HART, INSIDE) == "listed"


def test_longer_terms_wait_with_the_reason_that_holds_until_then() -> None:
    def ending(day: str) -> bytes:
        value = yaml.safe_load(text([HART]))
        value["appointments"][0]["to"] = day
        return yaml.safe_dump(value).encode()

    register = agreed({"x": ending("2021-06-30")}, {"x": ending("2020-10-31")})
    found = standing(register, register.releases["x"], HART, INSIDE)
    assert found.status == "expired"
    assert "31 October 2020" in found.sentence and "second person's approval" in found.sentence


def test_a_release_whose_file_is_gone_stays_under_embargo_and_has_no_list() -> None:
    register = agreed({}, {"x": text([HART])})
    assert embargoed(register.releases["x"], INSIDE)
    assert status(register, HART) == "not-listed"
    assert "its file is gone" in register.waiting["x"]
    assert "x" not in agreed({}, {"x": None}).releases, "unless that was approved"


def test_a_removed_exclusion_still_holds_until_it_is_approved() -> None:
    barred = yaml.safe_dump(
        {"exclusions": [{"address": HART, "from": date(2020, 1, 1), "reason": "INC-1"}]}
    ).encode()
    both = {"x": text([HART]), "_exclusions": b"exclusions: []"}
    register = agreed(both, {"x": text([HART]), "_exclusions": barred})
    assert status(register, HART) == "excluded"
    added = agreed(both | {"_exclusions": barred}, both)
    assert status(added, HART) == "excluded", "and a new one holds at once"


def test_a_file_that_was_called_synthetic_waits_too() -> None:
    entry = {"sha256": "0" * 64, "title": "Invented", "owner": FIELD, "expires": date(2030, 1, 1)}
    files = {"_synthetic": yaml.safe_dump({"synthetic": [entry]}).encode()}
    assert agreed(files, {"_synthetic": b"synthetic: []"}).synthetic == {}
    assert list(agreed(files, files).synthetic) == ["0" * 64]


def test_an_approved_version_that_no_longer_loads_is_none() -> None:
    list_ = {"x": text([HART]), "y": text([WOOD])}
    register = agreed(list_, {"x": b"release: {titel: X}", "y": list_["y"]})
    assert status(register, HART) == "not-listed"
    assert standing(register, register.releases["y"], WOOD, INSIDE).status == "listed"
    assert "no longer loads" in register.waiting["x"]


def test_approved_people_may_act_for_releases_that_are_not_approved_yet() -> None:
    people = {
        "people": [{"id": "hart", "name": "E Hart", "addresses": [HART]}],
        "delegates": [{"principal": WOOD, "delegate": HART, "releases": ["y"]}],
    }
    files = {"_people": yaml.safe_dump(people).encode(), "x": text([HART]), "y": text([WOOD])}
    register = agreed(files, {id: files[id] for id in ("_people", "x")})
    assert list(register.waiting) == ["y"]
    assert status(register, HART) == "listed"
    assert standing(register, register.releases["y"], HART, INSIDE).status == "not-listed"
    assert standing(register, register.releases["y"], WOOD, INSIDE).status == "not-listed"


def test_a_changed_list_that_does_not_load_is_a_fault_as_ever() -> None:
    with pytest.raises(Faults):
        agreed({"x": b"release: {titel: X}"}, {"x": text([HART])})


def test_what_waits_is_a_warning() -> None:
    register = agreed({"x": text([WOOD])}, {"x": text([HART])})
    (found,) = [c for c in concerns(register, BEFORE) if "approv" in c]
    assert found.startswith("x: it was changed since r.dale@dept.example approved it")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"state": "confirmed"}, {"state": "published"}, True),
        ({"state": "postponed"}, {"state": "confirmed"}, False),
        ({"state": "confirmed"}, {"state": "cancelled"}, False),
        ({"reviewed": date(2020, 11, 1)}, {"changed_by": FIELD}, True),
        ({"market_sensitive": True}, {}, False),
        ({"material": {"bits": 40}}, {}, False),
    ],
)
def test_only_what_says_who_may_have_what_and_when_needs_approval(
    one: dict[str, Any], other: dict[str, Any], same: bool
) -> None:
    assert same_list(text([HART], **one), text([HART], **other)) is same
    assert same_list(b"# a comment\n" + text([HART]), text([HART]))


# -- laws -------------------------------------------------------------------------------------------

PEOPLE = st.lists(st.sampled_from([HART, WOOD, FIELD, "k.webb@dept.example"]), unique=True)
LISTS = st.builds(
    text,
    PEOPLE,
    PEOPLE,
    instant=st.sampled_from(["2020-11-12T09:30:00", "2020-11-10T09:30:00", "2020-11-19T07:00:00"]),
    window=st.sampled_from(["PT24H", "PT1H", "P5D"]),
    state=st.sampled_from(["provisional", "confirmed", "published", "postponed", "cancelled"]),
    lift=st.sampled_from(["instant", "instant-and-published"]),
)
MOMENTS = st.datetimes(datetime(2020, 11, 1), datetime(2020, 11, 25)).map(
    lambda at: at.replace(tzinfo=UTC)
)


def permits(register: Register, release: Release, address: str, at: datetime) -> bool:
    return not embargoed(release, at) or standing(register, release, address, at).allowed


@given(LISTS, LISTS, st.sampled_from([HART, WOOD, FIELD, "k.webb@dept.example"]), MOMENTS)
def test_nobody_gets_more_than_both_versions_allow(
    approved: bytes, changed: bytes, address: str, at: datetime
) -> None:
    register, before, after = agreed({"x": changed}, {"x": approved}), load({"x": approved}), load(
        {"x": changed}
    )  # fmt: skip
    if not permits(register, register.releases["x"], address, at):
        return
    new, old = after.releases["x"], before.releases["x"]
    assert permits(after, new, address, at)
    # The ordinary course of a release needs no approval, so that its embargo may end by it.
    course = old if old.suspended else replace(old, state=new.state)
    assert not embargoed(course, at) or standing(before, old, address, at).allowed


@given(LISTS)
def test_a_release_agrees_with_itself(version: bytes) -> None:
    release = load({"x": version}).releases["x"]
    assert effective(release, release) == release


@given(LISTS, LISTS)
def test_a_change_neither_opens_nor_publishes_sooner(one: bytes, other: bytes) -> None:
    approved, changed = load({"x": one}).releases["x"], load({"x": other}).releases["x"]
    found = effective(approved, changed)
    assert found.instant == max(approved.instant, changed.instant)
    assert found.opens >= max(approved.opens, changed.opens)


def test_whoever_takes_a_calendar_away_does_not_end_the_wait_for_it() -> None:
    named = load({"x": b"release: {title: Titled, instant: 2020-06-04T09:30:00}"}).releases["x"]
    named = replace(named, announced=CalendarKey("govuk", "/x"))
    without, other = replace(named, announced=None), CalendarKey("ons", "/y")
    assert effective(named, without).announced == named.announced
    assert effective(named, replace(named, announced=other)).announced == named.announced
    assert effective(without, named).announced == named.announced
