"""What rose, what fell, and what did not."""

from __future__ import annotations

import pytest

from gateway.detect.material.claims_direction import direction_of


def told(text: str) -> int:
    start = text.index("4.3")
    return direction_of(text, start, start + 4)


@pytest.mark.parametrize(
    "text",
    ["up 4.3%", "rose by 4.3%", "a 4.3% increase", "4.3% more than last year", "did not fall by 4.3%",
     "they didn't drop 4.3%"],
)  # fmt: skip
def test_what_rose_or_did_not_fall_went_up(text: str) -> None:
    assert told(text) == 1


@pytest.mark.parametrize(
    "text",
    [
        "down 4.3%",
        "fell by 4.3%",
        "a 4.3% drop",
        "4.3% fewer than last year",
        "has not grown by 4.3%",
    ],
)
def test_what_fell_or_did_not_rise_went_down(text: str) -> None:
    assert told(text) == -1


@pytest.mark.parametrize(
    "text", ["the rate is 4.3%", "Prices rose. The rate is 4.3%. Wages fell", "more than 4.3%"]
)
def test_another_sentence_says_nothing(text: str) -> None:
    assert told(text) == 0
