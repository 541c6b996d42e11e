"""Content-Type and Content-Disposition values with their parameters (RFC 2045, 2183, 2231).

Everything seen in the wild is accepted: missing quotes, raw 8-bit text, encoded words inside
quotes, RFC 2231 continuations in any order. Scanning is linear in the field's length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from gateway.parse.words import decode_bytes, decode_words, unfold

_PARAMETER = re.compile(
    r"""[;\s]*([^=;\s"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))([^;]*)""", re.S
)
_SKIP = re.compile(r"[^;]*;?")
_TYPE = re.compile(r"""\s*([^\s;/()"]+/[^\s;()"]+)\s*(?:\([^)]*\)\s*)?""")
_WORD = re.compile(r"""\s*"?([^\s;()"]+)"?""")
_ESCAPE = re.compile(r"\\(.)", re.S)
_SECTION = re.compile(r"([^*]+)\*(\d{1,4})(\*?)")
MAX_PARAMETERS = 200
MAX_NAME = 1000


@dataclass(frozen=True, slots=True)
class Value:
    """`main` is the type or disposition in lower case, "" where unusable. `doubled` names the
    parameters that were given twice with different values; the first one counts."""

    main: str
    parameters: tuple[tuple[str, str], ...] = ()
    doubled: tuple[str, ...] = ()

    def get(self, name: str) -> str | None:
        for key, value in self.parameters:
            if key == name:
                return value
        return None


def read_type(raw: bytes) -> Value:
    """A Content-Type field body; `main` is "" where there is no type/subtype in it."""
    text = unfold(raw)
    match = _TYPE.match(text)
    if not match:
        cut = text.find(";")
        return Value("", *_parameters(text[cut:]) if cut >= 0 else ())
    return Value(match[1].lower(), *_parameters(text[match.end() :]))


def read_disposition(raw: bytes) -> Value:
    """A Content-Disposition field body."""
    text = unfold(raw)
    cut = text.find(";")
    head = text if cut < 0 else text[:cut]
    match = _WORD.match(head)
    if match and "=" in match[1]:
        return Value("", *_parameters(text))
    return Value(match[1].lower() if match else "", *_parameters(text[len(head) :]))


def _parameters(text: str) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    if not text.strip("; \t"):
        return (), ()
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    extended: dict[str, str] = {}
    doubled: list[str] = []
    position = 0
    for _ in range(MAX_PARAMETERS):
        match = _PARAMETER.match(text, position)
        if not match:
            skipped = _SKIP.match(text, position)
            if not skipped or skipped.end() == position:
                break
            position = skipped.end()
            continue
        position = match.end()
        key = match[1].lower()
        value = _quoted(match) if match[2] is not None else _bare(match[3])
        if section := _SECTION.fullmatch(key):
            pieces = sections.setdefault(section[1], {})
            pieces.setdefault(int(section[2]), (value, bool(section[3])))
        elif key.endswith("*") and len(key) > 1:
            extended.setdefault(key[:-1], _extended(value))
        elif key in plain:
            if decode_words(value) != plain[key]:
                doubled.append(key)
        else:
            plain[key] = decode_words(value)
    for key, pieces in sections.items():
        extended.setdefault(key, _joined(pieces))
    for key, value in extended.items():
        # RFC 6266 section 4.3: the extended form wins; two different names are worth knowing.
        if plain.get(key, value) != value and key in ("boundary", "charset"):
            doubled.append(key)
        plain[key] = value
    return tuple((k, _clean(v)) for k, v in plain.items()), tuple(doubled)


def _quoted(match: re.Match[str]) -> str:
    value = match[2]
    if "\\" in value:
        # Windows paths keep their backslashes; \" and \\ are escapes.
        value = _ESCAPE.sub(lambda m: m[1] if m[1] in '"\\' else m[0], value)
    return value


def _bare(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == "'" else value


def _extended(value: str) -> str:
    """charset'language'percent-encoded (RFC 2231 section 4)."""
    charset, quote, rest = value.partition("'")
    if quote and "'" in rest:
        encoded = rest.partition("'")[2]
    else:
        charset, encoded = "", value
    return decode_bytes(unquote_to_bytes(encoded), charset)


def _joined(pieces: dict[int, tuple[str, bool]]) -> str:
    """Continuations (RFC 2231 section 3) in numeric order, whatever order they came in."""
    charset = ""
    raw = bytearray()
    for index, (number, (value, encoded)) in enumerate(sorted(pieces.items())):
        if encoded and index == 0 and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        del number
        raw += unquote_to_bytes(value) if encoded else value.encode("utf-8", "replace")
    joined = decode_bytes(bytes(raw), charset)
    return decode_words(joined) if not charset else joined


def _clean(value: str) -> str:
    if not value.isprintable():
        value = "".join(c if c.isprintable() else " " for c in value)
    return value[:MAX_NAME].strip()
