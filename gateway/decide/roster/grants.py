"""What a regime asks of a single grant: how long it lasts, and the letter behind an exceptional one."""

from __future__ import annotations

from datetime import date

from gateway.decide.roster.question import Question
from gateway.model.roster import Appointment

LETTER_ONLY = "their regime lets people in by a published letter only"


def last_day(question: Question, appointment: Appointment) -> tuple[date | None, str]:
    """The last day of an appointment, and why it is no later one where its own end is not why."""
    regime, starts, ends = question.regime, appointment.starts, appointment.ends
    latest = regime.last_day(starts) if regime and starts else None
    if regime is None or latest is None or (ends is not None and ends <= latest):
        return ends, ""
    return latest, f", after the {regime.grant_months} months that its regime allows"


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
