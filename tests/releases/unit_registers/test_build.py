"""A register holds what it was built from, whole or not at all, and nothing that can be read."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from support.unit_rows import FIELDS, HEAD, KEY, KEY_COLUMNS, built, units, write_csv

from gateway.model.unit_register import UnitRegister, checks_of, value_digest
from gateway.model.unit_value import kept
from gateway.releases.unit_registers import source as sources
from gateway.releases.unit_registers.columns import choose
from gateway.releases.unit_registers.faults import RegisterFault
from gateway.releases.unit_registers.opened import describe, open_register
from gateway.releases.unit_registers.source import open_source


def rows_with(register: UnitRegister, column: str, value: str) -> list[int]:
    """The rows in which a key column has this value."""
    key = next(key for key in register.keys if register.columns[key.column] == column)
    spelling = kept(value)
    assert spelling is not None
    found = register.find(key, value_digest(KEY).many([spelling]), 1000, 1000)
    return sorted(found.row.tolist())


def test_every_row_is_found_by_each_of_its_keys(tmp_path: Path) -> None:
    rows = units(300)
    register = open_register(built(tmp_path, write_csv(tmp_path / "rows.csv", rows)), KEY)
    assert register.rows == 300
    for number, row in enumerate(rows):
        for column in KEY_COLUMNS:
            same = [
                n
                for n, r in enumerate(rows)
                if kept(r[HEAD.index(column)]) == kept(row[HEAD.index(column)])
            ]
            assert rows_with(register, column, row[HEAD.index(column)]) == same
            assert number in same


def test_a_record_keeps_a_check_of_each_of_its_values(tmp_path: Path) -> None:
    rows = units(40)
    register = open_register(built(tmp_path, write_csv(tmp_path / "rows.csv", rows)), KEY)
    records = register.records(np.arange(40, dtype=np.uint64))
    digest = value_digest(KEY)
    for row, record in zip(rows, records, strict=True):
        # The column of dates is read day first, as its values say.
        spelt = [
            kept(cell, "day-first" if name == "since" else "")
            for name, cell in zip(HEAD, row, strict=True)
        ]
        asked = [spelt[HEAD.index(name)] or b"" for name in register.columns]
        assert record.tolist() == checks_of(digest.many(asked)).tolist()


def test_many_chunks_in_several_processes_make_the_same_register_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = units(500)
    source = write_csv(tmp_path / "rows.csv", rows)
    one = open_register(built(tmp_path / "one", source), KEY)
    monkeypatch.setattr(sources, "CHUNK", 64)
    many = open_register(built(tmp_path / "many", source, processes=2), KEY)
    every = np.arange(500, dtype=np.uint64)
    assert (one.records(every) == many.records(every)).all()
    for row in rows[::50]:
        for column in KEY_COLUMNS:
            cell = row[HEAD.index(column)]
            assert rows_with(one, column, cell) == rows_with(many, column, cell)


def test_a_missing_value_is_no_key_and_agrees_with_nothing(tmp_path: Path) -> None:
    rows = units(10)
    rows[3][0] = ""
    rows[4][3] = "n/a"
    register = open_register(built(tmp_path, write_csv(tmp_path / "rows.csv", rows)), KEY)
    assert len(register.keys[0].digests) == 9
    records = register.records(np.array([3, 4], np.uint64))
    assert records[0, 0] == 0
    assert records[1, register.columns.index("town")] == 0


def test_two_columns_may_be_one_key(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "p.csv", [["Smith", "Jane", "12/03/1980"], ["Abel", "Omar", "01/02/1990"]],
                     ["surname", "forename", "born"])  # fmt: skip
    file = built(tmp_path, path, key_columns=["surname+forename"], fields=["born"])
    assert rows_with(open_register(file, KEY), "surname+forename", "Jane SMITH") == [0]


def test_nothing_in_the_file_is_a_value_or_a_digest_that_anybody_can_make(tmp_path: Path) -> None:
    rows = units(50)
    content = built(tmp_path, write_csv(tmp_path / "rows.csv", rows)).read_bytes()
    for row in rows:
        for cell in row:
            for text in {cell, cell.lstrip("0"), (kept(cell) or b"").decode()}:
                if len(text) < 5:
                    continue
                assert text.encode() not in content
                for digest in (hashlib.sha256, hashlib.md5, hashlib.blake2b):
                    assert digest(text.encode()).digest()[:8] not in content
    assert b"postcode" not in content


def test_without_the_key_a_dictionary_of_every_possible_value_finds_nothing(tmp_path: Path) -> None:
    """Whoever steals a register and guesses every reference there can be learns nothing of it."""
    rows = [[str(10_000 + n), f"Name {n}", "a"] for n in range(200)]
    path = write_csv(tmp_path / "rows.csv", rows, ["id", "name", "kind"])
    file = built(tmp_path, path, key_columns=["id"], fields=["name", "kind"])
    guesses = [b"n:%d" % number for number in range(100_000)]
    register = open_register(file, KEY)
    with_key = register.find(register.keys[0], value_digest(KEY).many(guesses), 10, 1000)
    assert len(with_key.asked) == 200
    content = file.read_bytes()
    stored = set(np.frombuffer(content[: len(content) // 8 * 8], "<u8").tolist())
    stored |= set(np.frombuffer(content[4 : 4 + (len(content) - 4) // 8 * 8], "<u8").tolist())
    for key in (b"\0" * 32, bytes(reversed(KEY)), KEY[:-1] + b"\0"):
        digests = value_digest(key).many(guesses)
        found = register.find(register.keys[0], digests, 10, 1000)
        assert not len(found.asked)
        assert not stored & set(digests.tolist())


def test_equal_values_do_not_show_in_the_records(tmp_path: Path) -> None:
    rows = [[str(number), "same", "same"] for number in range(1000, 3000)]
    path = write_csv(tmp_path / "rows.csv", rows, ["id", "name", "kind"])
    register = open_register(
        built(tmp_path, path, key_columns=["id"], fields=["name", "kind"]), KEY
    )
    assert len(np.unique(register.covered)) > 5990
    assert len(np.unique(register.keys[0].rows)) > 1990


def test_two_builds_of_the_same_rows_have_nothing_in_common(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "rows.csv", units(100))
    one = open_register(built(tmp_path / "a", source), KEY)
    other = open_register(built(tmp_path / "b", source), KEY)
    assert not set(one.keys[0].digests.tolist()) & set(other.keys[0].digests.tolist())
    assert not (one.covered == other.covered).any()


def test_a_build_that_fails_changes_nothing(tmp_path: Path) -> None:
    good = write_csv(tmp_path / "good.csv", units(30))
    before = built(tmp_path / "registers", good).read_bytes()
    rows = units(30, seed=2)
    rows[20] = rows[20][:-2]
    bad = write_csv(tmp_path / "bad.csv", rows)
    with pytest.raises(RegisterFault) as caught:
        built(tmp_path / "registers", bad)
    assert f"{bad}:22: 7 cells, and the header has 9" in str(caught.value)
    assert [path.name for path in (tmp_path / "registers").iterdir()] == ["business.register"]
    assert (tmp_path / "registers" / "business.register").read_bytes() == before


def test_a_table_without_rows_is_no_register(tmp_path: Path) -> None:
    with pytest.raises(RegisterFault, match="there are no rows"):
        built(tmp_path, write_csv(tmp_path / "rows.csv", []))


def test_every_wrong_column_is_named_at_once() -> None:
    with pytest.raises(RegisterFault) as caught:
        choose(["id", "Name", "x", "x"], ["idd", "name"], ["x", "town"])
    text = str(caught.value)
    assert "no column 'idd'; meant 'id'?" in text
    assert "'x' heads 2 columns" in text
    assert "no column 'town'" in text
    assert "the columns are: id, Name, x, x" in text


def test_a_match_needs_two_columns(tmp_path: Path) -> None:
    with pytest.raises(RegisterFault, match="needs two columns"):
        choose(["id", "name"], ["id"], [])
    with pytest.raises(RegisterFault, match="no key column"):
        choose(["id", "name"], [], ["id", "name"])


@pytest.mark.parametrize("form", ["tsv", "semicolons", "utf-16", "windows", "bom", "parquet"])
def test_what_systems_export_is_read(tmp_path: Path, form: str) -> None:
    rows = units(20)
    rows[0][1] = "Caf\u00e9 Acme Ltd"
    path = tmp_path / f"rows.{form}"
    if form == "parquet":
        pa = pytest.importorskip("pyarrow")
        import pyarrow.parquet

        columns = {name: [row[n] for row in rows] for n, name in enumerate(HEAD)}
        columns["turnover"] = [int(value) for value in columns["turnover"]]
        pyarrow.parquet.write_table(pa.table(columns), path)
    else:
        delimiter = {"tsv": "\t", "semicolons": ";"}.get(form, ",")
        text = "\n".join(delimiter.join(row) for row in [HEAD, *rows]) + "\n"
        encoding = {"utf-16": "utf-16", "windows": "cp1252", "bom": "utf-8-sig"}.get(form, "utf-8")
        path.write_text(text, encoding=encoding)
    register = open_register(built(tmp_path, path), KEY)
    assert rows_with(register, "name", "ACME CAFE LIMITED") == [0]
    assert register.columns == (*KEY_COLUMNS, *FIELDS)


def test_what_is_no_table_of_text_is_left_to_others(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04" + bytes(100))
    assert open_source(tmp_path / "a.xlsx") is None


def test_how_much_agreement_proves_is_measured(tmp_path: Path) -> None:
    file = built(tmp_path, write_csv(tmp_path / "rows.csv", units(3000)))
    told = describe(file, KEY)
    distinct = open_register(file, KEY).distinct
    at = told.columns.index
    assert distinct.alone[at("reference")] > 22
    assert distinct.alone[at("name")] > 12
    # A region follows from the town, a town from the postcode; an industry from neither.
    assert distinct.given[at("town"), at("region")] == 0
    assert distinct.given[at("postcode"), at("town")] == 0
    assert distinct.given[at("town"), at("industry")] > 15
    region = [bits for field, _, bits in told.common if field == at("region")]
    assert len(region) == 8 and all(2 < bits < 4 for bits in region)
