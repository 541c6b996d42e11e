"""Recognises columns of direct identifiers: numbers that name one person or firm.

A column is judged by its pass rate, never a cell: 9 % of random ten-digit numbers pass the NHS
check, so only a rate near 1 proves anything, and repdigits (0000000000) are left out.
"""

from __future__ import annotations

import re
from typing import Callable, Final, Iterable, Sequence

Check = Callable[[str], bool]

_SPACES = re.compile(r"[\s\-./]")
_NHS = re.compile(r"^\s*\d{3}[ -]?\d{3}[ -]?\d{4}\s*$")
_NINO = re.compile(
    r"(?i)^\s*(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]?\s*$"
)
_POSTCODE = re.compile(
    r"(?i)^\s*(?:GIR ?0AA|[A-PR-UWYZ](?:\d[\dA-HJKPSTUW]?|[A-HK-Y]\d[\dABEHMNPRVWXY]?) ?\d[ABD-HJLNP-UW-Z]{2})\s*$"
)
_EMAIL = re.compile(r"^[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)+$")
_PHONE = re.compile(r"^\s*(?:\+?\d{1,3}[ -]?)?\(?0?\d{2,5}\)?[ -]?\d{3,4}[ -]?\d{3,4}\s*$")
_CRN = re.compile(r"(?i)^\s*(?:\d{8}|(?:SC|NI|OC|SO|NC|R0|FC|IP|SP|RC|LP|SL)\d{6})\s*$")
_VAT = re.compile(r"(?i)^\s*(?:GB ?)?\d{3} ?\d{4} ?\d{2}(?: ?\d{3})?\s*$")
_UTR = re.compile(r"^\s*\d{5} ?\d{5}\s*[kK]?\s*$")
_CARD = re.compile(r"^\s*(?:\d[ -]?){13,19}\s*$")

_NHS_WEIGHTS = (10, 9, 8, 7, 6, 5, 4, 3, 2)
_UTR_WEIGHTS = (6, 7, 8, 9, 10, 5, 4, 3, 2)
_UTR_CHECK = "21987654321"
_VAT_WEIGHTS = (8, 7, 6, 5, 4, 3, 2)


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c.isdigit())


def nhs_number(text: str) -> bool:
    """NHS Data Dictionary: modulus 11 over the first nine digits."""
    if not _NHS.match(text):
        return False
    digits = _digits(text)
    check = 11 - sum(int(d) * w for d, w in zip(digits, _NHS_WEIGHTS, strict=False)) % 11
    return check != 10 and check % 11 == int(digits[9]) and len(set(digits)) > 1


def utr(text: str) -> bool:
    """Unique taxpayer reference: the first digit checks the other nine, modulus 11."""
    if not _UTR.match(text):
        return False
    digits = _digits(text)
    total = sum(int(d) * w for d, w in zip(digits[1:], _UTR_WEIGHTS, strict=False))
    return _UTR_CHECK[total % 11] == digits[0] and len(set(digits)) > 1


def vat_number(text: str) -> bool:
    """UK VAT registration: modulus 97, or modulus 97 after adding 55 (numbers since 2010)."""
    if not _VAT.match(text):
        return False
    digits = _digits(text)[:9]
    total = sum(int(d) * w for d, w in zip(digits, _VAT_WEIGHTS, strict=False)) + int(digits[7:9])
    return (total % 97 == 0 or (total + 55) % 97 == 0) and len(set(digits)) > 1


def card_number(text: str) -> bool:
    """Payment card: Luhn's check over 13 to 19 digits."""
    if not _CARD.match(text):
        return False
    digits = [int(d) for d in _digits(text)]
    doubled = [d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0 and len(set(digits)) > 1


def _matches(pattern: re.Pattern[str]) -> Check:
    return lambda text: pattern.match(text) is not None


# kind, check, the share of a column's values that must pass, and whether the header must agree
# (eight digits are a company number only where somebody says so).
_KINDS: Final[tuple[tuple[str, Check, float, frozenset[str]], ...]] = (
    ("e-mail address", _matches(_EMAIL), 0.8, frozenset()),
    ("postcode", _matches(_POSTCODE), 0.8, frozenset()),
    ("national insurance number", _matches(_NINO), 0.8, frozenset()),
    ("NHS number", nhs_number, 0.6, frozenset()),
    ("VAT number", vat_number, 0.6, frozenset()),
    ("taxpayer reference", utr, 0.6, frozenset()),
    ("payment card number", card_number, 0.6, frozenset()),
    ("company number", _matches(_CRN), 0.8, frozenset({"crn", "company", "registration", "co", "companies"})),
    ("telephone number", _matches(_PHONE), 0.8, frozenset({"tel", "phone", "telephone", "mobile", "fax", "contact"})),
)  # fmt: skip

_PLAUSIBLE = re.compile(r"[@\d]")


def identifier_kind(values: Sequence[str], header_words: Iterable[str]) -> str | None:
    """The kind of identifier that a column's distinct values are, or None.

    At least five different values are needed: fewer prove nothing about a column.
    """
    if len(values) < 5 or not any(map(_PLAUSIBLE.search, values[:5])):
        return None
    sample = values[:60]
    words = frozenset(header_words)
    for kind, check, rate, needed in _KINDS:
        if needed and not needed & words:
            continue
        if not any(map(check, sample[:8])):
            continue
        if sum(map(check, sample)) >= rate * len(sample):
            return kind
    return None
