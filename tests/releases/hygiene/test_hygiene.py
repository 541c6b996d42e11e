"""What a statistician hears of a list before its window opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Callable

import pytest

from gateway.decide.roster import domain_class, standing
from gateway.model.receipt import Receipt
from gateway.model.register import Register
from gateway.releases.hygiene import Circumstances, Remark, hygiene
from gateway.releases.hygiene.people import one_letter_apart
from gateway.releases.titles import likeness, nearest

LIST = """
    release:
      title: Fostering statistics, 2027
      instant: 2027-11-12T09:30:00
      reviewed: 2027-11-01
    roles:
      - {id: office, title: Private Office, organisation: The Department, count: 2}
      - {id: media, title: Media Officer, organisation: The Department}
    appointments:
      - {role: office, address: e.hart@dept.example}
      - {role: office, address: g.birch@dept.example}
      - {role: media, address: k.webb@dept.example}
    """
BEFORE = LIST.replace("2027", "2026")
NOW = datetime(2027, 11, 5, 12, tzinfo=UTC)
THEN = datetime(2026, 11, 11, 12, tzinfo=UTC)
DOMAINS = "webmail: [webmail.example]\nmedia: [paper.example]\n"
Load = Callable[..., Register]


@pytest.fixture
def remarks(load: Load) -> Callable[..., dict[str, list[Remark]]]:
    """The remarks about one list (`x`) by their kinds; `knowing` is what is known besides."""

    def found(
        x: str = LIST, *, now: datetime = NOW, knowing: dict[str, Any] | None = None, **files: str
    ) -> dict[str, list[Remark]]:
        register = load(DOMAINS, x=x, **files)
        known = Circumstances(
            partial(standing, register), partial(domain_class, register), **(knowing or {})
        )
        kinds: dict[str, list[Remark]] = {}
        for remark in hygiene(register, register.releases["x"], now, known):
            if remark.warning or remark.kind == "never-used":
                kinds.setdefault(remark.kind, []).append(remark)
        return kinds

    return found


Remarks = Callable[..., dict[str, list[Remark]]]


def warnings(kinds: dict[str, list[Remark]]) -> list[str]:
    return [one.sentence for found in kinds.values() for one in found if one.warning]


def test_there_is_nothing_to_say_of_a_list_in_order(remarks: Remarks) -> None:
    assert warnings(remarks()) == []


@pytest.mark.parametrize(
    ("line", "more", "kind", "said"),
    [
        ("{role: media, address: k.webb@dept.example, to: 2027-11-10}", "", "ended",
         "Their appointment as Media Officer ended on 10 November 2027."),
        ("{role: media, address: k.webb@dept.example, declaration:"
         " {signed: 2026-11-01, expires: 2027-11-11}}", "", "declaration",
         "their declaration lapsed after 11 November 2027."),
        ("{role: media, address: k.webb@dept.example}", "declaration_required: true", "declaration",
         "they have not signed the declaration."),
        ("{role: media, address: k.webb@dept.example}",
         "exclusions: [{address: k.webb@dept.example, from: 2027-01-01, reason: INC-1}]",
         "excluded", "They are excluded from pre-release lists until further notice."),
        ("{role: media, address: k.webb@dept.example, from: 2027-12-01}", "", "not-yet",
         "only starts on 1 December 2027."),
    ],
)  # fmt: skip
def test_who_will_not_count_when_it_is_published_is_named_with_the_reason(
    remarks: Remarks, line: str, more: str, kind: str, said: str
) -> None:
    text = LIST.replace("{role: media, address: k.webb@dept.example}", line) + more
    about = [one for one in remarks(text)[kind] if one.address == "k.webb@dept.example"]
    assert about[0].sentence.startswith("k.webb@dept.example will not count when it is published: ")
    assert about[0].sentence.endswith(said)


def test_who_works_on_it_and_is_excluded_is_remarked(remarks: Remarks) -> None:
    more = (
        "production_team: [s.field@dept.example]\n"
        "    exclusions: [{address: s.field@dept.example, from: 2027-01-01, reason: INC-1}]\n"
    )
    (remark,) = remarks(LIST + more)["excluded"]
    assert remark.sentence.startswith("s.field@dept.example works on it and may not have it:")


def test_somebody_who_left_is_still_listed(remarks: Remarks) -> None:
    people = "people: [{id: w, name: K Webb, addresses: [k.webb@dept.example], left: 2027-10-31}]"
    (remark,) = remarks(_people=people)["ended"]
    assert "31 October 2027" in remark.sentence


def test_a_post_that_somebody_held_before_is_remarked(remarks: Remarks) -> None:
    people = (
        "people: [{id: w, name: K Webb, addresses: [k.webb@dept.example], title: Head of Estates,"
        " previous: [Media Officer]}]"
    )
    (remark,) = remarks(_people=people)["previous-holder"]
    assert remark.sentence == (
        "k.webb@dept.example is listed as “Media Officer”, but the directory has “Media Officer”"
        " among their previous posts: they are “Head of Estates” now."
    )
    assert "previous-holder" not in remarks(
        _people=people.replace("Head of Estates", "Media officer")
    )


def test_somebody_whose_post_another_person_has_now_is_remarked(remarks: Remarks) -> None:
    people = (
        "people: [{id: w, name: K Webb, addresses: [k.webb@dept.example], title: Head of Estates},"
        " {id: a, name: D Ash, addresses: [d.ash@dept.example], title: Media officer}]"
    )
    (remark,) = remarks(_people=people)["role-changer"]
    assert remark.sentence == (
        "k.webb@dept.example is listed as “Media Officer”; by the directory they are"
        " “Head of Estates”, and d.ash@dept.example is “Media officer”."
    )
    assert "role-changer" not in remarks(_people=people.replace("Media officer", "Statistician"))


def test_who_is_on_duty_for_an_earlier_turn_need_not_be_on_duty_at_publication(
    remarks: Remarks,
) -> None:
    turns = """
    rota:
      - {role: media, address: d.ash@dept.example, from: 2027-11-11T18:00, to: 2027-11-12T06:00}
      - {role: media, address: a.vale@dept.example, from: 2027-11-12T06:00, to: 2027-11-12T12:00}
    """
    without = LIST.replace("      - {role: media, address: k.webb@dept.example}\n", "")
    assert warnings(remarks(without + turns)) == []
    early = turns.replace(
        "2027-11-11T18:00, to: 2027-11-12T06:00", "2027-11-09T18:00, to: 2027-11-10T06:00"
    )
    (remark,) = remarks(without + early)["not-yet"]
    assert remark.sentence.startswith("d.ash@dept.example will not count on duty:")


@pytest.mark.parametrize(
    ("address", "kind"),
    [("k.webb@webmail.example", "webmail"), ("k.webb@desk.paper.example", "media"),
     ("k.webb@elsewhere.example", "unknown-domain")],
)  # fmt: skip
def test_mailboxes_outside_are_remarked(remarks: Remarks, address: str, kind: str) -> None:
    (remark,) = remarks(LIST.replace("k.webb@dept.example", address))[kind]
    assert remark.address == address


def test_addresses_that_differ_by_a_letter_are_remarked(remarks: Remarks) -> None:
    (remark,) = remarks(LIST.replace("g.birch@", "e.hartt@"))["near-duplicate"]
    assert "e.hart@dept.example and e.hartt@dept.example differ by one letter" in remark.sentence


def test_one_person_with_two_places_under_two_addresses_is_remarked(remarks: Remarks) -> None:
    people = (
        "people: [{id: h, name: E Hart, addresses: [e.hart@dept.example, k.webb@dept.example]}]"
    )
    (remark,) = remarks(_people=people)["twice"]
    assert "are the same person" in remark.sentence


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("ab", "ab", False), ("ab", "abc", True), ("abc", "ac", True), ("abc", "axc", True),
     ("abcd", "acbd", True), ("abcd", "badc", False), ("a", "abc", False), ("", "a", True)],
)  # fmt: skip
def test_one_letter_apart(one: str, other: str, apart: bool) -> None:
    assert one_letter_apart(one, other) is one_letter_apart(other, one) is apart


# -- the list as a whole ------------------------------------------------------------------------


def test_a_role_that_nobody_holds(remarks: Remarks) -> None:
    text = LIST.replace("      - {role: media, address: k.webb@dept.example}\n", "")
    (remark,) = remarks(text)["vacant"]
    assert remark.sentence == "Nobody holds the role “Media Officer” on 12 November 2027."
    assert remark.role == "media"


def test_a_list_is_reviewed_in_the_fortnight_before_its_window_opens(remarks: Remarks) -> None:
    stale = LIST.replace("reviewed: 2027-11-01", "reviewed: 2027-10-01")
    (remark,) = remarks(stale)["review"]
    assert remark.sentence.startswith("The list was last reviewed on 1 October 2027")
    (never,) = remarks(LIST.replace("      reviewed: 2027-11-01\n", ""))["review"]
    assert never.sentence.startswith("The list was not reviewed")
    assert "review" not in remarks(stale, now=datetime(2027, 10, 20, tzinfo=UTC)), "not due yet"
    (future,) = remarks(LIST.replace("2027-11-01", "2027-11-09"))["review"]
    assert "still to come" in future.sentence


def test_a_list_that_was_copied_and_not_looked_through(remarks: Remarks) -> None:
    unseen = LIST.replace("      reviewed: 2027-11-01\n", "")
    (remark,) = remarks(unseen, before=BEFORE)["cloned"]
    assert "The list is that of before (3 of 3 places are the same)" in remark.sentence
    assert "cloned" not in remarks(LIST, before=BEFORE), "it was reviewed since"
    assert "cloned" not in remarks(unseen, before=BEFORE.replace("g.birch", "a.vale"))


def test_growth_since_the_last_release_of_the_series(remarks: Remarks) -> None:
    smaller = BEFORE.replace("      - {role: office, address: g.birch@dept.example}\n", "")
    (remark,) = remarks(before=smaller)["grown"]
    assert remark.sentence == (
        "Since before the list has grown from 2 to 3 people (The Department from 2 to 3):"
        " is each of them needed?"
    )
    assert "grown" not in remarks(before=BEFORE)
    assert "grown" not in remarks(before=smaller.replace("Fostering", "Adoption")), "not the series"


def test_a_series_may_be_named_whatever_the_titles(remarks: Remarks) -> None:
    mine = LIST.replace("      reviewed:", "      series: fostering\n      reviewed:")
    other = BEFORE.replace("Fostering statistics", "Children looked after").replace(
        "      reviewed:", "      series: fostering\n      reviewed:"
    )
    smaller = other.replace("      - {role: office, address: g.birch@dept.example}\n", "")
    assert "grown" in remarks(mine, before=smaller)


def test_titles_that_the_published_list_spells_in_another_way(remarks: Remarks) -> None:
    titles = ("Private Office", "Media Oficer", "Diary Manager")
    found = [one.sentence for one in remarks(knowing={"published": {"x": titles}})["published"]]
    assert found == [
        "The title “Media Officer” is not on the published list, which has “Media Oficer”.",
        "The published list has “Diary Manager”, and no role of this list does.",
    ]


# -- what the store knows -----------------------------------------------------------------------


def receipt(address: str, state: Any = "delivered", code: str = "250", release: str = "before",
            at: datetime = THEN) -> Receipt:  # fmt: skip
    return Receipt(release, address, state, code, at)


def test_who_never_used_their_place_is_told_from_the_last_releases(remarks: Remarks) -> None:
    receipts = (receipt("e.hart@dept.example"), receipt("k.webb@dept.example"))
    found = remarks(before=BEFORE, knowing={"receipts": receipts})["never-used"]
    assert [one.sentence for one in found] == [
        "g.birch@dept.example was on the lists of before and never got anything of them."
    ]


def test_somebody_who_is_new_on_the_list_has_had_no_occasion(remarks: Remarks) -> None:
    without = BEFORE.replace("      - {role: office, address: g.birch@dept.example}\n", "")
    receipts = (receipt("e.hart@dept.example"), receipt("k.webb@dept.example"))
    assert "never-used" not in remarks(before=without, knowing={"receipts": receipts})


def test_without_deliveries_it_cannot_be_told_and_that_is_no_warning(remarks: Remarks) -> None:
    (note,) = remarks(before=BEFORE)["never-used"]
    assert "cannot be told" in note.sentence and not note.warning


def test_an_address_whose_mail_came_back_for_good(remarks: Remarks) -> None:
    receipts = (receipt("k.webb@dept.example", "failed", "550"), receipt("e.hart@dept.example"))
    (remark,) = remarks(knowing={"receipts": receipts})["bounces"]
    assert remark.sentence == (
        "Mail to k.webb@dept.example came back for good (550) on 11 November 2026:"
        " is the address still right?"
    )
    later = receipt("k.webb@dept.example", at=THEN.replace(hour=13))
    assert "bounces" not in remarks(knowing={"receipts": (*receipts, later)})


# -- titles ---------------------------------------------------------------------------------------


def test_likeness_looks_at_words_and_spelling() -> None:
    assert likeness("Media Officer", "Officer, Media") == 1.0
    assert likeness("Deputy Head Personnel Policy", "Deputy Head, People Policy") > 0.7
    assert likeness("Media Officer", "Chief Economist") < 0.5
    assert likeness("", "Chief Economist") == 0.0
    assert nearest("Private Secretary", ["Private Sectretary", "Chief"]) == "Private Sectretary"
    assert nearest("Private Secretary", []) is None


def test_remarks_are_made_of_a_register_that_waits_for_approval(load: Load) -> None:
    register = load(DOMAINS, x=LIST)
    waiting = replace(register, approved=Register(), waiting={"x": "nobody has approved it"})
    known = Circumstances(partial(standing, waiting), partial(domain_class, waiting))
    found = hygiene(waiting, waiting.releases["x"], NOW, known)
    assert {one.kind for one in found if one.warning} == {"not-counting"}
