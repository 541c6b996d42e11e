"""What is said to change a verdict does change it."""

from __future__ import annotations

from typing import Sequence

from hypothesis import given
from hypothesis import strategies as st

from gateway.detect.microdata.change import PHRASES, changes
from gateway.detect.microdata.verdict import Signal
from gateway.detect.microdata.weights import Weights

WEIGHTS = Weights(bias=0.0, microdata=0.5, aggregate=-0.5, typed=1.0, signals={})
FOR = ("personal-names", "coded-columns", "person-attributes", "answer-scale", "record-key")
SIGNALS = st.lists(st.floats(0.1, 3.0), min_size=1, max_size=5).map(
    lambda weights: [
        Signal(name, weight, "") for name, weight in zip(FOR, sorted(weights)[::-1], strict=False)
    ]
)


def said_of(signals: Sequence[Signal]) -> tuple[str, ...]:
    return changes("microdata", sum(signal.weight for signal in signals), signals, WEIGHTS)


@given(SIGNALS)
def test_microdata_that_would_stay_so_is_not_said_to_be_unsure_without_the_same(
    signals: list[Signal],
) -> None:
    score, strongest = sum(signal.weight for signal in signals), signals[0]
    said = " ".join(said_of(signals))
    if score >= WEIGHTS.microdata:
        assert not ("would stay microdata" in said and "would be unsure" in said)
        assert not ("would not change this" in said and "would be unsure" in said)
        if "would stay microdata" in said:
            assert PHRASES[strongest.name] in said
            assert score - strongest.weight >= WEIGHTS.microdata


def test_microdata_by_one_sign_alone_would_be_unsure_without_it() -> None:
    said = said_of([Signal("personal-names", 0.9, "")])
    assert "a close call: without personal names it would be unsure" in said
