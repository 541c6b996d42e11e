"""What directories say joins the register's own people; what contradicts it lets nobody in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.lists import (
    IN_WINDOW,
    INSTANT,
    appointed,
    ask,
    directory,
    mailbox,
    release,
)

from gateway.model.people import Directory, Group, Person, Source
from gateway.model.release import Release, Standing
from gateway.model.roster import Exclusion
from gateway.releases.directories import DirectoryReading, joined
from gateway.releases.directories.people import alike
from gateway.releases.directories.records import Account, Extract, Listing

READ = IN_WINDOW - timedelta(hours=1)
STAFF = Source(
    "staff", "graph", "staff.json", frozenset({"dept.example"}), READ, INSTANT.astimezone(UTC)
)
BELA, KIT = "b.wood@dept.example", "k.webb@dept.example"
ALIAS = "bela.wood@dept.example"
LISTED = release(appointed(BELA), appointed(KIT))
OWN = directory(Person("b-wood", "Bela Wood", (BELA,)), Person("k-webb", "Kit Webb", (KIT,)))


def account(name: str, *addresses: str, key: str = "", **more: Any) -> Account:
    return Account((key or name,), f"users entry {name}", name, addresses, **more)


def listing(address: str, *members: str, fault: str = "", **more: Any) -> Listing:
    name = address.partition("@")[0]
    return Listing((name,), f"groups entry {name}", name, (address,), members, fault, **more)


def known(*entries: Account | Listing, own: Directory = OWN, source: Source = STAFF) -> Directory:
    return joined(own, [reading(*entries, source=source)])


def reading(*entries: Account | Listing, source: Source = STAFF) -> DirectoryReading:
    accounts = tuple(one for one in entries if isinstance(one, Account))
    listings = tuple(one for one in entries if isinstance(one, Listing))
    return DirectoryReading(source, Extract(accounts, listings))


def standing(among: Directory, address: str, at: datetime = IN_WINDOW, **more: Any) -> Standing:
    return ask(LISTED, address, at, among=among, **more)


# ---- people


def test_an_account_gives_somebody_known_more_addresses_a_title_and_a_department() -> None:
    found = known(account("Wood, Bela", BELA, ALIAS, title="Economist", organisation="Prices"))
    bela = found.people["b-wood"]
    assert bela.addresses == (BELA, ALIAS)
    assert (bela.name, bela.title, bela.organisation) == ("Bela Wood", "Economist", "Prices")
    assert bela.told == {ALIAS}
    assert standing(found, ALIAS).status == "listed"


def test_what_the_register_says_of_somebody_goes_first() -> None:
    own = directory(
        Person("b-wood", "Bela Wood", (BELA,), "Chief Economist", left=date(2020, 1, 1))
    )
    found = known(account("Bela Wood", BELA, ALIAS, title="Clerk"), own=own)
    assert found.people["b-wood"].title == "Chief Economist"
    assert standing(found, ALIAS).status == "expired"


def test_an_account_that_nobody_else_knows_is_a_person() -> None:
    found = known(account("Ivo Flint", "i.flint@dept.example"))
    assert found.person_of["i.flint@dept.example"].name == "Ivo Flint"
    assert standing(replace(found, complete=True), "who@dept.example").sentence.startswith("Nobody")
    assert "not on the list" in standing(found, "i.flint@dept.example").sentence


def test_an_exclusion_reaches_the_addresses_that_only_a_directory_knows() -> None:
    found = known(account("Bela Wood", BELA, ALIAS))
    barred = Exclusion(ALIAS, date(2020, 1, 1), None, "a breach")
    assert standing(found, BELA, exclusions=(barred,)).status == "excluded"


HOME = "bela@mail.example"


def test_an_address_elsewhere_bars_somebody_and_never_lets_them_in() -> None:
    """Dummy data, sent home: what a directory knows of a private mailbox makes nobody listed."""
    found = known(account("Bela Wood", BELA, ALIAS, HOME, "b@sub.dept.example"))
    assert standing(found, HOME).status == "not-listed"
    assert standing(found, ALIAS).status == "listed"
    assert standing(found, "b@sub.dept.example").status == "listed"
    home = release(appointed(HOME))
    for among in (found, replace(found, complete=True)):
        assert ask(home, HOME, among=among).status == "listed"  # by a place of its own
    assert ask(home, BELA, among=found).status == "not-listed"
    barred = Exclusion(HOME, date(2020, 1, 1), None, "a breach")
    assert standing(found, BELA, exclusions=(barred,)).status == "excluded"


def test_the_register_may_name_an_address_elsewhere_itself() -> None:
    own = directory(Person("b-wood", "Bela Wood", (BELA, HOME)))
    assert standing(known(account("Bela Wood", BELA, HOME), own=own), HOME).status == "listed"


def test_an_account_that_has_only_the_private_one_of_somebodys_adds_none_that_counts() -> None:
    own = directory(Person("b-wood", "Bela Wood", (BELA, HOME)))
    found = known(account("Bela Wood", HOME, "b.w@mail.example"), own=own)
    assert standing(found, "b.w@mail.example").status == "not-listed"


def test_all_addresses_of_a_guest_are_elsewhere_and_count() -> None:
    found = known(account("Nell Frost", "n.frost@other.example", "nell@other.example"))
    subject = release(appointed("n.frost@other.example"))
    assert ask(subject, "nell@other.example", among=found).status == "listed"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Bela Wood", "Wood, Bela (Prices)", True),
        ("Bela Wood", "WOOD Bela", True),
        ("Bela Wood", "B. Wood", True),
        ("Bela Wood", "Bela Wood-Smith", True),
        ("Bela Wood", "Ben Wood", False),
        ("Bela Wood", "Bela Webb", False),
        ("Bela Wood", "Bela", False),
        ("B. W.", "Bela Wood", False),
        ("Bela Wood", "", False),
    ],
)
def test_names_are_one_persons_only_where_every_word_agrees(
    one: str, other: str, same: bool
) -> None:
    assert alike(one, other) is alike(other, one) is same


def test_an_address_that_went_to_somebody_else_is_on_no_list() -> None:
    found = known(account("Ben Wood", BELA, "ben.wood@dept.example"))
    assert found.people["b-wood"].addresses == (BELA,)
    assert found.person_of["ben.wood@dept.example"].id != "b-wood"
    answer = standing(found, BELA)
    assert answer.status == "not-listed"
    assert answer.sentence == (
        "It belongs to two people, Bela Wood by _people.yaml and Ben Wood by staff, so it is on no"
        " list."
    )
    (fault,) = found.sources[0].faults
    assert fault.file == "staff.json"
    assert fault.message == (
        f"users entry Ben Wood: {BELA} is Ben Wood's here and Bela Wood's in _people.yaml, so it is"
        " on no list"
    )


def test_an_account_with_the_addresses_of_two_people_lets_neither_in() -> None:
    found = known(account("Bela Wood", BELA, KIT))
    assert {standing(found, one).status for one in (BELA, KIT)} == {"not-listed"}
    assert len(found.sources[0].faults) == 2


def test_two_accounts_of_one_directory_are_two_people_even_of_one_name() -> None:
    own = Directory()
    found = known(account("Bela Wood", BELA, key="1"), account("Bela Wood", BELA, key="2"), own=own)
    assert standing(found, BELA).status == "not-listed"


def test_two_directories_may_describe_the_same_person() -> None:
    other = replace(STAFF, name="mail", until=IN_WINDOW + timedelta(minutes=1))
    found = joined(
        Directory(),
        [reading(account("Bela Wood", BELA)),
         reading(account("Wood, Bela", BELA, ALIAS), source=other)],
    )  # fmt: skip
    assert found.person_of[ALIAS] is found.person_of[BELA]
    assert not found.disputed
    assert found.person_of[BELA].until == other.until  # the sooner of the two


def test_an_old_directory_bars_and_lets_nobody_in_by_another_address() -> None:
    found = known(account("Bela Wood", BELA, ALIAS), source=replace(STAFF, until=READ))
    assert standing(found, BELA).status == "listed"  # by the register's own word
    assert standing(found, ALIAS).status == "not-listed"
    barred = Exclusion(BELA, date(2020, 1, 1), None, "a breach")
    assert standing(found, ALIAS, exclusions=(barred,)).status == "excluded"
    complete = replace(found, complete=True)
    assert "read too long ago" in standing(complete, ALIAS).sentence


def test_a_directory_counts_to_the_last_instant_that_it_may() -> None:
    found = known(account("Bela Wood", BELA, ALIAS), source=replace(STAFF, until=IN_WINDOW))
    assert standing(found, ALIAS).status == "listed"
    later = IN_WINDOW + timedelta(microseconds=1)
    assert standing(found, ALIAS, later).status == "not-listed"


# ---- lists


def test_members_are_the_usual_addresses_of_people() -> None:
    found = known(
        account("Bela Wood", BELA, ALIAS, key="1"),
        account("Kit Webb", KIT, key="2"),
        listing("media@dept.example", "1", "2"),
    )
    group = found.groups["media@dept.example"]
    assert group.members == (BELA, KIT)
    assert (group.source, group.read, group.until) == ("staff", READ, STAFF.until)
    answer = standing(found, "media@dept.example")
    assert answer.status == "listed"
    assert answer.sentence.startswith("It is a distribution list, and each of its 2 members")


def test_one_member_off_the_list_keeps_the_list_out_and_is_named() -> None:
    found = known(
        account("Bela Wood", BELA, key="1"),
        account("Ivo Flint", "i.flint@dept.example", key="3"),
        listing("inner@dept.example", "3"),
        listing("media@dept.example", "1", "inner"),
    )
    assert standing(found, "media@dept.example").sentence == (
        "It is a distribution list, and 1 of its 2 members is not on the list:"
        " i.flint@dept.example."
    )


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ((listing("l@dept.example", "nobody"),), "a member is not in the directory: nobody"),
        (
            (account("Ivo Flint"), listing("l@dept.example", "Ivo Flint")),
            "a member has no address: Ivo Flint",
        ),
        ((listing("l@dept.example", "l"),), "it contains itself"),
        ((listing("l@dept.example", fault="it is dynamic"),), "it is dynamic"),
        ((listing("l@dept.example"),), "it has no members"),
        (
            (listing("l@dept.example", "i"), listing("i@dept.example", "l")),
            "it contains itself through i",
        ),
    ],
)
def test_a_list_that_cannot_be_taken_apart_is_unlisted_and_told(
    entries: tuple[Any, ...], said: str
) -> None:
    found = known(*entries)
    answer = standing(found, "l@dept.example")
    assert answer.status == "not-listed"
    assert answer.sentence == f"It is a distribution list that cannot be expanded: {said}."
    assert any(said in fault.message for fault in found.sources[0].faults)


def test_members_outside_the_office_are_judged_like_any_other() -> None:
    found = known(listing("l@dept.example", BELA, "n.frost@other.example"))
    assert "n.frost@other.example" in standing(found, "l@dept.example").sentence


def test_lists_of_the_register_and_of_directories_contain_one_another() -> None:
    groups = {
        "all@dept.example": Group("all@dept.example", ("media@dept.example", BELA), "_groups.yaml")
    }
    found = known(listing("media@dept.example", KIT), own=replace(OWN, groups=groups))
    assert found.groups["all@dept.example"].members == (KIT, BELA)
    assert found.groups["all@dept.example"].until == STAFF.until
    assert found.groups["all@dept.example"].source == "_groups.yaml"


def test_two_sources_that_do_not_agree_on_a_list_leave_it_unlisted() -> None:
    groups = {"media@dept.example": Group("media@dept.example", (BELA,), "_groups.yaml")}
    own = replace(OWN, groups=groups)
    same, other = (known(listing("media@dept.example", one), own=own) for one in (BELA, KIT))
    assert standing(same, "media@dept.example").status == "listed"
    assert "2 lists of _groups.yaml and staff have this address" in (
        standing(other, "media@dept.example").sentence
    )


def test_a_list_at_somebodys_own_address_is_unlisted() -> None:
    found = known(listing(BELA, KIT))
    answer = standing(found, BELA)
    assert answer.status == "not-listed"
    assert "Bela Wood has the same address" in answer.sentence


def test_an_old_list_reaches_anybody() -> None:
    found = known(listing("media@dept.example", KIT), source=replace(STAFF, until=READ))
    assert standing(found, "media@dept.example").sentence == (
        "It is a distribution list that cannot be expanded: it was last read on 4 June 2020 at"
        " 05:30 (Europe/London), which is too long ago."
    )


SWITCHED_OFF = "its account is switched off, as that of a shared mailbox is"


def test_the_mailbox_of_no_account_is_read_by_nobody_knows_whom() -> None:
    box = listing("desk@dept.example", fault=SWITCHED_OFF, mailbox=True)
    subject = release(appointed("desk@dept.example"))
    found = known(box, listing("all@dept.example", "desk"))
    answer = ask(subject, "desk@dept.example", among=found)
    assert answer.status == "not-listed"
    assert answer.sentence.startswith(
        "Nobody knows who reads it: its account is switched off, as that of a shared mailbox is."
    )
    assert "it contains 'desk'" in standing(found, "all@dept.example").sentence
    assert [fault.message for fault in found.sources[0].faults] == [
        f"groups entry all: 'all' counts as unlisted: it contains 'desk', and {SWITCHED_OFF}"
    ]


def test_the_registers_own_word_on_who_reads_a_mailbox_settles_it() -> None:
    own = replace(OWN, mailboxes={"desk@dept.example": mailbox("desk@dept.example", BELA, KIT)})
    box = listing("desk@dept.example", fault=SWITCHED_OFF, mailbox=True)
    found = known(box, listing("all@dept.example", "desk"), own=own)
    assert standing(found, "desk@dept.example").status == "listed"
    assert standing(found, "all@dept.example").status == "listed"


def test_somebody_whose_account_is_switched_off_is_still_who_the_register_says() -> None:
    gone = replace(OWN.people["b-wood"], left=date(2020, 6, 1))
    own = directory(gone, OWN.people["k-webb"])
    found = known(listing(BELA, fault=SWITCHED_OFF, mailbox=True), own=own)
    assert standing(found, BELA).status == "expired"


# ---- directories that say nothing


UNREAD = Source("staff", "ldap", "staff.json", frozenset({"dept.example"}), fault="was never read")


def test_where_a_directory_could_not_be_read_nobody_counts_whom_nothing_else_names() -> None:
    """The address might be a list's, and only the directory would know."""
    subject = release(
        appointed("media@dept.example"), appointed(BELA), appointed("n.frost@other.example")
    )
    found = known(source=UNREAD)
    answer = ask(subject, "media@dept.example", among=found)
    assert answer.status == "not-listed"
    assert answer.sentence.startswith(
        "The directory 'staff' was never read, so nobody can tell who is behind this address."
    )
    sub = ask(release(appointed("a@sub.dept.example")), "a@sub.dept.example", among=found)
    assert sub.status == "not-listed"
    assert ask(subject, BELA, among=found).status == "listed"
    assert ask(subject, "n.frost@other.example", among=found).status == "listed"


