"""Recognises columns of direct identifiers: numbers that name one person or firm.

A column is judged by its pass rate, never a cell: 9 % of random ten-digit numbers pass the NHS
check, so only a rate near 1 proves anything, and repdigits (0000000000) are left out. Patterns run
over joined values, one search a kind; only what has the right form is checked by arithmetic.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import mul
from typing import Callable, Final, Iterable, Sequence

from gateway.detect.microdata.national_numbers import NUMBERS

Check = Callable[[str], bool]

_NOT_DIGITS: Final = {code: None for code in range(0x250) if not 0x30 <= code <= 0x39}
_NHS_WEIGHTS = (10, 9, 8, 7, 6, 5, 4, 3, 2)
_UTR_WEIGHTS = (6, 7, 8, 9, 10, 5, 4, 3, 2)
_UTR_CHECK = "21987654321"
_VAT_WEIGHTS = (8, 7, 6, 5, 4, 3, 2)
_DOUBLED = bytes(48 + sum(divmod(2 * (b - 48), 10)) if 48 <= b <= 57 else b for b in range(256))


def _form(pattern: str) -> re.Pattern[str]:
    """`pattern` as a whole line. A line begins with its break, which makes the search skip fast."""
    return re.compile(rf"\n[^\S\n]*(?:{pattern})[^\S\n]*$", re.M)


def _weighed(digits: str, weights: tuple[int, ...]) -> int:
    return sum(map(mul, map(int, digits), weights))


def _digits(text: str) -> str:
    return text if text.isdigit() else text.translate(_NOT_DIGITS)


def _mixed(digits: str) -> bool:
    return digits.count(digits[0]) < len(digits)


def _nhs(text: str) -> bool:
    digits = _digits(text)
    check = 11 - _weighed(digits, _NHS_WEIGHTS) % 11
    return check != 10 and check % 11 == int(digits[9]) and _mixed(digits)


def _utr(text: str) -> bool:
    digits = _digits(text)
    return _UTR_CHECK[_weighed(digits[1:], _UTR_WEIGHTS) % 11] == digits[0] and _mixed(digits)


def _vat(text: str) -> bool:
    digits = _digits(text)[:9]
    total = _weighed(digits, _VAT_WEIGHTS) + int(digits[7:9])
    return (total % 97 == 0 or (total + 55) % 97 == 0) and _mixed(digits)


def _luhn(text: str) -> bool:
    digits = _digits(text)
    values = digits.encode("ascii")[::-1]
    total = sum(values[::2]) + sum(values[1::2].translate(_DOUBLED)) - 48 * len(values)
    return total % 10 == 0 and _mixed(digits)


@dataclass(frozen=True, slots=True)
class Kind:
    """`rate` is the share of a column's values that must pass; `needed` are words of which the
    header must have one (eight digits are a company number only where somebody says so)."""

    name: str
    form: re.Pattern[str]
    check: Check | None
    rate: float
    needed: frozenset[str] = frozenset()

    def holds(self, text: str) -> bool:
        """Is this one value of the kind?"""
        match = self.form.fullmatch("\n" + text)
        return match is not None and (self.check is None or self.check(match[0].strip()))


_NHS = Kind("NHS number", _form(r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}"), _nhs, 0.6)
"""NHS Data Dictionary: modulus 11 over the first nine digits."""
_VAT = Kind("VAT number", _form(r"(?:[Gg][Bb] ?)?[0-9]{3} ?[0-9]{4} ?[0-9]{2}(?: ?[0-9]{3})?"), _vat, 0.6)  # fmt: skip
"""UK VAT registration: modulus 97, or modulus 97 after adding 55 (numbers since 2010)."""
_UTR = Kind("taxpayer reference", _form(r"[0-9]{5} ?[0-9]{5}[^\S\n]*[kK]?"), _utr, 0.6)
"""Unique taxpayer reference: the first digit checks the other nine, modulus 11."""
_CARD = Kind("payment card number", _form(r"(?:[0-9][ -]?){13,19}"), _luhn, 0.6)
"""Payment card: Luhn's check over 13 to 19 digits."""
_NINO = r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d"
KINDS: Final = (
    Kind("e-mail address", _form(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+"), None, 0.8),
    Kind("postcode", _form(r"(?i:GIR ?0AA|[A-PR-UWYZ](?:\d[\dA-HJKPSTUW]?|[A-HK-Y]\d[\dABEHMNPRVWXY]?) ?\d[ABD-HJLNP-UW-Z]{2})"), None, 0.8),
    Kind("national insurance number", _form(rf"(?i:{_NINO} ?[A-D])"), None, 0.8),
    # Without the last letter it is like many a code of a place or product.
    Kind("national insurance number", _form(rf"(?i:{_NINO})"), None, 0.8, frozenset({"nino", "ni", "insurance"})),
    _NHS,
    _VAT,
    _UTR,
    _CARD,
    Kind("company number", _form(r"(?i:\d{8}|(?:SC|NI|OC|SO|NC|R0|FC|IP|SP|RC|LP|SL)\d{6})"), None, 0.8, frozenset({"crn", "company", "registration", "co", "companies"})),
    Kind("telephone number", _form(r"(?:\+?\d{1,3}[ -]?)?\(?0?\d{2,5}\)?[ -]?\d{3,4}[ -]?\d{3,4}"), None, 0.8, frozenset({"tel", "phone", "telephone", "mobile", "fax", "contact"})),
    *(Kind(name, _form(form), check, rate, needed) for name, form, check, rate, needed in NUMBERS),
)  # fmt: skip
nhs_number: Final = _NHS.holds
vat_number: Final = _VAT.holds
utr: Final = _UTR.holds
card_number: Final = _CARD.holds

_PLAUSIBLE = re.compile(r"[@\d]")
_SAMPLE, _FIRST = 40, 8
_OFFICIAL = 8
_SHORT = tuple(
    kind for kind in KINDS if kind.name in ("e-mail address", "postcode", "telephone number")
)
"""No official number has fewer than eight characters."""


def identifier_kind(values: Sequence[str], header_words: Iterable[str]) -> str | None:
    """The kind of identifier that a column's distinct values are, or None.

    At least five different values are needed: fewer prove nothing about a column. No value holds
    a line break.
    """
    if len(values) < 5 or not _PLAUSIBLE.search("".join(values[:5])):
        return None
    # Spread over the column; by chance no rate below comes about among twenty already.
    sample = values[:: -(-len(values) // _SAMPLE)]
    head = "\n" + "\n".join(sample[:_FIRST])
    whole = ""
    words = frozenset(header_words)
    kinds = KINDS if max(map(len, sample[:_FIRST])) >= _OFFICIAL else _SHORT
    for kind in kinds:
        if kind.needed and kind.needed.isdisjoint(words):
            continue
        # Where none of the first passes the column is not worth a look at all of them.
        if not kind.form.search(head):
            continue
        whole = whole or "\n" + "\n".join(sample)
        found = kind.form.findall(whole)
        if len(found) < kind.rate * len(sample):
            continue
        if kind.check is None or _enough(kind.check, found, len(sample), kind.rate):
            return kind.name
    return None


def _enough(check: Check, found: list[str], total: int, rate: float) -> bool:
    """Do enough pass? Given up as soon as the rest cannot make up for those that failed."""
    good, left = 0, len(found)
    for text in found:
        good += check(text.strip())
        left -= 1
        if good + left < rate * total:
            return False
    return True
