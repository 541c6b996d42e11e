"""The words of hints load as they are written, or with every fault and its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.model.fault import Faults
from gateway.model.indication import IndicationWords
from gateway.releases import load_register

ROOT = Path(__file__).resolve().parents[2]


def load(tmp_path: Path, text: str) -> IndicationWords:
    (tmp_path / "releases").mkdir()
    (tmp_path / "indication.yaml").write_text(text)
    return load_register(tmp_path / "releases", None, "Europe/London").indication


def test_a_department_may_have_words_of_its_own(tmp_path: Path) -> None:
    words = load(
        tmp_path,
        "days: 3\nfigures: [Numbers]\nbad: ['= grim', not .. great, worsen*]\nsigns: {bad: [📉]}",
    )
    assert (words.days, words.figures) == (3, ("numbers",))
    assert words.says["bad"] == ("= grim", "not .. great", "worsen*")
    assert words.signs["bad"] == ("📉",)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("worse: [x]", 1, "unknown key 'worse'"),
        ("days: 0", 1, "days from 1 to 60"),
        ("bad:\n  - not good!", 2, "not a phrase"),
        ("bad:\n  - a*b", 2, "not a phrase"),
        ("adverbs: [no]", 1, "expected words"),
        ("signs: {bad: [x]}", 1, "not a single sign"),
        ("good: [fine, fine]", 1, "written twice"),
    ],
)
def test_faults_say_where(tmp_path: Path, text: str, line: int, message: str) -> None:
    with pytest.raises(Faults) as caught:
        load(tmp_path, text)
    (fault,) = caught.value.faults
    assert message in fault.message and fault.line == line


def test_the_shipped_words_load_where_there_are_none_beside_the_releases(tmp_path: Path) -> None:
    (tmp_path / "releases").mkdir()
    words = load_register(tmp_path / "releases", None, "Europe/London").indication
    assert words == load_register(ROOT / "rules/releases", None, "Europe/London").indication
    assert words.says["bad"] and words.days == 7
