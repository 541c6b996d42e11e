"""Framing of DATA: the bytes between the 354 and the one true end, however they arrive."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.receive.data_reader import DataReader, DataRules

RULES = DataRules(message_bytes=200)
NORMALISE = DataRules(message_bytes=200, normalise=True)
BIG = DataRules(message_bytes=10_000)
ENDINGS = [
    b"\n.\n",
    b"\n.\r\n",
    b"\r\n.\n",
    b"\r.\r",
    b"\r.\r\n",
    b"\r\n.\r",
    b"\n.\r",
    b"\r\n\0.\r\n",
]

pieces = st.lists(
    st.sampled_from([b"\r\n", b"\r", b"\n", b".", b"..", b"\0", b"x", b"\xff", b"MAIL", b"\r\n.", b"y" * 60, *ENDINGS]),
    max_size=14,
)  # fmt: skip
crlf_lines = st.lists(
    st.binary(max_size=40).map(lambda line: re.sub(rb"[\r\n\0]", b".", line)), max_size=12
)


def read(rules: DataRules, chunks: list[bytes]) -> tuple[object, bytes]:
    """The outcome, and everything that was not content."""
    reader = DataReader(rules)
    for number, chunk in enumerate(chunks):
        if reader.feed(chunk):
            return reader.outcome, reader.rest + b"".join(chunks[number + 1 :])
    return None, b""


def stuffed(content: bytes) -> bytes:
    """What a correct client sends for this content (RFC 5321 section 4.5.2)."""
    return re.sub(rb"(?m)^\.", b"..", content) + b".\r\n"


@given(crlf_lines, st.binary(max_size=30))
def test_content_comes_out_as_it_was_before_dot_stuffing(lines: list[bytes], behind: bytes) -> None:
    content = b"".join(line + b"\r\n" for line in lines)
    assert read(BIG, [stuffed(content) + behind]) == (content, behind)


@given(pieces, st.lists(st.integers(0, 400), max_size=6), st.sampled_from([RULES, NORMALISE, BIG]))
@example([b"\r\n.\r\n"], [1, 2, 3], RULES)
@example([b"y" * 60, b"y" * 60, b"y" * 60, b"y" * 18, b"\r\n", b"."], [200, 201, 202], RULES)
def test_how_the_bytes_are_cut_changes_nothing(
    parts: list[bytes], cuts: list[int], rules: DataRules
) -> None:
    sent = b"".join(parts) + b"\r\n.\r\nRSET\r\n"
    places = sorted({0, len(sent), *(cut for cut in cuts if cut < len(sent))})
    whole = read(rules, [sent])
    assert whole[0] is not None
    assert read(rules, [bytes([octet]) for octet in sent]) == whole
    assert read(rules, [sent[a:b] for a, b in pairwise(places)]) == whole


@given(pieces)
def test_accepted_content_has_no_line_end_but_crlf_and_no_nul(parts: list[bytes]) -> None:
    for rules in (BIG, NORMALISE):
        outcome, _ = read(rules, [b"".join(parts) + b"\r\n.\r\n"])
        if isinstance(outcome, bytes):
            assert not re.search(rb"\r(?!\n)|(?<!\r)\n|\0", outcome)
            assert outcome == b"" or outcome.endswith(b"\r\n")


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_variant_of_the_end_ends_a_message(ending: bytes) -> None:
    sent = b"one" + ending + b"MAIL FROM:<forged@dept.example>\r\n.\r\nNOOP\r\n"
    outcome, rest = read(BIG, [sent])
    assert outcome in ("bare-newline", "null-octet")
    assert rest == b"NOOP\r\n"


def test_nothing_but_the_end_is_an_empty_message() -> None:
    assert read(RULES, [b".\r\n"]) == (b"", b"")
    assert read(RULES, [b"\r\n.\r\n"]) == (b"\r\n", b"")


def test_stuffed_dots_do_not_count_as_size() -> None:
    content = b".\r\n" * 66 + b"\r\n"  # 200 octets
    assert read(RULES, [stuffed(content)])[0] == content
    assert read(RULES, [stuffed(b"x" + content)])[0] == "too-big"


def test_what_is_too_big_is_not_kept_in_memory() -> None:
    reader = DataReader(RULES)
    for _ in range(1000):
        assert not reader.feed(b"z" * 1000)
        assert len(reader._buffer) < 70_000
    assert reader.feed(b"\r\n.\r\nNOOP\r\n")
    assert (reader.outcome, reader.rest) == ("too-big", b"NOOP\r\n")


def test_long_lines_are_refused_only_where_asked_for() -> None:
    strict = DataRules(10_000, line_bytes=1000, reject_long_lines=True)
    longest, longer = b"x" * 998 + b"\r\n", b"x" * 999 + b"\r\n"
    assert read(BIG, [longer + b".\r\n"])[0] == longer
    assert read(strict, [longest + b".\r\n"])[0] == longest
    assert read(strict, [longer + b".\r\n"])[0] == "long-line"


def test_normalising_makes_every_line_end_a_crlf() -> None:
    outcome, rest = read(NORMALISE, [b"a\nb\rc\r\nd\0e\n..f\r\n.\r\nQUIT\r\n"])
    assert outcome == b"a\r\nb\r\nc\r\nde\r\n.f\r\n"
    assert rest == b"QUIT\r\n"
