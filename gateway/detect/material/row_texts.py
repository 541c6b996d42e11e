"""Which rows of a register running text repeats: a reference, a name or a birth date, and beside it
other values of the same row.

- Nearly all text holds nothing that looks like a key, and costs one search. Where a number, code or
  date stands that does, the words around it are put together to values of up to `LONGEST` words.
- A row is proved as in a table, less what trying all those values gives away. Work is bounded by
  the part's `Budget`; no value leaves this module.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gateway.detect.material.row_cells import Budget
from gateway.detect.material.row_evidence import RowEvidence, evidence, together
from gateway.detect.material.row_tables import Matched
from gateway.model.keyed import KeyedDigest
from gateway.model.unit_register import Checks, UnitRegister, checks_of
from gateway.model.unit_value import readings, shape

LONGEST = 6
CROWD = 500
_REACH = 22
# Values of running text are put together and looked at more often than a cell is.
_COST, _COST_OF_A_HIT = 3, 30
_AROUND = 220
_TOKEN = re.compile(r"[^\s|;\t]+|[|;\t]|\n")
_EDGES = ".,:()[]{}<>\"'*!?#=“”‘’"
# Enough digits, or digits and letters, that it may be a reference, a postcode or a date.
_MONTHS = "|".join(
    f"{m}|{m.title()}|{m.upper()}"
    for m in "jan feb mar apr may jun jul aug sep oct nov dec".split()
)
# The first digit first, so that the search leaps from digit to digit.
_ANCHOR = re.compile(
    r"[0-9](?:[0-9]{3}|[0-9]?[-/.][0-9]{1,2}[-/.][0-9]{2}|[0-9]{2}[ ,-][0-9]{3}"
    r"|[0-9A-Za-z]? ?[0-9][A-Za-z]{2}(?![0-9A-Za-z])"
    rf"|[0-9]?(?:st|nd|rd|th)?[ -](?:of )?(?:{_MONTHS}))"
)
_DIGIT = re.compile("[0-9]")
_DIGITS = "0123456789"
_BREAKS = frozenset("|;\t")
_LONGER = ("0", "£", "$", "€", "+")
_JOINING = frozenset(("and", "of", "the", "de", "van", "von", "&"))
# Commas between the cells of a line, not those of sentences and of thousands.
_LISTED = re.compile(
    r"(?<=[^\s\d]),(?=\S)|,(?=[^\s\d])|(?<=\d),(?!\d{3}(?!\d))(?=\d)|(?<=\d{4}),(?=\d)"
)


def match_text(
    text: str, registers: Sequence[UnitRegister], digest: KeyedDigest, budget: Budget
) -> list[Matched]:
    """What each register has of a text: at most one `Matched` for each."""
    if not any(map(text.__contains__, _DIGITS)):
        return []
    stretches = list(_stretches(text))
    if not stretches:
        return []
    forms = [[_form(key.shapes) for key in register.keys] for register in registers]
    proofs: dict[int, list[RowEvidence]] = {}
    looked = 0
    for first, last in stretches:
        if budget.spent:
            break  # the gap says so
        words = _Words(text[first:last], digest, budget)
        for number, register in enumerate(registers):
            for proof in _rows(words, register, forms[number], budget):
                proofs.setdefault(number, []).append(proof)
        looked += words.sought
    return [
        matched
        for number, found in proofs.items()
        if (matched := _matched(registers[number], found, looked))
    ]


def _matched(register: UnitRegister, found: list[RowEvidence], looked: int) -> Matched | None:
    best = {proof.row: proof for proof in sorted(found, key=lambda proof: proof.bits)}
    bits, count = together([proof.bits for proof in best.values()], looked)
    if not count:
        return None
    kept = sorted(best.values(), key=lambda proof: -proof.bits)[:count]
    fields = sorted({field for proof in kept for field in proof.fields})
    return Matched(register, frozenset(p.row for p in kept), bits, None, tuple(fields))


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """What lies around anchors, (first, last), without overlaps."""
    begin = end = -1
    for anchor in _ANCHOR.finditer(text):
        first, last = max(0, anchor.start() - _AROUND), anchor.end() + _AROUND
        if begin < 0:
            begin, end = first, last
        elif first <= end and last - begin < 20_000:
            end = last
        else:
            yield begin, end
            begin, end = max(first, 0), last
    if begin >= 0:
        yield begin, end


@dataclass(frozen=True, slots=True)
class _Near:
    """The values near a key: what registers keep of each, its shape, and how many have each."""

    checks: Checks
    shapes: Sequence[str]
    many: Mapping[str, int]

    def alike(self, check: int) -> int:
        """How many values look like this one: among so many it was chosen."""
        return self.many[self.shapes[int(np.flatnonzero(self.checks == check)[0])]]


class _Words:
    """The words of one stretch, and the values that they make; each value is digested once."""

    def __init__(self, text: str, digest: KeyedDigest, budget: Budget) -> None:
        if "," in text:
            text = _LISTED.sub(" ; ", text)
        # A break of lines is none of values; a bar or a tab is.
        self.words = [w for w in _TOKEN.findall(text) if w != "\n"]
        self.bare = [word if word in _BREAKS else word.strip(_EDGES) for word in self.words]
        self.digits = [n for n, word in enumerate(self.bare) if _DIGIT.search(word)]
        self.runs = _runs(self.words, self.bare)
        self._digest, self._budget = digest, budget
        self._values: dict[tuple[int, int], tuple[bytes, ...]] = {}
        self.sought = 0

    def value(self, first: int, count: int) -> tuple[bytes, ...]:
        """The readings of so many words from `first`; () where they are no value."""
        known = self._values.get((first, count))
        if known is None:
            words = self.bare[first : first + count]
            whole = count == len(words) and all(words) and not _BREAKS.intersection(words)
            known = ()
            if whole and self._budget.take_texts(_COST):
                known = readings(" ".join(words))
            self._values[first, count] = known
        return known

    def keys(self, form: _Form) -> Iterator[tuple[int, bytes]]:
        """(first word, spelling) of what looks like a value of a key column."""
        for first, count in (*self._coded(form), *self._names(form)):
            for spelling in self.value(first, count):
                if shape(spelling) in form.shapes:
                    yield first, spelling

    def _coded(self, form: _Form) -> Iterator[tuple[int, int]]:
        """Numbers, codes and days: they end with a word that has digits, and are of some length."""
        for last in self.digits if form.groups else ():
            for count in form.groups:
                first = last - count + 1
                if first < 0:
                    break
                size = sum(map(len, self.bare[first : last + 1]))
                if form.least <= size and (size <= form.most or self.bare[first][:1] in _LONGER):
                    yield first, count

    def _names(self, form: _Form) -> Iterator[tuple[int, int]]:
        """Names: every word is written as one."""
        for begin, end in self.runs if form.words else ():
            for count in form.words:
                for first in range(begin, end - count + 1):
                    yield first, count

    def around(self, place: int) -> _Near:
        """Everything that could be a value near a word."""
        first, last = max(0, place - _REACH), min(len(self.words), place + _REACH)
        spelt = list(
            {
                spelling
                for start in range(first, last)
                for count in range(1, LONGEST + 1)
                for spelling in self.value(start, count)
            }
        )
        shapes = list(map(shape, spelt))
        return _Near(checks_of(self._digest.many(spelt)), shapes, Counter(shapes))

    def digests(self, spellings: Sequence[bytes]) -> np.ndarray:
        return self._digest.many(spellings)


def _runs(words: Sequence[str], bare: Sequence[str]) -> list[tuple[int, int]]:
    """(first, behind the last) of words that may be a name: capitals, and what joins them; in text
    without any capitals, all words. A sentence's end ends a name, but for `Ltd.` and `J.`"""
    anyhow = not any(word[:1].isupper() for word in bare)
    runs: list[tuple[int, int]] = []
    begin = -1
    for number, word in enumerate(bare):
        named = word[:1].isupper() or word in _JOINING or (anyhow and word not in _BREAKS)
        if named and begin < 0:
            begin = number
        elif begin >= 0 and not named and not word.isdigit():
            runs.append((begin, number))
            begin = -1
        if begin >= 0 and words[number][-1] in ".:?!" and len(word) > 3:
            runs.append((begin, number + 1))
            begin = -1
    return [*runs, (begin, len(bare))] if begin >= 0 else runs


