"""Tells the officer and a release's contacts, once, that a calendar says otherwise than its file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from gateway.act.composition import can_be_written_to, compose, paragraph, shown
from gateway.act.hold import Telling
from gateway.model.announcement import Conflict
from gateway.model.held import Mail
from gateway.model.register import Register
from gateway.store import GATEWAY, Store, StoreError

_TOLD = "calendar conflict"


class ConflictAlert:
    """Remembers in the audit what was told, so that a restart tells nothing again."""

    def __init__(
        self, store: Store, telling: Telling, clock: Callable[[], datetime], log: Any
    ) -> None:  # fmt: skip
        self._store = store
        self._telling = telling
        self._clock = clock
        self._log = log

    def tell(self, register: Register) -> Register:
        """The same register; what is new in its conflicts goes out."""
        try:
            for conflict in register.conflicts:
                self._tell(register, conflict)
        except StoreError as error:
            self._log.error("conflicts of calendars cannot be told", reason=str(error))
        return register

    def _tell(self, register: Register, conflict: Conflict) -> None:
        subject = f"release:{conflict.release}"
        facts = {"calendar": conflict.calendar, "said": conflict.sentence}
        known = self._store.audit_entries(subject)
        if any(entry.action == _TOLD and entry.facts == facts for entry in known):
            return
        now = self._clock()
        self._log.warning("calendar and register differ", release=conflict.release, **facts)
        self._store.add_mails([self._mail(register, conflict, now)], now)
        self._store.note(GATEWAY, _TOLD, subject, facts, now)

    def _mail(self, register: Register, conflict: Conflict, now: datetime) -> Mail:
        notices, department = self._telling.notices, self._telling.department
        release = register.releases[conflict.release]
        to = [notices.security_officer, *filter(can_be_written_to, release.contacts)]
        blocks = [
            paragraph(f"Release: {shown(release.title)} ({release.id})"),
            paragraph(shown(_sentence(conflict.sentence), 600)),
            paragraph(
                f"Correct the release's file, or have the calendar “{conflict.calendar}” corrected."
                " gateway releases calendar shows both, and this is not told again."
            ),
        ]
        return compose(
            "alert", tuple(dict.fromkeys(to)), f"Publication date in doubt: {release.id}", blocks,
            sender=notices.sender, sender_name=department.name, hostname=department.hostname,
            now=now, about=release.id,
        )  # fmt: skip


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
