"""`gateway releases import` and `export`: a whole list comes in, or nothing changes."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook
from support.list_folder import Run, command, list_folder

from gateway.cli.main import main

LIST = """\
# Written by hand.
release:
  # To be confirmed on Monday.
  title: Fostering statistics
  instant: 2027-11-12T09:30:00

# Titles, never people.
roles:
  - {id: media, title: Media Officer, organisation: The Department, count: 2}
  - {id: chief, title: Chief Economist}

# Who holds each.
appointments:
  - role: media   # on duty
    address: k.webb@dept.example
    to: 2028-06-30
    substitutes: [d.ash@dept.example]
    declaration: {signed: 2027-01-06, version: 4, expires: 2028-01-06}

# They make it.
production_team: [s.field@dept.example]  # for ever
"""


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    return list_folder(tmp_path, LIST, more="limits: {expanded_bytes: 8MiB}\n")


@pytest.fixture
def file(lists: Path) -> Path:
    return lists / "fostering-2027.yaml"


@pytest.fixture
def run(lists: Path) -> Run:
    return command(lists, "releases")


@pytest.fixture
def bring(run: Run, tmp_path: Path) -> Run:
    """Bring in a file of these contents; `into` the release."""

    def invoke(
        content: str | bytes, *more: str, name: str = "list.csv", into: bool = True
    ) -> Result:
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        release = ("--into", "fostering-2027") if into else ()
        return run("import", str(tmp_path / name), *release, *more)

    return invoke


def workbook(*rows: tuple[Any, ...], hidden: bool = False, unseen: str = "") -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for line in unseen.split():
        lines = book.active.row_dimensions if line.isdigit() else book.active.column_dimensions
        lines[int(line) if line.isdigit() else line].hidden = True
    if hidden:
        book.create_sheet("Shown")
        book.active.sheet_state = "hidden"
        book.active = 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


SHEET = (
    "Role,Department,Email,Name\n"
    "Media Officer,The Department,K.Webb@dept.example,Kim Webb\n"
    "Media Officer,The Department,d.ash@dept.example,\n"
    "Head of News,The Department,,\n"
)


def test_a_list_comes_in_and_everything_else_stands_as_it_was(bring: Run, file: Path) -> None:
    result = bring(SHEET)
    assert result.exit_code == 0, result.output
    assert "One person is new: d.ash@dept.example as “Media Officer”." in result.output
    assert "The role “Chief Economist” is gone." in result.output
    assert (
        file.read_text()
        == """\
# Written by hand.
release:
  # To be confirmed on Monday.
  title: Fostering statistics
  instant: 2027-11-12T09:30:00

# Titles, never people.
roles:
  - id: media
    title: Media Officer
    organisation: The Department
    count: 2
  - id: head-of-news
    title: Head of News
    organisation: The Department

# Who holds each.
appointments:
  - role: media
    address: k.webb@dept.example  # Kim Webb
    to: 2028-06-30
    declaration: {signed: 2027-01-06, version: 4, expires: 2028-01-06}
    substitutes: [d.ash@dept.example]
  - role: media
    address: d.ash@dept.example
  # Nobody is named for Head of News (1 place). To fill in:
  # - role: head-of-news
  #   address: ""

