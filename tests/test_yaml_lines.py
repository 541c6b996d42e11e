"""What is read by lines is what libyaml reads, or it is left to libyaml."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.yaml_lines import LineReader
from gateway.yaml_scalars import Unusual
from gateway.yaml_source import from_nodes, load

ROOT = Path(__file__).resolve().parent.parent
LIST = """\
---
release:
  title: Children in care   # the long title
  instant: 2027-03-30T09:30:00
  share_link: "https://files.dept.example/#one"
roles:
- {id: press, title: 'Media Officer', count: 2}
- id: po
  title: Private Office (1 person)
appointments:
  - {role: press, person: hart, declaration: {signed: 2026-01-10, version: 3}}
  -   role: po
      address: "b@dept.example"
      substitutes: [c@dept.example, d@dept.example]

production_team:
"""
LINES = (
    "a: 1", "b:", "  c: d", "- e", "- f: g", "  h: i", "-   j: k", "    l: m", "  - n", "    - o",
    "a: again", "p: {q: r, s: 2018-03-28}", "- [t, 'u', \"v\"]", "w: {x: [y, {z: 10:30}]}", "# remark",
    "a1: b # remark", "a2: b#c", "a3: ''", 'a4: ""', "a5: 'it''s'", 'a6: "\\n"', "a7: {}", "a8: []",
    "a9: [b, ]", "b1: {c: 1, c: 2}", "b2: {c, d}", "b3: [c: d]", "b4: {c: d]", "b5: {c: d #e}", "b6: [c,d]",
    "b7: [http://x/y, c:d]", "b8: {c: ?d}", "b9: {c:d}", "c1: [-1]", "\tc2: d", "c3:\td", "c4: d ",
    "c5: d\xa0# e: f", "c6: \xa0", "\xa0c7: d", "c8: \u2028", "c9: \x85", "d1: d\r", "%YAML 1.1", "d2: -5",
    "d3: 2018-02-30", "d4: 2018-01-01 10:00:00", "d5: yes", "d6: ~", "d7: 190:20:30", "d8: `x`", "d9: x: y",
    "e1: x:", "e2:x", "e3 : x", "\ufeffe4: x", "e5: \U0001f600", "e6: \x7f", "e7: - x", "- e8: - x", "e9: |",
    "   text", "f1: &g h", "f2: *g", "f3: !!str 5", "<<: {m: 1}", "- <<", "? f4", ": f5", "...", "---", "-", "f6",
    "0: 1", "f7: 012", "f8: 0o7", "f9: [a] b", "g1: {a: b}c", "g2: \"a\" b", "g3: {a: b'c}", "g4: {'a': b}",
    "g5: 999999999999999999999", "g6: 0001-01-01", "g7: {a: [b}]", "g8: [[c], [d, [e]]]", "g9: {a: , b: c}",
    "h1: [\xa0a]", "h2: {a: \xa0b}", "h3: [a, \xa0, b\xa0]", "h4: [[\u3000a]]", "h5: {\xa0a: b}",
)  # fmt: skip
SIGNS = "ab:-?[]{}&*!|>'\"%@ \n\t#,0.e1~é=<\xa0\r\x85"


def same(text: str) -> None:
    """A reader that has read the text before knows what its lines meant, and says the same."""
    reader = LineReader()
    for _ in range(2):
        try:
            value = reader.read(text)
        except Unusual:
            continue
        assert repr(value) == repr(from_nodes(text, "x.yaml"))


@given(
    st.text(alphabet=SIGNS, max_size=60)
    | st.lists(st.sampled_from(LINES), max_size=8).map("\n".join)
    | st.lists(st.tuples(st.integers(0, 4), st.sampled_from(LINES)), max_size=8).map(
        lambda lines: "\n".join(" " * indent + line for indent, line in lines)
    )
)
def test_what_is_read_by_lines_is_what_libyaml_reads(text: str) -> None:
    same(text)


@given(st.integers(0, len(LIST)), st.integers(0, 3), st.text(alphabet=SIGNS, max_size=4))
def test_a_list_with_a_slip_of_the_pen_is_read_as_libyaml_reads_it(
    at: int, gone: int, put: str
) -> None:
    same(LIST[:at] + put + LIST[at + gone :])


@given(st.lists(st.sampled_from(LIST.splitlines()), max_size=12))
def test_lines_of_a_list_in_another_order_are_read_as_libyaml_reads_them(lines: list[str]) -> None:
    same("\n".join(lines))


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("before", ["", "k:\n  ", "- ", "k: v\n", "k:\n- x\n", "- k: v\n  "])
def test_every_odd_line_is_read_as_libyaml_reads_it(before: str, line: str) -> None:
    same(before + line)
    same(f"{before}{line}\n\n# end\n")


def test_a_list_as_people_write_it_is_read_by_lines() -> None:
    assert LineReader().read(LIST) == from_nodes(LIST, "x.yaml")
    assert LineReader().read(LIST.replace("\n", "\r\n")) == from_nodes(LIST, "x.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1]\nb: *x\n", "a: 1\na: 2\n", "- {a: 1, a: 2}\n", "a: !!str 1\n", "a: 1\n---\nb: 2\n",
        "<<: {a: 1}\n", "a:\n\tb: 1\n", "a: 1\n  b: 2\n", "a: [1\n", "a: 'x\n", "a: \x00\n",
        "[" * 60 + "]" * 60, "".join(" " * n + "a:\n" for n in range(60)), "just words\n", "",
    ],
)  # fmt: skip
def test_what_is_odd_or_faulty_is_left_to_the_reader_that_can_say_why(text: str) -> None:
    with pytest.raises(Unusual):
        LineReader().read(text)


def test_a_bracket_full_of_blanks_takes_no_longer_than_any_other_line() -> None:
    text = "a: {b: c," + " " * 200_000 + '"}\n'
    before = time.process_time()
    with pytest.raises(Unusual):
        LineReader().read(text)
    assert time.process_time() - before < 2


def test_our_own_example_lists_are_read_by_lines() -> None:
    lists = sorted((ROOT / "rules" / "releases").glob("*.yaml"))
    assert lists
    for path in lists:
        assert LineReader().read(path.read_text()) == load(path).value
