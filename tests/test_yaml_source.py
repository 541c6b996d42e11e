"""YAML that people write: places are remembered, and hostile files end in faults, not crashes."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gateway.model.fault import Fault, Faults
from gateway.yaml_scalars import Unusual
from gateway.yaml_source import from_events, from_nodes, load, parse

WRITTEN = (
    "a: 1", "- b", "  c: {d: 2018-03-28, e: 10:30}", "- {x: yes, y: [1, .5, 0x1f, ~]}", "? k", ": v",
    "f: 'q'", "g: !!str 5", "h: &i 1", "j: *i", "- - z", "<<: {m: 1}", "a: again", "...", "---", "=: =",
    "n: 2018-02-30", "o: |", "   text", "p: 1_000", "q: 012", "r: .inf", "'s': \"t\"",
)  # fmt: skip


def value(text: str) -> object:
    return parse(text.encode(), "x.yaml").value


def faults_of(text: bytes) -> tuple[Fault, ...]:
    with pytest.raises(Faults) as caught:
        parse(text, "x.yaml")
    return caught.value.faults


def test_every_value_has_its_place() -> None:
    document = parse(b"a:\n  - b: 1\n    c: 2\n", "x.yaml")
    assert document.fault(("a", 0, "c"), "wrong") == Fault("x.yaml", 3, 5, "wrong")
    assert document.fault(("a", 0, "missing"), "wrong").line == 2
    assert (
        str(document.fault(("a",), "wrong", "do right")) == "x.yaml:1:1: wrong\n    hint: do right"
    )


def test_keys_are_words_even_where_yaml_would_read_a_boolean() -> None:
    assert value("on: 1\nno: 2\n1: 3\n") == {"on": 1, "no": 2, "1": 3}


def test_dates_and_instants_are_read_as_such() -> None:
    assert value("[2018-03-28, 2018-03-28T09:30:00, 2018-03-28T09:30:00Z]") == [
        date(2018, 3, 28), datetime(2018, 3, 28, 9, 30), datetime(2018, 3, 28, 9, 30, tzinfo=UTC),
    ]  # fmt: skip


def test_an_offset_is_kept() -> None:
    (moment,) = value("[2018-03-28T09:30:00+01:00]")  # type: ignore[misc]
    assert moment.utcoffset().total_seconds() == 3600


def test_a_time_of_day_is_text_and_not_a_number_of_seconds() -> None:
    assert value("[10:30, 09:30:00, 1:30.5]") == ["10:30", "09:30:00", "1:30.5"]


def test_an_impossible_date_is_left_as_text_for_whoever_knows_the_field() -> None:
    assert value("[2018-02-30, 2018-01-01T25:00:00]") == ["2018-02-30", "2018-01-01T25:00:00"]


def test_signs_that_mean_something_to_yaml_alone_are_text() -> None:
    assert value("[=, <<]") == ["=", "<<"]


def test_an_empty_file_is_nothing() -> None:
    assert value("# only a comment\n") is None


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        (b"a: 1\nb: 2\na: 3\n", (3, 1), "duplicate key 'a'"),
        (b"a: &x [1]\nb: *x\n", (2, 4), "anchors and aliases"),
        (b"a: !!python/object:os.system x\n", (1, 4), "custom tags"),
        (b"a: &x text\nb: *x\n", (2, 4), "anchors and aliases"),
        (b"a: !!set {x}\n", (1, 4), "custom tags"),
        (b"a: !!binary aGk=\n", (1, 4), "custom tags"),
        (b"a: !thing x\n", (1, 4), "custom tags"),
        (b"a: [1\nb: 2\n", (2, 2), "not valid YAML"),
        (b"? [a]\n: 1\n", (1, 3), "a key must be plain text"),
        (b"a: 1\n---\nb: 2\n", (2, 1), "not valid YAML"),
        (b"a: 1\nb: \xff\n", (2, 1), "not valid UTF-8"),
        (b"a: \x00\n", (0, 0), "unacceptable character"),
        (b"\ta: 1\n", (1, 1), "not valid YAML"),
    ],
)
def test_what_is_not_acceptable_is_a_fault_at_its_place(
    text: bytes, place: tuple[int, int], said: str
) -> None:
    (fault,) = faults_of(text)
    assert said in fault.message
    assert (fault.line, fault.column) == place


@pytest.mark.parametrize(
    ("text", "place", "said", "hint"),
    [
        (b"a: 'x\nb: 2\n", (1, 4), "a quote opens here and is never closed", ""),
        (b'a:\n  - "x\nb: 2\n', (2, 5), "a quote opens here and is never closed", ""),
        (b"a:\n\tb: 1\n", (2, 1), "a tab", "use spaces"),
        (b"a:\n  b: 1\n\tc: 2\n", (3, 1), "a tab", "use spaces"),
        (b"a: @x\n", (1, 4), "cannot start any token", "quotes"),
        (b"a: {b: 1\nc: 2\n", (2, 2), "expected ',' or '}'", "opens at line 1, column 4"),
        (b"a: 1\n  b: 2\n", (2, 4), "mapping values", "indentation"),
        (b"a: 'x\nb: 'y'\n", (2, 5), "expected key", "quotes"),
    ],
)
def test_broken_yaml_is_reported_where_it_is_to_be_mended(
    text: bytes, place: tuple[int, int], said: str, hint: str
) -> None:
    (fault,) = faults_of(text)
    assert (fault.line, fault.column) == place
    assert said in fault.message and hint in fault.hint


def test_every_duplicate_is_listed() -> None:
    assert [fault.line for fault in faults_of(b"a: 1\na: 2\nb: {c: 1, c: 2}\n")] == [2, 3]


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(Faults, match="No such file"):
        load(tmp_path / "nowhere.yaml")


BOMBS = {
    "flow sequences": "'[' * 100_000",
    "flow sequences by line": "'[\\n' * 100_000",
    "flow mappings": "'{a: ' * 50_000",
    "closed again": "'[' * 1_190 + ']' * 1_190",
    "compact sequences": "'- ' * 100_000 + 'a'",
    "complex keys": "'? ' * 100_000 + 'a'",
    "keys and sequences": "'? - ' * 50_000 + 'a'",
    "indentation": "''.join(' ' * n + 'a:\\n' for n in range(3_000))",
    "aliases": "'a: &a [x]\\n' + 'b: [' + '*a, ' * 100_000 + ']'",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_is_a_fault_and_not_a_crash(bomb: str) -> None:
    # In a child, because what is tested against is the death of the process.
    code = (
        "from gateway.yaml_source import parse\n"
        "from gateway.model.fault import Faults\n"
        f"try: parse(({bomb}).encode(), 'x')\n"
        "except Faults: print('fault')\n"
    )
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (child.returncode, child.stdout) == (0, "fault\n"), child.stderr


@given(st.text(alphabet="ab:-?[]{}&*!|>'\"%@ \n\t#,0é\x85\u2028\ufeff", max_size=60))
def test_whatever_is_written_is_a_value_or_faults(text: str) -> None:
    try:
        parse(text.encode(), "x.yaml")
    except Faults as faults:
        assert faults.faults


@given(
    st.text(alphabet="ab:-?[]{}&*!|>'\"%@ \n\t#,0.e1~é=<", max_size=60)
    | st.lists(st.sampled_from(WRITTEN), max_size=8).map("\n".join)
)
def test_values_from_events_are_those_from_nodes(text: str) -> None:
    try:
        value = from_events(text)
    except (Unusual, yaml.YAMLError):
        return  # read from nodes then
    assert repr(value) == repr(from_nodes(text, "x.yaml"))
