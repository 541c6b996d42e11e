"""An old presentation is read slide by slide: notes, comments, hidden slides, tables, objects."""

from __future__ import annotations

import io
import struct
from typing import Any, Callable

import xlwt
from support.old_office import presentation, slide, slide_record, stored_object
from support.pictures import picture

from gateway.extract import detect_type
from gateway.extract.nested import read_nested
from gateway.extract.types import PPT
from gateway.model.content import Table
from gateway.model.limits import ReadLimits

Read = Callable[..., Any]


def text_atom(text: str, kind: int = 4026) -> bytes:
    return slide_record(kind, text.encode("utf-16-le"))


def test_slides_and_hidden_slides_are_read(part: Any, read: Read) -> None:
    content = presentation(slide(["marker Москва"]) + slide(["marker unseen"], hidden=True))
    assert detect_type(part(content)) == PPT
    reading = read(content)
    assert "marker Москва" in reading.text and "unseen" not in reading.text
    assert "marker unseen" in reading.hidden and reading.gaps == []


def test_notes_masters_outlines_footers_and_narrow_text_are_read(read: Read) -> None:
    narrow = slide_record(4008, b"marker narrow")
    footer = slide_record(4057, text_atom("marker footer"), container=True)
    stream = (
        slide_record(1000, slide_record(4080, text_atom("marker outline", 4000), container=True) + footer, container=True)
        + slide_record(1016, text_atom("marker master", 4000), container=True)
        + slide([], after=narrow) + slide_record(1008, text_atom("marker notes", 4000), container=True)
        + slide_record(4041, text_atom("marker handout", 4000), container=True)
    )  # fmt: skip
    reading = read(presentation(stream))
    for marker in ("narrow", "outline", "master", "notes", "handout"):
        assert f"marker {marker}" in reading.text
    assert "marker footer" in reading.hidden


def test_comments_inside_the_blobs_of_later_versions_are_read(read: Read) -> None:
    remark = slide_record(12000, text_atom("Author") + text_atom("marker remark"), container=True)
    blob = slide_record(
        0x138A, text_atom("___PPT10") + slide_record(0x138B, remark), container=True
    )
    reading = read(presentation(slide(["x"], after=slide_record(5000, blob, container=True))))
    assert "marker remark" in reading.hidden and "remark" not in reading.text


def test_descriptions_of_shapes_are_read(read: Read) -> None:
    words = slide_record(0xF00B, b"\x81\xc3\x20\0\0\0" + "marker description".encode("utf-16-le"))
    assert "marker description" in read(presentation(slide([], after=words))).hidden


def test_shapes_in_rows_and_columns_become_a_table(read: Read) -> None:
    def cell(top: int, left: int, text: str) -> bytes:
        anchor = slide_record(0xF00F, struct.pack("<iiii", left, top, left + 10, top + 10))
        box = slide_record(0xF00D, text_atom(text, 4000), container=True)
        return slide_record(0xF004, anchor + box, container=True)

    cells = [("id", 0, 0), ("pay", 0, 20), ("K1", 10, 0), ("1200", 10, 20)]
    group = slide_record(0xF003, b"".join(cell(t, x, c) for c, t, x in cells), container=True)
    [table] = read(presentation(slide([], after=group))).tables
    assert table.rows == [["id", "pay"], ["K1", "1200"]]


def test_embedded_objects_are_unpacked_and_read(part: Any) -> None:
    book = xlwt.Workbook()
    book.add_sheet("One").write(0, 0, "marker inside")
    out = io.BytesIO()
    book.save(out)
    content = presentation(slide(["x"]) + stored_object(out.getvalue()))
    tables = [c for c in read_nested(part(content), ReadLimits()) if isinstance(c, Table)]
    assert [table.rows for table in tables] == [[["marker inside"]]]


def test_an_object_that_unpacks_to_too_much_or_not_at_all_is_a_gap(read: Read) -> None:
    huge = presentation(stored_object(b"\0" * 5_000_000))
    assert read(huge, limits=ReadLimits(expanded_bytes=1_000_000)).reasons == {"limit"}
    damaged = presentation(slide_record(4113, b"\0\0\0\0not compressed", instance=1))
    assert read(damaged).reasons == {"unreadable"}


def test_a_presentation_behind_a_password_is_a_gap(read: Read) -> None:
    assert read(presentation(b"\x55" * 5000, token=0xF3D1C4DF)).reasons == {"encrypted"}
    locked = presentation(b"\x55" * 5000, streams={("EncryptedSummary",): b"\x99" * 5000})
    assert read(locked).reasons == {"encrypted"}


def test_a_cut_off_stream_is_a_gap_and_what_came_before_is_read(read: Read) -> None:
    stream = slide(["marker"]) + slide(["lost"])
    reading = read(presentation(stream[:-6]))
    assert "marker" in reading.text and reading.reasons == {"unreadable"}


def test_deep_records_end_at_a_limit(read: Read) -> None:
    stream = b""
    for _ in range(3_000):
        stream = slide_record(0xF003, stream, container=True)
    assert read(presentation(stream)).reasons == {"limit"}


def test_a_stream_of_pictures_that_holds_something_else_is_a_gap(read: Read) -> None:
    picture = struct.pack("<HHI", 0, 0xF01E, 100) + b"x" * 100
    assert read(presentation(slide(["x"]), streams={("Pictures",): picture})).gaps == []
    other = {("Pictures",): picture + b"marker behind the pictures"}
    reading = read(presentation(slide(["x"]), streams=other))
    assert "marker behind" in reading.hidden and reading.reasons == {"unreadable"}


def test_sounds_and_pictures_among_the_slides_are_files(read: Read) -> None:
    shown = picture()
    blip = slide_record(0xF01E, bytes(17) + shown, instance=0x6E0)
    stored = slide_record(0xF007, bytes(36) + blip)
    sound = slide_record(2023, b"name,age\nmarker,1\n")
    reading = read(presentation(slide(["x"], after=blip + stored + sound)))
    assert [p.content for p in reading.parts] == [shown, shown, b"name,age\nmarker,1\n"]
    assert not reading.gaps


def test_what_stands_in_a_pictures_place_is_a_gap_and_its_words_are_read(read: Read) -> None:
    blip = slide_record(0xF01E, b"\0\1words of a marker\0", instance=0x123)
    reading = read(presentation(slide(["x"], after=blip)))
    assert "marker" in reading.hidden and reading.reasons == {"unreadable"}
