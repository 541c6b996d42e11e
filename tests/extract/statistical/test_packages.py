"""Data sets of SAS, SPSS and Stata: every row, every label, and what a sender may hide beside."""

from __future__ import annotations

import datetime
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable

import pandas
import pyreadstat
import pytest

from gateway.model.limits import ReadLimits

Write = Callable[..., bytes]
LABELS = {"id": "Person number", "wage": "Hourly wage", "sex": "Sex"}
CODES = {"sex": {1: "Male", 2: "Female", 9: "Not for release before Tuesday"}}
ROWS = [
    ["1", "Åsa", "1.5", "1970-01-02", "2020-01-02 03:04:05", "1"],
    ["2", "Bo", "", "", "", "2"],
    ["3", "", "3.25", "2001-12-31", "1999-01-01 00:00:00", "9"],
]


def people() -> Any:
    return pandas.DataFrame(
        {
            "id": [1.0, 2.0, 3.0],
            "name": ["Åsa ", "Bo", ""],
            "wage": [1.5, None, 3.25],
            "born": [datetime.date(1970, 1, 2), None, datetime.date(2001, 12, 31)],
            "seen": [datetime.datetime(2020, 1, 2, 3, 4, 5), None, datetime.datetime(1999, 1, 1)],
            "sex": [1, 2, 9],
        }
    )


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def make(kind: str, frame: Any = None, **options: Any) -> bytes:
        path = tmp_path / f"file.{kind}"
        options.setdefault("column_labels", LABELS)
        write = {
            "sav": pyreadstat.write_sav, "dta": pyreadstat.write_dta,
            "xpt": pyreadstat.write_xport, "por": pyreadstat.write_por,
        }[kind]  # fmt: skip
        write(people() if frame is None else frame, str(path), **options)
        return path.read_bytes()

    return make


@pytest.mark.parametrize(
    "options", [{}, {"compress": True}, {"row_compress": True}], ids=["plain", "zsav", "rows"]
)
def test_spss_is_read_with_its_labels(read: Any, write: Write, options: dict[str, Any]) -> None:
    seen = read(
        write("sav", variable_value_labels=CODES, note=["A note"], file_label="Survey", **options)
    )
    (table,) = seen.tables
    assert [list(row) for row in table.rows] == [
        ["id", "name", "wage", "born", "seen", "sex"],
        *ROWS,
    ]
    assert table.form == "statistical" and table.total_rows == 4
    assert table.labels == ["Person number", "", "Hourly wage", "", "", "Sex"]
    assert table.coded == [5]
    assert "9 = Not for release before Tuesday" in seen.text
    assert "A note" in seen.text and "Survey" in seen.text and "Hourly wage" in seen.text
    assert not seen.gaps and not seen.parts


@pytest.mark.parametrize("version", [8, 10, 12, 13, 14, 15])
def test_every_stata_version_is_read(read: Any, write: Write, version: int) -> None:
    frame = people().assign(name=["Asa", "Bo", ""])
    seen = read(write("dta", frame, version=version, variable_value_labels=CODES))
    (table,) = seen.tables
    assert [row[2:] for row in table.rows[1:]] == [tuple(row[2:]) for row in ROWS]
    assert table.coded == [5] and "2 = Female" in seen.text and not seen.gaps


@pytest.mark.parametrize("version", [5, 8])
def test_sas_transport_files_are_read(read: Any, write: Write, version: int) -> None:
    seen = read(write("xpt", file_format_version=version, table_name="PEOPLE"))
    assert [list(row) for row in seen.tables[0].rows[1:]] == ROWS
    assert "PEOPLE" in seen.text and not seen.gaps


def test_a_portable_file_is_read(read: Any, write: Write) -> None:
    frame = people().assign(name=["Asa", "Bo", ""]).drop(columns="seen")
    frame.columns = [name.upper() for name in frame.columns]
    seen = read(write("por", frame, column_labels={"WAGE": "Hourly wage"}))
    assert [row[0] for row in seen.tables[0].rows] == ["ID", "1", "2", "3"]
    assert "Hourly wage" in seen.text and not seen.gaps and not seen.parts


