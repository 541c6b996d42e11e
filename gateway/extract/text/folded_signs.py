"""Blanks, delimiters and line ends of other scripts and of word processors as their ASCII kin.

Outlook writes the gaps of aligned columns with no-break blanks, keyboards of East Asia write commas
and semicolons of full width: to whoever reads them they are the same columns.
"""

from __future__ import annotations

import re
from collections import Counter

_PLAIN = {
    **dict.fromkeys("\xa0\u1680\u202f\u205f\u3000", " "),
    **dict.fromkeys(map(chr, range(0x2000, 0x200B)), " "),
    "，": ",", "、": ",", "،": ",", "﹐": ",", "；": ";", "؛": ";", "﹔": ";", "：": ":",
}  # fmt: skip
_BREAKS = "\x0b\x85\u2028\u2029"
# Digits of full width that rows of figures can hardly do without.
_WIDE_DIGITS = "０１２"
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_LEADERS = re.compile(r"[ \t]?(?:\.{4,}|…{2,})[ \t]?")
_FEWEST = 5
_FEWEST_DOTS = 40


def folded(text: str) -> str:
    """`text` with plain blanks, delimiters and line ends; most texts are given back as they are."""
    if not text.isascii():
        for sign, plain in _PLAIN.items():
            if sign in text:
                text = text.replace(sign, plain)
        if any(map(text.__contains__, _WIDE_DIGITS)):
            text = text.translate(_WIDE)
        for sign in _BREAKS:
            if sign in text:
                text = text.replace(sign, _between(text, sign))
    elif "\x0b" in text:
        text = text.replace("\x0b", _between(text, "\x0b"))
    if (text.count(".") >= _FEWEST_DOTS and "...." in text) or "……" in text:
        lines = [_LEADERS.subn("\t", line) for line in text.split("\n")]
        # Contents have one in a line, before the number of the page.
        if sum(count >= 2 for _, count in lines) >= _FEWEST:
            text = "\n".join(line for line, _ in lines)
    return text


def _between(text: str, sign: str) -> str:
    """Does the sign divide the cells of a line, or lines?"""
    if text.count("\n") >= _FEWEST - 1:
        counts = Counter(line.count(sign) for line in text.split("\n"))
        if any(count >= 2 and often >= _FEWEST for count, often in counts.items()):
            return "\t"
    return "\n"
