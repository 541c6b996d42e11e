"""Records in JSON are a table in every layout that programs write; every word is read."""

from __future__ import annotations

import json
import time
from typing import Any, Callable

import pytest

Read = Callable[..., Any]
HEAD = ["person", "born", "income"]
ROWS = [[f"P{i}", 1950 + i, 20000 + 37 * i] for i in range(15)]
TABLE = [HEAD, *([str(cell) for cell in row] for row in ROWS)]
RECORDS = [dict(zip(HEAD, row, strict=True)) for row in ROWS]
COLUMNS = {name: [row[at] for row in ROWS] for at, name in enumerate(HEAD)}


def dump(value: object) -> bytes:
    return json.dumps(value).encode()


LAYOUTS = {
    "records": dump(RECORDS),
    "rows": dump([HEAD, *ROWS]),
    "columns": dump(COLUMNS),
    "columns under row numbers": dump(
        {name: {str(at): v for at, v in enumerate(values)} for name, values in COLUMNS.items()}
    ),
    "split": dump({"columns": HEAD, "index": list(range(15)), "data": ROWS}),
    "named columns": dump({"fields": [{"id": h, "type": "text"} for h in HEAD], "records": ROWS}),
    "wrapped": dump({"meta": {"page": 1}, "result": {"items": RECORDS}}),
    "nested": dump([{"person": r["person"], "d": {"born": r["born"]}} for r in RECORDS]),
    "by key": dump({f"k{at}": record for at, record in enumerate(RECORDS)}),
    "by group": dump({"North": RECORDS[:7], "South": RECORDS[7:]}),
    "lines": b"\n".join(map(dump, RECORDS)),
    "concatenated": b"".join(map(dump, RECORDS)),
    "call": b"callback(" + dump(RECORDS) + b");",
    "assignment": b"var records = " + dump(RECORDS) + b";",
    "comments": b"// as agreed\n" + dump(RECORDS)[:-1] + b", /* last */ ]",
    "wide characters": json.dumps(RECORDS).encode("utf-16"),
    "very wide characters": json.dumps(RECORDS).encode("utf-32"),
    "marked": b"\xef\xbb\xbf" + dump(RECORDS),
    "features": dump(
        {"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": r,
             "geometry": {"type": "Point", "coordinates": [1.5, 2.5]}} for r in RECORDS]}
    ),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_records_are_a_table_in_every_layout(read: Read, layout: str) -> None:
    found = read(LAYOUTS[layout], "application/json", name="a.json")
    cells = found.tables[0].rows
    at = cells[0].index("person")
    assert [row[at] for row in cells[1:]] == [row[0] for row in TABLE[1:]]
    assert found.tables[0].form == "records"
    assert not found.gaps


def test_rows_keep_their_order_and_numbers_their_digits(read: Read) -> None:
    found = read(b'[{"a":12345678901234567890123,"b":1.10,"c":null,"d":true}]', name="a.json")
    assert found.tables[0].rows == [
        ["a", "b", "c", "d"],
        ["12345678901234567890123", "1.10", "", "true"],
    ]


def test_a_name_that_stands_twice_is_read_twice(read: Read) -> None:
    found = read(b'[{"a":"one","a":"two"},{"a":"three","a":"four"}]', name="a.json")
    assert found.tables[0].rows == [["a", "a (2)"], ["one", "two"], ["three", "four"]]
    assert "EMBARGOED" in read(b'{"n":"EMBARGOED","n":"x"}', name="a.json").text


def test_the_persons_of_every_household_are_one_table(read: Read) -> None:
    households = [{"hh": i, "persons": [{"age": i}, {"age": i + 1}]} for i in range(5)]
    found = read(dump(households), name="a.json")
    assert len(found.tables[1].rows) == 11


@pytest.mark.parametrize(
    "value",
    [
        {"a": {"b": ["x", {"c": "EMBARGOED"}]}}, {"EMBARGOED": 1}, ["x", "EMBARGOED"], "EMBARGOED",
        [[["EMBARGOED"]]], [{"a": [{"b": [[{"EMBARGOED": 1}]]}]}], {"a": [1, 2], "b": ["EMBARGOED", 1]},
        {"a": {"x": 1}, "b": {"x": "EMBARGOED"}, "c": {"x": 2}}, [1, {"a": 2}, "EMBARGOED"],
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[["EMBARGOED", 1]]]}},
        [{"type": "Feature", "properties": {}, "id": "EMBARGOED"}],
        {"value": ["EMBARGOED"], "dimension": {}}, {"dataSets": ["EMBARGOED"], "structure": {}},
        {"value": [1], "id": ["a"], "size": [1], "note": "EMBARGOED",
         "dimension": {"a": {"category": {"index": ["x"]}}}},
        {**{f"{name}_{at}": at for at in range(30) for name in "abc"}, "note": "EMBARGOED"},
        [{"name": name, "note": "EMBARGOED", "values": [1, 2, 3, 4, 5]} for name in "abc"],
        [{"name": name, "note": {"of": "EMBARGOED"}, "values": [1, 2, 3, 4, 5]} for name in "abc"],
        [{"name": name, "EMBARGOED": [1, 2, 3, 4, 5]} for name in "abc"],
        {name: {"values": [1, 2, 3, 4, 5], "label": "EMBARGOED"} for name in "abc"},
        {f"EMBARGOED {at} {name}": at for at in range(30) for name in ("age", "sex", "pay")},
        {"EMBARGOED until noon": []}, {"a": {}, "EMBARGOED until noon": {}, "c": {}},
        {"columns": ["a", "b"], "EMBARGOED until noon": [["1", "2"], ["3", "4"]]},
    ],
)  # fmt: skip
def test_a_banner_in_any_value_or_key_is_found(read: Read, value: object) -> None:
    found = read(b" " + dump(value), "application/json", name="a.json")
    assert "EMBARGOED" in found.everything()


