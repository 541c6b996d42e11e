"""Which release a message belongs to, and whether its embargo runs (laws 3 and 9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decide.embargo import embargoed, ties
from gateway.model.finding import Finding, Mention
from gateway.model.message import Location
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.model.roster import Roster
from gateway.model.session import Envelope, Session
from gateway.model.verdict import Case, MessageFacts, Tie

LONDON = ZoneInfo("Europe/London")
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
BODY = Location("1", None, "body")


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LONDON)  # type: ignore[arg-type]


MARCH = local(2018, 3, 28, 9, 30)
BEFORE = local(2018, 3, 27, 12)


def release(id_: str = "cla", **changes: Any) -> Release:
    values: dict[str, Any] = {
        "id": id_, "title": id_.upper(), "instant": MARCH, "zone": "Europe/London",
        "window": timedelta(hours=24), "state": "confirmed", "roster": Roster({}, (), frozenset()),
    }  # fmt: skip
    return Release(**values | changes)


def register(*releases: Release) -> Register:
    return Register({one.id: one for one in releases})


def banner(until: datetime | None = None, expired: bool = False) -> Finding:
    text = until.isoformat() if until else None
    facts: dict[str, Any] = {"until": text, "expired": expired, "warnings": []}
    return Finding("embargo-banner", BODY, "high", facts)


def mention(id_: str, how: Any = "title") -> Mention:
    return Mention(id_, how, BODY)


def case(*evidence: Finding | Mention, declared: str | None = None) -> Case:
    return Case(
        Session("127.0.0.1"),
        Envelope("s@dept.example"),
        MessageFacts("0" * 64, 1, declared_release=declared),
        findings=tuple(e for e in evidence if isinstance(e, Finding)),
        mentions=tuple(e for e in evidence if isinstance(e, Mention)),
    )


def brief(found: tuple[Tie, ...]) -> list[tuple[str | None, bool, str]]:
    return [(tie.release, tie.embargoed, tie.how) for tie in found]


UNKNOWN = (None, True, "unknown")

# When an embargo runs.


def test_an_embargo_runs_to_the_second_and_ends_at_the_very_instant() -> None:
    assert embargoed(release(), MARCH - SECOND)
    assert not embargoed(release(), MARCH)


def test_half_past_nine_is_british_summer_time_and_not_an_hour_off() -> None:
    assert embargoed(release(), datetime(2018, 3, 28, 8, 29, 59, tzinfo=UTC))
    assert not embargoed(release(), datetime(2018, 3, 28, 8, 30, tzinfo=UTC))


def test_the_repeated_hour_in_autumn_is_not_lifted_an_hour_early() -> None:
    second_time = datetime(2018, 10, 28, 1, 30, tzinfo=LONDON, fold=1)
    first_time = datetime(2018, 10, 28, 1, 30, tzinfo=LONDON)
    assert embargoed(release(instant=second_time), first_time)
    assert not embargoed(release(instant=second_time), second_time)


@pytest.mark.parametrize("state", ["provisional", "confirmed", "published"])
def test_with_lift_instant_the_instant_alone_ends_it(state: str) -> None:
    assert not embargoed(release(state=state), MARCH)


@pytest.mark.parametrize("state", ["provisional", "confirmed", "postponed", "cancelled"])
def test_with_lift_instant_and_published_the_instant_alone_does_not_end_it(state: str) -> None:
    assert embargoed(release(lift="instant-and-published", state=state), MARCH + HOUR)


def test_published_before_its_instant_stays_embargoed_until_the_later_of_both() -> None:
    subject = release(lift="instant-and-published", state="published")
    assert embargoed(subject, MARCH - SECOND)
    assert not embargoed(subject, MARCH)


@pytest.mark.parametrize("state", ["postponed", "cancelled"])
def test_a_passed_instant_does_not_lift_what_was_not_published(state: str) -> None:
    assert embargoed(release(state=state), MARCH + timedelta(days=365))


def test_a_banners_later_instant_prolongs_and_an_earlier_one_never_shortens() -> None:
    assert embargoed(release(), MARCH + HOUR - SECOND, MARCH + HOUR)
    assert not embargoed(release(), MARCH + HOUR, MARCH + HOUR)
    assert embargoed(release(), MARCH - SECOND, MARCH - HOUR)


def test_a_time_without_a_zone_is_an_error_and_no_guess() -> None:
    with pytest.raises(ValueError, match="zone"):
        embargoed(release(), datetime(2018, 3, 28, 9, 30))


# Nothing that ties.


def test_a_message_without_banner_or_name_belongs_to_nothing() -> None:
    other = Finding("marking", BODY, "high", {})
    assert ties(case(other), register(release()), BEFORE) == ()


def test_an_expired_banner_that_matches_nothing_ties_nothing() -> None:
    old = banner(local(2017, 1, 1, 9, 30), expired=True)
    assert ties(case(old), register(release()), BEFORE) == ()


# Names.


@pytest.mark.parametrize("how", ["header", "banner", "link", "title", "subject-words"])
def test_a_named_release_is_tied_and_says_how(how: str) -> None:
    (tie,) = ties(case(mention("cla", how)), register(release()), BEFORE)
    assert (tie.release, tie.embargoed, tie.how) == ("cla", True, how)
    assert "under embargo until 28 March 2018 at 09:30 (Europe/London)" in tie.sentence


def test_a_link_ties_the_release_that_it_opens_beside_the_one_that_is_named() -> None:
    other = release("other", instant=MARCH + timedelta(days=1))
    found = ties(case(mention("cla"), mention("other", "link")), register(release(), other), BEFORE)
    assert {(tie.release, tie.how) for tie in found} == {("cla", "title"), ("other", "link")}
    assert any("The message links to the documents of “OTHER”" in tie.sentence for tie in found)


def test_the_surest_name_is_told() -> None:
    found = ties(
        case(mention("cla", "subject-words"), mention("cla", "title")), register(release()), BEFORE
    )
    assert brief(found) == [("cla", True, "title")]


def test_a_published_release_is_tied_without_an_embargo() -> None:
    (tie,) = ties(case(mention("cla")), register(release()), MARCH)
    assert (tie.embargoed, tie.sentence) == (
        False,
        "The message names “CLA”, whose embargo is over.",
    )


def test_a_declared_release_is_tied_whatever_its_case() -> None:
    found = ties(case(declared=" CLA "), register(release()), BEFORE)
    assert brief(found) == [("cla", True, "header")]


def test_every_declared_release_is_tied() -> None:
    found = ties(case(declared="cla, fdi"), register(release(), release("fdi")), BEFORE)
    assert [tie.release for tie in found] == ["cla", "fdi"]


def test_a_declared_release_that_nobody_knows_lists_nobody() -> None:
    (tie,) = ties(case(declared="secret-thing"), register(release()), BEFORE)
    assert (tie.release, tie.embargoed, tie.how) == UNKNOWN
    assert "nobody is listed" in tie.sentence
    assert "secret-thing" not in tie.sentence


def test_a_name_from_a_register_of_yesterday_lists_nobody() -> None:
    assert brief(ties(case(mention("gone")), register(release()), BEFORE)) == [UNKNOWN]


def test_the_strictest_tie_comes_first() -> None:
    old = release("old", instant=MARCH - timedelta(days=365))
    found = ties(case(mention("old", "header"), mention("cla")), register(old, release()), BEFORE)
    assert [tie.release for tie in found] == ["cla", "old"]


# Banners with an instant.


def test_a_banner_with_the_instant_of_one_release_ties_that_release() -> None:
    later = release("fdi", instant=MARCH + HOUR)
    found = ties(case(banner(MARCH)), register(release(), later), BEFORE)
    assert brief(found) == [("cla", True, "instant")]


def test_a_banner_in_another_zone_means_the_same_instant() -> None:
    found = ties(case(banner(MARCH.astimezone(UTC))), register(release()), BEFORE)
    assert brief(found) == [("cla", True, "instant")]


def test_an_active_banner_that_matches_no_release_lists_nobody() -> None:
    (tie,) = ties(case(banner(MARCH + HOUR)), register(release()), BEFORE)
    assert (tie.release, tie.embargoed, tie.how) == UNKNOWN
    assert "nobody is listed for it (safe side)" in tie.sentence


def test_several_releases_at_one_instant_and_no_name_list_nobody() -> None:
    (tie,) = ties(case(banner(MARCH)), register(release(), release("fdi")), BEFORE)
    assert (tie.release, tie.embargoed) == (None, True)
    assert "several releases are due at that instant" in tie.sentence


def test_of_several_releases_at_one_instant_the_named_one_is_tied() -> None:
    both = register(release(), release("fdi"))
    found = ties(case(banner(MARCH), mention("fdi", "subject-words")), both, BEFORE)
    assert brief(found) == [("fdi", True, "instant")]


def test_of_several_releases_at_one_instant_all_that_are_named_are_tied() -> None:
    all_three = register(release(), release("fdi"), release("hpi"))
    found = ties(case(banner(MARCH), mention("fdi"), mention("cla")), all_three, BEFORE)
    assert [tie.release for tie in found] == ["cla", "fdi"]


def test_a_name_of_some_other_release_does_not_settle_which_is_meant() -> None:
    known = register(release(), release("fdi"), release("old", instant=MARCH - 999 * HOUR))
    found = ties(case(banner(MARCH), mention("old")), known, BEFORE)
    assert brief(found) == [UNKNOWN, ("old", False, "title")]


def test_the_banner_of_a_published_release_holds_nothing() -> None:
    found = ties(case(banner(MARCH, expired=True)), register(release()), MARCH + HOUR)
    assert brief(found) == [("cla", False, "instant")]


def test_an_expired_banner_does_not_shorten_the_calendars_embargo() -> None:
    slipped = release(instant=MARCH + timedelta(days=7))
    (tie,) = ties(case(banner(MARCH), mention("cla")), register(slipped), MARCH + HOUR)
    assert (tie.release, tie.embargoed) == ("cla", True)
    assert "never shortens the calendar's embargo" in tie.sentence


def test_an_expired_banner_of_a_release_that_was_not_published_still_holds() -> None:
    unpublished = release(lift="instant-and-published")
    (tie,) = ties(case(banner(MARCH)), register(unpublished), MARCH + HOUR)
    assert tie.embargoed
    assert "not yet recorded as published" in tie.sentence


def test_an_expired_banner_of_several_releases_ties_those_that_still_wait() -> None:
    known = register(release(), release("fdi", state="postponed"))
    found = ties(case(banner(MARCH)), known, MARCH + HOUR)
    assert brief(found) == [("fdi", True, "instant"), ("cla", False, "instant")]


def test_a_message_that_was_held_is_judged_by_the_clock_and_not_by_the_detectors_word() -> None:
    stale = banner(MARCH, expired=False)
    assert brief(ties(case(stale), register(release()), MARCH)) == [("cla", False, "instant")]


@pytest.mark.parametrize("how", ["header", "banner", "title"])
def test_a_later_banner_of_a_named_release_prolongs_its_embargo(how: str) -> None:
    evidence = case(banner(MARCH + HOUR), mention("cla", how))
    (tie,) = ties(evidence, register(release()), MARCH + HOUR / 2)
    assert (tie.release, tie.embargoed) == ("cla", True)
    assert "by the sender's notice is under embargo until 28 March 2018 at 10:30" in tie.sentence
    assert not any(tie.embargoed for tie in ties(evidence, register(release()), MARCH + HOUR))


def test_an_earlier_banner_of_a_named_release_changes_nothing() -> None:
    evidence = case(banner(MARCH - HOUR), mention("cla", "subject-words"))
    assert brief(ties(evidence, register(release()), BEFORE)) == [("cla", True, "subject-words")]


def test_words_do_not_explain_a_banner_of_another_day() -> None:
    evidence = case(banner(MARCH + timedelta(days=2)), mention("cla", "subject-words"))
    assert brief(ties(evidence, register(release()), BEFORE)) == [
        UNKNOWN,
        ("cla", True, "subject-words"),
    ]


def test_a_title_explains_a_banner_whose_date_is_wrong_while_its_embargo_runs() -> None:
    evidence = case(banner(MARCH + timedelta(days=7)), mention("cla"))
    assert brief(ties(evidence, register(release()), BEFORE)) == [("cla", True, "title")]


@pytest.mark.parametrize("how", ["title", "subject-words"])
def test_names_of_published_releases_do_not_explain_a_banner_that_still_runs(how: str) -> None:
    evidence = case(banner(MARCH + timedelta(days=30)), mention("cla", how))
    found = ties(evidence, register(release()), MARCH + timedelta(days=1))
    assert brief(found) == [UNKNOWN, ("cla", False, how)]


# Banners without an instant.


@pytest.mark.parametrize("how", ["header", "banner", "title", "subject-words"])
def test_until_publication_and_one_named_release_is_that_release(how: str) -> None:
    found = ties(case(banner(), mention("cla", how)), register(release()), BEFORE)
    assert brief(found) == [("cla", True, how)]


def test_until_publication_without_a_name_lists_nobody() -> None:
    assert brief(ties(case(banner()), register(release()), BEFORE)) == [UNKNOWN]


@pytest.mark.parametrize("how", ["header", "title"])
def test_until_publication_is_not_explained_by_naming_a_published_release(how: str) -> None:
    found = ties(case(banner(), mention("cla", how)), register(release()), MARCH)
    assert brief(found) == [UNKNOWN, ("cla", False, how)]


def test_a_declared_published_release_does_not_explain_a_running_notice_either() -> None:
    later = banner(MARCH + timedelta(days=900))
    for notice in (banner(), later):
        found = ties(case(notice, declared="cla"), register(release()), MARCH + HOUR)
        assert brief(found) == [UNKNOWN, ("cla", False, "header")]


def test_a_published_text_with_its_own_old_notice_holds_nothing() -> None:
    dated = case(banner(MARCH), banner(), mention("cla"))
    worded = case(banner(), mention("cla", "banner"))
    assert brief(ties(dated, register(release()), MARCH + HOUR)) == [("cla", False, "instant")]
    assert brief(ties(worded, register(release()), MARCH + HOUR)) == [("cla", False, "banner")]


def test_the_old_notice_must_stand_in_the_same_part_as_the_vague_one() -> None:
    elsewhere = replace(banner(MARCH), location=Location("2", "old.txt"))
    found = ties(case(elsewhere, banner()), register(release()), MARCH + HOUR)
    assert brief(found) == [UNKNOWN, ("cla", False, "instant")]


@pytest.mark.parametrize(
    "said", [MARCH - HOUR / 2, MARCH.replace(year=2017), MARCH.replace(year=2008, hour=23)]
)
def test_a_notice_of_the_right_day_at_a_past_moment_means_the_release_of_that_day(
    said: datetime,
) -> None:
    found = ties(case(banner(said)), register(release()), MARCH - HOUR / 4)
    assert brief(found) == [("cla", True, "instant")]


def test_an_old_notice_means_no_release_that_is_far_off_or_of_another_day() -> None:
    lastyear = case(banner(MARCH.replace(year=2017)))
    assert ties(lastyear, register(release()), MARCH - timedelta(days=8)) == ()
    assert ties(case(banner(MARCH - 24 * HOUR)), register(release()), MARCH - HOUR) == ()


def test_the_notice_of_last_years_release_means_last_years_release() -> None:
    old = release("old", instant=MARCH.replace(year=2017), state="published")
    found = ties(case(banner(old.instant)), register(old, release()), BEFORE)
    assert brief(found) == [("old", False, "instant")]


def test_until_publication_with_mere_words_of_an_old_release_lists_nobody() -> None:
    found = ties(case(banner(), mention("cla", "subject-words")), register(release()), MARCH)
    assert brief(found) == [UNKNOWN, ("cla", False, "subject-words")]


def test_until_publication_beside_an_instant_is_the_same_embargo() -> None:
    for order in ([banner(), banner(MARCH)], [banner(MARCH), banner()]):
        found = ties(case(*order), register(release()), BEFORE)
        assert brief(found) == [("cla", True, "instant")]


def test_an_instant_that_cannot_be_read_counts_as_until_publication() -> None:
    odd = Finding("embargo-banner", BODY, "low", {"until": "soon", "expired": True})
    assert brief(ties(case(odd), register(release()), BEFORE)) == [UNKNOWN]


def test_an_embargo_until_the_end_of_time_runs() -> None:
    never = Finding("embargo-banner", BODY, "low", {"until": "9999-12-31T23:59:00+00:00"})
    known = register(release(zone="Asia/Tokyo"))
    assert brief(ties(case(never), known, BEFORE)) == [UNKNOWN]
    assert brief(ties(case(never, mention("cla")), known, BEFORE)) == [("cla", True, "title")]


def test_a_notice_worded_alike_by_many_releases_ties_those_that_something_else_names() -> None:
    known = register(release(), release("fdi"), release("hpi", instant=MARCH + HOUR))
    worded = [mention(id_, "banner") for id_ in ("cla", "fdi", "hpi")]
    found = ties(case(banner(MARCH + HOUR), *worded), known, BEFORE)
    assert brief(found) == [("hpi", True, "banner")]


def test_notices_worded_differently_are_two_releases() -> None:
    known = register(release(banner="EMBARGOED: CARE"), release("fdi", banner="EMBARGOED: FIRMS"))
    evidence = case(mention("cla", "banner"), mention("cla"), mention("fdi", "banner"))
    assert [tie.release for tie in ties(evidence, known, BEFORE)] == ["cla", "fdi"]


# Laws.

STATES = st.sampled_from(["provisional", "confirmed", "published", "postponed", "cancelled"])
INSTANTS = st.sampled_from([MARCH + n * HOUR for n in (-800, -25, -1, 0, 1, 30, 800)])
RELEASES = st.builds(
    lambda instant, state, lift: {"instant": instant, "state": state, "lift": lift},
    INSTANTS, STATES, st.sampled_from(["instant", "instant-and-published"]),
)  # fmt: skip
EVIDENCE = st.lists(
    st.builds(banner, st.none() | INSTANTS, st.booleans())
    | st.builds(
        mention,
        st.sampled_from(["a", "b", "c", "gone"]),
        st.sampled_from(["header", "banner", "title", "subject-words"]),
    ),
    max_size=5,
)


@given(st.lists(RELEASES, max_size=3), EVIDENCE, INSTANTS)
def test_an_active_banner_always_ties_something(
    rows: list[dict[str, Any]], evidence: list[Finding | Mention], now: datetime
) -> None:
    known = register(*(release(id_, **row) for id_, row in zip("abc", rows, strict=False)))
    found = ties(case(*evidence, banner(now + 3 * HOUR)), known, now)
    assert any(tie.embargoed for tie in found)


@given(st.lists(RELEASES, max_size=3), EVIDENCE, INSTANTS)
def test_no_evidence_frees_a_named_release_from_the_calendar(
    rows: list[dict[str, Any]], evidence: list[Finding | Mention], now: datetime
) -> None:
    known = register(*(release(id_, **row) for id_, row in zip("abc", rows, strict=False)))
    for tie in ties(case(*evidence), known, now):
        if tie.release and embargoed(known.releases[tie.release], now):
            assert tie.embargoed
    declared = {e.release for e in evidence if isinstance(e, Mention) and e.how == "header"}
    tied = {tie.release for tie in ties(case(*evidence), known, now)}
    assert declared & set(known.releases) <= tied


@given(st.lists(RELEASES, max_size=3), EVIDENCE, INSTANTS, st.randoms(use_true_random=False))
def test_the_order_of_evidence_does_not_matter(
    rows: list[dict[str, Any]], evidence: list[Finding | Mention], now: datetime, order: Any
) -> None:
    known = register(*(release(id_, **row) for id_, row in zip("abc", rows, strict=False)))
    mixed = list(evidence)
    order.shuffle(mixed)
    assert set(brief(ties(case(*evidence), known, now))) == set(
        brief(ties(case(*mixed), known, now))
    )


def test_a_message_without_evidence_costs_next_to_nothing() -> None:
    plain = replace(case(), findings=(Finding("marking", BODY, "high", {}),) * 5)
    assert ties(plain, register(), BEFORE) == ()


def test_a_dated_notice_explains_an_undated_one_in_either_order() -> None:
    known = register(release("a", instant=BEFORE, state="postponed"))
    dated, undated = banner(BEFORE + HOUR, False), banner(None, False)
    now = BEFORE + HOUR
    first, second = ties(case(dated, undated), known, now), ties(case(undated, dated), known, now)
    assert set(brief(first)) == set(brief(second))
