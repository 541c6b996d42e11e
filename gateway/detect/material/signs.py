"""Series and indications in the contents of a part: asked only where a word of the register stands.

Invariant: what leaves are names, periods, directions and counts (law 8). What they amount to is
concluded for the whole message, by the register and the clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from gateway.detect.context import Context, DetectorSpec
from gateway.detect.material.indication import IndicationDetector, named
from gateway.detect.material.periods_table import ROWS
from gateway.detect.material.unpublished import WINDOWS, SeriesDetector
from gateway.model.content import Table
from gateway.model.message import Gap, Location
from gateway.model.sign import Sign

Hits = Mapping[str, list[int]]
_SUBJECT, _BODY = "subject", "body"


class SignDetector:
    """Built once from the register's words; read-only."""

    def __init__(self, spec: DetectorSpec) -> None:
        self._series = SeriesDetector(spec.series)
        self._indications = IndicationDetector(spec.words, spec.series, spec.indication)
        self.phrases = frozenset((*self._series.phrases, *self._indications.phrases))
        """The strings that the shared first pass looks for in flat text."""
        self.knows_exports = any(one.columns for one in spec.series)

    def named(self, hits: Hits, flattened: str) -> frozenset[str]:
        """The phrases of series among `hits` that stand as words of their own."""
        return self._series.named(hits, flattened)

    def in_text(
        self, hits: Hits, flattened: str, folded: str, location: Location, context: Context
    ) -> tuple[list[Sign], list[Gap]]:
        """What a text says; `hits`: phrase -> where it begins in the flat text, word boundaries not
        yet looked at."""
        signs: list[Sign] = []
        gaps: list[Gap] = []
        written = day_written(context)
        if self._series.named(hits, flattened):
            shown, more = self._series.in_text(folded, location, written)
            signs += shown
            if more:
                detail = f"of sentences about a registered series, {WINDOWS:,} were read"
                gaps.append(Gap(location, "limit", detail))
        about = context.about if location.where == _BODY else frozenset()
        if self._indications.may_hint(hits, flattened, about):
            signs += self._indications.in_text(folded, location, written, about)
        if location.where == _SUBJECT:
            signs += [named(location, one) for one in self._indications.topics(hits, flattened)]
        elif location.where == _BODY:
            signs += [named(location, one) for one in self._series.names(hits, flattened)]
        return signs, gaps

    def in_table(
        self, table: Table, named: frozenset[str], around: frozenset[str], context: Context
    ) -> tuple[list[Sign], list[Gap]]:
        """What a table shows; `named` are phrases in its cells, `around` those of its part."""
        about = {one.partition(":")[2] for one in context.about if one.startswith("series:")}
        shown = self._series.in_table(table, named, around, about, day_written(context))
        if not shown or len(table.rows) <= ROWS:
            return list(shown), []
        detail = f"of a table of a registered series, more than {ROWS:,} rows were not dated"
        return list(shown), [Gap(table.location, "limit", detail)]


def day_written(context: Context) -> date:
    """The latest of the days on which a message may have been written, in the department's zone:
    fail closed."""
    return max(base.astimezone(ZoneInfo(context.zone)).date() for base in context.bases)