def test_a_numbered_name_that_stands_twice_is_read_twice(read: Read) -> None:
    members = [f'"{name}_{at}": {at}' for at in range(30) for name in "abc"]
    content = "{" + ", ".join([*members, '"a_1": "EMBARGOED"', '"a_1": "again"']) + "}"
    found = read(content.encode(), "application/json", name="a.json")
    assert "EMBARGOED" in found.everything() and "again" in found.everything()


def test_what_is_cut_off_is_a_gap_and_still_read(read: Read) -> None:
    found = read(dump(RECORDS)[:-20], "application/json", name="a.json")
    assert found.reasons == {"unreadable"}
    assert len(found.tables[0].rows) == 15
    assert "P14" in found.text


def test_a_bad_line_among_lines_is_a_gap(read: Read) -> None:
    lines = [dump(r) for r in RECORDS]
    lines[7] = b'{"person": "EMBARGOED", oops'
    found = read(b"\n".join(lines), name="a.ndjson")
    assert found.reasons == {"unreadable"}
    assert len(found.tables[0].rows) == 15
    assert "EMBARGOED" in found.text


def test_nesting_without_end_is_a_gap(read: Read) -> None:
    for content in (b"[" * 100_000, b'{"a":' * 100_000, b"[" * 500 + b'"EMBARGOED"' + b"]" * 500):
        found = read(content, "application/json", name="a.json")
        assert found.reasons == {"limit"}


def test_halves_of_characters_do_no_harm(read: Read) -> None:
    found = read(rb'{"a":"x\ud800y \ud83d\ude00"}', name="a.json")
    assert found.text.encode()


def test_a_cube_becomes_readable_rows(read: Read) -> None:
    cube = {
        "version": "2.0", "class": "dataset", "id": ["area", "sex"], "size": [2, 2],
        "dimension": {
            "area": {"category": {"index": {"E": 0, "W": 1}, "label": {"E": "East", "W": "West"}}},
            "sex": {"category": {"index": ["m", "f"]}},
        },
        "value": {"0": 5, "3": 8},
    }  # fmt: skip
    rows = read(dump(cube), name="a.json").tables[0].rows
    assert rows == [["area", "sex", "value"], ["East", "m", "5"], ["East", "f", ""],
                    ["West", "m", ""], ["West", "f", "8"]]  # fmt: skip


@pytest.mark.parametrize(
    "pattern", [b'{"a":[', b"[1,\n", b'"\\u0041', b"{}\n[", b"//", b"/*", b'{"k":{"k":1},', b"a("]
)
def test_hostile_text_costs_no_more_than_its_size(read: Read, pattern: bytes) -> None:
    started = time.process_time()
    read((b"{" + pattern * (262_144 // len(pattern)))[:262_144], "application/json", name="a.json")
    assert time.process_time() - started < 2


HOMES = [[round(10.1 + i / 7, 5), round(59.2 + i / 11, 5)] for i in range(12)]


@pytest.mark.parametrize(
    "value",
    [
        {"type": "MultiPoint", "coordinates": HOMES},
        {"features": [{"type": "Feature", "properties": {},
                       "geometry": {"type": "MultiPoint", "coordinates": HOMES}}]},
        {"coordinates": HOMES}, {"home": {"coordinates": HOMES}},
    ],
)  # fmt: skip
def test_places_that_draw_nothing_are_a_table(read: Read, value: Any) -> None:
    found = read(json.dumps(value).encode(), name="a.json")
    rows = [["longitude", "latitude"], *([str(x), str(y)] for x, y in HOMES)]
    assert rows in [[list(row) for row in table.rows] for table in found.tables]


def test_points_stand_beside_the_properties_of_their_features(read: Read) -> None:
    features = [
        {"type": "Feature", "properties": {"name": f"Ann {i}"},
         "geometry": {"type": "Point", "coordinates": home}} for i, home in enumerate(HOMES)
    ]  # fmt: skip
    found = read(json.dumps({"features": features}).encode(), name="a.geojson")
    assert list(found.tables[0].rows[0]) == ["name", "longitude", "latitude"]
    assert list(found.tables[0].rows[1]) == ["Ann 0", *map(str, HOMES[0])]


@pytest.mark.parametrize("shape", ["LineString", "Polygon"])
def test_a_drawn_line_is_no_table(read: Read, shape: str) -> None:
    at: Any = HOMES if shape == "LineString" else [HOMES]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": shape, "coordinates": at}}
    found = read(json.dumps({"features": [feature] * 3}).encode(), name="a.geojson")
    assert not [table for table in found.tables if len(table.rows) > 4]
