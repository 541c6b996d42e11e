"""Nested lists are taken apart whole, or reach anybody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.releases.directories.expansion import (
    MAX_DEPTH,
    MAX_MEMBERS,
    Inner,
    Node,
    Reach,
    expanded,
)


def lists(**members: str) -> dict[str, Node]:
    """`a="x B"`: the list a has the person x and the list b."""
    return {
        key: Node(key, [Inner(one.lower()) if one.isupper() else one for one in names.split()])
        for key, names in members.items()
    }


def fault(nodes: dict[str, Node], key: str) -> str:
    found = expanded(nodes)[key]
    assert not found.fault or not found.members
    return found.fault


def test_inner_lists_are_taken_apart_and_everybody_counts_once() -> None:
    found = expanded(lists(a="x B C", b="y x", c="B z"))
    assert found["a"] == Reach(("x", "y", "z"), "", frozenset("bc"), 2)


@pytest.mark.parametrize(
    ("nodes", "said"),
    [
        (lists(a="A x"), "it contains itself"),
        (lists(a="x B", b="A"), "it contains itself through b"),
        (lists(a="B", b="C", c="A x"), "it contains itself through b, c"),
        (lists(a="x B", b="C", c="B"), "it contains 'b', and it contains itself through c"),
        (lists(a=""), "it has no members"),
        (lists(a="x B", b=""), "it contains 'b', and it has no members"),
    ],
)
def test_a_list_that_nobody_can_take_apart_says_why(nodes: dict[str, Node], said: str) -> None:
    assert fault(nodes, "a") == said


def test_the_innermost_reason_is_kept() -> None:
    nodes = {**lists(a="B", b="C x"), "c": Node("c", (), "it is dynamic")}
    assert fault(nodes, "a") == fault(nodes, "b") == "it contains 'c', and it is dynamic"


def test_one_unknown_list_leaves_the_others_known() -> None:
    found = expanded(lists(a="A x", b="y"))
    assert found["a"].fault and found["b"] == Reach(("y",))


def test_a_circle_of_hundreds_is_told_in_one_line() -> None:
    names = [f"n{number}" for number in range(500)]
    nodes = {
        name: Node(name, [Inner(other)])
        for name, other in zip(names, [*names[1:], names[0]], strict=True)
    }
    assert fault(nodes, "n0") == "it contains itself through n1, n2, n3, n4, n5, 494 more"


def test_depth_and_length_are_bounded() -> None:
    deep = {f"n{n}": Node(f"n{n}", [Inner(f"n{n + 1}")]) for n in range(10_000)}
    deep["n10000"] = Node("n10000", ["x"])
    found = expanded(deep)
    assert not found[f"n{10_000 - MAX_DEPTH}"].fault
    assert "more than 20 deep" in found[f"n{9_999 - MAX_DEPTH}"].fault
    assert "more than 20 deep" in found["n0"].fault
    long = {"a": Node("a", [f"p{n}" for n in range(MAX_MEMBERS + 1)])}
    assert fault(long, "a") == "it has more than 5,000 members"


def test_lists_that_all_contain_the_longest_one_do_not_fill_memory() -> None:
    nodes = {"all": Node("all", [f"p{n}" for n in range(MAX_MEMBERS)])}
    nodes |= {f"l{n}": Node(f"l{n}", [Inner("all")]) for n in range(2_000)}
    found = expanded(nodes)
    kept = sum(len(reach.members) for reach in found.values())
    assert kept <= 4_000_000
    assert any("too many members" in reach.fault for reach in found.values())


NAMES = "abcdef"
GRAPHS = st.dictionaries(
    st.sampled_from(NAMES),
    st.lists(st.sampled_from([*NAMES.upper(), "x", "y", "z"]), max_size=4).map(" ".join),
    min_size=1,
)


@given(GRAPHS)
def test_law_a_list_is_known_only_with_everybody_behind_it(given: dict[str, str]) -> None:
    """By brute force: whom a list reaches by any way; a list that reaches itself is not known."""
    whole = {name: given.get(name, "w") for name in NAMES}
    found = expanded(lists(**whole))
    for name in NAMES:
        reached: set[str] = set()
        left = [name]
        seen = set()
        while left:
            for one in whole[left.pop()].split():
                if one.isupper() and one.lower() not in seen:
                    seen.add(one.lower())
                    left.append(one.lower())
                elif not one.isupper():
                    reached.add(one)
        if not found[name].fault:
            assert set(found[name].members) == reached
            assert name not in seen
            assert not any(found[inner].fault for inner in seen)
        else:
            culprits = {name, *seen}
            assert any(not whole[one].split() or one in _behind(whole, one) for one in culprits), (
                found[name]
            )


def _behind(whole: dict[str, str], name: str) -> set[str]:
    seen: set[str] = set()
    left = [name]
    while left:
        for one in whole[left.pop()].split():
            if one.isupper() and one.lower() not in seen:
                seen.add(one.lower())
                left.append(one.lower())
    return seen