# They make it.
production_team: [s.field@dept.example]  # for ever
"""
    )


def test_bringing_in_the_same_list_again_changes_nothing(bring: Run, file: Path) -> None:
    bring(SHEET)
    before = file.read_text()
    result = bring(SHEET)
    assert "nothing that counts is different" in result.output
    assert file.read_text() == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Role,Email\nMedia Officer,nobody\n,a@dept.example\n", "list.csv:2:2: Email: not an"),
        ("Role,Email\nMedia Officer,nobody\n,a@dept.example\n", "list.csv:3: no role or title"),
        ("Role,Email\nMedia Officer,a@dept.example\nMedia Officer,a@dept.example\n",
         "list.csv:3: address: duplicate appointment"),
        ("Role,Email,Count\n" + "".join(f"Media Officer,{c}@dept.example,2\n" for c in "abc"),
         "list.csv:4: role: 'Media Officer' is held by 3 people"),
        ("Role,Email,Count\nMedia,a@dept.example,2\nMedia,b@dept.example,3\n",
         "list.csv:3: the count of Media is 3 here and 2 above"),
    ],
)  # fmt: skip
def test_a_broken_list_changes_nothing_and_says_which_row(
    bring: Run, file: Path, content: str, said: str
) -> None:
    result = bring(content)
    assert result.exit_code == 2
    assert said in result.output
    assert file.read_text() == LIST
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_fault_that_the_list_leads_to_elsewhere_is_said_where_it_stands_now(
    bring: Run, file: Path
) -> None:
    file.write_text(LIST.replace("d.ash@dept.example]", "d.ash@dept.example]\n  - role: media\n"
                                 "    address: g.birch@dept.example"))  # fmt: skip
    page = "<ul><li>Chief Economist<li>Head of News<li>Diary Manager<li>Media Officer x 1</ul>"
    result = bring(page, name="list.html")
    assert result.exit_code == 2
    assert f"{file}:18:5: role: 'Media Officer' is held by 2 people" in result.output


def test_a_dry_run_shows_and_writes_nothing(bring: Run, file: Path) -> None:
    result = bring(SHEET, "--dry-run")
    assert "One person is new" in result.output and "nothing was written" in result.output
    assert file.read_text() == LIST


def test_a_file_that_is_a_link_stays_one(bring: Run, file: Path, tmp_path: Path) -> None:
    target = file.rename(tmp_path / "kept-elsewhere.yaml")
    file.symlink_to(target)
    assert bring(SHEET).exit_code == 0
    assert file.is_symlink() and "head-of-news" in target.read_text()


def test_without_a_release_the_sections_are_shown(bring: Run, file: Path) -> None:
    result = bring(SHEET, into=False)
    assert result.stdout.startswith("roles:\n  - id: media-officer\n")
    assert file.read_text() == LIST


def test_who_changed_the_list_is_noted(bring: Run, file: Path) -> None:
    bring(SHEET, "--by", "S.Field@dept.example")
    assert "  changed_by: s.field@dept.example\n" in file.read_text()
    bring(SHEET.replace("d.ash", "g.birch"), "--by", "r.dale@dept.example")
    assert file.read_text().count("changed_by") == 1
    assert "  changed_by: r.dale@dept.example\n" in file.read_text()


def test_lists_that_need_approval_need_somebody_who_changed_them(bring: Run, lists: Path) -> None:
    config = lists.parent / "config.yaml"
    config.write_text(config.read_text().replace("rules: {", "rules: {approval: second-person, "))
    assert bring(SHEET).exit_code == 2
    result = bring(SHEET, "--by", "s.field@dept.example")
    assert result.exit_code == 0
    assert "it waits for a second person" in result.output


def test_workbooks_are_read_with_their_days_and_numbers(bring: Run, file: Path) -> None:
    from datetime import date

    rows = (("Our list",), ("Job title", "E-mail", "From", "Number"),
            ("Media Officer", "d.ash@dept.example", date(2027, 1, 8), 2))  # fmt: skip
    result = bring(workbook(*rows), name="list.xlsx")
    assert result.exit_code == 0, result.output
    assert "address: d.ash@dept.example\n    from: 2027-01-08\n" in file.read_text()


@pytest.mark.parametrize(
    ("unseen", "said"),
    [("3 4 6", "hidden rows are filled: 3–4, 6"), ("B", "hidden columns are filled: B")],
)
def test_what_nobody_saw_of_a_list_does_not_come_in(
    bring: Run, file: Path, unseen: str, said: str
) -> None:
    people = [("Media Officer", f"{name}@dept.example") for name in "abcde"]
    result = bring(workbook(("Role", "Email"), *people, unseen=unseen), name="list.xlsx")
    assert result.exit_code == 2
    assert f"list.xlsx, sheet Sheet: {said}" in result.output
    assert "if they belong to the list, or delete them" in result.output
    assert file.read_text() == LIST


def test_a_formula_without_its_result_keeps_a_list_out(bring: Run, file: Path) -> None:
    rows = (("Role", "Email"), ("Media Officer", '=CONCAT("d.ash","@dept.example")'))
    result = bring(workbook(*rows), name="list.xlsx")
    assert result.exit_code == 2 and "formulas without their results: B2" in result.output
    assert file.read_text() == LIST


def test_what_is_hidden_and_empty_keeps_no_list_out(bring: Run, file: Path) -> None:
    rows = (("Role", "Email"), ("Media Officer", "d.ash@dept.example"))
    assert bring(workbook(*rows, unseen="9 F"), name="list.xlsx").exit_code == 0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_exports_of_spreadsheets_come_in_several_encodings(
    bring: Run, file: Path, encoding: str
) -> None:
    result = bring("Role;Email\nAttaché;a.vale@dept.example\n".encode(encoding))
    assert result.exit_code == 0, result.output
    assert "title: Attaché" in file.read_text()


def test_a_published_page_brings_titles_and_asks_for_people(bring: Run, lists: Path) -> None:
    (lists / "_people.yaml").write_text(
        "people:\n"
        "  - {id: ash, name: Dee Ash, title: Head of the News, addresses: [d.ash@dept.example]}\n"
        "  - {id: oak, name: Bo Oak, title: Head of Estates, addresses: [b.oak@dept.example]}\n"
    )
    page = "<ul><li>Media Officer x 3<li>Chief Economist<li>Head of News</ul>"
    result = bring(page, name="list.html")
    assert result.exit_code == 0, result.output
    text = (lists / "fostering-2027.yaml").read_text()
    assert "count: 3" in text
    assert "# Nobody is named for Head of News (1 place). To fill in:\n" in text
    assert "  #   address: d.ash@dept.example   # The directory has Dee Ash as" in text
    assert "b.oak" not in text
    assert "address: k.webb@dept.example\n    to: 2028-06-30" in text, "who was named stays named"
    shown = json.loads(run_show(lists))
    assert [len(role["holders"]) for role in shown["roles"]] == [1, 0, 0], "nobody is accepted"


def run_show(lists: Path) -> str:
    config = str(lists.parent / "config.yaml")
    words = ["releases", "show", "fostering-2027", "--json", "--config", config]
    return CliRunner().invoke(main, words).stdout


def test_titles_that_leave_out_a_role_that_people_hold_change_nothing(
    bring: Run, file: Path
) -> None:
    result = bring("<ul><li>Chief Economist</ul>", name="list.html")
    assert result.exit_code == 2
    assert (
        "'Media Officer' is not in the list of titles, and people hold this role" in result.output
    )
    assert file.read_text() == LIST


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("bomb.xlsx", "bomb", "could not be read whole"),
        ("list.xlsx", b"PK\x03\x04 not really", "list.xlsx"),
        ("list.csv", bytes(range(256)) * 50, "list.csv"),
        ("list.csv", b"Role\n" + b"Officer\n" * 100_000, "no pre-release list is so long"),
        ("list.csv", b"", "no column of roles"),
        ("list.ods", b"<html><p>No list</p>", "no titles on this page"),
        ("hidden.xlsx", "hidden", "a hidden sheet has a list of roles"),
    ],
    ids=["bomb", "broken", "binary", "endless", "empty", "disguised", "hidden"],
)  # fmt: skip
def test_hostile_files_change_nothing(
    bring: Run, file: Path, name: str, content: bytes | str, said: str
) -> None:
    if content == "bomb":
        out = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(workbook(("Role",), ("Media",)))) as whole,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb,
        ):
            for entry in whole.namelist():
                part = whole.read(entry)
                if entry == "xl/worksheets/sheet1.xml":
                    part = part.replace(b"<sheetData>", b"<sheetData>" + b"<row/>" * 2_000_000)
                bomb.writestr(entry, part)
        content = out.getvalue()
    elif content == "hidden":
        content = workbook(("Role",), ("Media",), hidden=True)
    result = bring(content, name=name)
    assert result.exit_code == 2, result.output
    assert said in result.output
    assert file.read_text() == LIST


def test_a_file_that_is_not_there_and_a_release_that_is_not_there(run: Run, tmp_path: Path) -> None:
    assert "No such file" in run("import", str(tmp_path / "none.csv")).output
    (tmp_path / "list.csv").write_text(SHEET)
    result = run("import", str(tmp_path / "list.csv"), "--into", "nope")
    assert result.exit_code == 2
    assert "there is no release 'nope'" in result.output


@pytest.mark.parametrize("form", ["html", "ods"])
def test_what_is_exported_comes_in_again_unchanged(
    run: Run, file: Path, tmp_path: Path, form: str
) -> None:
    output = tmp_path / f"published.{form}"
    result = run("export", "fostering-2027", "--format", form, "--output", str(output))
    assert result.exit_code == 0, result.output
    again = run("import", str(output), "--into", "fostering-2027")
    assert "nothing that counts is different" in again.output
    assert file.read_text() == LIST


def test_a_release_in_one_line_cannot_take_the_author(bring: Run, file: Path) -> None:
    flat = "release: {title: Fostering statistics, instant: 2027-11-12T09:30:00}\nroles: []\n"
    file.write_text(flat)
    result = bring(SHEET, "--by", "s.field@dept.example")
    assert result.exit_code == 2 and "write each of its keys on a line" in result.output
    assert file.read_text() == flat
    assert bring(SHEET).exit_code == 0
