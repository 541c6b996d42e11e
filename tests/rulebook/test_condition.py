"""`when` is names, and, or, not and parentheses, and means what it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.rule import And, Condition, Name, Not, Or
from gateway.rulebook.condition import Problem, parse_condition

A, B, C = Name("a"), Name("b"), Name("c")


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("a", A),
        ("not a", Not(A)),
        ("not not a", A),
        ("a and b and c", And((A, B, C))),
        ("a or b", Or((A, B))),
        ("(a and b) or c", Or((And((A, B)), C))),
        ("a and (b or not c)", And((A, Or((B, Not(C)))))),
        ("  a\n and   b ", And((A, B))),
        ("(((a)))", A),
    ],
)
def test_conditions_are_read(text: str, meaning: Condition) -> None:
    assert parse_condition(text) == meaning


@pytest.mark.parametrize(
    ("text", "offset"),
    [("a and b or c", 8), ("a or b and c", 2), ("", 0), ("a b", 2), ("(a", 0), ("a)", 1),
     ("and a", 0), ("a and", 5), ("A and b", 0), ("a, b", 1), ("not", 3)],
)  # fmt: skip
def test_what_could_be_read_in_two_ways_or_in_none_is_refused(text: str, offset: int) -> None:
    with pytest.raises(Problem) as caught:
        parse_condition(text)
    assert caught.value.offset == offset


def test_a_long_condition_is_refused_and_not_parsed_to_death() -> None:
    with pytest.raises(Problem):
        parse_condition("(" * 100_000)


CONDITIONS = st.recursive(
    st.sampled_from([A, B, C]),
    lambda inner: st.one_of(
        inner.filter(lambda c: not isinstance(c, Not)).map(Not),
        st.lists(inner, min_size=2, max_size=3).map(tuple).map(And),
        st.lists(inner, min_size=2, max_size=3).map(tuple).map(Or),
    ),
    max_leaves=8,
)


def written(condition: Condition) -> str:
    if isinstance(condition, Name):
        return condition.name
    if isinstance(condition, Not):
        return f"not ({written(condition.operand)})"
    word = " and " if isinstance(condition, And) else " or "
    return word.join(f"({written(operand)})" for operand in condition.operands)


@given(CONDITIONS)
def test_reading_undoes_writing(condition: Condition) -> None:
    assert parse_condition(written(condition)) == condition
