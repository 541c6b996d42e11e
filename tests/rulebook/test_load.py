"""A policy loads whole or not at all, and no policy never means that everything may pass."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Callable

import pytest

from gateway.decide import decide
from gateway.model.fault import Faults
from gateway.rulebook import load_rulebook
from gateway.rulebook.stage import INSTANT, STAGE

Text = Callable[..., str]


def messages(folder: Path) -> list[str]:
    with pytest.raises(Faults) as caught:
        load_rulebook(folder)
    return [str(fault) for fault in caught.value.faults]


def test_a_good_rule_loads(folder: Path, rule_text: Text) -> None:
    (folder / "locked-away.yaml").write_text(rule_text())
    rulebook = load_rulebook(folder)
    assert [rule.id for rule in rulebook.rules] == ["locked-away"]
    assert len(rulebook.rules[0].tests) == 4


def test_an_empty_folder_is_a_fault(folder: Path) -> None:
    assert "there is no rule in this folder" in messages(folder)[0]


def test_a_missing_folder_is_a_fault(tmp_path: Path) -> None:
    assert "no such folder" in messages(tmp_path / "nowhere")[0]


def test_a_rule_that_would_be_overlooked_is_a_fault(folder: Path, rule_text: Text) -> None:
    (folder / "locked-away.yaml").write_text(rule_text())
    (folder / "other.yml").write_text(rule_text("other"))
    assert "would be overlooked" in messages(folder)[0]


def test_notes_beside_the_rules_are_left_alone(folder: Path, rule_text: Text) -> None:
    (folder / "locked-away.yaml").write_text(rule_text())
    (folder / "README.md").write_text("About these rules.")
    (folder / ".locked-away.yaml.swp").write_bytes(b"\x00")
    assert len(load_rulebook(folder).rules) == 1


def test_one_bad_rule_keeps_all_out(folder: Path, rule_text: Text) -> None:
    (folder / "locked-away.yaml").write_text(rule_text())
    (folder / "broken.yaml").write_text("id: broken\n")
    assert all("broken.yaml" in message for message in messages(folder))


def test_an_id_stands_for_one_rule(folder: Path, rule_text: Text) -> None:
    (folder / "more").mkdir()
    (folder / "locked-away.yaml").write_text(rule_text())
    (folder / "more" / "locked-away.yaml").write_text(rule_text())
    assert any("duplicate id 'locked-away'" in message for message in messages(folder))


def test_two_rules_with_one_condition_are_a_fault(folder: Path, rule_text: Text) -> None:
    (folder / "locked-away.yaml").write_text(rule_text())
    renamed = rule_text(
        "other", ("locked:", "boxed:"), ("when: locked and public", "when: public and boxed")
    )
    (folder / "other.yaml").write_text(renamed)
    assert any("matches exactly what 'locked-away' matches" in m for m in messages(folder))


def test_the_digest_changes_with_the_rules(folder: Path, rule_text: Text) -> None:
    path = folder / "locked-away.yaml"
    path.write_text(rule_text())
    first = load_rulebook(folder).digest
    assert load_rulebook(folder).digest == first
    path.write_text(rule_text("locked-away", ("severity: medium", "severity: high")))
    assert load_rulebook(folder).digest != first


def test_rules_that_have_not_changed_are_not_read_again(folder: Path, rule_text: Text) -> None:
    path = folder / "locked-away.yaml"
    path.write_text(rule_text())
    first = load_rulebook(folder)
    assert load_rulebook(folder, first) is first
    path.write_text(rule_text("locked-away", ("severity: medium", "severity: high")))
    assert load_rulebook(folder, first).digest == load_rulebook(folder).digest != first.digest
    path.write_text("id: [")
    with pytest.raises(Faults):
        load_rulebook(folder, first)


def test_a_rulebook_travels_to_another_process_and_decides_the_same(
    folder: Path, rule_text: Text
) -> None:
    (folder / "locked-away.yaml").write_text(rule_text())
    rulebook = load_rulebook(folder)
    case = rulebook.rules[0].tests[0].case
    before = decide(case, STAGE, rulebook, INSTANT)  # leaves its memo in the rulebook
    copy = pickle.loads(pickle.dumps(rulebook))
    assert copy == rulebook
    assert decide(case, STAGE, copy, INSTANT) == before


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe", b"[" * 100_000, b"id: &a x\ntitle: *a\n", b"\x00"]
)
def test_what_is_no_rule_at_all_is_a_fault_and_no_crash(folder: Path, raw: bytes) -> None:
    (folder / "odd.yaml").write_bytes(raw)
    assert messages(folder)
