"""Numbers that other countries and the banks give to persons and firms, by form and check digits.

Each check takes text that has the right form already; repdigits (000…, 111…) never pass.
"""

from __future__ import annotations

import re
from operator import mul
from typing import Callable, Final

Check = Callable[[str], bool]

_NOT_ALNUM = re.compile(r"[^0-9A-Za-z]")
_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_PPS_LETTERS = "WABCDEFGHIJKLMNOPQRSTUV"
_PPS_WEIGHTS = (8, 7, 6, 5, 4, 3, 2)
_BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def _plain(text: str) -> str:
    return _NOT_ALNUM.sub("", text).upper()


def _varied(digits: str) -> bool:
    return len(set(digits)) > 1


def _luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _mod_97(text: str) -> bool:
    """ISO 7064 MOD 97-10, letters as 10 to 35."""
    return int("".join(str(int(c, 36)) for c in text)) % 97 == 1


def _iban(text: str) -> bool:
    """ISO 13616: the country and check digits move to the end."""
    code = _plain(text)
    return _mod_97(code[4:] + code[:4]) and _varied(code[4:])


def _lei(text: str) -> bool:
    """ISO 17442."""
    code = _plain(text)
    return _mod_97(code) and _varied(code[:18])


def _pps(text: str) -> bool:
    """Ireland's personal public service number: modulus 23, a second letter counts nine times."""
    code = _plain(text)
    total = sum(map(mul, map(int, code[:7]), _PPS_WEIGHTS))
    if len(code) == 9 and code[8] != "W":
        total += 9 * (ord(code[8]) - 64)
    return code[7] == _PPS_LETTERS[total % 23] and _varied(code[:7])


def _social_security(text: str) -> bool:
    """United States: no area 000, 666 or 9xx, no group 00, no serial 0000."""
    digits = _plain(text)
    return (
        digits[:3] not in ("000", "666")
        and digits[0] != "9"
        and digits[3:5] != "00"
        and digits[5:] != "0000"
        and _varied(digits)
    )


def _bsn(text: str) -> bool:
    """The Dutch eleven test."""
    digits = _plain(text)
    return sum(map(mul, map(int, digits), _BSN_WEIGHTS)) % 11 == 0 and _varied(digits)


def _nir(text: str) -> bool:
    """France: 97 less the remainder of the first thirteen; Corsica's 2A and 2B count as 19 and 18."""
    code = _plain(text).replace("2A", "19").replace("2B", "18")
    return code.isdecimal() and 97 - int(code[:13]) % 97 == int(code[13:])


def _tax_id(text: str) -> bool:
    """Germany: ISO 7064 MOD 11,10 over ten digits, of which one or two stand more than once."""
    digits = _plain(text)
    product = 10
    for digit in digits[:10]:
        total = (int(digit) + product) % 10 or 10
        product = 2 * total % 11
    return (11 - product) % 10 == int(digits[10]) and 8 <= len(set(digits[:10])) <= 9


def _dni(text: str) -> bool:
    """Spain: the letter is the number modulo 23; X, Y, Z of foreigners count as 0, 1, 2."""
    code = _plain(text)
    number = code[:-1].translate(str.maketrans("XYZ", "012"))
    return _DNI_LETTERS[int(number) % 23] == code[-1] and _varied(number)


def _personnummer(text: str) -> bool:
    """Sweden: Luhn over the last ten digits."""
    digits = _plain(text)[-10:]
    return _luhn(digits) and _varied(digits)


def _siren(text: str) -> bool:
    """France's SIREN of nine and SIRET of fourteen digits: Luhn."""
    digits = _plain(text)
    return _luhn(digits) and _varied(digits)


_BIRTH = r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d"
_BIRTH_TURNED = r"(?:19|20)?\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"

NUMBERS: Final[tuple[tuple[str, str, Check | None, float, frozenset[str]], ...]] = (
    ("bank account number (IBAN)", r"[A-Za-z]{2}\d\d(?: ?[0-9A-Za-z]{4}){2,7} ?[0-9A-Za-z]{0,3}", _iban, 0.6, frozenset()),
    ("legal entity identifier", r"[0-9A-Z]{18}\d\d", _lei, 0.6, frozenset()),
    ("social security number", r"\d{3}-\d\d-\d{4}", _social_security, 0.9, frozenset()),
    ("social security number", r"\d{9}", _social_security, 0.95, frozenset({"ssn"})),
    ("personal public service number", r"\d{7}[A-Wa-w][A-IWa-iw]?", _pps, 0.6, frozenset()),
    ("national identity number", r"(?:\d{8}|[XYZxyz]\d{7})-?[A-HJ-NP-TV-Za-hj-np-tv-z]", _dni, 0.6, frozenset()),
    ("national identity number", r"[12] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d\d|2[AB]) ?\d{3} ?\d{3} ?\d\d", _nir, 0.6, frozenset()),
    ("national identity number", rf"{_BIRTH}-\d{{4}}", None, 0.9, frozenset()),
    ("national identity number", rf"{_BIRTH}\d{{4}}", None, 0.95, frozenset({"cpr", "personnummer", "chi"})),
    ("national identity number", rf"{_BIRTH_TURNED}[-+]?\d{{4}}", _personnummer, 0.8, frozenset()),
    ("national identity number", r"[A-Za-z]{6}\d\d[A-EHLMPRSTa-ehlmprst]\d\d[A-Za-z]\d{3}[A-Za-z]", None, 0.8, frozenset()),
    ("national identity number", r"\d{9}", _bsn, 0.8, frozenset()),
    ("taxpayer reference", r"[1-9]\d ?\d{3} ?\d{3} ?\d{3}", _tax_id, 0.6, frozenset()),
    ("company number", r"\d{3} ?\d{3} ?\d{3}(?: ?\d{5})?", _siren, 0.8, frozenset()),
)  # fmt: skip
"""(name, form, check, share of values that must pass, words of which the header needs one)."""
