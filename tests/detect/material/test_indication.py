"""Hints at unpublished figures are told from everything else that is said about a release."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.decide.embargo import embargoed
from gateway.detect import Context, Detectors, DetectorSpec
from gateway.detect.material.indication_now import conclude
from gateway.model.content import Text
from gateway.model.indication import Hint, IndicationWords
from gateway.model.message import Location
from gateway.model.register import Register
from gateway.model.release import Release, ReleaseWords
from gateway.model.roster import Roster
from gateway.model.series import Series
from gateway.releases.entries import Sheet
from gateway.releases.indication_file import read_indication
from gateway.yaml_source import parse

RULES = Path(__file__).resolve().parents[3] / "rules"
NOW = datetime(2020, 11, 11, 11, 45, tzinfo=UTC)
RELEASES = (
    ReleaseWords("fostering", "Fostering statistics, 2020", ("fostering numbers",), ""),
    ReleaseWords("labour", "Labour market overview, UK: November 2020", ("unemployment rate",), ""),
    ReleaseWords("prices", "Consumer price inflation, UK", ("CPI",), ""),
)


def shipped() -> IndicationWords:
    sheet = Sheet(parse((RULES / "indication.yaml").read_bytes(), "indication.yaml"))
    words = read_indication(sheet)
    assert not sheet.faults
    return words


WORDS = shipped()
DETECTORS = Detectors(DetectorSpec(RELEASES, (), WORDS))


def hints(
    words: str, where: str = "body", about: frozenset[str] = frozenset(),
    detectors: Detectors = DETECTORS,
) -> list[Hint]:  # fmt: skip
    context = Context(NOW, NOW, "Europe/London", about=about)
    detected = detectors.inspect([Text(Location("1", None, where), words)], context)
    assert not detected.gaps
    return [sign for sign in detected.signs if isinstance(sign, Hint) and sign.direction]


@pytest.mark.parametrize(
    ("words", "direction"),
    [
        ("Tomorrow's fostering numbers look unfavourable", "bad"),
        ("You'll be pleased with the fostering figures.", "good"),
        ("unemployment rate down again", "down"),
        ("CPI tomorrow: not great I'm afraid", "bad"),
        ("The fostering stats are heading the right way", "good"),
        ("Consumer price inflation will be higher than last month", "up"),
        ("the labour market figures show a sharp fall in vacancies", "down"),
        ("Fostering figures: a record high", "up"),
        ("Fostering numbers didn't go up.", "down"),
        ("The numbers on fostering aren't looking good", "bad"),
        ("fostering figures are not that bad", "good"),
        ("fostering stats look awful, don't they?", "bad"),
        ("Don't pass this on: fostering figures have improved.", "good"),
        ("Not sure if you saw, but the fostering numbers are down", "down"),
        ("The fostering figures are worse than last year's", "bad"),
        ("Brace yourselves for tomorrow's fostering stats", "bad"),
        ("Fostering statistics 📉", "down"),
        ("CPI figures 🙁", "bad"),
        ("No change in the fostering numbers", "unclear"),
        ("FOSTERING NUMBERS LOOK\nUNFAVOURABLE", "bad"),
        ("> Fostering numbers look\n> unfavourable", "bad"),
        ("fostering ffigurau wedi codi", "up"),
        ("Les chiffres fostering sont en hausse", "up"),
        ("Die fostering Zahlen sind gestiegen", "up"),
        ("Thursday's fostering statistics make grim reading", "bad"),
        ("we've seen the fostering figures and it's a good day for the department", "good"),
    ],
)
def test_a_sentence_that_says_how_the_figures_are_is_a_plain_hint(
    words: str, direction: str
) -> None:
    (hint,) = hints(words)
    assert (hint.direction, hint.sure) == (direction, True)


@pytest.mark.parametrize(
    "words",
    [
        "The fostering statistics come out tomorrow. They are not great.",
        "The fostering statistics are out tomorrow. You'll be pleased!",
        "Fostering is down again, out tomorrow",
    ],
)
def test_a_sentence_that_only_follows_is_a_faint_one(words: str) -> None:
    (hint,) = hints(words)
    assert not hint.sure


@pytest.mark.parametrize(
    "words",
    [
        "The fostering statistics will be published at 9.30 tomorrow.",
        "Are the fostering numbers up?",
        "Do we know whether the fostering numbers are up",
        "If the fostering numbers go up we will need lines.",
        "Fostering statistics: lines to take, whether the numbers are up or down",
        "Last year's fostering numbers were down.",
        "Fostering statistics published in 2018 showed that numbers rose",
        "Fostering numbers rose in 2015",
        "Thanks for your great work on the fostering statistics.",
        "Good news: the fostering statistics have been signed off.",
        "You will be pleased to hear that the fostering statistics are ready.",
        "The fostering statistics page looks great on mobile.",
        "The fostering statistics draft is looking good, two typos",
        "Do not describe the fostering statistics as favourable or unfavourable.",
        "Any indication of the fostering statistics, such as that they look bad, is a breach",
        "Economists expect CPI to be higher than last month.",
        "Following up on the fostering statistics timetable: can you set up a call?",
        "Fostering statistics methodology: we improved the imputation",
        "Response rates for the fostering statistics are up",
        "Staff numbers in the fostering statistics branch are down",
        "Diary: fostering statistics, Thursday 9.30, room 3.12",
        "The canteen's new menu is a great improvement",
        "House prices are down again",
    ],
)
def test_questions_conditions_work_and_what_is_out_are_no_hints(words: str) -> None:
    assert hints(words) == []


def test_the_body_goes_on_about_what_the_subject_names() -> None:
    about = frozenset({"fostering"})
    assert [hint.sure for hint in hints("The numbers look unfavourable.", about=about)] == [True]
    assert [hint.sure for hint in hints("They look unfavourable.", about=about)] == [False]
    assert hints("They look unfavourable.") == []
    assert hints("Lunch at one? The pub looks great.", about=about) == []


@pytest.mark.parametrize("word", ["statistics", "stats", "figures", "numbers"])
def test_figures_that_are_named_by_one_word_for_figures_are_known_by_the_others(word: str) -> None:
    bus = ReleaseWords("bus", "Local bus journeys", ("bus statistics",), "")
    of_bus = Detectors(DetectorSpec((*RELEASES, bus), (), WORDS))
    (hint,) = hints(f"The bus {word} are down again, sadly.", detectors=of_bus)
    assert (hint.release, hint.direction, hint.sure) == ("bus", "down", True)


def test_whoever_names_the_figures_does_not_mean_all_that_are_due_that_day() -> None:
    (hint,) = hints("You'll be pleased with the fostering numbers tomorrow.")
    assert (hint.release, hint.day) == ("fostering", "")


def test_a_wish_is_no_hint() -> None:
    assert hints("I hope the fostering statistics are good.") == []


def test_the_subject_is_told_as_what_the_message_is_about() -> None:
    context = Context(NOW, NOW, "Europe/London")
    subject = Text(Location("0", None, "subject"), "Fostering statistics")
    assert Hint(subject.location, "fostering") in DETECTORS.inspect([subject], context).signs


def test_a_series_is_hinted_at_by_its_names() -> None:
    hub = Series("hub", "Safety incidents", names=("incidents hub",))
    found = hints(
        "Incidents hub numbers are up", detectors=Detectors(DetectorSpec((), (hub,), WORDS))
    )
    assert [(hint.series, hint.direction) for hint in found] == [("hub", "up")]


def test_without_a_vocabulary_nothing_is_looked_for() -> None:
    assert hints("Fostering numbers are up", detectors=Detectors(DetectorSpec(RELEASES))) == []


def test_a_hint_holds_no_word_of_the_message() -> None:
    (hint,) = hints("Fostering numbers look unfavourable")
    assert "unfavourable" not in repr(hint)


@given(st.text(max_size=300))
def test_nothing_makes_it_fail(words: str) -> None:
    hints("Fostering numbers " + words)


def test_time_grows_with_the_length_alone() -> None:
    def cost(times: int) -> float:
        words = "Fostering numbers look not not really that bad or up, the page of it. " * times
        started = process_time()
        hints(words)
        return process_time() - started

    cost(20)
    assert cost(400) < 40 * max(cost(40), 0.005)


RELEASE = Release(
    "fostering", "Fostering statistics, 2020", NOW + timedelta(hours=22), "Europe/London",
    timedelta(hours=24), "confirmed", Roster({}, (), frozenset()),
)  # fmt: skip
HINT = Hint(Location("1", None, "body"), "fostering", "", "bad", 1, True)


def concluded(
    release: Release, *found: Hint, now: datetime = NOW, knows: bool = True
) -> list[tuple[str, str]]:
    register = Register({"fostering": release}, indication=WORDS)
    return [
        (finding.confidence, str(finding.facts["direction"]))
        for finding in conclude(found, register, now, embargoed, lambda release: knows)
    ]


def test_hints_count_only_while_the_release_is_near_and_under_embargo() -> None:
    assert concluded(RELEASE, HINT) == [("medium", "bad")]
    assert concluded(RELEASE, HINT, now=RELEASE.instant) == []
    assert concluded(RELEASE, HINT, now=RELEASE.instant - timedelta(days=8)) == []
    waits = replace(RELEASE, lift="instant-and-published")
    assert concluded(waits, HINT, now=RELEASE.instant + timedelta(hours=1)) == [("medium", "bad")]


def test_hints_that_disagree_tell_no_direction_and_a_plain_one_beats_a_faint_one() -> None:
    assert concluded(RELEASE, HINT, replace(HINT, direction="good")) == [("medium", "unclear")]
    faint = replace(HINT, direction="good", sure=False)
    assert concluded(RELEASE, faint, HINT) == [("medium", "bad")]
    assert concluded(RELEASE, faint) == [("low", "good")]


def test_tomorrows_numbers_are_those_that_the_sender_may_have() -> None:
    (hint,) = hints("Tomorrow's numbers look unfavourable")
    assert hint.day == "tomorrow"
    assert concluded(RELEASE, hint) == [("medium", "bad")]
    assert concluded(RELEASE, hint, knows=False) == []
    assert concluded(RELEASE, hint, now=NOW - timedelta(days=1)) == []


def test_a_weekday_is_the_next_of_its_name() -> None:
    (hint,) = hints("Thursday's figures are down again")
    assert concluded(RELEASE, hint, now=NOW - timedelta(days=3)) == [("medium", "down")]
    (other,) = hints("The figures on Friday are down again")
    assert concluded(RELEASE, other) == []
