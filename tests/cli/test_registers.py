"""`gateway registers`: built whole or not at all, and found in mail from then on."""

from __future__ import annotations

import json
from email.message import EmailMessage
from pathlib import Path
from typing import Callable

import pytest
from click.testing import CliRunner, Result
from support.unit_rows import FIELDS, HEAD, KEY_COLUMNS, units, write_csv

from gateway.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., Result]
ROWS = units(500)
COLUMNS = ["--key-columns", ",".join(KEY_COLUMNS), "--fields", ",".join(FIELDS)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lists = tmp_path / "lists"
    lists.mkdir()
    (tmp_path / "config.yaml").write_text(
        f"rules: {{releases: lists, policy: {ROOT}/rules/policy, domains: {ROOT}/rules/domains.yaml}}\n"
    )
    write_csv(tmp_path / "rows.csv", ROWS)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    def invoke(*words: str) -> Result:
        return CliRunner().invoke(main, [*words, "--config", str(folder / "config.yaml")])

    return invoke


@pytest.fixture
def built(run: Run, folder: Path) -> Result:
    return run("registers", "build", str(folder / "rows.csv"), "--name", "business", *COLUMNS,
               "--processes", "1")  # fmt: skip


def inspected(run: Run, folder: Path, rows: list[list[str]]) -> dict[str, object]:
    message = EmailMessage()
    message["From"], message["To"] = "alice@dept.example", "friend@webmail.example"
    message["Date"] = "Fri, 20 Nov 2026 10:00:00 +0000"
    message.set_content("Only dummy data, as promised.\n")
    csv = "\n".join(",".join(row) for row in [HEAD, *rows])
    message.add_attachment(csv.encode(), maintype="text", subtype="csv", filename="dummy.csv")
    (folder / "mail.eml").write_bytes(message.as_bytes())
    result = run("inspect", str(folder / "mail.eml"), "--at", "2026-11-20T10:00:00+00:00", "--json")
    told: dict[str, object] = json.loads(result.stdout)
    return told


def test_a_register_is_built_listed_shown_verified_and_removed(
    run: Run, folder: Path, built: Result
) -> None:
    assert built.exit_code == 0, built.output
    assert "business: 500 rows" in built.output
    assert "put business into registers.required" in built.output
    assert "business: 500 rows" in run("registers", "list").output
    shown = json.loads(run("registers", "show", "business", "--json").stdout)
    assert (shown["rows"], shown["key_columns"], shown["fields"]) == (500, KEY_COLUMNS, FIELDS)
    assert "turnover: 100% filled" in run("registers", "show", "business").output
    assert "business: in order, 500 rows" in run("registers", "verify").output
    assert run("registers", "remove", "business").exit_code == 0
    assert "there are no registers" in run("registers", "list").output


def test_rows_of_a_register_are_found_in_mail(run: Run, folder: Path, built: Result) -> None:
    told = inspected(run, folder, ROWS[:15])
    (finding,) = [f for f in told["findings"] if f["kind"] == "register-rows"]  # type: ignore[attr-defined]
    assert finding["name"] == "dummy.csv"
    assert (finding["facts"]["register"], finding["facts"]["rows"], finding["facts"]["of"]) == (
        "business", 15, 15,
    )  # fmt: skip
    assert told["disposition"] == "hold"


def test_inspect_says_how_many_rows_of_which_register(
    run: Run, folder: Path, built: Result
) -> None:
    inspected(run, folder, [*ROWS[:14], *units(1, seed=2)])
    said = " ".join(run("inspect", str(folder / "mail.eml")).output.split())
    assert "found: 14 of 15 rows are in register business (by reference, name" in said


def test_other_rows_are_not(run: Run, folder: Path, built: Result) -> None:
    told = inspected(run, folder, units(15, seed=2))
    assert not [f for f in told["findings"] if f["kind"] == "register-rows"]  # type: ignore[attr-defined]


def test_a_required_register_that_is_missing_is_a_gap_and_a_warning(run: Run, folder: Path) -> None:
    with (folder / "config.yaml").open("a") as file:
        file.write("registers: {required: [patients]}\n")
    told = inspected(run, folder, ROWS[:15])
    (gap,) = told["gaps"]  # type: ignore[misc]
    assert (gap["name"], gap["reason"]) == ("dummy.csv", "unreadable")
    assert (
        "the unit register patients cannot be used: there is no such register"
        in run("check", "--no-ports").output
    )
    listed = run("registers", "list")
    assert "patients: CANNOT BE USED" in listed.output
    assert listed.exit_code == 1


def test_a_lost_key_is_a_gap_too(run: Run, folder: Path, built: Result) -> None:
    (folder / "var" / "registers.key").unlink()
    (gap,) = inspected(run, folder, ROWS[:15])["gaps"]  # type: ignore[misc]
    assert gap["reason"] == "unreadable"
    assert "its key is not there" in run("registers", "list").output


def test_no_new_key_is_made_beside_registers_that_have_lost_theirs(
    run: Run, folder: Path, built: Result
) -> None:
    (folder / "var" / "registers.key").unlink()
    again = run("registers", "build", str(folder / "rows.csv"), "--name", "other", *COLUMNS)
    assert again.exit_code == 1
    assert "the key is missing, and 1 registers were built with it" in again.output
    assert not (folder / "var" / "registers.key").exists()


def test_a_workbook_gives_the_rows_of_the_sheet_with_the_columns(run: Run, folder: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    with xlsxwriter.Workbook(folder / "rows.xlsx") as book:
        book.add_worksheet("Notes").write(0, 0, "Read me")
        sheet = book.add_worksheet("Units")
        for number, row in enumerate([["Register of units"], [], HEAD, *ROWS[:40]]):
            sheet.write_row(number, 0, row)
    result = run("registers", "build", str(folder / "rows.xlsx"), "--name", "b", *COLUMNS)
    assert "b: 40 rows" in result.output, result.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--name", "Business Register", *COLUMNS], "a name has a-z"),
        (["--name", "b", "--key-columns", "refernce", "--fields", "name"], "meant 'reference'?"),
        (["--name", "b", "--key-columns", "reference"], "needs two columns"),
    ],
)
def test_what_was_asked_wrongly_is_said_and_nothing_is_built(
    run: Run, folder: Path, words: list[str], says: str
) -> None:
    result = run("registers", "build", str(folder / "rows.csv"), *words)
    assert result.exit_code in (1, 2)
    assert says in result.output
    assert "there are no registers" in run("registers", "list").output


