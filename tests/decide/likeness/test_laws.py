"""Likeness permits nothing, depends on nobody else, and never fails."""

from __future__ import annotations

from datetime import date
from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from support.cases import BANNER, POLICY, case
from support.lists import IN_WINDOW, appointed, directory, person, register, release

from gateway.decide import decide
from gateway.decide.likeness import Lookalikes, near_misses
from gateway.decide.roster import standing
from gateway.model.likeness import LikeWords
from gateway.model.roster import Exclusion
from gateway.model.verdict import RANK
from gateway.rulebook.stage import INSTANT, STAGE

LIKE = LikeWords({"people": "personnel"}, frozenset({"head", "deputy"}), frozenset({"press"}))
ADDRESSES = [
    f"{local}@{domain}"
    for local, domain in product(
        ("terry.moss", "tery.moss", "moss.terry", "t.moss", "terry.m0ss", "terry.moss+x", "v.pike"),
        ("dept.example", "depl.example", "stats.dept.example", "webmail.example"),
    )
]
lists = st.lists(
    st.builds(
        appointed,
        st.sampled_from(ADDRESSES),
        ends=st.sampled_from([None, date(2020, 5, 31), date(2020, 7, 1)]),
    ),
    max_size=4,
)
words = st.text(max_size=12)
KNOWN = directory(
    person("terry", "terry.moss@dept.example", title="Media Officer"),
    person("vic", "v.pike@dept.example", "v.pike@webmail.example", left=date(2020, 5, 1)),
)
BARRED = Exclusion("v.pike@dept.example", date(2020, 1, 1), None, "a breach")


@given(lists, st.sampled_from(ADDRESSES))
def test_whoever_resembles_somebody_is_not_on_the_list_or_was_on_it_for_another_post(
    entries: list, address: str
) -> None:
    subject = release(*entries)
    known = register(subject, directory=KNOWN, like=LIKE, exclusions=(BARRED,))
    found = near_misses(known, subject, address, IN_WINDOW)
    if standing(known, subject, address, IN_WINDOW).allowed:
        assert {near.kind for near in found} <= {"role-changer"}
    assert len(found) <= 3
    assert len({near.kind for near in found}) == len(found)
    for near in found:
        assert near.sentence.endswith(".") and len(near.sentence) > 20
        assert near.resembles != address


@given(st.one_of(words, st.builds("{}@{}".format, words, words)), words)
def test_no_address_and_no_title_makes_it_fail(address: str, title: str) -> None:
    subject = release(appointed("terry.moss@dept.example"), appointed("duty.press@dept.example"))
    known = directory(person("x", address, title=title))
    for among in (KNOWN, known):
        near_misses(register(subject, directory=among, like=LIKE), subject, address, IN_WINDOW)


@given(st.lists(st.sampled_from(ADDRESSES), unique=True, min_size=1, max_size=5))
def test_what_is_found_of_one_recipient_does_not_depend_on_another(to: list[str]) -> None:
    lookalikes = Lookalikes(
        register(release(appointed("terry.moss@dept.example"), id="x"), like=LIKE)
    )
    one_by_one = [
        near
        for address in to
        for near in lookalikes.near_misses(release(appointed("terry.moss@dept.example")), address, IN_WINDOW)
    ]  # fmt: skip
    subject = release(appointed("terry.moss@dept.example"))
    together = [near for address in to for near in lookalikes.near_misses(subject, address, IN_WINDOW)]  # fmt: skip
    assert one_by_one == together


@given(st.lists(st.sampled_from(["lisetd@dept.example", "listed@dept.example", "listed@other.example"]), min_size=1))  # fmt: skip
def test_a_finding_never_makes_an_outcome_milder(to: list[str]) -> None:
    plain = case(*to, findings=(BANNER,))
    told = Lookalikes(STAGE).with_findings(plain, INSTANT)
    before, after = (decide(each, STAGE, POLICY, INSTANT) for each in (plain, told))
    assert all(
        RANK[old.disposition] <= RANK[new.disposition]
        for old, new in zip(before.decisions, after.decisions, strict=True)
    )
