"""A verdict in plain sentences, for notices and for `gateway inspect`.

Says what was decided and by which rules, never what the message says (law 8); what is said to one
recipient names no other (law 6).
"""

from __future__ import annotations

from gateway.model.verdict import Decision, Verdict

_FATES = {
    "pass": "goes ahead",
    "hold": "is held",
    "reject": "is refused",
}


def fate(decision: Decision) -> str:
    """The decision about one recipient in one sentence, with the rules in their order."""
    sentence = f"Delivery to {decision.address} {_FATES[decision.disposition]}"
    if not decision.reasons:
        return f"{sentence}: no rule objects."
    first, *others = decision.reasons
    sentence += f" by the rule {first}"
    if others:
        asks = "asks" if len(others) == 1 else "ask"
        sentence += f"; {_listing(others)} {asks} for the same or for less"
    return f"{sentence}."


def why(decision: Decision) -> tuple[str, ...]:
    """The sentences behind it: the recipient's own standing first, and whom they may have been
    taken for, then each rule's."""
    standing = decision.standing
    sentences = []
    if standing is not None:
        sentences = [*standing.near] if standing.allowed else [standing.sentence, *standing.near]
    if decision.listed is False and standing is None:
        sentences.append("Nobody is listed for a release that cannot be identified.")
    return tuple(dict.fromkeys((*sentences, *decision.because)))


def explain(verdict: Verdict) -> tuple[str, ...]:
    """The whole verdict: what release it is about, then every recipient."""
    lines = [tie.sentence for tie in verdict.ties]
    for decision in verdict.decisions:
        lines.append(" ".join((fate(decision), *why(decision))))
    return tuple(lines)


def _listing(names: list[str]) -> str:
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]
