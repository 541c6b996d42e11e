"""SQLite databases from memory: the rows of every table, the schema's words, what was deleted.

Nothing that the file brings is run: views, triggers, virtual tables and generated columns are read
as the SQL they are, and functions are refused.
"""

from __future__ import annotations

import re
import sqlite3
import time
from typing import Any, Iterator

from gateway.extract.readable_runs import readable_runs
from gateway.extract.statistical.column_text import cell_text, rows_of
from gateway.extract.statistical.deleted_records import deleted_records
from gateway.extract.statistical.embedded_files import EmbeddedFiles
from gateway.extract.statistical.sqlite_pages import is_cut_off, unreached
from gateway.extract.text.plain import bounded
from gateway.model.content import Content, Properties, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

# What reading rows needs; anything else that a file's SQL asks for is refused.
_ALLOWED = frozenset(
    (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_PRAGMA, sqlite3.SQLITE_RECURSIVE)
)
# Modules that keep what they hold in ordinary tables beside them.
_SHADOWED = re.compile(r"USING\s+[\"'`\[]?(?:fts[345]|rtree(?:_i32)?|geopoly)\b", re.I)
_VIRTUAL = re.compile(r"\s*CREATE\s+VIRTUAL\s", re.I)
_STEPS = 20_000
_BATCH = 5_000


def read_sqlite(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """One Table for each table; schema and deleted text as Text; large values as files."""
    until = time.process_time() + limits.seconds * 0.7
    if is_cut_off(part.content):
        yield Gap(part.location, "unreadable", "the file is cut off")
    connection = _connect(part.content, until)
    try:
        sound = _is_sound(connection)
        connection.set_authorizer(_authorise)
        found = []
        for content in _Database(part, limits, connection).read():
            found.append(isinstance(content, Gap) and content.reason == "unreadable")
            yield content
        if not sound:
            yield Gap(part.location, "unreadable", "the database is inconsistent")
        if not sound or any(found):
            yield from readable_runs(part.location.at("damaged pages"), part.content, limits)
            yield from _deleted(part, unreached(part.content, True), limits, until)
    except sqlite3.Error as error:
        yield Gap(part.location, "unreadable", f"the database is damaged ({_kind(error)})")
        yield from readable_runs(part.location.at("damaged pages"), part.content, limits)
    else:
        space = unreached(part.content)
        yield from readable_runs(part.location.at("deleted or unused space"), space, limits)
        yield from _deleted(part, space, limits, until)
    finally:
        connection.close()


def _deleted(part: Part, space: bytes, limits: ReadLimits, until: float) -> Iterator[Content]:
    """Records that are still whole, in a table for each number of columns."""
    location = part.location.at("deleted records")
    tables, left = deleted_records(space, limits.cells, until)
    if left:
        yield Gap(location, "limit", f"{left} bytes of unused space are searched for words only")
    for rows in tables:
        words = "\n".join(dict.fromkeys(c for row in rows for c in row if len(c) > 8))
        yield from bounded(location, words, limits, hidden=True)
        yield Table(location, rows, "hidden", total_rows=len(rows), form="database")


def _connect(content: bytes, until: float) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    # A file in write-ahead mode wants its log, which is another file: it is read without one.
    if content[18:20] == b"\2\2":
        content = content[:18] + b"\1\1" + content[20:]
    connection.deserialize(content)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute("PRAGMA writable_schema = ON")  # lets a damaged schema be read
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 256 << 20)
    connection.set_progress_handler(lambda: time.process_time() > until, _STEPS)
    return connection


def _is_sound(connection: sqlite3.Connection) -> bool:
    """Do the tables that the schema names account for every page? Constraints are not part of it."""
    connection.set_authorizer(_authorise_check)
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error:
        return False
    return found is not None and found[0] == "ok"


