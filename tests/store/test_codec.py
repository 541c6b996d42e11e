"""What is stored as JSON comes back as it was, also after the types have grown."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.finding import Finding
from gateway.model.message import Location
from gateway.model.release import Standing
from gateway.model.session import Arrival, Session
from gateway.model.verdict import Alert, Decision, RuleTrace, Tie, Verdict
from gateway.store import StoreError
from gateway.store.codec import dumps, loads

words = st.text(max_size=20)
decisions = st.builds(
    Decision, words, st.sampled_from(["pass", "hold", "reject"]), st.none() | words,
    st.none() | st.booleans(),
    st.none() | st.builds(Standing, words, words, st.just("expired"), words, st.none() | words),
    st.lists(words, max_size=3).map(tuple), st.lists(words, max_size=3).map(tuple),
)  # fmt: skip
verdicts = st.builds(
    Verdict, st.just("hold"), st.lists(decisions, max_size=3).map(tuple),
    ties=st.just((Tie(None, True, "banner", "x"),)),
    alerts=st.lists(
        st.builds(Alert, words, st.just("breach"), st.none() | words, st.just(("a", "b")), words),
        max_size=2,
    ).map(tuple),
    notify=st.lists(st.tuples(words, words), max_size=2).map(tuple),
    rules=st.just((RuleTrace("r", False, "shadow", "no"),)),
)  # fmt: skip


@given(verdicts)
def test_any_verdict_comes_back(verdict: Verdict) -> None:
    assert loads(Verdict, dumps(verdict)) == verdict


def test_instants_mappings_and_json_facts_come_back() -> None:
    arrival = Arrival("A", datetime(2018, 3, 27, tzinfo=UTC))
    assert loads(Arrival, dumps(arrival)) == arrival
    session = Session("::1", user=None, xforward={"NAME": "x"})
    assert loads(Session, dumps(session)) == session
    finding = Finding("microdata", Location("1"), "low", {"n": [1, {"a": None}], "x": 1.5}, "•••")
    assert loads(Finding, dumps(finding)) == finding


def test_a_field_that_came_later_has_its_default_and_one_that_went_is_ignored() -> None:
    text = json.dumps({"client_address": "::1", "gone": 1})
    assert loads(Session, text) == Session("::1")


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"id": "A"}', '{"id": "A", "at": "then"}', "null"]
)
def test_damage_is_an_error_of_the_store(text: str) -> None:
    with pytest.raises(StoreError, match="a stored Arrival is damaged"):
        loads(Arrival, text)


def test_what_has_no_json_form_is_a_mistake_of_the_program() -> None:
    with pytest.raises(TypeError):
        dumps(object())