@dataclass(frozen=True, slots=True)
class _Form:
    """What the values of a key column look like in a text: of how many words they are with and
    without digits, and how many signs those with digits have."""

    shapes: frozenset[str]
    words: tuple[int, ...]
    groups: tuple[int, ...]
    least: int
    most: int


def _form(shapes: frozenset[str]) -> _Form:
    """Codes and numbers are written in up to three groups, days in one word or three, names with a
    title more."""
    sizes = [int(each[1:]) for each in shapes if each[0] in "nc"]
    words = {int(each[1:]) + more for each in shapes if each[0] == "t" for more in (0, 1)}
    groups = {1, 2, 3} if sizes and max(sizes) > 4 else {1} if sizes else set()
    least, most = min(sizes, default=99), max(sizes, default=0) + 3
    if "d" in shapes:
        groups |= {1, 3}
        least, most = min(least, 6), max(most, 20)
    return _Form(
        shapes, tuple(sorted(n for n in words if n <= LONGEST)), tuple(sorted(groups)), least, most
    )


def _rows(
    words: _Words, register: UnitRegister, forms: Sequence[_Form], budget: Budget
) -> Iterator[RowEvidence]:
    """The rows of the register that stand in a stretch."""
    for key, form in zip(register.keys, forms, strict=True):
        asked = dict.fromkeys(words.keys(form))
        if not asked:
            continue
        places, spellings = zip(*asked, strict=True)
        words.sought += len(spellings)
        found = register.find(key, words.digests(spellings), CROWD, budget.candidates)
        budget.take_candidates(len(found.asked), found.cut)
        if not len(found.asked):
            continue
        records = register.records(found.row)
        numbers, starts = np.unique(found.asked, return_index=True)
        for number, start, end in zip(numbers, starts, [*starts[1:], len(records)], strict=True):
            if not budget.take_texts(_COST_OF_A_HIT):
                return
            near = words.around(places[number])
            same = np.isin(records[start:end], near.checks) & (records[start:end] != 0)
            same[:, key.column] = False
            for n in np.flatnonzero(same.any(axis=1)):
                record = records[start + n].tolist()
                tries = {int(f): near.alike(record[f]) for f in np.flatnonzero(same[n])}
                crowd = int(found.crowd[start + n])
                bits, fields = evidence(register, key.column, crowd, record, list(tries), tries)
                yield RowEvidence(int(found.row[start + n]), bits, fields)
