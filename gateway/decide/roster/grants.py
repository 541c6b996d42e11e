"""What a regime asks of a single grant: how long it lasts, and the letter behind an exceptional one."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from gateway.decide.roster.question import Question
from gateway.model.roster import Appointment

LETTER_ONLY = "their regime lets people in by a published letter only"


def last_day(question: Question, appointment: Appointment) -> tuple[date | None, str]:
    """The last day of an appointment, and why it is no later one where its own end is not why."""
    months = question.regime.grant_months if question.regime else None
    if months is None or appointment.starts is None:
        return appointment.ends, ""
    latest = months_after(appointment.starts, months) - timedelta(days=1)
    if appointment.ends is not None and appointment.ends <= latest:
        return appointment.ends, ""
    return latest, f", after the {months} months that its regime allows"


def why_no_grant(question: Question, appointment: Appointment) -> str:
    """Why an appointment does not count though its days are now; "" where it does."""
    regime = question.regime
    if appointment.grant == "exceptional" and not appointment.letter:
        return "no published letter is given for this exceptional grant"
    if regime is not None and regime.exceptional_only and appointment.grant != "exceptional":
        return LETTER_ONLY
    if regime is not None and regime.grant_months is not None and appointment.starts is None:
        return "nobody knows since when, and their regime lets a grant last so long and no longer"
    return ""


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
