"""Runs every detector over the contents of one part and gathers what they say.

Invariants: a detector that raises leaves a `Gap` where it failed, never silence (law 3); gaps in
the contents are passed on; the built object is read-only and may be used by many threads.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Iterable, NamedTuple, Sequence

from ahocorasick_rs import AhoCorasick, BytesAhoCorasick, Implementation, MatchKind

from gateway.detect import banner, label, marking
from gateway.detect.context import Context, Detected, DetectorSpec
from gateway.detect.crossing import Crossing
from gateway.detect.figure import count_cells, count_figures
from gateway.detect.gathered import Gathered
from gateway.detect.link import as_opened
from gateway.detect.material.signs import SignDetector
from gateway.detect.mention import HEADER, Mentions
from gateway.detect.normalise import flat, fold, squeezed, unspace, unwrap
from gateway.detect.passage import TRIGGERS, passages
from gateway.detect.required import Required
from gateway.model.content import Content, Links, Properties, Table, Text
from gateway.model.message import Gap, Location
from gateway.model.rows import DeferredRows

if TYPE_CHECKING:
    from gateway.detect.material.matcher import MaterialMatcher
    from gateway.detect.material.rows import RegisterRows
    from gateway.model.material import Material
    from gateway.model.unit_register import UnitRegisters

_ROWS_AT_ONCE = 2000
_LOOKED_AT = 200
_OVERLAP = 4
# Where words meet in `FosteringStatistics2020`; never between digits, nor after "9" in "9am".
_SEAMS = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z]{2})(?=\d)|(?<=\d)(?=[A-Z][a-z])"
)
_NAMES = frozenset(("file name", "sheet names", "hidden sheet names"))
_PROTECTIVE = "header x-protective-marking"
_LABELS = "header msip_labels"


class Detectors:
    """Every detector, built once from the register's words, registered material and registers of units."""

    def __init__(
        self, spec: DetectorSpec, material: Material | None = None,
        registers: UnitRegisters | None = None,
    ) -> None:  # fmt: skip
        self._rows = None if registers is None else _rows(registers)
        self._material = None if material is None else _matcher(material)
        self._mentions = Mentions(spec.words)
        self._required = Required(spec.words)
        self._signs = SignDetector(spec)
        named = (*self._mentions.phrases, *self._required.phrases)
        self._phrases = tuple(dict.fromkeys((*TRIGGERS, *named, *self._signs.phrases)))
        self._crossing = Crossing(self._phrases)
        self._triggers = frozenset(TRIGGERS)
        self._named = frozenset(named)
        self._automaton = AhoCorasick(self._phrases, implementation=Implementation.DFA)
        self._squeezed = BytesAhoCorasick(
            tuple({phrase.replace(" ", "").encode() for phrase in self._phrases}),
            implementation=Implementation.DFA,
            # Whether there is any is all that is asked, and soonest told so.
            matchkind=MatchKind.LeftmostFirst,
        )

    def inspect(self, contents: Iterable[Content], context: Context) -> Detected:
        """What the contents of one part say."""
        gathered = Gathered()
        rows = None if self._rows is None else self._rows.of_part()
        for content in contents:
            if isinstance(content, Gap):
                gathered.gaps.append(content)
                continue
            place, before = content.location, len(gathered.findings)
            if isinstance(content, Text):
                gathered.guard("text", place, self._text, content.text, place, context, gathered)
                gathered.guard("microdata", place, gathered.stacked.add_text, content)
                gathered.guard("registered material", place, self._shared_text, content, gathered)
                if rows is not None:
                    gathered.guard("register rows", place, rows.text, content)
                if context.follows and place.where == "body":
                    gathered.guard("quoted headers", place, gathered.note_quoted, content.text)
            elif isinstance(content, Links):
                gathered.guard("links", place, self._linked, content, gathered)
            elif isinstance(content, Properties):
                gathered.guard("properties", place, self._properties, content, context, gathered)
            elif isinstance(content, Table):
                gathered.guard("microdata", place, gathered.judge, content)
                gathered.guard("column labels", place, self._columns, content, context, gathered)
                gathered.named = frozenset()
                gathered.guard("cell text", place, self._cells, content, context, gathered)
                gathered.guard("series", place, self._series_table, content, context, gathered)
                gathered.guard("registered material", place, self._shared_table, content, gathered)
                if rows is not None:
                    gathered.guard("register rows", place, rows.table, content)
            else:
                # Whoever reads parts resolves nested ones; one that arrives here was not read.
                gathered.gaps.append(Gap(place, "unreadable", "a nested part was not read"))
            if _is_hidden(content):
                gathered.mark_hidden(before)
        gathered.judge_stacked()
        if rows is not None:
            gathered.conclude_rows(rows)
        return gathered.detected()

    def _text(
        self, text: str, location: Location, context: Context, out: Gathered,
        cells: int | None = None,
    ) -> None:  # fmt: skip
        """`cells`: for the text of a table, how many of its cells hold figures."""
        place = location.where.lower()
        if place == HEADER or place == f"header {HEADER}":
            out.mentions += self._mentions.in_header(text, location)
            return
        if place == _PROTECTIVE:
            out.findings += label.protective_marking(text, location, context)
            return
        if place == _LABELS:
            out.findings += label.msip_header(text, location)
            return
        if place in _NAMES:
            whole, text = text, _as_words(text, file=place == "file name")
            if whole != text:  # a phrase may lie across a seam: "eCommerce"
                flattened = flat(fold(whole))
                named = self._first_pass(flattened).named
                out.mentions += self._mentions.in_text(named, whole, flattened, 0, location)
        # What people wrote; fields that programs write are full of scores and versions.
        written = cells is None and not place.startswith(
            ("header", "property", "file name", "sheet names")
        )
        answered = bool(context.about) and place == "body"  # what its subject names goes on here
        if not answered and self._silent(text):
            out.count(count_figures(text) if written else 0)
            return
        folded = unwrap(fold(text))
        flattened = flat(folded)
        wording, named, signs = self._first_pass(flattened)
        figures = count_figures(folded) if named or written else 0
        out.count(figures if written else 0)
        if named:
            out.findings += self._required.in_text(named, flattened, location)
            figures = max(figures, cells or 0)
            out.mentions += self._mentions.in_text(named, text, flattened, figures, location)
        if signs and cells is not None:
            out.named |= self._signs.named(signs, flattened)
        elif written and (signs or answered):
            out.around |= self._signs.named(signs, flattened)
            found, gaps = self._signs.in_text(signs, flattened, folded, location, context)
            out.signs += found
            out.gaps += gaps
        if wording:
            self._wording(folded, location, context, out)

    def _series_table(self, table: Table, context: Context, out: Gathered) -> None:
        signs, gaps = self._signs.in_table(table, out.named, out.around, context)
        if not signs and self._signs.knows_exports and not out.mixed:
            out.mixed = out.verdict_of(table) or count_cells(table.rows[:_LOOKED_AT]) > 1
        out.signs += signs
        out.gaps += gaps

    @staticmethod
    def _wording(folded: str, location: Location, context: Context, out: Gathered) -> None:
        effort = out.effort
        effort.read(len(folded))
        if effort.exceeded:
            return  # the gap says so
        seen: set[int] = set()
        for passage in passages(unspace(folded)):
            # What stands in the same words a second time says the same again.
            words = hash((passage.text, passage.start, passage.stop, passage.whole))
            if words in seen:
                continue
            seen.add(words)
            out.findings += banner.find(passage, location, context, effort)
            out.findings += marking.find(passage, location, effort)
            if effort.exceeded:
                out.gaps.append(Gap(location, "limit", "more notices than are read"))
                break

    def _shared_text(self, text: Text, out: Gathered) -> None:
        if self._material is not None:
            out.traces += self._material.in_text(text)

    def _shared_table(self, table: Table, out: Gathered) -> None:
        if self._material is not None:
            out.traces += self._material.in_table(table, out.compares(table))

    def _linked(self, links: Links, out: Gathered) -> None:
        """A link to a place counts; the words that it is made of do not."""
        text = "\n".join(map(as_opened, links.addresses))
        if not self._silent(text):
            named = self._first_pass(flat(fold(text))).named
            out.mentions += self._mentions.links(named, text, 0, links.location)

    def _silent(self, text: str) -> bool:
        """Does the text certainly hold no phrase? A phrase of flat text stands in the squeezed
        text too, whatever was between its words; what is found there is looked at exactly."""
        letters = squeezed(text)
        return letters is not None and not self._squeezed.find_matches_as_indexes(letters)

    def _first_pass(self, flattened: str) -> _Hits:
        wording = False
        named: dict[str, list[int]] = {}
        signs: dict[str, list[int]] = {}
        for index, start, _ in self._automaton.find_matches_as_indexes(flattened, overlapping=True):
            phrase = self._phrases[index]
            if phrase in self._named:
                named.setdefault(phrase, []).append(start)
            if phrase in self._signs.phrases:
                signs.setdefault(phrase, []).append(start)
            wording = wording or phrase in self._triggers
        return _Hits(wording, named, signs)

    def _properties(self, properties: Properties, context: Context, out: Gathered) -> None:
        location = properties.location
        out.findings += label.msip(properties.items, location, "property")
        for name, value in properties.items:
            lowered = name.strip().lower()
            here = location.at(
                f"property {name}" if lowered.isprintable() and len(name) <= 60 else "property"
            )
            if "labelinfo" in lowered:
                out.findings += label.label_stream(value, here)
            elif lowered.startswith("msip_label"):
                continue
            elif lowered == "embargodate" and value.strip():
                out.findings.append(banner.of_property(value, here, context))
            elif lowered == "msip_labels":
                out.findings += label.msip_header(value, here)
            else:
                self._text(name, location.at("property name"), context, out)
                self._text(value, here, context, out)

    @staticmethod
    def _columns(table: Table, context: Context, out: Gathered) -> None:
        out.findings += label.confidentiality(table)
        out.findings += banner.in_columns(table, context)

    def _cells(self, table: Table, context: Context, out: Gathered) -> None:
        rows = table.rows
        # Counts stand in their cells bare; elsewhere a bare number is seldom a statistic.
        cells = count_cells(rows) if out.verdict_of(table) else 0
        out.count(cells)
        suspects = out.suspects(rows, self._crossing) if isinstance(rows, DeferredRows) else None
        for first in range(0, len(rows), _ROWS_AT_ONCE):
            chunk = rows[max(0, first - _OVERLAP) : first + _ROWS_AT_ONCE]
            if suspects is not None and not _may_hold(chunk, suspects):
                continue  # rows without words that matter need not be made
            text = "\n".join(["\t".join(row) for row in chunk])
            here = table.location
            if len(rows) > _ROWS_AT_ONCE:
                where = f"{here.where}, from row {max(0, first - _OVERLAP) + 1}".lstrip(", ")
                here = here.at(where)
            self._text(text, here, context, out, cells)


