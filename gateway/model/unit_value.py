"""One spelling for each value of a unit register: what people and programs write in many ways.

- `kept` is what a register keeps of a cell, `readings` everything that a cell of a message may
  mean; whatever `kept` gives is among the readings of every usual spelling of the same value.
- A spelling begins with its kind: `n:` a number, `d:` a day, `t:` words or a code.
- Linear in the value, which is at most `LONGEST` characters long; longer ones are no values.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Literal

DayOrder = Literal["", "day-first", "month-first"]
"""How the dates of a column are written, where it holds dates: "" where it holds none."""

LONGEST = 200
_MISSING = frozenset(
    ("", "na", "n/a", "nan", "null", "none", "nil", ".", "..", "...", "-", "--", ":", "*", "~", "x",
     "?", "#n/a", "<na>", "missing", "unknown", "not known", "not applicable", "nat", "tbc")
)  # fmt: skip
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-") | {"\xa0": " "})
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,2})?")
_GROUPED = re.compile(r"\d{1,3}(?:([, '])\d{3})(?:\1\d{3})*(?:\.\d+)?")
_CONTINENTAL = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d{1,2}")
_MONEY = re.compile(r"(?:gbp|eur|usd|[£$€])\s*|\s*(?:gbp|eur|usd|[£$€%])")
_CODE = re.compile(r"(?:[a-z]{0,3}\d+)+[a-z]{0,3}")
_ZEROS = re.compile(r"^([a-z]{0,3})0+(?=\d)")
_YEAR_FIRST = re.compile(r"(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})")
_DAY_NAMED = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[-/. ]*(?:of )?([a-z]{3,9})\.?[-/., ]*(\d{4}|\d{2})"
)
_MONTH_NAMED = re.compile(r"([a-z]{3,9})\.?[-/ ]*(\d{1,2})(?:st|nd|rd|th)?[-/, ]+(\d{4}|\d{2})")
_MAY_BE_DAY = re.compile(r"\d[-/. ]\d{1,2}[-/. ]\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec")
_LONG_WORD = re.compile("[a-z]{4}")
_TIME = re.compile(r"[t ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]m|z|[+-]\d\d:?\d\d)?$")
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
         "aug august", "sep sept september", "oct october", "nov november", "dec december"), 1,
    )
    for name in names.split()
}  # fmt: skip
_SEPARATORS = str.maketrans("", "", " -./_")
_LETTER = re.compile("[a-z]")
_DIGIT = re.compile("[0-9]")
_DOTTED = re.compile(r"[\d.]*\.[\d.]*")
_NOT_WORDS = re.compile(r"[\W_]+")
_NOT_WORDS_OF_ASCII = {sign: " " for sign in range(128) if not chr(sign).isalnum()}
# Titles of people, and words that some leave out of a name.
_LEFT_OUT = frozenset("mr mrs ms miss dr prof sir and the".split())
_SHORT_FORMS = {
    "limited": "ltd", "company": "co", "incorporated": "inc", "corporation": "corp",
    "street": "st", "road": "rd", "avenue": "ave", "saint": "st",
}  # fmt: skip
_PIVOT = 30


def kept(value: str, order: DayOrder = "") -> bytes | None:
    """What a register keeps of a cell; None for an empty or missing one. `order` is that of the
    column, if it holds dates."""
    if value.isdigit() and value.isascii() and not order:
        return b"n:" + (value.lstrip("0") or "0").encode()
    text = _plain(value)
    if text is None:
        return None
    if order:
        days = _days(text, order == "month-first")
        if days:
            return days[0]
    return _reading(text)


def readings(value: str) -> tuple[bytes, ...]:
    """Everything that a cell may mean, the likeliest first; () for an empty or missing one."""
    if value.isdigit() and value.isascii():
        number = b"n:" + (value.lstrip("0") or "0").encode()
        return (number, *_compact_day(value)) if len(value) == 8 else (number,)
    text = _plain(value)
    if text is None:
        return ()
    likeliest = _reading(text)
    if not _DIGIT.search(text):
        return () if likeliest is None else (likeliest,)
    found = [] if likeliest is None else [likeliest]
    if _MAY_BE_DAY.search(text):
        found += _days(text, False) + _days(text, True)
    if _CONTINENTAL.fullmatch(text):
        found.append(_number(text.replace(".", "").replace(",", ".")))
    return tuple(dict.fromkeys(found))


def day_order(values: list[str]) -> DayOrder:
    """How a column writes its dates; "" where fewer than nine in ten of its values are dates."""
    first = second = dates = filled = 0
    for value in values:
        text = _plain(value)
        if text is None:
            continue
        filled += 1
        if not _days(text, False) and not _days(text, True):
            continue
        dates += 1
        if match := _YEAR_LAST.fullmatch(_TIME.sub("", text)):
            first += int(match[1]) > 12
            second += int(match[3]) > 12
    if not filled or dates < 0.9 * filled:
        return ""
    return "month-first" if second > first else "day-first"


def shape(spelling: bytes) -> str:
    """What a spelling looks like, so that columns which cannot hold a key are soon told: "n7" a
    number of seven digits, "c8" a code of eight signs, "t3" three words, "d" a day."""
    kind = spelling[:1]
    if kind == b"n":
        whole = spelling[2:].lstrip(b"-").split(b".")[0]
        return f"n{min(len(whole), 20)}"
    if kind == b"d":
        return "d"
    words = spelling.count(b" ") + 1
    if words == 1 and any(48 <= sign <= 57 for sign in spelling):
        return f"c{min(len(spelling) - 2, 24)}"
    return f"t{min(words, 9)}"


def _plain(value: str) -> str | None:
    """Lower case, one kind of dash and blank, no accents; None where it says nothing."""
    if len(value) > LONGEST:
        return None
    if not value.isascii():
        value = unicodedata.normalize("NFKD", value.translate(_DASHES))
        value = "".join([sign for sign in value if not unicodedata.combining(sign)])
    text = value.strip(" \t\r\n'\"").lower()
    return None if text in _MISSING else text


def _reading(text: str) -> bytes | None:
    """The likeliest meaning of plain text."""
    if _DIGIT.search(text):
        if _MAY_BE_DAY.search(text) and (days := _days(text, False)):
            return days[0]
        if not _LONG_WORD.search(text):
            return _as_number(text) or _as_code(text) or _words(text)
    return _words(text)


def _as_number(text: str) -> bytes | None:
    bare = _MONEY.sub("", text) if not text[0].isdigit() or not text[-1].isdigit() else text
    negative = bare.startswith("(") and bare.endswith(")")
    bare = bare.strip("() ") if negative else bare.strip()
    if _GROUPED.fullmatch(bare.lstrip("+-")):
        bare = re.sub("[, ']", "", bare)
    if not _NUMBER.fullmatch(bare):
        if not _CONTINENTAL.fullmatch(bare):
            return None
        bare = bare.replace(".", "").replace(",", ".")
    return _number("-" + bare if negative else bare)


def _number(text: str) -> bytes:
    whole = text.lstrip("+")
    if whole.isdigit():
        return b"n:" + (whole.lstrip("0") or "0").encode()
    head, _, tail = whole.partition(".")
    if head.isdigit() and not tail.strip("0"):
        return b"n:" + (head.lstrip("0") or "0").encode()
    value = float(text)
    if value.is_integer() and abs(value) < 1e15:
        return f"n:{int(value)}".encode()
    return f"n:{value:.12g}".encode()  # beyond that binary fractions differ


def _as_code(text: str) -> bytes | None:
    """A reference with or without its gaps: `AB1 2CD`, `943 476 5919`, `SC-001234`."""
    if len(text) > 30:
        return None
    if ("/" in text and not _LETTER.search(text)) or _DOTTED.fullmatch(text):
        return None  # a share, a pair or a version, not one number
    joined = text.lstrip("+#").translate(_SEPARATORS)
    if not joined.isascii() or not _CODE.fullmatch(joined):
        return None
    joined = _ZEROS.sub(r"\1", joined, count=1)
    return (b"n:" if joined.isdigit() else b"t:") + joined.encode()


def _words(text: str) -> bytes | None:
    """Names are the same in any order: `SMITH, Jane`, `Jane Smith`, `Smith & Co. Limited`."""
    text = text.replace("'", "")
    if text.isascii():
        words = text.translate(_NOT_WORDS_OF_ASCII).split()
    else:
        words = _NOT_WORDS.sub(" ", text).split()
    told = [_SHORT_FORMS.get(word, word) for word in words if word not in _LEFT_OUT] or words
    return b"t:" + " ".join(sorted(told)).encode() if told else None


def _days(text: str, month_first: bool) -> list[bytes]:
    """The days that a text may name, the likeliest first."""
    if not 6 <= len(text) <= 40:
        return []
    if ":" in text:
        text = _TIME.sub("", text)
    if not (text[-1:].isdigit() and (text[0].isdigit() or text[-2].isdigit())):
        return []
    if text.isdigit():
        return _compact_day(text)
    if match := _YEAR_FIRST.fullmatch(text):
        return _day(match[1], match[3], match[4])
    if match := _YEAR_LAST.fullmatch(text):
        one, other = (match[1], match[3]) if month_first else (match[3], match[1])
        return _day(match[4], one, other)
    if (match := _DAY_NAMED.fullmatch(text)) and match[2] in _MONTHS:
        return _day(match[3], str(_MONTHS[match[2]]), match[1])
    if (match := _MONTH_NAMED.fullmatch(text)) and match[1] in _MONTHS:
        return _day(match[3], str(_MONTHS[match[1]]), match[2])
    return []


def _compact_day(text: str) -> list[bytes]:
    """`19800312`."""
    if len(text) != 8 or text[:2] not in ("18", "19", "20"):
        return []
    return _day(text[:4], text[4:6], text[6:])


def _day(year: str, month: str, day: str) -> list[bytes]:
    if len(year) == 4:
        years = [int(year)]
    else:
        short = int(year)
        years = [2000 + short, 1900 + short] if short < _PIVOT else [1900 + short, 2000 + short]
    found = []
    for each in years:
        try:
            found.append(b"d:" + date(each, int(month), int(day)).isoformat().encode())
        except ValueError:
            continue
    return found
