"""docs/rules.md says what is so: its tables, its example and its stage."""

from __future__ import annotations

import re
from pathlib import Path

from gateway.decide import decide
from gateway.rulebook import load_rulebook, prove
from gateway.rulebook.stage import STAGE
from gateway.rulebook.tables import field_table, policy_table

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "rules.md").read_text()


def between(name: str) -> str:
    match = re.search(rf"<!-- {name}:[^\n]*\n(.*?)\n<!-- end of {name}", PAGE, re.DOTALL)
    assert match
    return match[1]


def test_the_table_of_fields_is_the_vocabulary() -> None:
    assert between("fields") == field_table()


def test_the_table_of_rules_is_the_shipped_policy() -> None:
    assert between("policy") == policy_table(load_rulebook(ROOT / "rules" / "policy"))


def test_the_example_loads_and_passes_its_tests(tmp_path: Path) -> None:
    example = re.search(r"```yaml\n(id: example-rule.*?)```", PAGE, re.DOTALL)
    assert example
    (tmp_path / "example-rule.yaml").write_text(example[1])
    rulebook = load_rulebook(tmp_path)
    assert [proof.problems for proof in prove(rulebook, decide) if not proof.passed] == []


def test_everybody_and_everything_on_the_stage_is_described() -> None:
    people = {
        appointment.address
        for release in STAGE.releases.values()
        for appointment in release.roster.appointments
    }
    names = {address.split("@")[0] for address in people} - {"other"}
    assert all(f"{name}@" in PAGE for name in names)
    assert all(f"`{release}`" in PAGE for release in STAGE.releases)
    assert all(f"`{domain}`" in PAGE for domain in STAGE.domains)
