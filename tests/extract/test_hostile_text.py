"""Text that is made to be slow is read in a time that grows as the text does, or is a gap."""

from __future__ import annotations

import base64
import time
import zlib
from typing import Any, Callable

import pytest

Read = Callable[..., Any]
SIZE = 40_000


def many(write: Callable[[int], str], before: str = "", after: str = "") -> Callable[[int], str]:
    """Numbered pieces, as long together as is asked for."""

    def make(size: int) -> str:
        pieces = (write(index) for index in range(size // len(write(1000))))
        return before + "".join(pieces) + after

    return make


def again(piece: str, before: str = "", after: str = "") -> Callable[[int], str]:
    return lambda size: before + piece * (size // len(piece)) + after


TEXTS = {
    "escaped quotes behind a bracket": again("'\\", "x\n[{"),
    "escaped quotes in a string": again("'\\", '{"a":"'),
    "ranges of numbers": again("a=1:199999,", 'a = c("'),
    "one long word": again("12345678", 'a = c("'),
    "data that never end": again("\n", "begin data\n"),
    "many small blocks of data": again("input a b; datalines;\n1 2\n3 4\n5 6\n;\n"),
    "names of variables": again("input ", "", "datalines;\n1\n2\n3\n"),
    "many small values": again("[[1,2],[3,4],[5,6]] x "),
    "many small objects": again('{"a":{"b":1}}x'),
    "an object of many rows": many(lambda i: f'"col{i}":[[1]],', "{", '"z":[[1]]}'),
    "records without a common name": many(lambda i: f'{{"{i}":1}},', "[", '{"z":1}]'),
    "blanks behind elements": again(" ", "<a></a></a></a>", ">"),
    "attributes": many(lambda i: f'a{i}="" ', "<a ", "></a></a></a>"),
    "blanks behind the end of a row": again(" ", "a & b & c \\\\\n" * 6 + "a & b & c", "x\n"),
    "a ruler over short lines": again("x\n", "- " * 1000 + "\n"),
    "a ruler over lines and blanks": again("x\n\n", "- " * 1000 + "\n"),
    "brackets": again("["),
    "nested objects": again('{"a":'),
    "tuples": again("[('a', 1), "),
    "quotes in rows of values": again("'a''", "insert into t values ("),
    "yEnc heads": again("=ybegin line=128 size=1 name=a\n"),
    "uuencode heads": again("begin 644 a\n"),
    "quoting marks": again("> > > > \n"),
    "pairs": again("a:b\n"),
    "blank lines": again("\n"),
    "many small tables": again("1,2,3\n" * 6 + "x\n" * 5),
}
PAGES = {
    "a condition with blanks": again(" ", "<!--[if mso]>", "x-->"),
    "a selector that is none": again("a", "<style>", "!{display:flex}</style>"),
    "a hiding selector that is none": again("a", "<style>", "!{display:none}</style>"),
    "lists in scripts": again("[[1],[2],[3]];", "<script>", "</script>"),
    "brackets in scripts": again("[[", "<script>", "</script>"),
    "comments that never end": again("<!--"),
    "attributes of one tag": many(lambda i: f"a{i}=1 ", "<a ", ">"),
    "style sheets": many(lambda i: f"<style>.a{i}{{display:none}}</style>"),
    "data links": many(lambda i: f'<img src="data:image/png;base64,iVBORw0K{i}">'),
}  # fmt: skip
VALUES = {
    "remarks that never end": again("/* ", '{"a":1,] '),
    "strings that never end": again('\\"', "[1,],] "),
    "a fault on every line": again('x{"a":[\n', '{"a":1}\n' * 300),
}


def spent(read: Read, content: bytes, kind: str, role: str) -> float:
    """The least of two, since the machine does other work as well."""
    times = []
    for _ in range(2):
        start = time.process_time()
        read(content, kind, role=role)
        times.append(time.process_time() - start)
    return min(times)


def grows_as_the_text(
    read: Read, make: Callable[[int], str], kind: str, role: str, before: str = ""
) -> bool:
    """Four times the text takes about four times as long; sixteen would be its square."""
    short = spent(read, (before + make(SIZE)).encode(), kind, role)
    long = spent(read, (before + make(4 * SIZE)).encode(), kind, role)
    return long < 9 * short + 0.3 and long < 6


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize(("kind", "role"), [("text/plain", "body"), ("text/csv", "attachment")])
def test_hostile_text_takes_as_long_as_it_is(read: Read, name: str, kind: str, role: str) -> None:
    assert grows_as_the_text(read, TEXTS[name], kind, role)


@pytest.mark.parametrize("name", PAGES)
def test_hostile_pages_take_as_long_as_they_are(read: Read, name: str) -> None:
    assert grows_as_the_text(read, PAGES[name], "text/html", "body", "<html>")


@pytest.mark.parametrize("name", VALUES)
def test_hostile_json_takes_as_long_as_it_is(read: Read, name: str) -> None:
    assert grows_as_the_text(read, VALUES[name], "application/json", "attachment")


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "a = c(1, 2, 3), " + "b = 1:199999, " * 50, "1,2,3\n" * 6 + "x\n" * 5],
    ids=["brackets", "ranges", "blocks"],
)
def test_what_lies_beyond_the_allowance_is_a_gap(read: Read, text: str) -> None:
    repeated = text if len(text) > 500 else text * 5_000
    assert "limit" in read(repeated.encode(), "text/plain", role="body").reasons


def test_many_tables_in_a_text_are_all_found(read: Read) -> None:
    rows = "\n".join(f"P{i},{1950 + i},AB{i}" for i in range(6))
    found = read(f"{rows}\na\nb\nc\nd\ne\n".encode() * 120, "text/plain", role="body")
    assert len(found.tables) == 120 and not found.gaps


def test_what_is_packed_beyond_the_limit_is_a_gap(read: Read) -> None:
    packed = base64.b64encode(zlib.compress(b"\1\2\3\0" * 5_000_000)).decode()
    assert "limit" in read(packed.encode(), "text/plain", role="body").reasons


def test_rows_wider_than_places_are_records_whatever_their_name(read: Read) -> None:
    rows = ",".join(f"[{i},{1950 + i},1,{20000 + i}]" for i in range(12))
    found = read(f'{{"coordinates":[{rows}]}}'.encode(), "application/json", name="a.json")
    assert [len(table.rows) for table in found.tables] == [12]


@pytest.mark.parametrize(
    ("kind", "name", "around"),
    [
        ("application/json", "a.json", '{{"id": "1", "note": "{}"}}'),
        ("text/xml", "a.xml", '<?xml version="1.0"?><r><id>1</id><note>{}</note></r>'),
        ("text/csv", "a.csv", "id,note,more\n1,{},2\n3,4,5\n6,7,8\n"),
    ],
)
def test_a_file_written_as_letters_into_a_value_is_read(
    read_all: Read, kind: str, name: str, around: str
) -> None:
    rows = "\n".join(f"P{i},{1950 + i},AB{i}" for i in range(60))
    letters = base64.b64encode(rows.encode()).decode()
    found = read_all(around.format(letters).encode(), kind=kind, name=name)
    assert any(len(table.rows) == 60 for table in found.tables)
