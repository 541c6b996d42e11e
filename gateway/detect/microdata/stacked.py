"""Small tables of one form, stacked into one: a record may stand on a sheet, page or file of its own.

Tables of a few rows are too small to be judged; those with the same heads, the same labels or the
same shape say together what none says alone. What is kept is bounded, and lives for one call only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Iterator, Literal, Sequence

from gateway.detect.microdata.layout import is_number
from gateway.detect.microdata.record_signals import OF_UNITS
from gateway.detect.microdata.small_texts import small_tables
from gateway.detect.microdata.verdict import TableVerdict
from gateway.model.content import Table, Text
from gateway.model.message import Location

Kind = Literal["heads", "labels", "shape", "list"]
Form = tuple[Kind, object]
Rows = Sequence[Sequence[str]]

MAX_FORMS = 5_000
MAX_CELLS = 200_000
MAX_RECORDS = 400
MAX_LISTS = 60
MAX_STACKS = 300
MAX_WIDTH = 200
MAX_ROWS = 4_000
MAX_OF_ONE = 20_000
MIN_RECORDS = 4
MIN_LISTS = 3
MOST_ROWS = 3
LABELLED = 3
# Names and roles stand in every set of minutes; a few attributes in every bulletin.
SLIGHT = frozenset({"missing-codes", "pseudonyms", "personal-names"})
SURE = frozenset({"official-identifiers", "contact-identifiers", "birth-dates", "record-key"})
ENOUGH = 1.9
FIGURES = 1 / 3
_WRITTEN = ("header", "property", "file name", "sheet names", "hidden sheet names", "subject")


@dataclass(slots=True)
class _Stack:
    """`head` names the columns ("" for none), `rows` are the records; of lists, each is a column."""

    first: Location
    last: Location
    head: list[str]
    rows: list[list[str]] = field(default_factory=list)
    tables: int = 0
    cells: int = 0
    stubs: set[tuple[str, ...]] = field(default_factory=set)


class Stacked:
    """Collects the small tables of one part with everything nested in it."""

    def __init__(self) -> None:
        self._stacks: dict[Form, _Stack] = {}
        self._cells = 0
        self._seen: set[int] = set()
        self._alone: Text | None = None
        self._texts = 0
        self.exceeded: Location | None = None

    def add(self, table: Table) -> None:
        """Remember a table if it is small."""
        width = max(map(len, table.rows[:MOST_ROWS]), default=0)
        if width > MAX_WIDTH or (len(table.rows) > MOST_ROWS + 1 and width > LABELLED):
            return
        if len(table.rows) <= MAX_ROWS:
            self._add(table.rows, table.location)

    def add_text(self, text: Text) -> None:
        """Remember a short text that is a record or a column."""
        if text.location.where.lower().startswith(_WRITTEN):
            return
        self._texts += 1
        if self._texts == 1:
            self._alone = text  # of most mail the only one, and one makes no stack
            return
        self._look_back()
        self._take(text)

    def _look_back(self) -> None:
        if self._alone is not None:
            first, self._alone = self._alone, None
            self._take(first)

    def _take(self, text: Text) -> None:
        for rows in small_tables(text.text):
            self._add(rows, text.location)

    def _add(self, rows: Rows, location: Location) -> None:
        trimmed = [[cell.strip() for cell in row] for row in rows]
        trimmed = [row for row in trimmed if any(row)]
        for form, head, records in _forms(trimmed, location):
            self._keep(form, head, records, location)

    def _keep(self, form: Form, head: list[str], records: Rows, location: Location) -> None:
        stack = self._stacks.get(form)
        if stack is None:
            if len(self._stacks) >= MAX_FORMS:
                self.exceeded = location
                return
            stack = self._stacks[form] = _Stack(location, location, head)
        most = MAX_LISTS if form[0] == "list" else MAX_RECORDS
        full = len(stack.rows) >= most or stack.cells >= MAX_OF_ONE
        if not full:
            # A text and the table that a reader saw in it are one.
            known = hash((location.part, location.name, form, *map(tuple, records)))
            if known in self._seen:
                return
            self._seen.add(known)
        stack.tables += 1
        stack.last = location
        if full:
            return  # more of the same
        size = sum(map(len, records))
        if self._cells + size > MAX_CELLS:
            self.exceeded = location
            return
        self._cells += size
        stack.cells += size
        if len(stack.stubs) <= MIN_RECORDS:
            stack.stubs.add(tuple(record[0] for record in records))
        stack.rows += [list(record) for record in records]
        if form[0] == "list":
            stack.head += head if stack.tables > 1 else []

    def tables(self) -> Iterator[Table]:
        """One table for each form that came often enough; the largest first."""
        if self._stacks:
            self._look_back()
        stacks = sorted(self._stacks.items(), key=lambda item: -sum(map(len, item[1].rows)))
        judged = 0
        for (kind, _), stack in stacks:
            least = MIN_LISTS if kind == "list" else 2
            if stack.tables < least:
                continue
            for headed, rows in _stacked(kind, stack):
                if len(set(map(tuple, rows))) <= MIN_RECORDS:
                    continue
                if judged == MAX_STACKS:
                    self.exceeded = stack.first
                    return
                judged += 1
                yield Table(_place(stack), rows, form="records" if headed else "text")


def _forms(rows: list[list[str]], location: Location) -> Iterator[tuple[Form, list[str], Rows]]:
    """The ways in which a small table can be one of many: (form, head, records)."""
    if not rows:
        return
    width = max(map(len, rows))
    columns = [c for c in range(width) if any(c < len(row) and row[c] for row in rows)]
    rows = [[row[c] if c < len(row) else "" for c in columns] for row in rows]
    if len(columns) == 1:
        if len(rows) >= MIN_LISTS:
            yield from _list([row[0] for row in rows], location)
        return
    head = [_normal(cell) for cell in rows[0]]
    if 2 <= len(rows) <= MOST_ROWS + 1 and len(columns) >= 3 and _names(head):
        yield ("heads", tuple(head)), rows[0], rows[1:]
    elif len(rows) <= MOST_ROWS and len(columns) >= 4 and any(map(is_number, rows[0])):
        yield ("shape", len(columns)), [], rows
    labels = [_normal(row[0]) for row in rows]
    if len(columns) <= LABELLED and 3 <= len(rows) <= MAX_WIDTH and _names(labels):
        values = [[row[c] for row in rows] for c in range(1, len(columns))]
        yield ("labels", tuple(labels)), [row[0] for row in rows], values


def _list(cells: list[str], location: Location) -> Iterator[tuple[Form, list[str], Rows]]:
    """A column by itself; with nothing like a head it is named by its file."""
    name = (location.name or "").rsplit("/", 1)[-1].rpartition(".")[0]
    if not is_number(cells[0]) and sum(map(is_number, cells[1:])) >= 0.8 * len(cells[1:]):
        yield ("list", len(cells) - 1), [cells[0]], [cells[1 : MAX_RECORDS + 1]]
    else:
        yield ("list", len(cells)), [name], [cells[:MAX_RECORDS]]


def _stacked(kind: Kind, stack: _Stack) -> Iterator[tuple[bool, list[list[str]]]]:
    """(does the first row name the columns, rows) of each way to put them together."""
    if kind != "list":
        rows = [stack.head, *stack.rows] if stack.head else stack.rows
        # The same labels in each table are those of its rows, as in a bulletin: no answers.
        same = kind != "labels" and len(stack.stubs) == 1
        yield bool(stack.head), [row[1:] for row in rows] if same else rows
        return
    across = [list(row) for row in zip(*stack.rows, strict=True)]
    head = stack.head if len(set(stack.head)) == len(stack.head) else []
    if _figures(stack.rows):
        yield any(head), [head, *across] if any(head) else across
    if _figures(across):
        yield False, stack.rows  # each list may be a record


def _figures(columns: Rows) -> bool:
    """Are enough of the lists figures? Lines of words stand on every slide."""
    numeric = sum(sum(map(is_number, cells)) >= 0.8 * len(cells) for cells in columns)
    return numeric >= max(1, FIGURES * len(columns))


def of_units(verdict: TableVerdict) -> bool:
    """Does a stack say what its rows are? Small tables are alike in ordinary documents too, so
    more is asked of a stack than of a table that its writer made as one."""
    if verdict.verdict not in ("microdata", "unsure"):
        return False
    told = {s.name: s.weight for s in verdict.signals if s.name in OF_UNITS and s.weight > 0}
    if SURE & told.keys():
        return True
    firm = [weight for name, weight in told.items() if name not in SLIGHT]
    return len(firm) >= 2 and sum(firm) >= ENOUGH


def _normal(cell: str) -> str:
    return " ".join(cell.lower().split()).rstrip(" :=")[:80]


def _names(cells: Sequence[str]) -> bool:
    """Could these be the names of columns: different words, hardly a number?"""
    words = [cell for cell in cells if cell]
    if len(words) < max(2, 0.8 * len(cells)) or len(set(words)) < len(words):
        return False
    return sum(map(is_number, words)) <= 0.1 * len(words)


def _place(stack: _Stack) -> Location:
    """ "40 small tables of one form, from sheet 1 to sheet 40"."""
    first, last = (place.where or place.name or "" for place in (stack.first, stack.last))
    between = f", from {first} to {last}" if first and last and first != last else ""
    return stack.first.at(f"{stack.tables} small tables of one form{between}")
