"""What a sender is told when a stored delivery fails or is late: `dsn.report` for the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from gateway.act.dsn import Circumstances, Fate, report
from gateway.model.held import Mail, Original, Queued
from gateway.model.reply import Reply
from gateway.model.session import Recipient


class Bouncer:
    """Writes delivery status notifications in this host's name."""

    def __init__(self, hostname: str) -> None:
        self._hostname = hostname

    def __call__(
        self, queued: Queued, recipients: Sequence[tuple[Recipient, Reply]], original: Original,
        kind: Literal["failed", "delayed"], now: datetime,
    ) -> Mail | None:  # fmt: skip
        fates = [Fate(recipient, reply) for recipient, reply in recipients]
        circumstances = Circumstances(self._hostname, queued.arrival, now)
        return report(kind, queued.envelope, fates, original.content, circumstances)
