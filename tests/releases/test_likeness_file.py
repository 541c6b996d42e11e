"""What people take for one another loads as it is written, or with every fault and its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.model.fault import Faults
from gateway.model.likeness import LikeWords
from gateway.releases import load_register

ROOT = Path(__file__).resolve().parents[2]


def load(tmp_path: Path, text: str) -> LikeWords:
    folder = tmp_path / "releases"
    folder.mkdir()
    (tmp_path / "likeness.yaml").write_text(text)
    return load_register(folder, None, "Europe/London").like


def test_the_first_word_of_a_group_stands_for_the_others(tmp_path: Path) -> None:
    like = load(
        tmp_path,
        "same_words: [[Personnel, people, human resources]]\nranks: [Head]\nposts: [desk]\n"
        "twin_departments: [[DfE, DEFRA]]\n",
    )
    assert like.means == dict.fromkeys(("personnel", "people", "human resources"), "personnel")
    assert (like.ranks, like.posts) == (frozenset({"head"}), frozenset({"desk"}))
    assert like.twins == (frozenset({"dfe", "defra"}),)


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    assert load(tmp_path, "# nothing yet\n") == LikeWords()


@pytest.mark.parametrize(
    "text, line, message",
    [
        ("twins: [[a, b]]", 1, "unknown key 'twins'"),
        ("same_words:\n  - [one]", 2, "two or more"),
        ("same_words:\n  - [one, two]\n  - [three, one]", 3, "stands in two groups"),
        ("same_words:\n  - [one, two 3]", 2, "up to four words"),
        ("ranks: [head,\n  two words]", 2, "without digits and spaces"),
        ("posts: desk", 1, "expected a list"),
    ],
)
def test_faults_say_where(tmp_path: Path, text: str, line: int, message: str) -> None:
    with pytest.raises(Faults) as caught:
        load(tmp_path, text)
    (fault,) = caught.value.faults
    assert message in fault.message and fault.line == line


def test_the_shipped_file_loads_where_there_is_none_beside_the_releases(tmp_path: Path) -> None:
    (tmp_path / "releases").mkdir()
    like = load_register(tmp_path / "releases", None, "Europe/London").like
    assert like == load_register(ROOT / "rules/releases", None, "Europe/London").like
    assert like.means["people"] == like.means["human resources"] == "personnel"
    assert not like.ranks & set(like.means)
