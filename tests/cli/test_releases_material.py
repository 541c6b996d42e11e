"""`gateway releases material`: registered whole or not at all, and nothing is lost on the way."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any, Callable

import pytest
from click.testing import CliRunner, Result

from gateway.cli.main import main
from gateway.store import Store

RELEASE = "release: {title: Fostering statistics, instant: 2037-11-12T09:30:00}\n"
TABLE = "Area,Children\nNorth Example,48213\nSouth Example,90577\n"
BRIEF = (
    "The number of children in foster care in the county of Example rose in March to the highest"
    " since these records began, the fourth rise in a row, while fewer carers than ever applied.\n"
)
POLICY = Path(__file__).resolve().parents[2] / "rules/policy"
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    lists = tmp_path / "lists"
    lists.mkdir()
    (lists / "fostering-2037.yaml").write_text(RELEASE)
    (lists / "adoption-2037.yaml").write_text(RELEASE.replace("Fostering", "Adoption"))
    (lists / "fostering-2007.yaml").write_text(RELEASE.replace("2037", "2007"))
    (tmp_path / "domains.yaml").write_text("")
    rules = f"{{policy: {POLICY}, releases: lists, domains: domains.yaml}}"
    (tmp_path / "config.yaml").write_text(f"rules: {rules}\n")
    (tmp_path / "tables.csv").write_text(TABLE)
    (tmp_path / "brief.txt").write_text(BRIEF)

    def invoke(*words: str) -> Result:
        command = ["releases", "material", *words, "--config", str(tmp_path / "config.yaml")]
        return CliRunner().invoke(main, command)

    return invoke


@pytest.fixture
def tables(run: Run, tmp_path: Path) -> str:
    return str(tmp_path / "tables.csv")


@pytest.fixture
def brief(run: Run, tmp_path: Path) -> str:
    return str(tmp_path / "brief.txt")


def listed(run: Run, *more: str) -> list[dict[str, Any]]:
    done = run("list", *more, "--json")
    assert done.exit_code == 0, done.output
    return list(json.loads(done.stdout))


def test_a_pack_is_registered_and_said_to_be(run: Run, tables: str, brief: str) -> None:
    done = run("add", "fostering-2037", tables, brief, "--by", "a.producer@dept.example")
    assert done.exit_code == 0, done.output
    assert "tables.csv" in done.output and "2 figures" in done.output
    documents = listed(run)
    assert {one["name"] for one in documents} == {"tables.csv", "brief.txt"}
    assert {one["by"] for one in documents} == {"a.producer@dept.example"}
    assert all(not one["gaps"] for one in documents)
    assert run("verify").exit_code == 0


def test_whoever_registers_no_public_edition_is_told_what_that_means(
    run: Run, tables: str, brief: str, tmp_path: Path
) -> None:
    assert "register that with --public" in run("add", "fostering-2037", tables).output
    assert (
        "material of fostering-2037: nothing public is registered beside it" in checked(tmp_path)[1]
    )
    assert "--public" not in run("add", "fostering-2037", brief, "--public").output
    assert "nothing public" not in checked(tmp_path)[1]


def test_the_last_edition_of_a_series_is_the_public_one_of_the_next(
    run: Run, tables: str, brief: str, tmp_path: Path
) -> None:
    for year in ("2037", "2007"):
        text = RELEASE.replace("2037", year).replace("}", ", series: fostering}")
        (tmp_path / "lists" / f"fostering-{year}.yaml").write_text(text)
    run("add", "fostering-2007", brief, "--public")
    assert "--public" not in run("add", "fostering-2037", tables).output


def test_the_other_documents_of_a_release_stay(run: Run, tables: str, brief: str) -> None:
    run("add", "fostering-2037", tables)
    run("add", "fostering-2037", brief)
    assert len(listed(run, "fostering-2037")) == 2


def test_what_was_not_read_of_a_pack_is_listed(run: Run, tables: str, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("tables.csv", TABLE)
        archive.writestr("broken.xlsx", b"PK\x03\x04 this is no workbook")
    (tmp_path / "pack.zip").write_bytes(packed.getvalue())
    done = run("add", "fostering-2037", str(tmp_path / "pack.zip"))
    assert done.exit_code == 0, done.output
    assert "not read: broken.xlsx" in done.output
    (document,) = listed(run)
    assert document["gaps"] and document["figures"] == 2


def refused(run: Run, *words: str) -> str:
    before = listed(run)
    done = run("add", *words)
    assert done.exit_code == 1, done.output
    assert listed(run) == before
    return done.output


def test_the_same_file_twice_is_refused(run: Run, tables: str, brief: str) -> None:
    run("add", "fostering-2037", tables)
    assert "already" in refused(run, "fostering-2037", brief, tables)
    assert "twice" in refused(run, "adoption-2037", tables, tables)


def test_one_pack_may_belong_to_two_releases(run: Run, tables: str) -> None:
    assert run("add", "fostering-2037", tables).exit_code == 0
    assert run("add", "adoption-2037", tables).exit_code == 0


def test_an_unknown_release_is_refused_with_the_one_that_was_meant(run: Run, tables: str) -> None:
    assert "did you mean fostering-2037?" in refused(run, "fostering-2073", tables)


def test_what_is_out_can_be_registered_as_public_alone(run: Run, tables: str) -> None:
    assert "its embargo is over" in refused(run, "fostering-2007", tables)
    assert run("add", "fostering-2007", tables, "--public").exit_code == 0
    assert listed(run)[0]["public"] is True


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("nothing.txt", b""),
        ("letter.txt", b"Dear all\n"),
        ("noise.bin", bytes(range(256)) * 40),
        ("book.xlsx", b"PK\x03\x04 this is no workbook"),
    ],
)
def test_a_pack_in_which_nothing_can_be_recognised_is_refused(
    run: Run, tables: str, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    assert name in refused(run, "fostering-2037", tables, str(tmp_path / name))


def test_what_is_larger_than_is_read_is_refused(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(config.read_text() + "limits: {decoded_bytes: 1MiB}\n")
    (tmp_path / "large.csv").write_text(TABLE * 40_000)
    assert "larger than" in refused(run, "fostering-2037", str(tmp_path / "large.csv"))


def test_one_document_or_all_of_a_release_can_be_removed(run: Run, tables: str, brief: str) -> None:
    run("add", "fostering-2037", tables, brief)
    run("add", "adoption-2037", brief)
    assert run("remove", "fostering-2037", "brief.txt").exit_code == 0
    assert [one["name"] for one in listed(run, "fostering-2037")] == ["tables.csv"]
    assert run("remove", "fostering-2037").exit_code == 0
    assert [one["release"] for one in listed(run)] == ["adoption-2037"]
    missing = run("remove", "fostering-2037")
    assert missing.exit_code == 1 and "nothing is registered" in missing.output


def test_without_its_key_nothing_is_added_and_no_other_key_is_made(
    run: Run, tables: str, brief: str, tmp_path: Path
) -> None:
    run("add", "fostering-2037", tables)
    (tmp_path / "var/material.key").unlink()
    done = run("add", "fostering-2037", brief)
    assert done.exit_code == 1 and "the key file is missing" in done.output
    assert not (tmp_path / "var/material.key").exists()
    told = run("verify", "--json")
    assert told.exit_code == 1
    assert json.loads(told.stdout)["releases"] == ["fostering-2037"]


def test_a_lost_index_is_made_again_on_demand(run: Run, tables: str, tmp_path: Path) -> None:
    run("add", "fostering-2037", tables)
    (tmp_path / "var/material/.index").unlink()
    assert run("verify").exit_code == 1
    assert run("verify", "--rebuild").exit_code == 0
    assert run("verify").exit_code == 0


def test_the_audit_says_who_and_how_much_and_nothing_of_it(
    run: Run, tables: str, tmp_path: Path
) -> None:
    run("add", "fostering-2037", tables, "--by", "a.producer@dept.example")
    run("remove", "fostering-2037", "--by", "b.producer@dept.example")
    store = Store.open(tmp_path / "var/gateway.sqlite", tmp_path / "var/gateway.key")
    added, removed = store.audit_entries("release:fostering-2037")
    store.close()
    assert (added.actor, added.action) == ("a.producer@dept.example", "material registered")
    assert (removed.actor, removed.action) == ("b.producer@dept.example", "material removed")
    assert added.facts["figures"] == 2
    for entry in (added, removed):
        assert "tables" not in str(entry.facts) and "48213" not in str(entry.facts)


def test_a_name_is_for_one_file(run: Run, tables: str, brief: str) -> None:
    assert run("add", "fostering-2037", tables, brief, "--name", "Pack").exit_code == 2
    run("add", "fostering-2037", tables, "--name", "Main tables")
    assert listed(run)[0]["name"] == "Main tables"


# -- what `gateway check` says of it ------------------------------------------------------------


def checked(tmp_path: Path) -> tuple[int, str]:
    done = CliRunner().invoke(
        main, ["check", "--no-ports", "--config", str(tmp_path / "config.yaml")]
    )
    return done.exit_code, " ".join(done.output.split())


def test_check_says_nothing_of_material_where_there_is_none(run: Run, tmp_path: Path) -> None:
    assert "material" not in checked(tmp_path)[1]


def test_check_finds_that_the_key_is_missing_or_open_to_others(
    run: Run, tables: str, tmp_path: Path
) -> None:
    run("add", "fostering-2037", tables)
    key = tmp_path / "var/material.key"
    key.chmod(0o644)
    code, said = checked(tmp_path)
    assert code == 1 and "others can use the key file" in said
    key.unlink()
    code, said = checked(tmp_path)
    assert code == 1 and "the key file is missing" in said


def test_check_finds_a_damaged_index(run: Run, tables: str, tmp_path: Path) -> None:
    run("add", "fostering-2037", tables)
    index = tmp_path / "var/material/.index"
    index.write_bytes(index.read_bytes()[:-1])
    code, said = checked(tmp_path)
    assert code == 1 and "the index is cut short" in said


def test_check_warns_of_material_that_no_release_needs(
    run: Run, tables: str, brief: str, tmp_path: Path
) -> None:
    run("add", "fostering-2037", tables)
    run("add", "adoption-2037", brief)
    lists = tmp_path / "lists"
    (lists / "fostering-2037.yaml").unlink()
    (lists / "adoption-2037.yaml").write_text(RELEASE.replace("2037", "2009"))
    _, said = checked(tmp_path)
    assert "material of fostering-2037: there is no such release" in said
    assert "material of adoption-2037: its embargo is over" in said
    assert "lies beside it" in said


def test_a_key_inside_the_folder_that_it_protects_is_refused(
    run: Run, tables: str, tmp_path: Path
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(config.read_text() + "material: {key_file: var/material/key}\n")
    done = run("add", "fostering-2037", tables)
    assert done.exit_code == 2 and "config.yaml:2" in done.output
    assert "lies in the folder that it protects" in done.output


def test_another_user_than_the_gateways_registers_nothing(
    run: Run, tables: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("add", "fostering-2037", tables)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    done = run("add", "adoption-2037", tables)
    assert done.exit_code == 1 and "the user that the gateway runs as" in done.output


def test_inspect_says_that_a_message_was_not_compared(
    run: Run, tables: str, tmp_path: Path
) -> None:
    run("add", "fostering-2037", tables)
    (tmp_path / "var/material.key").unlink()
    (tmp_path / "letter.eml").write_bytes(
        b"From: s.field@dept.example\r\nTo: friend@webmail.example\r\n\r\nFostering statistics: soon.\r\n"
    )
    command = ["inspect", str(tmp_path / "letter.eml"), "--json"]
    done = CliRunner().invoke(main, [*command, "--config", str(tmp_path / "config.yaml")])
    assert done.exit_code == 0
    assert "material register unavailable" in done.stderr
    told = json.loads(done.stdout)
    assert told["recipients"][0]["reasons"] == ["material-unavailable"]
    assert [gap["part"] for gap in told["gaps"]] == ["0"]
