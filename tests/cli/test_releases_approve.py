"""`gateway releases approve` and `diff`: a second person sees what changed, and only then it counts."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from support.list_folder import Run, command, list_folder

from gateway.store import Store

LIST = """\
release:
  title: Fostering statistics
  instant: 2027-11-12T09:30:00
  changed_by: s.field@dept.example
roles:
  - {id: media, title: Media Officer, count: 2}
appointments:
  - {role: media, address: k.webb@dept.example}
"""
ADDED = LIST + "  - {role: media, address: d.ash@dept.example}\n"
INSIDE = "2027-11-12T09:00:00"


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    return list_folder(tmp_path, LIST, rules="approval: second-person")


@pytest.fixture
def run(lists: Path) -> Run:
    return command(lists)


def may_have(run: Run, address: str) -> bool:
    result = run("who", "fostering-2027", address, "--at", INSIDE, "--json")
    (found,) = json.loads(result.stdout)
    return bool(found["allowed"])


def approve(run: Run, *more: str, **how: Any) -> Result:
    return run("releases", "approve", "fostering-2027", "--by", "r.dale@dept.example", *more, **how)


def test_nobody_counts_before_and_everybody_after_the_first_approval(run: Run) -> None:
    assert not may_have(run, "k.webb@dept.example")
    result = approve(run, "--yes")
    assert result.exit_code == 0, result.output
    assert "One person is new: k.webb@dept.example as “Media Officer”." in result.output
    assert "version 1 approved by r.dale@dept.example" in result.output
    assert may_have(run, "k.webb@dept.example")


def test_a_change_is_shown_and_counts_only_when_somebody_says_yes(run: Run, lists: Path) -> None:
    approve(run, "--yes")
    (lists / "fostering-2027.yaml").write_text(ADDED)
    refused = approve(run, input="n\n")
    assert "One person is new: d.ash@dept.example" in refused.output
    assert refused.exit_code == 1 and not may_have(run, "d.ash@dept.example")
    assert approve(run, input="y\n").exit_code == 0
    assert may_have(run, "d.ash@dept.example")


def test_who_changed_a_list_cannot_approve_it(run: Run) -> None:
    result = run("releases", "approve", "fostering-2027", "--by", "S.Field@dept.example", "--yes")
    assert result.exit_code == 1
    assert "a second person has to approve it" in result.output
    assert not may_have(run, "k.webb@dept.example")


def test_nor_under_another_address_of_theirs(run: Run, lists: Path) -> None:
    (lists / "_people.yaml").write_text(
        "people:\n  - {id: s-field, name: Sol Field,"
        " addresses: [s.field@dept.example, sol.field@dept.example]}\n"
    )
    words = ("releases", "approve", "fostering-2027", "--by", "sol.field@dept.example", "--yes")
    assert run(*words).exit_code == 1


def test_nor_is_anybody_who_changed_it_since_the_last_approval(run: Run, lists: Path) -> None:
    both = "[s.field@dept.example, r.dale@dept.example]"
    (lists / "fostering-2027.yaml").write_text(LIST.replace("s.field@dept.example", both))
    assert approve(run, "--yes").exit_code == 1


def test_bringing_in_a_list_does_not_hide_who_changed_it_before(
    run: Run, lists: Path, tmp_path: Path
) -> None:
    approve(run, "--yes")
    (lists / "fostering-2027.yaml").write_text(ADDED)
    sheet = tmp_path / "list.csv"
    sheet.write_text("Role,Email\nMedia Officer,a.vale@dept.example\n")
    words = ("releases", "import", str(sheet), "--into", "fostering-2027", "--by")
    assert run(*words, "m.brook@dept.example").exit_code == 0
    text = (lists / "fostering-2027.yaml").read_text()
    assert "changed_by: [s.field@dept.example, m.brook@dept.example]" in text
    own = run("releases", "approve", "fostering-2027", "--by", "s.field@dept.example", "--yes")
    assert own.exit_code == 1 and "a second person" in own.output


def test_several_lists_are_approved_together_or_not_at_all(run: Run, lists: Path) -> None:
    (lists / "adoption-2027.yaml").write_text(LIST.replace("s.field", "r.dale"))
    words = ("releases", "approve", "fostering-2027", "adoption-2027", "--yes", "--by")
    assert run(*words, "r.dale@dept.example").exit_code == 1
    assert not may_have(run, "k.webb@dept.example")
    assert run(*words, "m.brook@dept.example").exit_code == 0
    assert may_have(run, "k.webb@dept.example")


def test_a_list_that_was_tampered_with_can_be_approved_again(run: Run, lists: Path) -> None:
    approve(run, "--yes")
    with sqlite3.connect(lists.parent / "var" / "gateway.sqlite") as connection:
        connection.execute("UPDATE approvals SET by = 'chief@dept.example'")
    connection.close()
    assert not may_have(run, "k.webb@dept.example")
    assert approve(run, "--yes").exit_code == 0
    assert may_have(run, "k.webb@dept.example")


def test_a_list_that_does_not_say_who_changed_it_is_not_approved(run: Run, lists: Path) -> None:
    (lists / "fostering-2027.yaml").write_text(
        LIST.replace("  changed_by: s.field@dept.example\n", "")
    )
    result = approve(run, "--yes")
    assert result.exit_code == 1
    assert "add 'changed_by: ADDRESS' under 'release:'" in result.output


def test_what_is_approved_already_needs_nothing(run: Run, lists: Path) -> None:
    approve(run, "--yes")
    (lists / "fostering-2027.yaml").write_text("# Reviewed on Monday.\n" + LIST)
    result = approve(run, "--yes", "--json")
    assert json.loads(result.stdout) == []


def test_scripts_get_what_was_approved(run: Run) -> None:
    result = approve(run, "--yes", "--json")
    (found,) = json.loads(result.stdout)
    assert (found["release"], found["version"]) == ("fostering-2027", 1)
    assert found["approved_by"] == "r.dale@dept.example"
    assert found["changed_by"] == ["s.field@dept.example"]
    assert found["differences"][0] == "It is the first version."
    assert approve(run, "--json").exit_code == 2, "there is nobody to ask"


def test_a_file_that_is_gone_keeps_its_embargo_until_that_is_approved(
    run: Run, lists: Path
) -> None:
    approve(run, "--yes")
    (lists / "fostering-2027.yaml").unlink()
    listed = json.loads(run("releases", "list", "--json").stdout)
    assert [one["release"] for one in listed] == ["fostering-2027"]
    assert approve(run, "--yes").exit_code == 2
    assert approve(run, "--yes", "--removed-by", "r.dale@dept.example").exit_code == 1
    result = approve(run, "--yes", "--removed-by", "s.field@dept.example")
    assert "The release is gone, and its embargo with it." in result.output
    assert json.loads(run("releases", "list", "--json").stdout) == []


def test_exclusions_of_every_list_are_approved_too(run: Run, lists: Path) -> None:
    approve(run, "--yes")
    barred = "  - {address: k.webb@dept.example, from: 2027-01-01, reason: INC-1}\n"
    common = "changed_by: s.field@dept.example\n"
    (lists / "_exclusions.yaml").write_text(common + "exclusions:\n" + barred)
    words = ("releases", "approve", "_exclusions", "--by", "r.dale@dept.example", "--yes")
    assert "k.webb@dept.example is barred from every list" in run(*words).output
    (lists / "_exclusions.yaml").write_text(common + "exclusions: []\n")
    assert not may_have(run, "k.webb@dept.example"), "taking it back waits"
    assert "is no longer barred" in run(*words).output
    assert may_have(run, "k.webb@dept.example")


def test_approvals_are_in_the_audit_with_both_persons(run: Run, lists: Path) -> None:
    approve(run, "--yes")
    var = lists.parent / "var"
    store = Store.open(var / "gateway.sqlite", var / "gateway.key")
    (entry,) = store.audit_entries("fostering-2027")
    store.close()
    assert (entry.actor, entry.action) == ("r.dale@dept.example", "list approved")
    assert entry.facts["changed_by"] == ["s.field@dept.example"] and entry.facts["user"]


def test_check_warns_of_what_waits(run: Run) -> None:
    output = run("check", "--no-ports").output
    assert "fostering-2027: nobody has approved it, so that nobody on it counts" in output


def test_a_store_that_cannot_be_read_is_a_fault_and_no_list_counts(run: Run, lists: Path) -> None:
    approve(run, "--yes")
    (lists.parent / "var" / "gateway.key").unlink()
    result = run("who", "fostering-2027", "k.webb@dept.example")
    assert result.exit_code == 2
    assert "the approved lists cannot be read" in result.output


# -- diff -------------------------------------------------------------------------------------------


def test_two_files_are_compared_in_plain_words(run: Run, tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(LIST)
    new.write_text(ADDED.replace("09:30:00", "07:00:00"))
    result = run("releases", "diff", str(old), str(new))
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "One person is new: d.ash@dept.example as “Media Officer”.",
        "Publication is 2 hours and 30 minutes EARLIER: Fri 12 Nov 2027, 07:00 GMT instead of"
        " Fri 12 Nov 2027, 09:30 GMT.",
    ]


def test_a_file_is_compared_with_what_was_approved(run: Run, lists: Path) -> None:
    approve(run, "--yes")
    assert run("releases", "diff", "fostering-2027").exit_code == 0
    (lists / "fostering-2027.yaml").write_text(ADDED)
    result = run("releases", "diff", "fostering-2027", "--json")
    assert json.loads(result.stdout) == [
        "One person is new: d.ash@dept.example as “Media Officer”."
    ]


def test_a_version_that_does_not_load_is_exit_2_with_its_place(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "new.yaml"
    broken.write_text(LIST + "  - {role: nobody, address: x}\n")
    result = run("releases", "diff", "fostering-2027", str(broken))
    assert result.exit_code == 2
    assert f"{broken}:9" in result.output and "there is no role 'nobody'" in result.output


def test_what_does_not_exist_is_misuse(run: Run) -> None:
    assert run("releases", "diff", "nope").exit_code == 2
    assert run("releases", "diff", "nope", "neither").exit_code == 2
