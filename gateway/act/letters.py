"""Which mails a verdict gives rise to: the notice to the sender and the alerts; nothing is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from gateway.act.alert import Delivery, alert_mails
from gateway.act.composition import reference
from gateway.act.grounds import LINKS_ONLY, grounds, joined
from gateway.act.notice import hold_notice
from gateway.config import Department, Notices
from gateway.model.held import Mail
from gateway.model.register import Register
from gateway.model.session import Arrival, Envelope
from gateway.pipeline import Inspection


class Letters:
    """Composes from the register as it is at the time."""

    def __init__(
        self, register: Callable[[], Register], notices: Notices, department: Department,
        hold_seconds: float,
    ) -> None:  # fmt: skip
        self._register = register
        self._notices = notices
        self._department = department
        self._hold = timedelta(seconds=hold_seconds)

    def expires(self, arrival: Arrival) -> datetime:
        """When a hold that nobody decided about is dropped."""
        return arrival.at + self._hold

    def stored(
        self, arrival: Arrival, envelope: Envelope, inspection: Inspection
    ) -> tuple[Mail, ...]:
        """For a message that was stored: notice and alerts."""
        return self.noted(arrival, envelope, inspection) + self.alerts(
            arrival, envelope, inspection, "queued"
        )

    def noted(
        self, arrival: Arrival, envelope: Envelope, inspection: Inspection
    ) -> tuple[Mail, ...]:
        """The notice to the sender, if there is anything to say and anybody to say it to."""
        register = self._register()
        mail = hold_notice(
            arrival, envelope, inspection.verdict, reference(inspection.case.message),
            register.releases, self.expires(arrival), self._notices, self._department,
            grounds(inspection.case, register, arrival.at, self._department.domains),
        )  # fmt: skip
        return () if mail is None else (mail,)

    def refusal(self, arrival: Arrival, inspection: Inspection) -> str:
        """The reply to a message that nobody gets; its sender's mail server shows it to them."""
        text = f"Refused by the department's release policy ({arrival.id})"
        reasons = {rule for decision in inspection.verdict.decisions for rule in decision.reasons}
        if not any(rule.startswith(LINKS_ONLY) for rule in reasons):
            return text
        links = grounds(inspection.case, self._register(), arrival.at).share_links
        concerned = {tie.release for tie in inspection.verdict.ties}
        shown = [link for release, link in links.items() if release in concerned]
        text += ": this material goes out as a link, never attached"
        return f"{text}\nSend this link instead: {' '.join(shown)}" if shown else text

    def alerts(
        self, arrival: Arrival, envelope: Envelope, inspection: Inspection, delivery: Delivery
    ) -> tuple[Mail, ...]:
        """One for each release concerned; `delivery` says what became of the message."""
        if not inspection.verdict.alerts:
            return ()
        return alert_mails(
            arrival, envelope, inspection.verdict, reference(inspection.case.message),
            self._register().releases, delivery, self._notices, self._department,
            joined(inspection.case),
        )  # fmt: skip
