"""A calendar that says otherwise than a release's file is told of once, to those who can resolve it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from support.lists import INSTANT, register, release

from gateway import config
from gateway.act.conflict_alert import ConflictAlert
from gateway.act.hold import Telling
from gateway.model.announcement import Announcement, Snapshot
from gateway.model.register import Register
from gateway.releases.reconciliation import reconciled
from gateway.store import Store

NOW = datetime(2020, 6, 1, 12, tzinfo=UTC)
TELLING = Telling(config.Notices(), config.Department())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "s.sqlite", tmp_path / "key", 1.0)
    yield opened
    opened.close()


def moved_by(days: int) -> Register:
    subject = release(title="Orchard survey", contacts=("orchards@dept.example",))
    later = Announcement("k", "Orchard survey", INSTANT + timedelta(days=days), "confirmed")
    return reconciled(register(subject), [Snapshot("govuk", timedelta(1), NOW, (later,))])


def mails(store: Store) -> list[str]:
    found = store.claim(NOW, timedelta(minutes=1))
    contents = [store.original(one.arrival.id).content.decode() for one in found]
    return [content.replace("=\r\n", "") for content in contents]


def alert(store: Store) -> ConflictAlert:
    return ConflictAlert(store, TELLING, lambda: NOW, structlog.get_logger())


def test_the_officer_and_the_contacts_hear_of_it_once(store: Store) -> None:
    lists = moved_by(7)
    assert alert(store).tell(lists) is lists
    alert(store).tell(lists)  # after a restart
    (mail,) = mails(store)
    assert "security-officer@dept.example" in mail and "orchards@dept.example" in mail
    assert "Publication date in doubt" in mail
    assert "Thu 4 Jun 2020, 09:30 BST" in mail and "Thu 11 Jun 2020, 09:30 BST" in mail


def test_what_moves_again_is_told_again(store: Store) -> None:
    alert(store).tell(moved_by(7))
    alert(store).tell(moved_by(8))
    assert len(mails(store)) == 2
    told = [e for e in store.audit_entries("release:x") if e.action == "calendar conflict"]
    assert len(told) == 2


def test_where_there_is_no_conflict_nobody_is_told(store: Store) -> None:
    alert(store).tell(moved_by(0))
    alert(store).tell(replace(moved_by(7), conflicts=()))
    assert mails(store) == []
