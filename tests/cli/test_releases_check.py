"""`gateway releases check`: remarks with file and line, and an exit code for scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Callable

import pytest
from click.testing import CliRunner, Result

from gateway.cli.main import main
from gateway.store import GATEWAY, RELAYED, Store

IN_ORDER = """\
release:
  title: Fostering statistics, 2097
  instant: 2097-11-12T09:30:00
roles:
  - {id: media, title: Media Officer}
appointments:
  - {role: media, address: k.webb@dept.example}
"""
ENDED = IN_ORDER.replace("k.webb@dept.example", "k.webb@dept.example, to: 2097-05-31")
Run = Callable[..., Result]


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "fostering-2097.yaml").write_text(IN_ORDER)
    (tmp_path / "domains.yaml").write_text("")
    (tmp_path / "config.yaml").write_text("rules: {releases: lists, domains: domains.yaml}\n")
    return folder


@pytest.fixture
def run(lists: Path) -> Run:
    def invoke(*words: str) -> Result:
        config = str(lists.parent / "config.yaml")
        return CliRunner().invoke(main, ["releases", "check", *words, "--config", config])

    return invoke


def found(result: Result) -> list[dict[str, Any]]:
    remarks: list[dict[str, Any]] = json.loads(result.stdout)
    return remarks


def test_a_list_in_order_is_exit_0_and_says_what_nobody_knows(run: Run) -> None:
    result = run()
    assert result.exit_code == 0
    assert result.output.startswith("fostering-2097: note: Who never uses their place")


def test_a_warning_is_exit_1_with_file_and_line(run: Run, lists: Path) -> None:
    (lists / "fostering-2097.yaml").write_text(ENDED)
    result = run()
    assert result.exit_code == 1
    assert f"{lists / 'fostering-2097.yaml'}:7: k.webb@dept.example will not count" in result.output
    assert f"{lists / 'fostering-2097.yaml'}:5: Nobody holds the role “Media" in result.output


def test_scripts_get_every_remark_with_its_kind(run: Run, lists: Path) -> None:
    (lists / "fostering-2097.yaml").write_text(ENDED)
    ended, _, vacant = found(run("--json"))
    assert (ended["kind"], ended["line"], ended["address"]) == ("ended", 7, "k.webb@dept.example")
    assert (vacant["kind"], vacant["line"], vacant["role"]) == ("vacant", 5, "media")
    assert set(ended) == {
        "release", "kind", "warning", "sentence", "address", "role", "file", "line",
    }  # fmt: skip


def test_people_who_are_written_by_their_id_are_found_in_the_file(run: Run, lists: Path) -> None:
    (lists / "_people.yaml").write_text(
        "people:\n  - {id: webb, name: K Webb, addresses: [k.webb@dept.example], left: 2097-01-01}\n"
    )
    text = IN_ORDER.replace("address: k.webb@dept.example", "person: webb")
    (lists / "fostering-2097.yaml").write_text(text)
    assert found(run("--json"))[0]["line"] == 7


def test_only_what_is_to_come_is_looked_through_unless_it_is_named(run: Run, lists: Path) -> None:
    (lists / "fostering-2017.yaml").write_text(
        ENDED.replace("2097", "2017").replace("Fostering", "Adoption")
    )
    assert run().exit_code == 0
    result = run("fostering-2017", "--json")
    assert result.exit_code == 1
    assert {one["release"] for one in found(result)} == {"fostering-2017"}


def test_titles_are_compared_with_the_published_page(run: Run, lists: Path) -> None:
    page = "<h2>The Department</h2><ul><li>Media Oficer x 1<li>Diary Manager</ul>"
    (lists.parent / "published.html").write_text(page)
    text = IN_ORDER.replace("  instant:", "  published: ../published.html\n  instant:")
    (lists / "fostering-2097.yaml").write_text(text)
    output = run().output
    assert "“Media Officer” is not on the published list, which has “Media Oficer”" in output
    assert "The published list has “Diary Manager”" in output
    (lists.parent / "published.html").unlink()
    assert "could not be read, and is not compared" in run().output


def test_the_store_knows_who_used_their_place(run: Run, lists: Path) -> None:
    from datetime import UTC, datetime

    (lists / "fostering-2096.yaml").write_text(IN_ORDER.replace("2097", "2096"))
    var = lists.parent / "var"
    store = Store.open(var / "gateway.sqlite", var / "gateway.key")
    facts = {"message": "A1", "recipients": ["x@dept.example"], "reply": 250}
    store.note(GATEWAY, RELAYED, "fostering-2096", facts, datetime(2096, 11, 11, tzinfo=UTC))
    store.close()
    assert (
        "was on the lists of fostering-2096 and never got anything" in run("fostering-2097").output
    )


def test_a_list_that_does_not_load_is_exit_2(run: Run, lists: Path) -> None:
    (lists / "fostering-2097.yaml").write_text("release: {}\n")
    result = run()
    assert result.exit_code == 2
    assert "'title' is missing" in result.output


def test_nothing_to_come_is_nothing_to_say(run: Run, lists: Path) -> None:
    (lists / "fostering-2097.yaml").unlink()
    result = run()
    assert (result.exit_code, result.output) == (0, "no release is to come\n")