def _authorise_check(action: int, first: str | None, *_: Any) -> int:
    allowed = action in _ALLOWED and (action != sqlite3.SQLITE_PRAGMA or first == "quick_check")
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _authorise(action: int, first: str | None, *_: Any) -> int:
    allowed = action in _ALLOWED
    if action == sqlite3.SQLITE_PRAGMA:
        allowed = first == "table_xinfo"
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _kind(error: sqlite3.Error) -> str:
    """The messages of the library may quote names from the file."""
    return getattr(error, "sqlite_errorname", "") or type(error).__name__


class _Database:
    """One database as it is read, with what is left of the limits."""

    def __init__(self, part: Part, limits: ReadLimits, connection: sqlite3.Connection) -> None:
        self._part, self._limits, self._connection = part, limits, connection
        self._cells = limits.cells
        self._files = EmbeddedFiles(part)

    def read(self) -> Iterator[Content]:
        query = "SELECT type, name, tbl_name, sql, rootpage FROM sqlite_master"
        entries = self._connection.execute(query).fetchall()
        words = "\n".join(cell_text(entry[3]) for entry in entries if entry[3])
        yield from bounded(self._part.location.at("schema"), words, self._limits)
        views = [cell_text(name) for kind, name, *_ in entries if kind == "view"]
        if views:
            items = tuple(("view", name) for name in views)
            yield Properties(self._part.location.at("schema"), items)
        for kind, name, _, sql, _ in entries:
            if kind != "table" or not isinstance(name, str):
                continue
            if _VIRTUAL.match(cell_text(sql)):
                if not _SHADOWED.search(cell_text(sql)):
                    where = self._part.location.at("virtual table")
                    yield Gap(where, "unreadable", "a virtual table is not run")
                continue
            yield from self._table(name)

    def _table(self, name: str) -> Iterator[Content]:
        location = self._part.location.at(f"table {name[:100]}")
        rows: list[list[Any]] = []
        columns: list[str] = []
        most, gap = 0, None
        try:
            asked = self._connection.execute(f"PRAGMA table_xinfo({_quoted(name)})").fetchall()
            columns = [cell_text(column[1]) for column in asked if column[6] in (0, 3)]
            if not columns:
                yield Gap(location, "unreadable", "a table without columns")
                return
            shown = columns[: self._limits.columns]
            most = max(0, self._cells // len(shown) - 1)
            chosen = ", ".join(map(_quoted, shown))
            cursor = self._connection.execute(
                f"SELECT {chosen} FROM {_quoted(name)} LIMIT ?", (most + 1,)
            )
            while batch := cursor.fetchmany(_BATCH):
                rows += batch
        except sqlite3.Error as error:
            stopped = "INTERRUPT" in _kind(error)
            detail = "took too long" if stopped else f"rows cannot be read ({_kind(error)})"
            gap = Gap(location, "timeout" if stopped else "unreadable", detail)
        except MemoryError:
            gap = Gap(location, "limit", "not enough memory")
        if len(rows) > most:
            rows.pop()
            gap = Gap(location, "limit", f"more than {self._limits.cells} cells")
        yield from self._shown(name, columns[: self._limits.columns], rows)
        if gap is not None:
            yield gap
        if len(columns) > self._limits.columns:
            yield Gap(location, "limit", f"more than {self._limits.columns} columns")

    def _shown(self, name: str, columns: list[str], rows: list[list[Any]]) -> Iterator[Content]:
        location = self._part.location.at(f"table {name[:100]}")
        files, before = self._files, len(self._files.found)
        texts = [
            [
                files.text(row[index], f"{name}.{column}") if isinstance(row[index], bytes)
                else cell_text(row[index])
                for row in rows
            ]
            for index, column in enumerate(columns)
        ]  # fmt: skip
        shown = rows_of(columns, texts)
        self._cells -= len(shown) * len(columns)
        internal = name.lower().startswith("sqlite_")
        yield Table(
            location, shown, "hidden" if internal else "visible",
            total_rows=len(shown), form="database",
        )  # fmt: skip
        yield from files.found[before:]
        if files.unknown:
            yield Gap(location, "no-reader", f"{files.unknown} binary values of unknown type")
            files.unknown = 0


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
