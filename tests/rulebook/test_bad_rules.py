"""Every fault that can be in a rule is found, at its place, with a hint that helps.

Each file in bad/ ends with the faults that it must have, as comments: `# fault LINE:COLUMN
MESSAGE | HINT`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.model.fault import Faults
from gateway.rulebook import load_rulebook
from gateway.rulebook.rule_file import read_rule

BAD = sorted((Path(__file__).parent / "bad").glob("*.yaml"))


def expected(text: str) -> list[str]:
    return [line[len("# fault ") :] for line in text.splitlines() if line.startswith("# fault ")]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_rule_is_refused_with_exactly_these_faults(path: Path) -> None:
    text = path.read_text()
    rule, faults = read_rule(text.encode(), path.name, path.stem)
    found = [
        f"{fault.line}:{fault.column} {fault.message}" + (f" | {fault.hint}" if fault.hint else "")
        for fault in sorted(faults)
    ]
    assert rule is None
    assert expected(text)
    assert found == expected(text)


def test_all_faults_of_all_files_come_at_once() -> None:
    with pytest.raises(Faults) as caught:
        load_rulebook(BAD[0].parent)
    files = {Path(fault.file).name for fault in caught.value.faults}
    assert files == {path.name for path in BAD}
    assert len(caught.value.faults) == sum(len(expected(path.read_text())) for path in BAD)
