"""Reads the figures that a text states in digits.

Dates, times, telephone numbers, versions, years and numbers of pages, tables and orders are none.
Invariants: linear in the text; at most `MOST_CLAIMS` claims, `Numbers.cut` says that there were
more; where a number can be read in two ways, both are claims with one span.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from gateway.detect.material.claims import Claim, Hedge
from gateway.detect.material.numbers_tokens import Value, values_of
from gateway.detect.material.numbers_units import measure_at
from gateway.detect.material.numbers_words import (
    AFTER,
    CURRENCIES,
    DIVISIONS,
    HEDGES,
    LOOSE,
    MONTHS,
    REFERENCES,
    SIGNS,
    TAILS,
    TIMES,
)
from gateway.detect.material.spelled import share, spelled_claims
from gateway.detect.normalise import fold

MOST_CLAIMS = 20_000
_TOKEN = re.compile(r"[0-9](?:[0-9]|[.,'](?=[0-9]))*")
_GROUPS = re.compile(r"(?: \d{3}){1,8}(?!\d)(?:[.,]\d{1,20}(?![\d.,]))?")
_TELEPHONE = re.compile(r"[\d() -]{8,24}")
_RANGE = re.compile(r"[ \n]?(?:-|to|and)[ \n]?[£$€]?")
_BETWEEN = re.compile(r"between [£$€]?$")
_OUT_OF = re.compile(r" (?:in|out of)(?: every)? (\d{1,3})(?![\d.,%])")
_PART = re.compile(r"/(\d{1,2})(?![\d/.,])(?= of\b|ths?\b|rds?\b)")
_CLOCK = re.compile(r"[ \n]?[ap]\.m\b")
_CARD = re.compile(r"\d{4}(?:[ -]\d{4}){3}(?!\d)")
_QUOTING = re.compile(r"^[ \t]*(?:[>|][ \t]?)+", re.MULTILINE)
_RAISED = re.compile("[\u00b9\u00b2\u00b3\u2070-\u209c]+")
_VULGAR = {"\u00bd": " 1/2 of", "\u00bc": " 1/4 of", "\u00be": " 3/4 of", "\u2044": "/"}
_VULGARS = re.compile("[" + "".join(_VULGAR) + "]")
# Signs of ordinary English mail, which folding for their sake alone would cost ten times as much.
_FREQUENT = (
    ("\u2019", "'"), ("\u2018", "'"), ("\u201c", '"'), ("\u201d", '"'), ("\u2013", "-"),
    ("\u2014", "-"), ("\u2212", "-"), ("\u00a0", " "), ("\u202f", " "), ("\u2022", "-"), ("\u2026", "..."),
)  # fmt: skip
_ADDRESS = 200
_ELIDED = 80
"""So far behind a magnitude the next number may leave it out."""
_HEADED = 1_500
"""So far behind "in thousands" numbers are given in them."""
_HEAD = re.compile(
    r"(?:\bin |\()(?:gbp |[£$€] ?)?(?:(thousands?|000'?s?|'000s?)|(millions?)|(billions?))\b"
)
_DIGITS = "0123456789"
_IN_HEADS = ("thousand", "000", "million", "billion")
_IN_ADDRESS = re.compile(r"[?&/]|www")
_DECIMAL_COMMA = re.compile(r"\d,\d{1,2}(?![\d,])")
_BEHIND = frozenset("/\\:@#&?=_")


class Numbers(NamedTuple):
    """`text` is what the spans of the claims lie in: folded, in lower case and without signs of
    quoting. `cut`: there were more numbers than are read."""

    claims: list[Claim]
    text: str
    cut: bool = False


def plain(text: str) -> str:
    """`text` as numbers are read in it."""
    if not text.isascii():
        for sign, same in _FREQUENT:
            text = text.replace(sign, same)
        if not text.replace("\u00a3", "").replace("\u20ac", "").isascii():
            text = _VULGARS.sub(lambda found: _VULGAR[found[0]], _RAISED.sub("", text))
            text = fold(text)
    text = text.lower()
    if ">" in text or "|" in text:
        text = _QUOTING.sub("", text)
    return text.replace("\r\n", "\n") if "\r" in text else text


def read_claims(text: str) -> Numbers:
    """Every figure that a text states, in the order of the text."""
    text = plain(text)
    claims: list[Claim] = []
    # Ten looks for one sign each are sooner done than one search for any.
    cut = any(map(text.__contains__, _DIGITS)) and _written(text, claims)
    claims += spelled_claims(text)
    # Of two that begin together the longer first: a range before its ends.
    claims.sort(key=lambda claim: (claim.start, -claim.end))
    return Numbers(claims, text, cut)


def _written(text: str, claims: list[Claim]) -> bool:
    """Adds what is written in digits. Answers whether there is more than is read."""
    reader = _Reader(text, claims)
    skip = -1
    for token in _TOKEN.finditer(text):
        start, end = token.span()
        if start < skip:
            continue
        skip = max(end, reader.number(token[0], start, end))
        if len(claims) >= MOST_CLAIMS:
            return True
    return False


class _Reader:
    """One text while its numbers are read."""

    def __init__(self, text: str, claims: list[Claim]) -> None:
        self.text = text
        self.claims = claims
        self._commas: bool | None = None
        self._scale = (0, -_ELIDED)
        self._heads: list[tuple[int, int]] = []
        if any(map(text.__contains__, _IN_HEADS)):
            heads = [(head.end(), 3 * (head.lastindex or 0)) for head in _HEAD.finditer(text)]
            self._heads = heads[::-1]
        self._head = (-_HEADED, 0)

    def number(self, token: str, start: int, end: int) -> int:
        """Adds what the number at `start` claims; answers where reading goes on."""
        text, claims = self.text, self.claims
        before = text[start - 1] if start else " "
        if before.isalnum() or before in _BEHIND:
            if not _may_follow(text, start, before):
                return end
        elif before == "-" and start > 1 and (text[start - 2].isalnum()):
            if text[start - 2].isalpha():
                return end
            # The second half of a span; what follows 2016- or 020- is none.
            if not claims or claims[-1].end != start - 1:
                return end
        elif before in ".,'" and start > 1 and text[start - 2].isdigit():
            return end
        whole = token.isdigit()
        if whole and len(token) == 4 and (card := _CARD.match(text, start)) is not None:
            return card.end()
        if (whole and token[0] == "0" and len(token) > 1) or (
            before == "+" and whole and len(token) < 5
        ):
            far = _TELEPHONE.match(text, start)
            if far is not None or token[0] == "0":
                return far.end() if far is not None else end
        values = self._values(token)
        if whole and len(token) <= 3 and text[end : end + 1] == " ":
            groups = _GROUPS.match(text, end)
            if groups is not None:
                joined = self._values((token + groups[0]).replace(" ", ","))
                if joined:
                    self._add(start, groups.end(), joined[:1], plain_digits=False)
        follows = text[end : end + 1]
        if follows == "/" or follows == ":":
            part = _PART.match(text, end) if whole else None
            if part is not None and 0 < int(token) < int(part[1]):
                hedge = _hedge(_words(text, start))
                claims.append(share(int(token), int(part[1]), hedge, start, part.end()))
                return part.end()
            if text[end + 1 : end + 2].isdigit():
                return _past(text, end)
        if whole and len(token) <= 2 and follows == " ":
            out = _OUT_OF.match(text, end)
            if out is not None and 0 < int(token) < int(out[1]):
                hedge = _hedge(_words(text, start))
                claims.append(share(int(token), int(out[1]), hedge, start, out.end()))
                return out.end()
        if values:
            self._add(start, end, values, plain_digits=whole)
        return end

    def _add(self, start: int, end: int, values: list[Value], plain_digits: bool) -> None:
        text = self.text
        measure = measure_at(text, end, _is_money(text, start))
        words = _words(text, start)
        bare = plain_digits and not measure.stated
        if measure.glued or (
            not measure.stated and (measure.word in TIMES or _CLOCK.match(text, end))
        ):
            return  # 2AA, 5th, 9am; 24 hours
        if bare and values[0][0] <= 31 and measure.word in MONTHS:
            return
        if bare and _is_reference(text, start, end, values[0][0], words):
            return
        money = _is_money(text, start) or measure.word in AFTER
        if (
            not measure.stated
            and not money
            and not plain_digits
            and DIVISIONS.intersection(words[-1:])
        ):
            return  # version 1.2, section 4.3
        hedge = _hedge(words) or LOOSE.get(measure.word, "")
        unit = "money" if money and measure.unit == "number" else measure.unit
        for digits, exponent, exact in values:
            if digits < 10 and exponent == 0 and not measure.stated and not money:
                continue
            exponent += measure.scale
            self.claims.append(Claim(digits, exponent, unit, start, measure.end, exact, hedge))
        if measure.scale > 0:
            self._scale = measure.scale, measure.end
        elif not measure.stated and values[0][1] < 0 and (power := self._told_before(start)):
            digits, exponent, exact = values[0]
            scaled = exponent + power
            self.claims.append(Claim(digits, scaled, unit, start, measure.end, exact, hedge))
        self._span(start, measure.end)

    def _told_before(self, start: int) -> int:
        """The power of ten that was said for this number as well: "5.2 billion from the one, 4.6
        from the other", "in thousands: 317.5 and 37.7"; 0 for none."""
        if start - self._scale[1] < _ELIDED:
            return self._scale[0]
        while self._heads and self._heads[-1][0] <= start:
            self._head = self._heads.pop()
        return self._head[1] if start - self._head[0] < _HEADED else 0

    def _span(self, start: int, at: int) -> None:
        """Where this number ends a range ("between 12,300 and 12,400", "12.3-12.4k"), the range is
        claimed as well, and its first number has the magnitude of its second."""
        text, claims = self.text, self.claims
        last = claims[-1] if claims else None
        if last is None or last.start != start:
            return
        first = next((claim for claim in reversed(claims) if claim.start != start), None)
        if first is None or first.to is not None or not 0 < start - first.end <= 6:
            return
        joint = _RANGE.fullmatch(text, first.end, start)
        if joint is None:
            return
        near = 1.15 if "to" in joint[0] else 2.0
        before = text[max(0, first.start - 12) : first.start]
        if ("and" in joint[0] and not _BETWEEN.search(before)) or "from" in before:
            return  # what rose from one to the other was both
        exponent, low = last.exponent, first.digits
        if first.unit == "number" and first.exponent <= 0 and last.exponent - first.exponent > 1:
            pass  # 12.3-12.4k: the magnitude is written once
        else:
            shift = first.exponent - exponent
            low = low * 10**shift if shift >= 0 else low
            exponent = exponent if shift >= 0 else first.exponent
        high = last.digits * 10 ** (last.exponent - exponent)
        if low < high <= near * low:
            claims.append(Claim(low, exponent, last.unit, first.start, at, True, "", high))

    def _values(self, token: str) -> list[Value]:
        """12,345 may be 12.345 where decimals have commas elsewhere in the text."""
        found = values_of(token)
        if len(found) == 2 and "," in token:
            if self._commas is None:
                self._commas = _DECIMAL_COMMA.search(self.text) is not None
            return found if self._commas else found[:1]
        return found


