"""Remembers what was found in an attachment, for when the same one is sent to many people singly.

Only reports that no clock can change are kept, and only complete ones; the whole memory goes with
the Inspector when rules or register are reloaded. Nothing of a part's content is kept (law 8).
"""

from __future__ import annotations

from collections import OrderedDict

from gateway.model.finding import PartReport
from gateway.model.message import Part
from gateway.model.sign import may_change
from gateway.model.trace import UNREAD_MATERIAL

_PASSING = frozenset(("timeout", "crashed", "limit"))

Key = tuple[object, ...]


class KnownParts:
    """A bounded memory, the least recently used going first; a capacity of 0 remembers nothing."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._reports: OrderedDict[Key, PartReport] = OrderedDict()

    @staticmethod
    def key(part: Part, sha256: str, about: frozenset[str] = frozenset()) -> Key:
        """Everything that a report depends on: content, and what the message says of it. `about`
        is what its subject names."""
        return (
            sha256, part.number, part.name, part.content_type, part.role, part.charset,
            part.parameters, about,
        )  # fmt: skip

    def recall(self, key: Key) -> PartReport | None:
        report = self._reports.get(key)
        if report is not None:
            self._reports.move_to_end(key)
        return report

    def remember(self, key: Key, report: PartReport) -> None:
        """Keep it, unless it could be different next time."""
        if _may_change(report):
            return
        self._reports[key] = report
        if len(self._reports) > self._capacity:
            self._reports.popitem(last=False)


def _may_change(report: PartReport) -> bool:
    if any(gap.reason in _PASSING or gap.location == UNREAD_MATERIAL for gap in report.gaps):
        return True
    if any(map(may_change, report.signs)):
        return True
    return any(
        finding.kind == "embargo-banner" or "expired" in finding.facts
        for finding in report.findings
    )