class _Hits(NamedTuple):
    """Is there any trigger, and which phrases of releases and of series stand where."""

    wording: bool
    named: dict[str, list[int]]
    signs: dict[str, list[int]]


def _matcher(material: Material) -> MaterialMatcher:
    """Loaded only where there is material: it needs a library that takes a tenth of a second."""
    from gateway.detect.material.matcher import MaterialMatcher

    return MaterialMatcher(material)


def _rows(registers: UnitRegisters) -> RegisterRows:
    """Loaded only where there are registers, as for material."""
    from gateway.detect.material.rows import RegisterRows

    return RegisterRows(registers)


def _is_hidden(content: Content) -> bool:
    if isinstance(content, Text):
        return content.hidden
    return isinstance(content, Table) and content.visibility != "visible"


def _may_hold(rows: Sequence[Sequence[str]], strings: frozenset[str]) -> bool:
    if not isinstance(rows, DeferredRows):
        return True
    return bool(strings) and rows.may_hold(strings)


def _as_words(name: str, file: bool) -> str:
    """A name as a line of words: `RESTRICTED_tables_v2.xlsx`, `EmbargoedUntil12Nov2020.docx`."""
    stem, dot, extension = name.rpartition(".")
    if file and dot and len(extension) <= 5:
        name = stem
    return _SEAMS.sub(" ", name.replace("_", " ").replace("+", " ").replace("%20", " "))
