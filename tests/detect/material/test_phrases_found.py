"""How many excerpts of invented bulletins are found, and how many innocent paragraphs are taken for
one; shares are asserted for each way to write an excerpt down."""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from detect.material import bulletins
from detect.material.phrase_register import bits, document, matcher, said

from gateway.detect.material.phrases import PhraseMatcher
from gateway.model.content import Table
from gateway.model.message import Location
from gateway.model.trace import ORDINARY

Written = Callable[[str, random.Random], str]
RELEASES = ("wherries", "allotments", "lifeboats")
FOUND, FLAGGED, EXCERPTS = 0.97, 0.01, 120


@cache
def register() -> PhraseMatcher:
    """Three bulletins of forty pages, and what each said last year."""
    coming = [document(_bulletin(name), name) for name in RELEASES]
    out = [document(_bulletin(f"{name} last year"), name, public=True) for name in RELEASES]
    return matcher(*coming, *out)


@cache
def _bulletin(name: str) -> str:
    return bulletins.document(name)


def excerpts(length: int = 2) -> Iterator[tuple[str, str, random.Random]]:
    """Releases, and so many sentences each of their bulletins, of fifteen words or more."""
    source = random.Random(11)
    count = EXCERPTS
    while count:
        name = source.choice(RELEASES)
        sentences = re.split(r"(?<=\.) (?=[A-Z])", source.choice(_bulletin(name).split("\n")))
        first = source.randrange(len(sentences) - length + 1)
        excerpt = " ".join(sentences[first : first + length])
        if len(excerpt.split()) >= 15 * length:
            count -= 1
            yield name, excerpt, source


def _each(every: int, change: Callable[[str], str]) -> Written:
    def written(text: str, source: random.Random) -> str:
        first = source.randrange(every)
        words = text.split()
        return " ".join(change(w) if n % every == first else w for n, w in enumerate(words))

    return written


def _misspelt(word: str) -> str:
    return word[: len(word) // 2] + "e" + word[len(word) // 2 + 1 :] + "r"


def _one_figure_changed(text: str, source: random.Random) -> str:
    figures = list(re.finditer(r"\d[\d,.]*", text))
    if not figures:
        return text
    figure = source.choice(figures)
    return f"{text[: figure.start()]}7,531{text[figure.end() :]}"


WRITTEN: dict[str, Written] = {
    "as it stands": lambda text, _: text,
    "wrapped": lambda text, source: textwrap.fill(text, source.randrange(24, 78)),
    "quoted twice": lambda text, _: textwrap.indent(textwrap.fill(text, 66), "> > "),
    "in capitals": lambda text, _: text.upper(),
    "without punctuation": lambda text, _: re.sub(r"[.,;%£]", "", text),
    "in bullets": lambda text, _: "\n".join(f"  • {part}" for part in text.split(", ")),
    "broken at the ends of lines": lambda text, _: re.sub(r"(\w{4})(\w{4})", r"\1-\n\2", text),
    "in a letter": lambda text, _: (
        f"Dear all,\n\nas discussed:\n{text}\n\nKind regards\nMx Example"
    ),
}
EDITED: dict[str, Written] = {
    "every fifteenth word another": _each(15, lambda _: "elsewhere"),
    "every twelfth word misspelt": _each(12, _misspelt),
    "every tenth word left out": _each(10, lambda _: ""),
    "a word put in after every tenth": _each(10, lambda word: f"{word} apparently"),
    "one figure changed": _one_figure_changed,
}


@pytest.mark.parametrize("way", WRITTEN)
def test_two_sentences_are_found_however_they_are_written_down(way: str) -> None:
    assert _found(WRITTEN[way], 2) >= FOUND


@pytest.mark.parametrize("way", EDITED)
def test_three_sentences_are_found_in_spite_of_edits(way: str) -> None:
    assert _found(EDITED[way], 3) >= FOUND


def _found(written: Written, length: int) -> float:
    """The share that is found."""
    found = [
        bits(register().in_text(said(written(excerpt, source))), name) >= ORDINARY.bits
        for name, excerpt, source in excerpts(length)
    ]
    return sum(found) / len(found)


def test_excerpts_in_cells_are_found() -> None:
    found = [
        bits(register().in_table(Table(Location("2"), [["a", "b"], [excerpt, "1"]])), name)
        for name, excerpt, _ in excerpts()
    ]
    assert sum(each >= ORDINARY.bits for each in found) / len(found) >= FOUND


INNOCENT = {
    "letters on the same subjects": bulletins.paragraphs("x", "letter", 120),
    "methods": bulletins.paragraphs("x", "method", 120),
    "an office's mail": bulletins.paragraphs("x", "office", 120),
    "last year's bulletins": [
        paragraph
        for name in RELEASES
        for paragraph in _bulletin(f"{name} last year").split("\n")[::5]
    ],
}


@pytest.mark.parametrize("kind", INNOCENT)
def test_innocent_paragraphs_are_not_taken_for_excerpts(kind: str) -> None:
    flagged = [
        any(bits(traces, name) >= ORDINARY.bits for name in RELEASES)
        for traces in (register().in_text(said(text)) for text in INNOCENT[kind])
    ]
    assert len(flagged) >= 100
    assert sum(flagged) / len(flagged) <= FLAGGED
