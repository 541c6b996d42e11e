"""Figures for Prometheus: what passed, what was held, what could not be read, how long it took.

Labels are from closed sets (dispositions, stages, gap reasons), never addresses or file names.
With several processes, PROMETHEUS_MULTIPROC_DIR must be set before this module is imported.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from gateway.pipeline import Inspection

_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """One set of metrics in one registry; objects are passed around, nothing is global."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self._up: bool | None = None
        self._found: dict[tuple[Counter, str], Counter] = {}
        self._messages = Counter(
            "gateway_messages_total", "Messages decided", ["disposition"], registry=registry
        )
        self._recipients = Counter(
            "gateway_recipients_total", "Recipients decided", ["disposition"], registry=registry
        )
        self._bytes = Counter("gateway_bytes_total", "Bytes of messages decided", registry=registry)
        self._seconds = Histogram(
            "gateway_inspect_seconds", "Time to a verdict", buckets=_BUCKETS, registry=registry
        )
        self._gaps = Counter("gateway_gaps_total", "Parts not read", ["reason"], registry=registry)
        self._alerts = Counter("gateway_alerts_total", "Alerts", ["severity"], registry=registry)
        self._replies = Counter(
            "gateway_replies_total", "Replies to the final dot", ["class"], registry=registry
        )
        self._failures = Counter(
            "gateway_failures_total", "Internal failures answered 451", ["stage"], registry=registry
        )
        self._refusals = Counter(
            "gateway_refusals_total",
            "Recipients the next hop did not take",
            ["class"],
            registry=registry,
        )
        self._next_hop = Gauge(
            "gateway_next_hop_up", "Whether the next hop took the last connection", registry=registry,
            multiprocess_mode="mostrecent",
        )  # fmt: skip
        self._reloads = Counter(
            "gateway_reloads_total", "Reloads of rules and lists", ["outcome"], registry=registry
        )
        self._polls = Counter(
            "gateway_calendar_polls_total", "Calendars asked", ["calendar", "outcome"],
            registry=registry,
        )  # fmt: skip
        self._directories = Counter(
            "gateway_directory_reads_total", "Directories read", ["directory", "outcome"],
            registry=registry,
        )  # fmt: skip
        # Only the keeper sets these; a figure of one that was replaced must not outlive it.
        self.outbox = Gauge(
            "gateway_outbox_rows", "Deliveries waiting", registry=registry,
            multiprocess_mode="mostrecent",
        )  # fmt: skip
        self.held = Gauge(
            "gateway_held_recipients", "Held", registry=registry, multiprocess_mode="mostrecent"
        )
        self.material_unavailable = Gauge(
            "gateway_material_unavailable", "Whether registered material cannot be read",
            registry=registry, multiprocess_mode="mostrecent",
        )  # fmt: skip
        self.calendar_read = Gauge(
            "gateway_calendar_read_timestamp_seconds", "When a calendar was last read", ["calendar"],
            registry=registry, multiprocess_mode="mostrecent",
        )  # fmt: skip
        self._directory_read = Gauge(
            "gateway_directory_read_timestamp_seconds", "When a directory was last read",
            ["directory"], registry=registry, multiprocess_mode="mostrecent",
        )  # fmt: skip

    def decided(self, inspection: Inspection) -> None:
        """Count one verdict."""
        verdict = inspection.verdict
        self._of(self._messages, verdict.disposition).inc()
        for disposition, many in groupby(d.disposition for d in verdict.decisions):
            self._of(self._recipients, disposition).inc(sum(1 for _ in many))
        self._bytes.inc(inspection.case.message.size)
        ms = inspection.ms
        self._seconds.observe((ms.parse + ms.extract + ms.detect + ms.decide) / 1000)
        self._count(self._gaps, (gap.reason for gap in inspection.case.gaps))
        self._count(self._alerts, (alert.severity for alert in verdict.alerts))

    def replied(self, code: int) -> None:
        """Count one reply to a final dot by its class: 2xx, 4xx, 5xx."""
        self._of(self._replies, f"{code // 100}xx").inc()

    def refused(self, code: int, reached: bool) -> None:
        """Count a recipient that was not taken; `reached` is whether the next hop said so itself."""
        self._refusals.labels(f"{code // 100}xx").inc()
        self._hear(reached)

    def reached(self) -> None:
        """The next hop took a recipient."""
        if self._up is not True:
            self._hear(True)

    def _hear(self, up: bool) -> None:
        self._up = up
        self._next_hop.set(int(up))

    def failed(self, stage: str) -> None:
        self._failures.labels(stage).inc()

    def polled(self, calendar: str, outcome: str) -> None:
        self._polls.labels(calendar, outcome).inc()

    def directory_read(self, name: str, at: datetime | None) -> None:
        """Count one reading of a directory; `at` is None where it could not be read."""
        self._directories.labels(name, "failed" if at is None else "done").inc()
        if at is not None:
            self._directory_read.labels(name).set(at.timestamp())

    def reloaded(self, outcome: str) -> None:
        self._reloads.labels(outcome).inc()

    def _of(self, counter: Counter, label: str) -> Counter:
        """One labelled counter; finding it anew costs more than counting."""
        key = (counter, label)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = counter.labels(label)
        return found

    @staticmethod
    def _count(counter: Counter, labels: Iterable[str]) -> None:
        for label in labels:
            counter.labels(label).inc()
