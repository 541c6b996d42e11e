"""Ways to write a text in other signs than its own, as somebody would who hides it."""

from __future__ import annotations

import base64
import binascii
import zlib
from string import ascii_letters, ascii_lowercase, ascii_uppercase
from typing import Callable
from urllib.parse import quote

_B85 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
_Z85 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
_MIRRORED = str.maketrans(ascii_letters, ascii_lowercase[::-1] + ascii_uppercase[::-1])


def folded(letters: str, width: int = 76) -> str:
    return "\n".join(letters[at : at + width] for at in range(0, len(letters), width))


def by_line(text: str, code: Callable[[bytes], bytes]) -> str:
    return "\n".join(code(line.encode()).decode() for line in text.split("\n"))


def each(text: str, form: str) -> str:
    return "".join(form.format(code) for code in text.encode())


def shifted(text: str, by: int) -> str:
    turned = "".join(x[by:] + x[:by] for x in (ascii_lowercase, ascii_uppercase))
    return text.translate(str.maketrans(ascii_letters, turned))


def quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


def z85(content: bytes) -> str:
    padded = content + b" " * (-len(content) % 4)
    return base64.b85encode(padded).decode().translate(str.maketrans(_B85, _Z85))


def headless_uuencode(text: str) -> str:
    pieces = [text.encode()[at : at + 45] for at in range(0, len(text), 45)]
    return "".join(binascii.b2a_uu(piece, backtick=True).decode() for piece in pieces)


CODINGS: dict[str, Callable[[str], str]] = {
    "rot13": lambda text: shifted(text, 13),
    "letters moved by five": lambda text: shifted(text, 5),
    "alphabet mirrored": lambda text: text.translate(_MIRRORED),
    "reversed": lambda text: text[::-1],
    "lines reversed": lambda text: "\n".join(line[::-1] for line in text.split("\n")),
    "base32": lambda text: folded(base64.b32encode(text.encode()).decode()),
    "base32 in small letters": lambda text: folded(base64.b32encode(text.encode()).decode().lower()),
    "base32hex": lambda text: folded(base64.b32hexencode(text.encode()).decode()),
    "base32 quoted": lambda text: quoted(folded(base64.b32encode(text.encode()).decode())),
    "base85": lambda text: folded(base64.b85encode(text.encode()).decode()),
    "base85 quoted": lambda text: quoted(folded(base64.b85encode(text.encode()).decode())),
    "base85 packed": lambda text: folded(base64.b85encode(zlib.compress(text.encode())).decode()),
    "ascii85": lambda text: folded(base64.a85encode(text.encode(), adobe=True).decode()),
    "z85": lambda text: folded(z85(text.encode())),
    "percent": lambda text: each(text, "%{:02X}"),
    "percent, folded": lambda text: folded(each(text, "%{:02X}")),
    "percent, a row a line": lambda text: "\n".join(map(quote, text.split("\n"))),
    "\\u": lambda text: each(text, "\\u{:04x}"),
    "\\x, folded": lambda text: folded(each(text, "\\x{:02x}")),
    "octal": lambda text: each(text, "\\{:03o}"),
    "entities": lambda text: each(text, "&#{};"),
    "entities, folded": lambda text: folded(each(text, "&#x{:x};")),
    "quoted-printable": lambda text: each(text, "={:02X}").replace("=0A", "\n"),
    "U+": lambda text: each(text, "U+{:04X} "),
    "base64, a row a line": lambda text: by_line(text, base64.b64encode),
    "base32, a row a line": lambda text: by_line(text, base64.b32encode),
    "base85, a row a line": lambda text: by_line(text, base64.b85encode),
    "hexadecimal, a row a line": lambda text: by_line(text, lambda row: row.hex().encode()),
    "bits": lambda text: each(text, "{:08b} "),
    "bits, folded": lambda text: folded(each(text, "{:08b}"), 64),
    "numbers of signs": lambda text: each(text, "{} "),
}  # fmt: skip
