"""What a sender is told when a message fails, is late, or goes where nobody confirms it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gateway.act.dsn import Circumstances, Kind, report
from gateway.act.fate import Fate
from gateway.model.held import Mail
from gateway.model.session import Arrival, Envelope


class Bouncer:
    """Writes delivery status notifications in this host's name."""

    def __init__(self, hostname: str) -> None:
        self._hostname = hostname

    def __call__(
        self, kind: Kind, arrival: Arrival, envelope: Envelope, fates: Sequence[Fate],
        content: bytes, now: datetime, retry_until: datetime | None = None,
    ) -> Mail | None:  # fmt: skip
        """None where there is nobody to tell, or nobody wants to be told."""
        circumstances = Circumstances(self._hostname, arrival, now, retry_until)
        return report(kind, envelope, fates, content, circumstances)
