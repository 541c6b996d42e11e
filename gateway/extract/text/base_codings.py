"""Lines written in base85 or another coding of many signs, rows coded one a line, codes of signs.

None of these has a mark of its own: what decodes to words or to a file of a known kind was written
so. Long stretches in which all signs are equally frequent, as nothing but coded bytes has them, and
which decode to nothing, are text in an unknown coding.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from itertools import groupby
from typing import Callable, Iterator

FEWEST_ROWS = 5
_SHORTEST_ROW = 8
_DIFFERENT = 20
UNKNOWN = 4_096
# Prose with one sign in each twentieth place or oftener is no coded bytes.
_EVEN = 1 / 22
_LONGEST_ROW = 400
_TRIED = 10
_LONG_ROW = 20
_LONG_WORD = 60
_HEX_ALONE = frozenset("0189")
_UU_HEAD = re.compile(r"begin(?:-base64)? [0-7]{3,4} ")
_HEAD = 1_000
_QUOTES = ("> ", "| ")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_BASE32 = re.compile(r"(?:[A-Z2-7]+|[a-z2-7]+|[0-9A-V]+|[0-9a-v]+)={0,6}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_Z85 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
_B85 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
_Z85_TO_B85 = str.maketrans(_Z85, _B85)
_NUMBERS = re.compile(r"[0-9][0-9 ,;\n\t]{59,}")
_MOST_SIGN, _FEWEST_CODES = 126, 24
_TO_BLANKS = str.maketrans(",;", "  ")
_READABLE = re.compile(r"[A-Za-z0-9 ,;.\t\n]")
_BETWEEN = re.compile(r"[ ,;\t]")


def base32_bytes(letters: str) -> bytes:
    """What letters of base32 stand for, of either alphabet (RFC 4648 sections 6 and 7), piece by
    piece where they are padded; b"" where they are none."""
    decode = base64.b32hexdecode if _HEX_ALONE.intersection(letters) else base64.b32decode
    out = bytearray()
    for piece in letters.upper().split("="):
        whole = piece[:-1] if len(piece) % 8 in (1, 3, 6) else piece
        try:
            out += decode(whole + "=" * (-len(whole) % 8))
        except (binascii.Error, ValueError):
            return b""
    return bytes(out)


def solid_runs(text: str) -> list[list[str]]:
    """Lines without blanks that follow one another, without marks of quoting; and long words. What
    a line says to be a uuencoded file is left out."""
    runs: list[list[str]] = []
    run: list[str] = []
    within = False
    for line in text.split("\n"):
        row = line.strip(" \t")
        while row[:2] in _QUOTES:
            row = row[2:]
        within = _UU_HEAD.match(row) is not None or (within and _fits_uuencode(row))
        if row and " " not in row and row.isascii() and not within:
            run.append(row)
            continue
        if run:
            runs.append(run)
            run = []
        if not within:
            runs += [[word] for word in row.split() if len(word) >= _LONG_WORD]
    return [*runs, run] if run else runs


def _fits_uuencode(line: str) -> bool:
    """As many letters as its first one says; blanks at its end may be lost."""
    letters = -(-((ord(line[0]) - 32) & 63) // 3) * 4 if line else 0
    return bool(line) and letters - 8 <= len(line) - 1 <= letters + 1


def coded_rows(runs: list[list[str]]) -> Iterator[str]:
    """Rows that were coded one by one, each on a line of its own, decoded."""
    for run in runs:
        for fits, group in groupby(run, _is_row):
            rows = list(group) if fits else []
            if len(rows) >= FEWEST_ROWS or (len(rows) > 1 and min(map(len, rows)) >= _LONG_ROW):
                yield from _decoded_rows(rows)


def _is_row(line: str) -> bool:
    return _SHORTEST_ROW <= len(line) <= _LONGEST_ROW


def _decoded_rows(lines: list[str]) -> Iterator[str]:
    for decode in _OF_ROWS:
        if not _most([_text_of(line, decode) for line in lines[:_TRIED]]):
            continue
        rows = [_text_of(line, decode) for line in lines]
        if _most(rows):
            yield "\n".join(filter(None, rows))
            return


def _most(rows: list[str]) -> bool:
    return sum(map(bool, rows)) * 10 >= len(rows) * 8


def _text_of(line: str, decode: Callable[[str], bytes]) -> str:
    try:
        words = decode(line).decode("utf-8").rstrip("\r\n")
    except (ValueError, binascii.Error):
        return ""
    return words if words.replace("\t", "").isprintable() and _is_readable(words) else ""


def _hex_row(line: str) -> bytes:
    return binascii.unhexlify(line) if _HEX.fullmatch(line) else b""


def _base32_row(line: str) -> bytes:
    return base32_bytes(line) if _BASE32.fullmatch(line) else b""


def _base64_row(line: str) -> bytes:
    if not _BASE64.fullmatch(line):
        return b""
    bare = line.rstrip("=").replace("-", "+").replace("_", "/")
    return binascii.a2b_base64(bare + "=" * (-len(bare) % 4))


def _z85(letters: str) -> bytes:
    return base64.b85decode(letters.translate(_Z85_TO_B85))


def _adobe85(letters: str) -> bytes:
    return base64.a85decode(letters.removeprefix("<~").removesuffix("~>"), foldspaces=True)


_BASE85: tuple[Callable[[str], bytes], ...] = (base64.b85decode, _adobe85, _z85)
_OF_ROWS: tuple[Callable[[str], bytes], ...] = (_hex_row, _base32_row, _base64_row, *_BASE85)


def dense_runs(runs: list[list[str]], shows: Callable[[bytes], bool]) -> Iterator[bytes | int]:
    """The bytes of each run in base85, or in uuencode without its head; or the length of one that
    nobody can tell the coding of."""
    for run in runs:
        if _is_uuencoded(run):
            content = b"".join(map(_uu_row, run))
            if content and shows(content):
                yield content
            elif len(content) >= UNKNOWN:
                yield len(content)
            continue
        letters = "".join(run)
        if len(set(letters)) < _DIFFERENT or _BASE64.fullmatch(letters.replace("=", "")):
            continue
        content = next(_in_base85(letters, shows), b"")
        if content:
            yield content
        elif len(letters) >= UNKNOWN and _is_even(letters):
            yield len(letters)


def _in_base85(letters: str, shows: Callable[[bytes], bool]) -> Iterator[bytes]:
    for decode in _BASE85:
        try:
            # The first of it tells, and costs less than all.
            if shows(decode(letters[:_HEAD])) or len(letters) < 2 * _HEAD:
                content = decode(letters)
                if shows(content):
                    yield content
        except ValueError:
            continue


def _is_uuencoded(lines: list[str]) -> bool:
    full = sum(len(line) == 61 and line[0] == "M" for line in lines)
    return len(lines) >= FEWEST_ROWS and full * 2 > len(lines)


def _uu_row(line: str) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        return b""


def _is_even(letters: str) -> bool:
    counts = Counter(letters)
    return len(counts) >= 58 and max(counts.values()) < _EVEN * len(letters)


def codes_of_signs(text: str) -> Iterator[str]:
    """Text written as the numbers of its signs, with two digits or with ten."""
    for match in _NUMBERS.finditer(text):
        digits = match[0].translate(_TO_BLANKS).split()
        if not digits:
            continue
        if all(set(number) <= {"0", "1"} for number in digits[:_TRIED]):
            bits = "".join(digits)
            width = 7 if len(digits[0]) == 7 else 8
            if set(bits) <= {"0", "1"}:
                yield from _words(
                    [int(bits[at : at + width], 2) for at in range(0, len(bits), width)]
                )
        elif len(digits) >= _FEWEST_CODES and max(map(len, digits)) <= 3:
            yield from _words(list(map(int, digits)))


def _words(codes: list[int]) -> Iterator[str]:
    # Ages and shares are numbers like these; few of them are the codes of blanks and commas.
    if max(codes) <= _MOST_SIGN:
        words = "".join(map(chr, codes))
        if _is_readable(words) and 25 * len(_BETWEEN.findall(words)) >= len(words):
            yield words


def _is_readable(words: str) -> bool:
    return len(_READABLE.findall(words)) * 10 >= len(words) * 9
