"""R's objects: tables where there are rows, text for every word, and nothing is run."""

from __future__ import annotations

import gzip
import struct
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from support import r_writer as r

from gateway.extract.nested import read_nested
from gateway.model.content import Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap

SEX = r.integers(1, 2, 1, levels=r.strings("m", "f"), **{"class": r.strings("factor")})
BORN = r.reals(0.0, 365.0, -1.0, **{"class": r.strings("Date")})
FRAME = r.frame(
    {"id": r.integers(1, 2, 3), "name": r.strings("Åsa", "Bo", "Cy"), "sex": SEX, "born": BORN},
    comment=r.strings("EMBARGOED until Tuesday"),
)
ROWS = [
    ["id", "name", "sex", "born"], ["1", "Åsa", "m", "1970-01-01"],
    ["2", "Bo", "f", "1971-01-01"], ["3", "Cy", "m", "1969-12-31"],
]  # fmt: skip


def rows(table: Table) -> list[list[str]]:
    return [list(row) for row in table.rows]


def test_a_data_frame_is_a_table_and_its_comment_text(read: Any) -> None:
    seen = read(r.rds(FRAME))
    assert rows(seen.tables[0]) == ROWS and seen.tables[0].form == "statistical"
    assert "EMBARGOED until Tuesday" in seen.text and not seen.gaps


def test_every_object_of_a_workspace_is_read_under_its_name(read: Any) -> None:
    inner = r.listed(FRAME, r.strings("a word"), names=r.strings("people", "note"))
    seen = read(r.rdata({"x": r.reals(1.5), "survey": inner}))
    assert seen.tables[0].location.where == "survey$people"
    assert "1.5" in seen.text and "a word" in seen.text


def test_a_compressed_workspace_is_read(part: Any) -> None:
    contents = list(read_nested(part(gzip.compress(r.rdata({"people": FRAME}))), ReadLimits()))
    assert [rows(c) for c in contents if isinstance(c, Table)] == [ROWS]
    assert not [c for c in contents if isinstance(c, Gap)]


def test_a_matrix_shows_the_names_of_its_dimensions(read: Any) -> None:
    names = r.listed(r.strings("north", "south"), r.strings("2023", "2024"))
    seen = read(r.rds(r.integers(1, 2, 3, 4, dim=r.integers(2, 2), dimnames=names)))
    assert rows(seen.tables[0]) == [["", "2023", "2024"], ["north", "1", "3"], ["south", "2", "4"]]


def test_labels_of_haven_are_labels(read: Any) -> None:
    codes = r.reals(1.0, 2.0, names=r.strings("Male", "Not before Tuesday"))
    sex = r.reals(1.0, 2.0, label=r.strings("Sex"), labels=codes)
    seen = read(r.rds(r.frame({"sex": sex})))
    assert seen.tables[0].labels == ["Sex"] and seen.tables[0].coded == [0]
    assert "2 = Not before Tuesday" in seen.text


def test_row_names_are_a_column(read: Any) -> None:
    seen = read(r.rds(r.frame({"x": r.integers(1, 2)}, row_names=r.strings("Ann", "Bo"))))
    assert rows(seen.tables[0])[1] == ["Ann", "1"]


def test_compact_vectors_are_spelled_out(read: Any) -> None:
    seen = read(r.rds(r.compact("compact_intseq", r.reals(12.0, 1.0, 1.0))))
    assert [row[0] for row in seen.tables[0].rows][1:] == [str(i) for i in range(1, 13)]


def test_an_unknown_compact_vector_is_a_gap_and_its_state_is_read(read: Any) -> None:
    seen = read(r.rds(r.compact("mystery", r.strings("EMBARGOED"))))
    assert seen.reasons == {"unreadable"} and "EMBARGOED" in seen.text


def test_code_and_environments_are_read_as_text(read: Any) -> None:
    call = struct.pack(">i", 6) + r.symbol("stop") + r.pairs([("msg", r.strings("EMBARGOED"))])
    inside = r.pairs([("hidden", r.strings("under an environment"))])
    place = struct.pack(">ii", 4, 0) + r.NULL + inside + r.NULL + r.NULL
    seen = read(r.rds(r.listed(call, place)))
    assert "stop" in seen.hidden and "EMBARGOED" in seen.hidden
    assert "under an environment" in seen.text


def test_raw_vectors_are_files(read: Any) -> None:
    assert read(r.rds(r.raws(b"%PDF-1.4 something"))).parts[0].content == b"%PDF-1.4 something"


def test_what_follows_the_object_is_a_file(read: Any) -> None:
    assert read(r.rds(FRAME) + b"EMBARGOED").parts[0].content == b"EMBARGOED"


def test_a_cut_off_object_is_read_as_far_as_it_goes(read: Any) -> None:
    content = r.rds(FRAME)
    seen = read(content[: content.index(b"class") - 60])
    assert seen.reasons == {"unreadable"} and "Åsa" in seen.everything()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (r.rds(struct.pack(">ii", 14, 2**31 - 1)), "unreadable"),
        (r.rds(r.compact("compact_intseq", r.reals(2e9, 1.0, 1.0))), "limit"),
        (r.rds(struct.pack(">ii", 19, 1) * 100_000 + r.NULL), "limit"),
        (r.rds(struct.pack(">i", 0x7FFF)), "unreadable"),
    ],
    ids=["longer than the file", "two thousand million", "nested", "unknown kind"],
)
def test_hostile_objects_are_gaps(read: Any, content: bytes, reason: str) -> None:
    assert read(content).reasons == {reason}


def test_a_million_pairs_nest_nothing(read: Any) -> None:
    cells = struct.pack(">iii", 0x2, 13, 1) + struct.pack(">i", 7)
    assert not read(r.rds(cells * 20_000 + r.NULL)).gaps


def test_files_that_r_wrote_are_read_whole(part: Any) -> None:
    found = find_spec("rdata")
    if found is None or found.origin is None:
        pytest.skip("rdata is not installed")
    files = sorted((Path(found.origin).parent / "tests" / "data").rglob("*.rd[as]"))
    if not files:
        pytest.skip("rdata came without its files")
    for path in files:
        contents = list(read_nested(part(path.read_bytes()), ReadLimits()))
        assert not [c for c in contents if isinstance(c, Gap)], path.name