def _may_follow(text: str, start: int, before: str) -> bool:
    """May a number begin right behind this sign?"""
    if before.isalpha():
        code = text[max(0, start - 3) : start]
        return code in CURRENCIES and not text[max(0, start - 4) : start - 3].isalpha()
    if before == ":" or before == "=":
        word = text[max(0, start - _ADDRESS) : start].rpartition(" ")[2]
        return start > 1 and not text[start - 2].isdigit() and not _IN_ADDRESS.search(word)
    return False


def _past(text: str, end: int) -> int:
    """Behind a date or time whose first number ends here."""
    while end < len(text) and (text[end].isdigit() or text[end] in "/:.-"):
        end += 1
    return end


def _words(text: str, start: int) -> list[str]:
    """The words before a number."""
    return text[max(0, start - 30) : start].replace("(", " ").split()


def _hedge(words: list[str]) -> Hedge:
    while words and words[-1] in SIGNS:
        words = words[:-1]
    if not words:
        return ""
    last = words[-1].lstrip("~([").rstrip("£$€+-")
    if not last:
        return "about" if words[-1].startswith("~") else ""
    hedge = HEDGES.get(last, "")
    if hedge == "" and len(words) > 1:
        hedge = TAILS.get(f"{words[-2]} {last}", "")
    return hedge


def _is_money(text: str, start: int) -> bool:
    at = start - 1
    if at >= 0 and text[at] == " ":
        at -= 1
    return at >= 0 and (text[at] in "£$€" or text[max(0, at - 2) : at + 1] in CURRENCIES)


def _is_reference(text: str, start: int, end: int, number: int, words: list[str]) -> bool:
    """A year, or a number by which a thing is called: page 12, ref 4711, November 12."""
    last = words[-1].strip(".:#,;") if words else ""
    if start and text[start - 1] in "£$€":
        return False
    if last in REFERENCES or (number <= 31 and last in MONTHS):
        return True
    if 1900 <= number <= 2050 and end - start == 4:
        return True
    return (
        text[end : end + 1] == "-" and text[end + 1 : end + 2].isalpha()
    )  # 12-month, 16-year-olds
