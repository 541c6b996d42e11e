"""What the traces of all parts of a message amount to: a finding for each release that they prove.

Pure, and independent of the order of parts; a thing that stands in several parts counts once.
Words that a message shares with a release's tables, and phrases too few to prove anything, say what
its figures are about; without a figure they prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gateway.model.finding import Finding, Json
from gateway.model.trace import OF_WORDS, ORDINARY, Threshold, Trace

_SHOWN = 8
"""Places that a finding names; more help nobody."""


def conclude(traces: Iterable[Trace], thresholds: Mapping[str, Threshold]) -> tuple[Finding, ...]:
    """Findings `release-material` (shared text) and `release-figures`, by release. Their facts:
    `release`, `documents`, `places`, `matches` (distinct shared things), `bits`."""
    shared: dict[tuple[str, str], dict[int, Trace]] = {}
    for trace in traces:
        marks = shared.setdefault((trace.release, trace.kind), {})
        known = marks.get(trace.mark)
        if known is None or _surer(trace, known):
            marks[trace.mark] = trace
    found = []
    for (release, kind), marks in sorted(shared.items()):
        words = marks.pop(OF_WORDS, None)
        bits = sum(trace.bits for trace in marks.values())
        if kind == "figure":
            phrases = shared.get((release, "phrase"), {})
            about = sum(trace.bits for trace in phrases.values())
            bits += max(about, words.bits if words is not None else 0.0)
        if marks and bits >= thresholds.get(release, ORDINARY).bits:
            found.append(_finding(release, kind == "phrase", list(marks.values()), bits))
    return tuple(found)


def _surer(one: Trace, other: Trace) -> bool:
    return (one.bits, one.document, one.place) > (other.bits, other.document, other.place)


def _finding(release: str, words: bool, traces: list[Trace], bits: float) -> Finding:
    traces = sorted(traces, key=lambda one: (-one.bits, one.document, one.place, one.mark))
    documents: dict[Json, None] = dict.fromkeys(trace.document for trace in traces)
    places: dict[Json, None] = dict.fromkeys(trace.place for trace in traces)
    return Finding(
        "release-material" if words else "release-figures",
        traces[0].location,
        "high" if bits >= 2 * ORDINARY.bits else "medium",
        {
            "release": release,
            "documents": list(documents)[:_SHOWN],
            "places": list(places)[:_SHOWN],
            "matches": len(traces),
            "bits": round(bits),
        },
    )