def test_faults_of_a_file_quote_none_of_its_values(run: Run, folder: Path) -> None:
    (folder / "bad.csv").write_text("id,name\n12345678,Acme\n23456789,Zenith,extra\n")
    result = run("registers", "build", str(folder / "bad.csv"), "--name", "b",
                 "--key-columns", "id", "--fields", "name")  # fmt: skip
    assert result.exit_code == 1
    assert "bad.csv:3: 3 cells, and the header has 2" in result.output
    assert "23456789" not in result.output and "Zenith" not in result.output


def test_what_is_not_there_is_said(run: Run, folder: Path) -> None:
    assert "there is no register 'x'" in run("registers", "show", "x").output
    assert "there is no register 'x'" in run("registers", "remove", "x").output
    missing = run("registers", "build", str(folder / "none.csv"), "--name", "b", *COLUMNS)
    assert "none.csv" in missing.output and missing.exit_code == 1


def test_rows_in_a_workbook_are_found_in_the_sandbox(run: Run, folder: Path, built: Result) -> None:
    """The child that reads it has the register open, though it may open no file itself."""
    xlsxwriter = pytest.importorskip("xlsxwriter")
    with xlsxwriter.Workbook(folder / "dummy.xlsx") as book:
        book.add_worksheet("Notes").write(0, 0, "Test data")
        sheet = book.add_worksheet("Rows")
        sheet.hide()
        for number, row in enumerate([HEAD, *ROWS[:15]]):
            sheet.write_row(number, 0, row)
    message = EmailMessage()
    message["From"], message["To"] = "alice@dept.example", "friend@webmail.example"
    message.set_content("Only dummy data, as promised.\n")
    message.add_attachment((folder / "dummy.xlsx").read_bytes(), maintype="application",
                           subtype="octet-stream", filename="dummy.xlsx")  # fmt: skip
    (folder / "mail.eml").write_bytes(message.as_bytes())
    told = json.loads(run("inspect", str(folder / "mail.eml"), "--json").stdout)
    (finding,) = [f for f in told["findings"] if f["kind"] == "register-rows"]
    assert (finding["where"], finding["facts"]["rows"]) == ("sheet Rows", 15)
    assert finding["facts"]["hidden"] is True
    assert told["gaps"] == []
