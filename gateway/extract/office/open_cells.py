"""Rows of OpenDocument tables, taken out of the XML while it is parsed.

A row is turned into cells and emptied as soon as it is complete, so that a large sheet is never
held as a tree. What stands in its place is the number of a `Run` of rows.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Callable

from lxml import etree

from gateway.extract.fault import ContainerFault
from gateway.extract.office.office_xml import refuse_dtd
from gateway.extract.office.open_styles import OpenStyles
from gateway.extract.office.story import Allowance, Rows
from gateway.model.limits import ReadLimits

RUN = "run"
MAX_COPIES = 100_000
# Of the seconds that are left; what was read before must still be handed on.
_SHARE = 0.7
_GLANCE = 1000
_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_OLD = "http://openoffice.org/2000/"
_DURATION = re.compile(r"P(?:(\d+)D)?T(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_NUMERIC = frozenset("0123456789+-.,(£$€ ")
_PHRASES = etree.XPath(".//@*[contains(., ' ')]", smart_strings=False)


@dataclass(frozen=True, slots=True)
class _Names:
    """Tags and attributes of cells, in one of the two vocabularies that ever were."""

    paragraph: str
    cells: frozenset[str]
    columns: str
    repeated: str
    formula: str
    kind: str
    value: str
    date: str
    time: str
    boolean: str
    string: str


def _names(table: str, text: str, values: str) -> _Names:
    return _Names(
        f"{{{text}}}p", frozenset((f"{{{table}}}table-cell", f"{{{table}}}covered-table-cell")),
        f"{{{table}}}number-columns-repeated", f"{{{table}}}number-rows-repeated",
        f"{{{table}}}formula", *(f"{{{values}}}{name}" for name in (
            "value-type", "value", "date-value", "time-value", "boolean-value", "string-value")),
    )  # fmt: skip


_NEW_NAMES = _names(f"{_OASIS}table:1.0", f"{_OASIS}text:1.0", f"{_OASIS}office:1.0")
_OLD_NAMES = _names(f"{_OLD}table", f"{_OLD}text", f"{_OLD}table")


@dataclass(slots=True)
class Run:
    """Rows that followed one another in one table."""

    rows: Rows = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    total: int = 0
    cut: str = ""
    blank: bool = False


@dataclass(slots=True)
class OpenTree:
    """A parsed entry whose rows are in `runs`. `formulas` hold words; `displayed` is what cells
    say beside their values; `damaged` where the XML was not well-formed, `late` where time ran
    out."""

    root: Any
    runs: list[Run]
    formulas: set[str]
    displayed: set[str]
    damaged: bool
    late: bool


class OpenRows:
    """Parses one entry."""

    def __init__(
        self, allowance: Allowance, limits: ReadLimits, styles: OpenStyles,
        read_cell: Callable[[Any, list[Run]], str],
    ) -> None:  # fmt: skip
        self._allowance, self._limits, self._styles = allowance, limits, styles
        self._read_cell = read_cell
        self._runs: list[Run] = []
        self._formulas: set[str] = set()
        self._displayed: set[str] = set()

    def parse(self, data: bytes) -> OpenTree:
        """Raises ContainerFault where there is no tree at all."""
        refuse_dtd(data)
        until = monotonic() + self._limits.seconds * _SHARE
        events = etree.iterparse(
            io.BytesIO(data), events=("end",), tag=("{*}table-row", "{*}style"),
            resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True,
            remove_pis=True, recover=True,
        )  # fmt: skip
        try:
            for count, (_, element) in enumerate(events):
                if not count % _GLANCE and monotonic() > until:
                    return self._tree(element.getroottree().getroot(), False, True)
                if element.tag.endswith("}style"):
                    self._styles.add(element)
                else:
                    self._row(element)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise ContainerFault("unreadable", f"damaged XML ({type(error).__name__})") from None
        if events.root is None:
            raise ContainerFault("unreadable", "damaged XML")
        return self._tree(events.root, len(events.error_log) > 0, False)

    def _tree(self, root: Any, damaged: bool, late: bool) -> OpenTree:
        return OpenTree(root, self._runs, self._formulas, self._displayed, damaged, late)

    def _row(self, row: Any) -> None:
        names = _OLD_NAMES if row.tag.startswith("{" + _OLD) else _NEW_NAMES
        previous = row.getprevious()
        mark = previous.get(RUN) if previous is not None and previous.tag == row.tag else None
        if mark is None:
            mark = str(len(self._runs))
            self._runs.append(Run())
        else:
            if previous.tail and not previous.tail.isspace():
                self._displayed.add(previous.tail)
            previous.getparent().remove(previous)
        run = self._runs[int(mark)]
        repeated = _count(row.get(names.repeated))
        cells = self._cells(row, names, run)
        if phrases := _PHRASES(row):
            self._displayed.update(phrases)
        row.clear(keep_tail=True)
        row.set(RUN, mark)
        if not any(cells):
            run.blank = True
            return
        run.total += repeated
        if run.blank and run.rows:
            run.breaks.append(len(run.rows))
        run.blank = False
        affordable = self._allowance.cells // len(cells)
        copies = min(repeated, MAX_COPIES, affordable)
        if copies < repeated:
            run.cut = (
                f"more than {MAX_COPIES} copies of a row" if affordable > MAX_COPIES
                else f"more than {self._limits.cells} cells"
            )  # fmt: skip
        self._allowance.cells -= copies * len(cells)
        run.rows += [cells] * copies

    def _cells(self, row: Any, names: _Names, run: Run) -> list[str]:
        out: list[str] = []
        most, pending = self._limits.columns, 0
        if len(row) > most:
            # Each takes a column at least.
            run.cut = f"more than {most} columns"
            row = row[:most]
        for cell in row:
            if cell.tag in names.cells:
                text = self._cell(cell, names)
            else:
                text = self._read_cell(cell, self._runs)
            repeated = cell.get(names.columns)
            count = 1 if repeated is None else _count(repeated)
            if not text:
                pending += count
                continue
            if pending + count + len(out) > most:
                run.cut = f"more than {most} columns"
                pending = min(pending, most - len(out))
                count = min(count, max(1, most - len(out) - pending))
            if pending:
                out += [""] * pending
                pending = 0
            if count == 1:
                out.append(text)
            else:
                out += [text] * count
        return out

    def _cell(self, cell: Any, names: _Names) -> str:
        kind = cell.get(names.kind)
        if not len(cell):
            text = ""
        else:
            first = cell[0]
            if len(cell) == 1 and first.tag == names.paragraph and not len(first):
                text = first.text or ""
            else:
                text = self._read_cell(cell, self._runs)
        formula = cell.get(names.formula)
        if formula is not None and '"' in formula:
            self._formulas.add(formula)
        if kind is None or kind == "string":
            kept = cell.get(names.string)
            if kept and text and kept != text:
                self._displayed.add(kept)
            return text or kept or ""
        return self._value(cell, kind, text, names) or text

    def _value(self, cell: Any, kind: str, text: str, names: _Names) -> str:
        if text and text[0] not in _NUMERIC and kind != "boolean":
            # A number format can show words in a number's place.
            self._displayed.add(text)
        if kind in ("float", "currency"):
            return plain_number(cell.get(names.value) or "")
        if kind == "percentage":
            return text or plain_number(cell.get(names.value) or "")
        if kind == "date":
            moment = cell.get(names.date) or ""
            return moment.removesuffix("T00:00:00").replace("T", " ")
        if kind == "time":
            match = _DURATION.fullmatch(cell.get(names.time) or "")
            if not match:
                return text
            hours = int(match[1] or 0) * 24 + int(match[2])
            return f"{hours:02d}:{int(match[3]):02d}:{int(match[4]):02d}"
        if kind == "boolean":
            return {"true": "TRUE", "false": "FALSE"}.get(cell.get(names.boolean) or "", text)
        return text


def plain_number(value: str) -> str:
    """Fifteen significant digits, no trailing ".0", no exponent where it can be written out."""
    if len(value) < 15 and "E" not in value and "e" not in value:
        return value.rstrip("0").rstrip(".") if value[-1:] == "0" and "." in value else value
    try:
        number = float(value)
    except ValueError:
        return value
    if number == int(number) if abs(number) < 1e18 else False:
        return str(int(number))
    short = f"{number:.15g}"
    return f"{number:.20f}".rstrip("0").rstrip(".") if "e-0" in short else short


def _count(value: str | None) -> int:
    if value is None or not value.isdecimal() or len(value) > 9:
        return 1
    return max(1, int(value))
