"""What a second person approved is kept word for word, and nobody without the key can approve."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

import pytest

from gateway.model.approval import Approved
from gateway.store import Store, StoreError

TEXT = "release: {title: Fostering – 2020}\n".encode()


def version(now: datetime, number: int = 1, text: bytes | None = TEXT) -> Approved:
    return Approved("fostering-2020", number, now, "r.dale@dept.example", text)


def test_the_newest_approved_version_is_given_back_word_for_word(
    store: Store, now: datetime
) -> None:
    store.approve([(version(now), {"changed_by": "s.field@dept.example"})])
    store.approve([(version(now, 2, TEXT * 2), {})])
    assert store.approved() == {"fostering-2020": version(now, 2, TEXT * 2)}


def test_a_removal_is_approved_like_a_change(store: Store, now: datetime) -> None:
    store.approve([(version(now), {})])
    store.approve([(version(now, 2, None), {})])
    assert store.approved() == {"fostering-2020": version(now, 2, None)}


def test_every_approval_is_in_the_audit(store: Store, now: datetime) -> None:
    store.approve([(version(now), {"changed_by": "s.field@dept.example"})])
    (entry,) = store.audit_entries("fostering-2020")
    assert (entry.actor, entry.action) == ("r.dale@dept.example", "list approved")
    assert entry.facts == {"version": 1, "removed": False, "changed_by": "s.field@dept.example"}
    assert store.verify().fault == ""


@pytest.mark.parametrize("number", [0, 1, 3])
def test_who_approves_what_is_no_longer_the_newest_is_told_so(
    store: Store, now: datetime, number: int
) -> None:
    store.approve([(version(now), {})])
    with pytest.raises(StoreError, match="somebody else has approved"):
        store.approve([(version(now, number), {})])
    assert len(store.audit_entries("fostering-2020")) == 1


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE approvals SET by = 'chief@dept.example'",
        "UPDATE approvals SET at = at - 1",
        "UPDATE approvals SET subject = 'cla-2018' WHERE version = 2",
        "UPDATE approvals SET sealed = (SELECT sealed FROM approvals WHERE version = 1)",
        "UPDATE approvals SET sealed = x'00'",
        "UPDATE approvals SET version = 7 WHERE version = 1",
        "DELETE FROM approvals WHERE version = 2",
        "INSERT INTO approvals SELECT subject, 3, at, by, sealed FROM approvals WHERE version = 1",
    ],
)
def test_nobody_without_the_key_can_approve(
    store: Store, now: datetime, folder: Path, forgery: str
) -> None:
    store.approve([(version(now), {})])
    store.approve([(version(now, 2), {})])
    with sqlite3.connect(folder / "gateway.sqlite") as connection:
        assert connection.execute(forgery).rowcount > 0
    connection.close()
    assert not all(one.genuine for one in store.approved().values()), "and no older one counts"


def test_where_nothing_beside_the_store_names_the_newest_version_none_counts_until_the_next(
    store: Store, now: datetime, folder: Path
) -> None:
    other = Approved("cla-2018", 1, now, "r.dale@dept.example", TEXT)
    store.approve([(version(now), {}), (other, {})])
    (folder / "gateway.sqlite.head").unlink()
    assert not any(one.genuine for one in store.approved().values())
    store.approve([(version(now, 2), {})])
    assert {id: one.genuine for id, one in store.approved().items()} == {
        "fostering-2020": True, "cla-2018": False,
    }  # fmt: skip
