"""Tells the operators and the officer, once, that registered material cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from gateway.act.composition import bullets, compose, paragraph, shown, times_are
from gateway.act.composition import instant as at_instant
from gateway.act.hold import Telling
from gateway.act.metrics import Metrics
from gateway.model.held import Mail
from gateway.model.trace import MaterialSource
from gateway.store import GATEWAY, Store

SUBJECT, UNAVAILABLE, AVAILABLE = "material", "material unavailable", "material available again"


class MaterialAlert:
    """Remembers in the audit what was told, so that a restart tells nothing again."""

    def __init__(
        self, store: Store, telling: Telling, metrics: Metrics, clock: Callable[[], datetime],
        log: Any,
    ) -> None:  # fmt: skip
        self._store = store
        self._telling = telling
        self._metrics = metrics
        self._clock = clock
        self._log = log
        self._known: str | None = None

    def tell(self, source: MaterialSource | None) -> None:
        """What is new about it is logged, counted and sent. Raises StoreError."""
        fault = source.fault if source is not None else ""
        self._metrics.material_unavailable.set(int(bool(fault)))
        if fault == self._known:
            return
        if fault:
            releases = sorted(source.releases) if source is not None else []
            self._log.error("material register unavailable", reason=fault, releases=releases)
        told = self._told()
        now = self._clock()
        if fault and not told and source is not None:
            self._store.add_mails([self._mail(source, now)], now)
            facts = {"reason": fault, "releases": sorted(source.releases)}
            self._store.note(GATEWAY, UNAVAILABLE, SUBJECT, facts, now)
        elif told and not fault:
            self._log.info("material register available again")
            self._store.note(GATEWAY, AVAILABLE, SUBJECT, {}, now)
        self._known = fault

    def _told(self) -> bool:
        """Whether the last that was said of it is that it cannot be read."""
        said = [e.action for e in self._store.audit_entries(SUBJECT)]
        return bool(said) and said[-1] == UNAVAILABLE

    def _mail(self, source: MaterialSource, now: datetime) -> Mail:
        notices, department = self._telling.notices, self._telling.department
        blocks = [
            paragraph(
                "The gateway cannot read the registered material of releases. Until it can, it does"
                " not recognise their text and figures in messages."
            ),
            paragraph(f"Why: {shown(source.fault, 400)}"),
            paragraph("It concerns:"),
            bullets([shown(release) for release in sorted(source.releases)] or ["not known"]),
            paragraph(
                "Messages that belong to these releases, and in the week before one of them all"
                " that carry figures, a table or a document, are held for people who are on no"
                " list. They are decided again by themselves once the material can be read."
            ),
            paragraph(
                "Put the key file or the folder back from its backup, or make the index again;"
                " gateway releases material verify says what is wrong. This is not told again."
            ),
            paragraph(f"Noticed: {at_instant(now, department.zone)}"),
            paragraph(times_are(department.zone)),
        ]
        return compose(
            "alert", [notices.security_officer], "Registered material cannot be read", blocks,
            sender=notices.sender, sender_name=department.name, hostname=department.hostname,
            now=now, about="material",
        )  # fmt: skip
