"""Alerts that follow an alert: the outbox has learnt that the message never arrived (DOMAIN 1, S0).

They go to whom the alert went to, and name only recipients that it was about.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from gateway.act.alert import by_release, undelivered_mail
from gateway.config import Department, Notices
from gateway.model.held import Mail, Outcome, Queued
from gateway.store import Store


class FollowUp:
    """Writes them for the outbox; reads the store."""

    def __init__(self, store: Store, notices: Notices, department: Department) -> None:
        self._store = store
        self._notices = notices
        self._department = department

    def __call__(self, queued: Queued, outcomes: Sequence[Outcome], now: datetime) -> list[Mail]:
        """One for each alert mail that was about a recipient whose delivery has failed."""
        failed = [
            (recipient.address, outcome.reply)
            for recipient, outcome in zip(queued.envelope.recipients, outcomes, strict=True)
            if outcome.state == "failed"
        ]
        if queued.purpose != "message" or not failed:
            return []
        alerts, told = self._store.alerted(queued.id)
        # One mail was written for each release, in this order; later ones are follow-ups like this.
        mails = [
            undelivered_mail(
                group, to, failed, queued.arrival, now, self._notices, self._department
            )
            for group, to in zip(by_release(alerts).values(), told, strict=False)
        ]
        return [mail for mail in mails if mail is not None]
