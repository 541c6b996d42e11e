"""`gateway scan` says what a file is before somebody sends it."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any, get_args

import openpyxl
import pytest
from click.testing import CliRunner

from gateway.cli.scan import scan
from gateway.cli.scan_view import MENDING
from gateway.model.message import GapReason

ROOT = Path(__file__).resolve().parents[2]
RESPONDENTS = "serial,age,sex,marital,wage,health\n" + "".join(
    f"{7000 + 3 * n},{20 + n % 60},{1 + n % 2},{1 + n % 5},{400 + 17 * n}.50,{'good' if n % 3 else 'poor'}\n"
    for n in range(60)
)
COUNTS = "Region,2016,2017,2018\n" + "".join(
    f"Region {n},{900 + n * 31},{950 + n * 29},{990 + n * 7}\n" for n in range(9)
)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(scan, list(arguments))
    return result.exit_code, result.stdout if result.exit_code == 0 else result.output


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


def test_a_file_that_is_not_there_and_a_folder_are_misuse(
    tmp_path: Path, written: dict[str, Path]
) -> None:
    code, output = run(str(written["counts"]), str(tmp_path / "mispelt.csv"))
    assert code == 2 and "mispelt.csv: no such file" in output
    code, output = run("--json", str(tmp_path))
    assert code == 2 and "is a folder" in output


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "thing.h5"
    path.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(200))
    return path


def test_an_unknown_format_is_unreadable_not_clean(saved: Path) -> None:
    (found,) = as_json(saved)
    assert (found["verdict"], found["gaps"][0]["reason"]) == ("unreadable", "no-reader")


def test_the_advice_is_about_the_reason(saved: Path, tmp_path: Path) -> None:
    assert "cannot read this format" in run(str(saved))[1]
    assert "encryption" not in run(str(saved))[1]
    assert set(MENDING) == set(get_args(GapReason))


def test_what_is_no_table_has_no_columns(tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    path.write_text("a,b\n1,2\n")
    shown = run(str(path))[1]
    assert "no table found" in shown
    assert "where:" not in shown and "speaks" not in shown and "numbers:" not in shown


def test_the_numbers_are_explained_once(written: dict[str, Path]) -> None:
    assert run(*map(str, written.values()))[1].count("times as likely") == 1


def test_no_file_at_all_is_misuse() -> None:
    assert run()[0] == 2


def test_a_very_hidden_sheet_of_records_makes_the_workbook_microdata(tmp_path: Path) -> None:
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
    assert "VERY HIDDEN" in run(str(path))[1]
    hidden.sheet_state = "hidden"
    book.save(path)
    assert "it is HIDDEN" in run(str(path))[1]
    hidden.sheet_state = "visible"
    book.save(path)
    assert "HIDDEN" not in run(str(path))[1]


def test_every_table_that_needs_a_look_is_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "First wave"
    for sheet in (book.active, book.create_sheet("Second wave")):
        for line in RESPONDENTS.splitlines():
            sheet.append([float(c) if c[0].isdigit() else c for c in line.split(",")])
    path = tmp_path / "book.xlsx"
    book.save(path)
    said = run(str(path))[1]
    assert "First wave" in said and "look here too: sheet Second wave" in said


def test_a_logo_does_not_make_a_table_of_counts_unreadable(tmp_path: Path) -> None:
    from gateway.cli.scan import Limits, conclude, read_tables
    from gateway.model.message import Gap, Location, Part

    part = Part("1", "text/csv", "attachment", COUNTS.encode(), "two.csv")
    tables, _, packed = read_tables(Limits(), part)
    logo = Gap(Location("1!1"), "no-reader", "a picture", "image/png")
    assert conclude("two.xlsx", (tables, (logo,), packed)).verdict == "aggregate"
    locked = Gap(Location("1!1"), "encrypted", "", "application/zip")
    assert conclude("two.zip", (tables, (locked,), packed)).verdict == "unreadable"


def test_a_registered_synthetic_file_is_said_to_be_one(tmp_path: Path) -> None:
    config = (ROOT / "config.example.yaml").read_text()
    releases = tmp_path / "releases"
    shutil.copytree(ROOT / "rules" / "releases", releases)
    digest = hashlib.sha256(RESPONDENTS.encode()).hexdigest()
    (releases / "_synthetic.yaml").write_text(
        f'synthetic:\n  - {{sha256: "{digest}", title: Invented people, '
        "owner: lab@dept.example, expires: 2199-01-31}\n"
    )
    setting = tmp_path / "config.yaml"
    setting.write_text(
        config.replace("rules/", f"{ROOT}/rules/").replace(f"{ROOT}/rules/releases", str(releases))
    )
    path = tmp_path / "dummy.csv"
    path.write_text(RESPONDENTS)
    said = run("--config", str(setting), str(path))[1]
    assert said.startswith("MICRODATA") and "REGISTERED AS SYNTHETIC until 31 January 2199" in said
    path.write_text(RESPONDENTS + "1,2,3,4,5,good\n")
    assert "SYNTHETIC" not in run("--config", str(setting), str(path))[1]
    packed = tmp_path / "dummy.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("dummy.csv", RESPONDENTS)
    assert "REGISTERED AS SYNTHETIC" in run("--config", str(setting), str(packed))[1]
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("more.csv", RESPONDENTS + "1,2,3,4,5,good\n")
    assert "SYNTHETIC" not in run("--config", str(setting), str(packed))[1]


def test_records_that_are_packed_one_a_file_are_seen_together(tmp_path: Path) -> None:
    head, *rows = RESPONDENTS.splitlines()
    path = tmp_path / "singly.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number, row in enumerate(rows):
            archive.writestr(f"{number}.csv", f"{head}\n{row}\n")
    (found,) = as_json(path)
    assert found["verdict"] == "microdata" and found["rows"] >= 50
