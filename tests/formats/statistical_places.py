"""Where data sets and databases can hold something."""

from __future__ import annotations

import gzip
import io
import sqlite3
import struct
import tempfile
import zlib
from pathlib import Path
from typing import Any, Callable

import pandas
import pyarrow
import pyreadstat
from formats.planting import INNOCENT, INNOCENT_ROWS, Rows, lines, pasted, place
from pyarrow import feather, ipc, parquet
from support import r_writer as r
from support.dbase_writer import dbase

NO_PASSWORD = "nobody has the password"


def _file(text: str, rows: Rows) -> bytes:
    return (pasted(text, rows) or INNOCENT).encode()


def frame(rows: Rows) -> Any:
    """Columns of numbers where all cells are numbers, as a program would keep them."""
    head, *body = rows or INNOCENT_ROWS
    columns = {}
    for at, name in enumerate(head):
        cells = [row[at] for row in body]
        whole = all(cell.lstrip("-").isdigit() for cell in cells)
        columns[name] = [float(cell) for cell in cells] if whole else cells
    return pandas.DataFrame(columns)


def written(kind: str, table: Any, **options: Any) -> bytes:
    """Through pyreadstat, which writes files only."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        getattr(pyreadstat, f"write_{kind}")(table, str(path), **options)
        return path.read_bytes()


LABELLED = {1.0: "Yes", 2.0: "No"}
ANSWERS = pandas.DataFrame({"month": ["January", "February"], "held": [1.0, 2.0]})


def _labelled(kind: str, text: str, **options: Any) -> bytes:
    labels = {"held": {**LABELLED, 3.0: text or INNOCENT}}
    return written(kind, ANSWERS, variable_value_labels=labels, **options)


def _package(format: str, kind: str, name: str, **options: Any) -> None:
    """What every package has: rows, names and descriptions of columns, and a description of all."""

    def add(where: str, holds: str, build: Callable[[str, Rows], bytes]) -> None:
        place(format, where, name, holds=holds)(build)  # type: ignore[arg-type]

    def rows(text: str, planted: Rows) -> bytes:
        return written(kind, frame(planted), **options)

    def cell(text: str, planted: Rows) -> bytes:
        return written(kind, pandas.DataFrame({"month": ["May", text or INNOCENT]}), **options)

    def label(text: str, planted: Rows) -> bytes:
        labels = {"month": text or INNOCENT}
        return written(kind, ANSWERS, column_labels=labels, **options)

    def description(text: str, planted: Rows) -> bytes:
        return written(kind, ANSWERS, file_label=(text or INNOCENT), **options)

    def behind(text: str, planted: Rows) -> bytes:
        return written(kind, ANSWERS, **options) + b"\n" + _file(text, planted)

    add("rows", "rows", rows)
    add("cell", "words", cell)
    add("description of a column", "words", label)
    add("behind the end", "both", behind)
    if kind in ("sav", "dta") and format != "SPSS (zsav)":
        add("description of the data set", "words", description)
        add("label of a value", "words", lambda text, _: _labelled(kind, text, **options))


_package("SPSS (sav)", "sav", "survey.sav")
_package("SPSS (zsav)", "sav", "survey.zsav", compress=True)
_package("SPSS (sav)", "sav", "packed.sav", row_compress=True)
_package("Stata", "dta", "survey.dta")
_package("Stata", "dta", "old.dta", version=10)
_package("SAS transport", "xport", "survey.xpt", file_format_version=8)


@place("SPSS (sav)", "notes", "survey.sav")
def _notes(text: str, rows: Rows) -> bytes:
    return written("sav", ANSWERS, note=(pasted(text, rows) or INNOCENT).split("\n"))


@place("SPSS (sav)", "cases beyond the stated number", "survey.sav", holds="rows")
def _beyond(text: str, rows: Rows) -> bytes:
    whole = bytearray(written("sav", frame(rows)))
    struct.pack_into("<i", whole, 80, 1)
    return bytes(whole)


@place("SPSS (sav)", "encrypted file", "survey.sav", expect="encrypted", reason=NO_PASSWORD)
def _encrypted_sav(text: str, rows: Rows) -> bytes:
    return b"\x1c\0\0\0\0\0\0\0ENCRYPTEDSAV\x15\0\0\0" + _file(text, rows)


@place("SPSS (por)", "rows", "survey.por", holds="rows")
def _portable(text: str, rows: Rows) -> bytes:
    table = frame(rows)
    table.columns = [name.upper()[:8] for name in table.columns]
    return written("por", table)


@place("SPSS (por)", "cell", "survey.por", holds="words")
def _portable_cell(text: str, rows: Rows) -> bytes:
    return written("por", pandas.DataFrame({"MONTH": ["May", text or INNOCENT]}))


@place("SPSS (por)", "description of a column", "survey.por", holds="words")
def _portable_label(text: str, rows: Rows) -> bytes:
    table = pandas.DataFrame({"MONTH": ["May", "June"]})
    return written("por", table, column_labels={"MONTH": text or INNOCENT})


@place("SPSS (por)", "behind the end", "survey.por")
def _behind_portable(text: str, rows: Rows) -> bytes:
    return written("por", pandas.DataFrame({"MONTH": ["May", "June"]})) + b"\n" + _file(text, rows)


@place("SAS transport", "a second data set", "survey.xpt")
def _second(text: str, rows: Rows) -> bytes:
    first = written("xport", ANSWERS, table_name="FIRST")
    planted = frame(rows) if rows else pandas.DataFrame({"month": ["May", text or INNOCENT]})
    planted.columns = [name[:8] for name in planted.columns]
    second = written("xport", planted, table_name="SECOND")
    return first + second[second.index(b"HEADER RECORD*******MEMB") :]


@place("SAS transport", "description of the data set", "survey.xpt", holds="words")
def _transport_label(text: str, rows: Rows) -> bytes:
    return written("xport", ANSWERS, file_label=(text or INNOCENT)[:40], file_format_version=5).replace(
        b"Minutes of the lunch", (text or INNOCENT)[:20].encode().ljust(20))  # fmt: skip


MADE_BY_HAND = "no program but SAS writes it; made by hand, and nothing of it can be read"


@place("SAS", "a damaged data set", "survey.sas7bdat", expect="unreadable", reason=MADE_BY_HAND)
def _sas(text: str, rows: Rows) -> bytes:
    magic = bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")
    return magic.ljust(1024, b"\0") + _file(text, rows).ljust(4096, b" ")


@place("SAS", "a catalogue", "formats.sas7bcat", expect="unreadable", reason="there is no reader for its entries")  # fmt: skip
def _catalogue(text: str, rows: Rows) -> bytes:
    return bytes(12) + b"\xc2\xea\x81\x63" + bytes(1000) + _file(text, rows)


@place("SAS", "a transport file of the other kind (CPORT)", "survey.stc", expect="no-reader", reason="there is no reader")  # fmt: skip
def _cport(text: str, rows: Rows) -> bytes:
    return b"**COMPRESSED** " * 5 + _file(text, rows)


def _r_frame(rows: Rows, **attributes: bytes) -> bytes:
    head, *body = rows or INNOCENT_ROWS
    columns = {name: r.strings(*(row[at] for row in body)) for at, name in enumerate(head)}
    return r.frame(columns, **attributes)


def _r(where: str, build: Callable[[str, Rows], bytes], holds: str = "both", name: str = "survey.rds") -> None:  # fmt: skip
    place("R", where, name, holds=holds)(build)  # type: ignore[arg-type]


def _word(text: str, rows: Rows = ()) -> bytes:
    return r.strings(pasted(text, rows) or INNOCENT)


_r("data frame and its comment", lambda t, x: r.rds(_r_frame(x, comment=_word(t))))
_r("packed data frame", lambda t, x: gzip.compress(r.rds(_r_frame(x, comment=_word(t)))))
_r("an object of a workspace", lambda t, x: r.rdata({"a": _word(t), "b": _r_frame(x)}), name="all.RData")  # fmt: skip
_r("a list in a list", lambda t, x: r.rds(r.listed(r.listed(_word(t), _r_frame(x)))))
_r("a string", lambda t, x: r.rds(_word(t, x)))
_r("lines of strings", lambda t, x: r.rds(r.strings(*(pasted(t, x) or INNOCENT).split("\n"))))
_r("raw bytes", lambda t, x: r.rds(r.raws(_file(t, x))))
_r("levels of a factor", lambda t, x: r.rds(r.integers(1, 1, levels=_word(t), **{"class": r.strings("factor")})), "words")  # fmt: skip
_r("labels of values", lambda t, x: r.rds(r.frame({"a": r.reals(1.0, labels=r.reals(1.0, names=_word(t)))})), "words")  # fmt: skip
_r("name of an object", lambda t, x: r.rdata({t or INNOCENT: r.reals(1.0)}), "words", "all.RData")
_r("an environment", lambda t, x: r.rds(struct.pack(">ii", 4, 0) + r.NULL + r.pairs([("a", _word(t)), ("b", _r_frame(x))]) + r.NULL + r.NULL))  # fmt: skip
_r("behind the end", lambda t, x: r.rds(r.reals(1.0)) + _file(t, x))


def arrow(text: str, rows: Rows) -> Any:
    """Rows as columns, words in a cell of a last column."""
    table = pyarrow.Table.from_pandas(frame(rows), preserve_index=False)
    return table.append_column("note", [[text or INNOCENT] * table.num_rows])


def _in_parquet(table: Any, **options: Any) -> bytes:
    out = io.BytesIO()
    parquet.write_table(table, out, **options)
    return out.getvalue()


def _in_feather(table: Any, **options: Any) -> bytes:
    out = io.BytesIO()
    feather.write_feather(table, out, **options)
    return out.getvalue()


def _in_arrow(opened: Any) -> Callable[[Any], bytes]:
    def write(table: Any) -> bytes:
        out = io.BytesIO()
        with opened(out, table.schema) as writer:
            writer.write_table(table)
        return out.getvalue()

    return write


def _columnar(format: str, name: str, write: Callable[[Any], bytes]) -> None:
    def metadata(text: str, rows: Rows) -> bytes:
        table = pyarrow.table({"month": ["May", "June"], "lunches": [20, 30]})
        return write(table.replace_schema_metadata({"note": pasted(text, rows) or INNOCENT}))

    def described(text: str, rows: Rows) -> bytes:
        field = pyarrow.field("month", pyarrow.string(), metadata={"note": _file(text, rows)})
        return write(pyarrow.table({"month": ["May", "June"]}, schema=pyarrow.schema([field])))

    def nested(text: str, rows: Rows) -> bytes:
        note = {"note": text or INNOCENT, "files": [lines(rows or INNOCENT_ROWS)]}
        return write(pyarrow.table({"month": ["May"], "more": [note]}))

    def binary(text: str, rows: Rows) -> bytes:
        return write(pyarrow.table({"month": ["May"], "file": [_file(text, rows)]}))

    place(format, "rows and a cell", name)(lambda text, rows: write(arrow(text, rows)))
    place(format, "metadata of the table", name)(metadata)
    place(format, "metadata of a column", name)(described)
    place(format, "nested values", name)(nested)
    place(format, "a file in a cell", name)(binary)
    place(format, "behind the end", name)(lambda text, rows: write(arrow("", ())) + _file(text, rows))  # fmt: skip


_columnar("Parquet", "extract.parquet", _in_parquet)
_columnar("Feather", "extract.feather", _in_feather)
_columnar("Arrow file", "extract.arrow", _in_arrow(ipc.new_file))
_columnar("Arrow stream", "extract.arrows", _in_arrow(ipc.new_stream))


@place("Feather", "the first version", "extract.feather")
def _feather_1(text: str, rows: Rows) -> bytes:
    return _in_feather(arrow(text, rows), version=1)


@place("Parquet", "between the columns and the footer", "extract.parquet")
def _between_columns(text: str, rows: Rows) -> bytes:
    content = _in_parquet(arrow("", ()), compression="none")
    (length,) = struct.unpack_from("<I", content, len(content) - 8)
    footer = len(content) - 8 - length
    return content[:footer] + b"\n" + _file(text, rows) + b"\n" + content[footer:]


@place("Parquet", "encrypted file", "extract.parquet", expect="encrypted", reason=NO_PASSWORD)
def _encrypted_parquet(text: str, rows: Rows) -> bytes:
    return b"PARE" + zlib.compress(_file(text, rows)) + bytes(range(64)) + b"PARE"


def _table(
    rows: Rows, deleted: int = 0, claimed: int | None = None, tail: bytes = b"\x1a"
) -> bytes:
    head, *body = rows or INNOCENT_ROWS
    fields = [
        (name[:10].upper(), "C", max(len(row[i]) for row in body)) for i, name in enumerate(head)
    ]
    return dbase(fields, [(b"*" if i < deleted else b" ", row) for i, row in enumerate(body)], claimed, tail)  # fmt: skip


def _dbase_words(text: str, mark: bytes = b" ") -> bytes:
    return dbase([("NOTE", "C", 80)], [(b" ", ["x"]), (mark, [text or INNOCENT])])


place("dBase", "records", "extract.dbf", holds="rows")(lambda t, x: _table(x))
place("dBase", "deleted records", "extract.dbf", holds="rows")(lambda t, x: _table(x, 99))
place("dBase", "records beyond the count", "extract.dbf", holds="rows")(lambda t, x: _table(x, claimed=0))  # fmt: skip
place("dBase", "cell", "extract.dbf", holds="words")(lambda t, x: _dbase_words(t))
place("dBase", "cell of a deleted record", "extract.dbf", holds="words")(lambda t, x: _dbase_words(t, b"*"))  # fmt: skip
place("dBase", "behind the end", "extract.dbf")(lambda t, x: _table((), tail=b"\x1a" + _file(t, x)))


@place("dBase", "a memo file elsewhere", "extract.dbf", expect="unreadable", reason="the texts stand in another file")  # fmt: skip
def _memo(text: str, rows: Rows) -> bytes:
    return dbase([("NAME", "C", 10), ("NOTE", "M", 10)], [(b" ", ("x", "         3"))])


def _database(fill: Callable[[sqlite3.Connection], None]) -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA secure_delete = OFF")
    connection.execute("CREATE TABLE lunches(month TEXT, number INTEGER)")
    connection.executemany("INSERT INTO lunches VALUES (?, ?)", INNOCENT_ROWS[1:])
    fill(connection)
    connection.commit()
    content = connection.serialize()
    connection.close()
    return content


def _fill(text: str, rows: Rows) -> Callable[[sqlite3.Connection], None]:
    head, *body = rows or INNOCENT_ROWS
    columns = ", ".join(f'"{name}"' for name in head)

    def fill(connection: sqlite3.Connection) -> None:
        connection.execute(f"CREATE TABLE more({columns}, note)")
        marks = ", ".join("?" * (len(head) + 1))
        connection.executemany(
            f"INSERT INTO more VALUES ({marks})", [(*row, text or INNOCENT) for row in body]
        )

    return fill


def _sqlite(where: str, *after: str, holds: str = "both") -> None:
    def build(text: str, rows: Rows) -> bytes:
        def fill(connection: sqlite3.Connection) -> None:
            _fill(text, rows)(connection)
            for statement in after:
                connection.commit()
                connection.execute(statement)

        return _database(fill)

    place("SQLite", where, "extract.sqlite", holds=holds)(build)  # type: ignore[arg-type]


_sqlite("rows and a cell")
_sqlite("rows that were deleted", "DELETE FROM more")
_sqlite("table that was dropped", "DROP TABLE more")
_sqlite("table that the schema conceals", "PRAGMA writable_schema = ON", "DELETE FROM sqlite_master WHERE name = 'more'")  # fmt: skip


def _sqlite_with(where: str, fill: Callable[[sqlite3.Connection, str, Rows], Any], holds: str = "both") -> None:  # fmt: skip
    place("SQLite", where, "extract.sqlite", holds=holds)(  # type: ignore[arg-type]
        lambda text, rows: _database(lambda connection: fill(connection, text, rows))
    )


_sqlite_with("view", lambda c, t, x: c.execute(f"CREATE VIEW v AS SELECT '{pasted(t, x) or INNOCENT}'"))  # fmt: skip
_sqlite_with("remark in the schema", lambda c, t, x: c.execute(f"CREATE TABLE b(a /* {pasted(t, x) or INNOCENT} */)"))  # fmt: skip
_sqlite_with("name of a table", lambda c, t, x: c.execute(f'CREATE TABLE "{t or INNOCENT}"(a)'), "words")  # fmt: skip
_sqlite_with("text in a cell", lambda c, t, x: c.execute("INSERT INTO lunches VALUES (?, 1)", (pasted(t, x) or INNOCENT,)))  # fmt: skip
_sqlite_with("file in a cell", lambda c, t, x: c.execute("INSERT INTO lunches VALUES (?, 1)", (gzip.compress(_file(t, x)),)))  # fmt: skip
place("SQLite", "behind the end", "extract.sqlite")(lambda t, x: _database(lambda c: None) + _file(t, x))  # fmt: skip


@place("Access", "its pages", "extract.accdb", expect="no-reader", reason="no program here reads or writes its tables; made by hand, words in it are found besides")  # fmt: skip
def _access(text: str, rows: Rows) -> bytes:
    head = b"\0\1\0\0Standard ACE DB\0\2".ljust(8192, b"\0")
    return head + b"\2\1" + bytes(50) + pasted(text, rows).encode("utf-16-le") + bytes(3000)


def _coded(labels: dict[str, dict[float, str]]) -> bytes:
    return written("sav", ANSWERS, variable_value_labels=labels)


@place("SPSS (sav)", "labels of values, a cell each", "survey.sav", holds="rows")
def _cells_as_labels(text: str, rows: Rows) -> bytes:
    cells = [cell for row in rows or INNOCENT_ROWS for cell in row]
    return _coded({"held": {float(at): cell for at, cell in enumerate(cells)}})


@place("SPSS (sav)", "labels of values, a record each", "survey.sav", holds="rows")
def _records_as_labels(text: str, rows: Rows) -> bytes:
    return _coded({"held": {float(at): ",".join(r) for at, r in enumerate(rows or INNOCENT_ROWS)}})


@place("Parquet", "names of columns, a record each", "extract.parquet", holds="rows")
def _records_as_names(text: str, rows: Rows) -> bytes:
    names = [",".join(row) for row in rows or INNOCENT_ROWS]
    return _in_parquet(pyarrow.table([pyarrow.array([1])] * len(names), names=names))
