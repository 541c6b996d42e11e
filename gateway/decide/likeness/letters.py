"""Letters that are taken for one another: what an address looks like to somebody who reads it.

Two spellings with the same look differ to a mail server and not to a reader.
"""

from __future__ import annotations

import re
import unicodedata

import idna

from gateway.model.person_name import folded

_TWO_AS_ONE = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_ONE_AS_ANOTHER = str.maketrans("01i|58", "olllsb")
_OTHER_SIGNS = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")


def look(text: str) -> str:
    """What the letters look like, capital I and small l alike."""
    if not text.isascii():
        text = "".join(map(_latin, folded(_OTHER_SIGNS.sub("", text))))
    text = text.lower().translate(_ONE_AS_ANOTHER)
    for two, one in _TWO_AS_ONE:
        text = text.replace(two, one)
    return text


def in_letters(domain: str) -> str:
    """A domain as programs show it: A-labels (RFC 5890) in their own letters."""
    if "xn--" not in domain:
        return domain
    try:
        return idna.decode(domain)
    except UnicodeError:
        return domain


def foreign(text: str) -> str:
    """The first letter that only looks like a Latin one, in words; "" where there is none."""
    for character in text:
        if not character.isascii() and (like := _latin(character)) != character:
            name = unicodedata.name(character, f"U+{ord(character):04X}").capitalize()
            return f"its “{character}” is the {name} and no “{like}”"
    return ""


def _latin(character: str) -> str:
    """The Latin letter that a letter of another script looks like, or itself."""
    if character.isascii():
        return character
    # A table of 150 ms that hardly any address asks for.
    from confusable_homoglyphs import confusables

    alike = confusables.is_confusable(character, greedy=True, preferred_aliases=[]) or []
    signs = (str(sign["c"]) for each in alike for sign in each["homoglyphs"])
    return next((sign.lower() for sign in signs if sign.isascii() and sign.isalnum()), character)
