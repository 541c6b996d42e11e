"""Databases: live rows, deleted ones, and nothing that a file brings is run."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from typing import Any

import pytest
from support.dbase_writer import dbase

from gateway.model.limits import ReadLimits

FIELDS = [("NAME", "C", 10), ("WAGE", "N", 8), ("BORN", "D", 8), ("OK", "L", 1)]
LIVE = (b" ", ("Åsa", "12.50", "19700102", "T"))
GONE = (b"*", ("Bo", "7", "20010203", "F"))


def database(*script: str) -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA secure_delete = OFF")
    for statement in script:
        connection.executescript(statement)
    content = connection.serialize()
    connection.close()
    return content


PEOPLE = """CREATE TABLE people(id INTEGER, name TEXT, wage REAL);
INSERT INTO people VALUES (1, 'Åsa', 2.0), (2, NULL, 1.25);"""


def test_tables_of_sqlite_are_read(read: Any) -> None:
    seen = read(database(PEOPLE))
    (table,) = seen.tables
    assert [list(r) for r in table.rows] == [
        ["id", "name", "wage"],
        ["1", "Åsa", "2"],
        ["2", "", "1.25"],
    ]
    assert table.form == "database" and "CREATE TABLE people" in seen.text and not seen.gaps


def test_a_database_in_write_ahead_mode_is_read(read: Any) -> None:
    content = bytearray(database(PEOPLE))
    content[18:20] = b"\2\2"
    assert len(read(bytes(content)).tables[0].rows) == 3


def test_views_are_read_as_sql_and_not_run(read: Any) -> None:
    endless = """CREATE VIEW v AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)
    SELECT x, 'EMBARGOED until Tuesday' FROM c;"""
    seen = read(database(PEOPLE, endless))
    assert len(seen.tables) == 1 and "EMBARGOED until Tuesday" in seen.text and not seen.gaps


def test_generated_columns_run_nothing(read: Any) -> None:
    script = "CREATE TABLE t(a, b GENERATED ALWAYS AS (hex(zeroblob(100000000))) VIRTUAL); INSERT INTO t VALUES (1);"
    assert [list(row) for row in read(database(script)).tables[0].rows] == [["a"], ["1"]]


def test_constraints_are_not_run_and_are_no_damage(read: Any) -> None:
    script = "CREATE TABLE t(a TEXT CHECK (length(a) < 9)); INSERT INTO t VALUES ('x');"
    assert not read(database(script)).gaps


def test_deleted_rows_are_hidden_text(read: Any) -> None:
    script = """CREATE TABLE t(a TEXT);
    INSERT INTO t VALUES ('EMBARGOED until Tuesday'), ('kept for others to see');
    DELETE FROM t WHERE rowid = 1;"""
    seen = read(database(script))
    assert "EMBARGOED until Tuesday" in seen.hidden and len(seen.tables[0].rows) == 2


def test_a_dropped_table_is_hidden_text(read: Any) -> None:
    many = (
        "CREATE TABLE t(a TEXT);" + "INSERT INTO t VALUES ('a secret person of some length');" * 500
    )
    assert "a secret person" in read(database(PEOPLE, many, "DROP TABLE t;")).hidden


def test_large_values_are_files(read: Any) -> None:
    script = f"CREATE TABLE t(a); INSERT INTO t VALUES (x'{(b'%PDF-1.4' + bytes(100)).hex()}');"
    seen = read(database(script))
    assert seen.parts[0].content.startswith(b"%PDF-1.4") and seen.parts[0].name == "t.a"


def test_large_values_of_no_known_type_are_a_gap(read: Any) -> None:
    script = f"CREATE TABLE t(a); INSERT INTO t VALUES (x'{bytes(range(128)).hex()}');"
    assert read(database(script)).reasons == {"no-reader"}


def test_the_limit_on_cells_is_shared_by_the_tables(read: Any) -> None:
    seen = read(database(PEOPLE, PEOPLE.replace("people", "others")), limits=ReadLimits(cells=10))
    assert sum(len(row) for table in seen.tables for row in table.rows) <= 13
    assert seen.reasons == {"limit"}


def test_a_cut_off_database_is_a_gap(read: Any) -> None:
    content = database(PEOPLE)
    assert "unreadable" in read(content[: len(content) - 600]).reasons


def test_a_damaged_schema_is_a_gap_and_its_words_are_read(read: Any) -> None:
    content = database(PEOPLE.replace("Åsa", "EMBARGOED")).replace(b"CREATE TABLE", b"CREATE TABEL")
    seen = read(content)
    assert "unreadable" in seen.reasons and "EMBARGOED" in seen.hidden


def test_rows_of_a_table_that_the_schema_conceals_are_found(read: Any) -> None:
    conceal = "PRAGMA writable_schema = ON; DELETE FROM sqlite_master WHERE name = 'people';"
    seen = read(database(PEOPLE.replace("Åsa", "EMBARGOED"), conceal))
    assert "unreadable" in seen.reasons and "EMBARGOED" in seen.hidden


def test_dbase_tables_are_read_and_deleted_records_are_hidden(read: Any) -> None:
    seen = read(dbase(FIELDS, [LIVE, GONE]))
    live, deleted = seen.tables
    assert live.rows == [["NAME", "WAGE", "BORN", "OK"], ["Åsa", "12.5", "1970-01-02", "TRUE"]]
    assert deleted.visibility == "hidden" and deleted.rows[1][0] == "Bo"
    assert not seen.gaps and not seen.parts


def test_records_beyond_the_count_are_hidden_rows(read: Any) -> None:
    seen = read(dbase(FIELDS, [LIVE] * 5, claimed=2))
    assert [len(t.rows) for t in seen.tables] == [3, 4]
    assert seen.tables[1].location.where == "records beyond the count"


def test_bytes_that_no_field_covers_are_a_column(read: Any) -> None:
    record = (b" ", ("Åsa", "12.50", "19700102", "T", "EMBARGOED"))
    assert read(dbase(FIELDS, [record] * 2, unnamed=12)).tables[0].rows[1][4] == "EMBARGOED"


def test_what_follows_a_dbase_table_is_a_file(read: Any) -> None:
    assert b"EMBARGOED" in read(dbase(FIELDS, [LIVE], tail=b"\x1aEMBARGOED")).parts[0].content


@pytest.mark.parametrize(
    ("charset", "raw"), [(0x57, b"\xc5sa"), (0x01, b"\x8fsa"), (0, "Åsa".encode())]
)
def test_the_language_driver_names_the_charset(read: Any, charset: int, raw: bytes) -> None:
    content = dbase(FIELDS, [(b" ", ("@@@@", "1", "", ""))], charset=charset)
    seen = read(content.replace(b"@@@@", raw.ljust(4)))
    assert seen.tables[0].rows[1][0] == "Åsa"


def test_memo_texts_in_another_file_are_a_gap(read: Any) -> None:
    fields = [("NAME", "C", 10), ("NOTE", "M", 10)]
    assert read(dbase(fields, [(b" ", ("Bo", "         3"))])).reasons == {"unreadable"}


def test_missing_records_are_a_gap(read: Any) -> None:
    assert read(dbase(FIELDS, [LIVE] * 3, claimed=2**31)).reasons == {"unreadable"}


def test_words_of_an_access_database_are_read_and_its_tables_are_a_gap(read: Any) -> None:
    head = b"\0\1\0\0Standard ACE DB\0\2".ljust(8192, b"\0")
    content = head + b"\2\1" + bytes(50) + "EMBARGOED".encode("utf-16-le") + bytes(3000)
    seen = read(content)
    assert "EMBARGOED" in seen.hidden and seen.reasons == {"no-reader"}


def test_an_encrypted_access_database_is_a_gap(read: Any) -> None:
    content = b"\0\1\0\0Standard ACE DB\0\2".ljust(4096, b"\0") + bytes(range(1, 256)) * 64
    assert read(content).reasons == {"encrypted"}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x93NUMPY\x01\0v\0{'descr': 1}\n" + bytes(99), "application/x-numpy"),
        (b"\x80\x04\x95\x0b\0\0\0\0\0\0\0\x8c\x02os\x94.", "application/x-python-pickle"),
        (b"MATLAB 5.0 MAT-file, Platform" + bytes(99), "application/x-matlab-data"),
        (b"\x89HDF\r\n\x1a\n" + bytes(99), "application/x-hdf5"),
        (b"ORC\x0a\x03" + bytes(99), "application/x-orc"),
        (b"Obj\x01\x04" + bytes(99), "application/avro"),
        (b"**COMPRESSED** **COMPRESSED** **COMPRESSED**" + bytes(99), "application/x-sas-cport"),
    ],
)
def test_formats_without_a_reader_are_named(read: Any, content: bytes, kind: str) -> None:
    gaps = read(content).gaps
    assert gaps[0].reason == "no-reader" and kind in gaps[0].detail


def test_deleted_rows_that_are_whole_are_a_hidden_table(read: Any) -> None:
    script = "CREATE TABLE t(a TEXT, b INTEGER); INSERT INTO t VALUES ('Åsa', 7), ('Bo', 1200);"
    seen = read(database(script, "DELETE FROM t;"))
    deleted = seen.tables[-1]
    assert deleted.visibility == "hidden"
    assert sorted(map(list, deleted.rows)) == [["Bo", "1200"], ["Åsa", "7"]]


def test_wide_fields_for_flags_of_dbase_are_shown_whole(read: Any) -> None:
    fields = [("ID", "C", 4), ("OK", "L", 60), ("_NullFlags", "0", 60), ("MEMO", "M", 60)]
    row = ("1", "T first EMBARGOED", "second EMBARGOED", "third EMBARGOED")
    seen = read(dbase(fields, [(b" ", row)]))
    assert list(seen.tables[0].rows[1]) == list(row) and not seen.gaps


def test_a_letter_that_is_neither_true_nor_false_is_shown(read: Any) -> None:
    seen = read(dbase([("OK", "L", 1), ("N", "N", 4)], [(b" ", ("X", "1")), (b" ", ("?", "é"))]))
    assert [list(row) for row in seen.tables[0].rows[1:]] == [["X", "1"], ["", "é"]]


def test_unused_space_that_was_not_searched_for_records_is_a_gap(read: Any) -> None:
    from gateway.extract.statistical.deleted_records import deleted_records

    assert deleted_records(b"\1" * 1000, 100, until=0.0) == ([], 1000)


def test_words_of_a_database_beyond_the_limit_are_a_gap(read: Any) -> None:
    script = (
        PEOPLE
        + "INSERT INTO people VALUES (3, 'somebody with a long name', 1); DELETE FROM people;"
    )
    seen = read(database(script, "CREATE TABLE t(a)"), limits=replace(ReadLimits(), text_chars=10))
    assert {gap.location.where for gap in seen.gaps if gap.reason == "limit"} >= {"schema"}
