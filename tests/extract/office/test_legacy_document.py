"""An old Word document is read story by story; what is damaged or locked is said to be."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any, Callable

import pytest
from support.old_word import word_document

from gateway.extract import detect_type
from gateway.extract.office.compound_file import Compound
from gateway.extract.office.storage_file import write_compound
from gateway.extract.types import DOC
from gateway.model.content import Properties
from gateway.model.limits import ReadLimits

FEATURES = Path(__file__).parent / "files" / "features.doc"
Read = Callable[..., Any]


def test_every_place_of_a_document_made_by_an_office_program_is_read(part: Any, read: Read) -> None:
    content = FEATURES.read_bytes()
    assert detect_type(part(content)) == DOC
    reading = read(content)
    for seen in (
        "body Ärger – “quoted” €5 Москва",
        "header",
        "footer",
        "footnote",
        "endnote",
        "textbox",
    ):
        assert f"marker {seen}" in reading.text
    for unseen in ("hidden", "deleted", "comment"):
        assert f"marker {unseen}" in reading.hidden and f"marker {unseen}" not in reading.text
    assert "stat.example/marker-link" in reading.hidden
    assert "Com Menter" in reading.hidden
    assert reading.tables[0].rows == [["id", "age", "pay"], ["K1", "34", "1200"], ["K2", "51", ""]]
    items = [item for c in reading.contents if isinstance(c, Properties) for item in c.items]
    assert ("title", "marker title") in items and ("MSIP_Label_1_Name", "marker label") in items
    assert reading.gaps == []


def test_pieces_of_both_widths_are_joined_in_order(read: Read) -> None:
    reading = read(
        word_document(
            [("\x93one\x94 ".encode("latin-1"), False), ("Москва 😊".encode("utf-16-le"), True)]
        )
    )
    assert "“one” Москва 😊" in reading.text and reading.gaps == []


def test_stories_are_told_apart(read: Read) -> None:
    reading = read(word_document([(b"body\rnote\rhead\rremark\r", False)], (5, 5, 5, 0, 7)))
    places = {c.location.where: c.text.strip() for c in reading.contents if hasattr(c, "text")}
    assert places["text"] == "body" and places["footnotes"] == "note"
    assert places["headers and footers"] == "head" and places["comments"] == "remark"


def test_rows_become_tables_even_without_formats(read: Read) -> None:
    rows = b"before\rid\x07pay\x07\x07K1\x071200\x07\x07K2\x07\x07\x07after\r"
    [table] = read(word_document([(rows, False)])).tables
    assert table.rows == [["id", "pay"], ["K1", "1200"], ["K2", ""]]


def test_what_fast_saving_left_behind_is_found(read: Read) -> None:
    reading = read(word_document([(b"body", False)], left_over=b"marker left behind"))
    assert "marker left behind" in reading.hidden and "marker" not in reading.text


def test_a_damaged_piece_table_leaves_the_words_and_a_gap(read: Read) -> None:
    content = bytearray(word_document([(b"marker in the body of a text", False)]))
    at = bytes(content).index(struct.pack("<HI", 0, 0x600 * 2 | 0x40000000))
    content[at + 2 : at + 6] = b"\xff\xff\xff\x3f"
    reading = read(bytes(content))
    assert "marker in the body" in reading.text and reading.reasons == {"unreadable"}


def test_a_document_behind_a_password_is_a_gap(read: Read) -> None:
    assert read(word_document([(b"x", False)], flags=0x300)).reasons == {"encrypted"}


def test_word_6_is_read(read: Read) -> None:
    stream = bytearray(0x300)
    struct.pack_into("<HH", stream, 0, 0xA5DC, 0x65)
    text = "marker café\rfootnote\r".encode("cp1252")
    struct.pack_into("<II", stream, 0x18, 0x300, 0x300 + len(text))
    struct.pack_into("<II", stream, 0x34, 12, 9)
    reading = read(write_compound({("WordDocument",): bytes(stream) + text + b"\0" * 4096}))
    assert "marker café" in reading.text and "footnote" in reading.text


@pytest.mark.parametrize("place", ["0Table", "1Table"])
def test_a_missing_table_stream_is_a_gap(read: Read, place: str) -> None:
    compound = Compound(FEATURES.read_bytes(), ReadLimits())
    streams = {path: compound.take(path) for path in compound.streams}
    used = ("1Table",) if ("1Table",) in streams else ("0Table",)
    streams.pop(used)
    streams[(place,)] = b"nothing of use" * 400
    reading = read(write_compound(streams))
    assert "unreadable" in reading.reasons and "marker" in reading.everything()