def test_the_production_team_is_no_exception() -> None:
    subject = release(production_team=frozenset({"team@dept.example"}))
    assert ask(subject, "team@dept.example", among=known(source=UNREAD)).status == "not-listed"
    assert ask(subject, "team@dept.example", among=OWN).status == "production"


def test_what_there_is_is_counted() -> None:
    found = known(account("Kit Webb", KIT), account("No Address"), listing("l@dept.example", KIT))
    assert (found.sources[0].people, found.sources[0].groups) == (1, 1)
    assert not found.sources[0].faults


# ---- laws

POOL = [f"{name}@dept.example" for name in ("a", "b", "c", "d", "e")]
FOLK = ["Ann Ash", "Bo Birch", "Ash, Ann", "Cy Cole"]
ACCOUNTS = st.builds(
    lambda key, name, own: Account((key,), "x", name, tuple(own)),
    st.sampled_from("1234"),
    st.sampled_from(FOLK),
    st.lists(st.sampled_from(POOL), max_size=3, unique=True),
)
LISTINGS = st.builds(
    lambda key, own, members, off: Listing(
        (key,), "x", key, (own,), () if off else tuple(members), "it is off" if off else "",
        mailbox=off,
    ),
    st.sampled_from("5678"),
    st.sampled_from(POOL),
    st.lists(st.sampled_from([*POOL, *"12345678"]), max_size=3),
    st.booleans(),
)  # fmt: skip
OWNS = st.builds(
    lambda owned: directory(
        *(Person(one, name, (one,)) for one, name in zip(owned, FOLK, strict=False))
    ),
    st.lists(st.sampled_from(POOL), max_size=3, unique=True),
)
PLACES = st.lists(st.sampled_from(POOL), max_size=4, unique=True)