def test_a_second_data_set_in_a_transport_file_is_found(read: Any, write: Write) -> None:
    first, second = write("xpt", table_name="FIRST"), write("xpt", table_name="SECOND")
    start = second.index(b"HEADER RECORD*******MEMB")
    seen = read(first + second[start:])
    assert len(seen.tables) == 2 and "SECOND" in seen.text
    assert seen.tables[1].location.where == "data set 2"


def test_user_missing_codes_stay(read: Any, write: Write) -> None:
    seen = read(write("sav", missing_ranges={"sex": [9]}))
    assert [row[5] for row in seen.tables[0].rows] == ["sex", "1", "2", "9"]


def test_cases_beyond_the_stated_number_are_read(read: Any, write: Write) -> None:
    content = bytearray(write("sav"))
    struct.pack_into("<i", content, 80, 1)
    assert len(read(bytes(content)).tables[0].rows) == 4


@pytest.mark.parametrize("options", [{}, {"compress": True}, {"row_compress": True}])
def test_data_behind_the_end_comes_out_as_a_file(
    read: Any, write: Write, options: dict[str, Any]
) -> None:
    for kind, chosen in (("sav", options), ("dta", {})):
        seen = read(write(kind, **chosen) + b"EMBARGOED until Tuesday")
        assert any(b"EMBARGOED" in part.content for part in seen.parts) or seen.gaps, kind


@pytest.mark.parametrize("kind", ["sav", "dta", "xpt"])
def test_a_cut_off_file_is_a_gap(read: Any, write: Write, kind: str) -> None:
    content = write(kind)
    for length in (len(content) // 2, len(content) - 90):
        assert read(content[:length]).reasons & {"unreadable", "limit"}, length


def test_rows_before_the_damage_are_read(read: Any, write: Write) -> None:
    frame = pandas.DataFrame({"id": [float(i) for i in range(1000)], "wage": [1.5] * 1000})
    content = write("dta", frame, column_labels=None, version=10)
    seen = read(content[: len(content) - 8000])
    assert len(seen.tables[0].rows) > 400 and "unreadable" in seen.reasons


@pytest.mark.parametrize("kind", ["sav", "dta"])
def test_a_file_that_claims_two_thousand_million_rows_ends(
    read: Any, write: Write, kind: str
) -> None:
    content = bytearray(write(kind))
    if kind == "sav":
        struct.pack_into("<i", content, 80, 2**31 - 1)
    else:
        struct.pack_into("<Q", content, content.index(b"<N>") + 3, 2**31 - 1)
    seen = read(bytes(content))
    assert seen.gaps or len(seen.tables[0].rows) == 4


def test_the_limit_on_cells_is_a_gap(read: Any, write: Write) -> None:
    seen = read(write("sav"), limits=ReadLimits(cells=12))
    assert len(seen.tables[0].rows) <= 3 and seen.reasons == {"limit"}


def test_many_columns_take_little_room(read: Any, write: Write) -> None:
    frame = pandas.DataFrame({f"v{i}": [1.0, 2.0] for i in range(450)})
    seen = read(write("xpt", frame, column_labels=None, file_format_version=8))
    assert len(seen.tables[0].rows) == 3 and len(seen.tables[0].rows[1]) == 450


def test_an_encrypted_spss_file_is_a_gap(read: Any) -> None:
    seen = read(b"\x1c\0\0\0\0\0\0\0ENCRYPTEDSAV\x15\0\0\0" + bytes(range(256)))
    assert seen.reasons == {"encrypted"}


def test_a_sas_catalogue_is_a_gap(read: Any) -> None:
    seen = read(b"\0" * 12 + b"\xc2\xea\x81\x63" + bytes(5000))
    assert seen.reasons == {"unreadable"}


def test_gaps_do_not_quote_the_file(read: Any, write: Write) -> None:
    content = write("sav").replace(b"Hourly wage", b"Secret data")
    for length in range(200, len(content), 37):
        for gap in read(content[:length]).gaps:
            assert "Secret" not in gap.detail and "wage" not in gap.detail


def test_labels_beyond_the_limit_of_text_are_a_gap(read: Any, write: Write) -> None:
    content = write("sav", column_labels={"id": "a description of somebody" * 4})
    seen = read(content, limits=replace(ReadLimits(), text_chars=20))
    assert "variable labels" in {gap.location.where for gap in seen.gaps if gap.reason == "limit"}
    assert max(len(text) for text in (seen.text + "\n" + seen.hidden).split("\n")) <= 20
