"""`gateway scan` says what a file is before somebody sends it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gateway.cli.scan import scan

RESPONDENTS = "serial,age,sex,marital,wage,health\n" + "".join(
    f"{7000 + 3 * n},{20 + n % 60},{1 + n % 2},{1 + n % 5},{400 + 17 * n}.50,{'good' if n % 3 else 'poor'}\n"
    for n in range(60)
)
COUNTS = "Region,2016,2017,2018\n" + "".join(
    f"Region {n},{900 + n * 31},{950 + n * 29},{990 + n * 7}\n" for n in range(9)
)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(scan, list(arguments))
    return result.exit_code, result.output


def as_json(*files: Path) -> list[dict[str, Any]]:
    code, output = run("--json", *map(str, files))
    assert code == 0
    found: list[dict[str, Any]] = json.loads(output)
    return found


@pytest.fixture
def written(tmp_path: Path) -> dict[str, Path]:
    paths = {"respondents": tmp_path / "one.csv", "counts": tmp_path / "two.csv"}
    paths["respondents"].write_text(RESPONDENTS)
    paths["counts"].write_text(COUNTS)
    return paths


def test_the_json_list_has_one_object_a_file_with_the_contracts_keys(
    written: dict[str, Path],
) -> None:
    found = as_json(*written.values())
    assert [one["verdict"] for one in found] == ["microdata", "aggregate"]
    assert set(found[0]) == {"file", "verdict", "where", "rows", "columns", "signals", "gaps"}
    assert set(found[0]["signals"][0]) == {"name", "weight", "why"}
    assert (found[0]["rows"], found[0]["columns"]) == (60, 6)


def test_the_text_gives_verdict_reasons_place_and_advice(written: dict[str, Path]) -> None:
    code, output = run(str(written["respondents"]))
    assert code == 0 and output.startswith("MICRODATA")
    assert all(
        part in output for part in ("speaks for records", "where: columns A–F", "what to do")
    )


def test_the_text_never_quotes_the_file(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text(RESPONDENTS.replace("serial", "serial_confidentialword"))
    assert "confidentialword" not in run(str(path))[1]


def test_a_missing_file_a_folder_and_an_unknown_format_are_unreadable_not_clean(
    tmp_path: Path,
) -> None:
    unknown = tmp_path / "thing.sav"
    unknown.write_bytes(b"$FL2" + bytes(200))
    found = as_json(tmp_path / "missing.csv", tmp_path, unknown)
    assert [one["verdict"] for one in found] == ["unreadable"] * 3
    assert [one["gaps"][0]["reason"] for one in found] == ["unreadable", "unreadable", "no-reader"]


def test_no_file_at_all_is_misuse() -> None:
    assert run()[0] == 2


def test_a_very_hidden_sheet_of_records_makes_the_workbook_microdata(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for line in COUNTS.splitlines():
        book.active.append([int(c) if c.isdigit() else c for c in line.split(",")])
    hidden = book.create_sheet("Data")
    hidden.sheet_state = "veryHidden"
    for line in RESPONDENTS.splitlines():
        hidden.append([float(c) if c[0].isdigit() else c for c in line.split(",")])
    path = tmp_path / "book.xlsx"
    book.save(path)
    (found,) = as_json(path)
    assert (found["verdict"], found["rows"]) == ("microdata", 60)
    assert "Data" in found["where"]