def allowed(subject: Release, among: Directory) -> set[str]:
    return {one for one in POOL if ask(subject, one, among=among).allowed}


@given(st.lists(ACCOUNTS, max_size=4), st.lists(LISTINGS, max_size=3), OWNS, PLACES)
def test_law_a_directory_that_is_old_or_unread_lets_nobody_in(
    accounts: list[Account], listings: list[Listing], own: Directory, places: list[str]
) -> None:
    subject = release(*map(appointed, places))
    without = allowed(subject, own)
    old = known(*accounts, *listings, own=own, source=replace(STAFF, until=READ))
    assert allowed(subject, old) <= without
    assert allowed(subject, known(own=own, source=UNREAD)) <= without


@given(st.lists(ACCOUNTS, max_size=4), st.lists(LISTINGS, max_size=3), OWNS, PLACES)
def test_law_nobody_is_let_in_without_a_place_of_one_person(
    accounts: list[Account], listings: list[Listing], own: Directory, places: list[str]
) -> None:
    """Whoever may have it is somebody with a place by the register and all directories together,
    and no address that a directory calls a list is let in for anything but its members."""
    subject = release(*map(appointed, places))
    found = known(*accounts, *listings, own=own)
    for one in allowed(subject, found):
        group = found.groups.get(one)
        reached = group.members if group else (one,)
        assert reached
        assert all(not set(places).isdisjoint(found.aliases(each)) for each in reached)
        assert not set(reached) & found.disputed.keys()


@given(
    st.lists(ACCOUNTS, max_size=4), st.lists(LISTINGS, max_size=3), OWNS, PLACES,
    st.sampled_from(POOL),
)  # fmt: skip
def test_law_an_exclusion_clears_nobody(
    accounts: list[Account], listings: list[Listing], own: Directory, places: list[str], whom: str
) -> None:
    subject = release(*map(appointed, places))
    found = known(*accounts, *listings, own=own)
    barred = (Exclusion(whom, date(2020, 1, 1), None, "a breach"),)
    after = {one for one in POOL if ask(subject, one, among=found, exclusions=barred).allowed}
    assert after <= allowed(subject, found)
    assert after.isdisjoint(found.aliases(whom))
