"""The judge never raises, never quotes, and never runs away."""

from __future__ import annotations

import pickle
import time
from typing import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.detect.microdata import SHIPPED, judge
from gateway.detect.microdata.column import letter
from gateway.model.content import Table
from gateway.model.message import Location

Rows = list[list[str]]
cells = st.one_of(
    st.text(max_size=12),
    st.integers().map(str),
    st.floats(allow_nan=True).map(str),
    st.sampled_from(
        [
            "",
            "NA",
            "[c]",
            "Total",
            "2020",
            "Q1 2020",
            "£1,234",
            "12%",
            "a@b.example",
            "1e999",
            "\n",
            "²",
        ]
    ),
)


@settings(max_examples=250, deadline=None)
@given(st.lists(st.lists(cells, max_size=9), max_size=40))
def test_no_table_makes_it_raise(rows: Rows) -> None:
    found = judge(Table(Location("1"), rows))
    assert found.verdict in ("microdata", "aggregate", "unsure", "not-a-table")
    assert pickle.loads(pickle.dumps(found)) == found


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(cells, min_size=4, max_size=4), min_size=4, max_size=30))
def test_every_signal_has_a_weight_and_the_score_is_their_sum(rows: Rows) -> None:
    found = judge(Table(Location("1"), rows))
    if found.verdict != "not-a-table" and len(found.signals) > 1:
        assert all(signal.name in SHIPPED.signals for signal in found.signals)
        assert (
            abs(SHIPPED.bias + sum(signal.weight for signal in found.signals) - found.score) < 0.02
        )


def test_sentences_never_quote_headers_or_values(firm_rows: Callable[[int], Rows]) -> None:
    rows = firm_rows(30)
    rows[0] = [
        f"SECRETHEADER{name}" if number % 4 == 0 else name for number, name in enumerate(rows[0])
    ]
    told = " ".join(signal.why for signal in judge(Table(Location("1"), rows)).signals)
    assert "SECRETHEADER" not in told and "49900000000" not in told


def test_a_row_of_a_million_columns_costs_no_more_than_a_page() -> None:
    rows = [[str(n) for n in range(1_000_000)], ["x"] * 1_000_000, ["1", "2"], [""] * 1_000_000]
    start = time.process_time()
    judge(Table(Location("1"), rows))
    assert time.process_time() - start < 2


def test_cells_made_to_make_patterns_backtrack_do_not() -> None:
    hostile = [
        "jan" * 2000,
        "1" + " " * 30_000 + "x",
        " " * 30_000 + "!",
        "1," * 20_000 + "x",
        "A" * 30_000,
        "-" * 30_000,
        "(" * 9000,
        "Q1-" * 5000,
        "e" * 99,
        "1e" * 5000,
    ]
    rows = [["a", "b", "c"], *([cell, f"{cell}{n}", str(n)] for n in range(20) for cell in hostile)]
    start = time.process_time()
    judge(Table(Location("1"), rows))
    judge(Table(Location("1"), [[cell] * 3 for cell in hostile]))
    assert time.process_time() - start < 1


def test_letters_are_those_of_a_spreadsheet() -> None:
    assert [letter(n) for n in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
