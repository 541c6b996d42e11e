"""What rows of a worksheet look like without their numbers: sheets have few such shapes.

A shape is a row's XML without digits, points and minus signs. Of each shape the first row is
checked character by character; another row of that shape can differ in its numbers only, so it
holds no word that was not seen. Rows with words of their own are checked without those words.
"""

from __future__ import annotations

import html
import re
from typing import Callable

from gateway.extract.office.sheet_values import unescaped

NUMERALS = b"0123456789.-"
_REF = rb'<c r="[A-Z]{1,3}[0-9]{1,7}"'
_ROW = rb"(?:\s*<row(?:\s[^<>]*)?/>)*\s*<row(?:\s[^<>]*[^<>/])?>"
# No words: numbers, places in the string table, truth values, and formulas without any string.
_PLAIN = re.compile(
    _ROW + rb'(?:\s*+' + _REF + rb'(?: (?:s|cm|vm|ph)="[0-9]*"| t="(?:n|s|b|str|inlineStr|e)")*+'
    rb'(?:/>|>(?:<f(?: [a-z0-9]+="[A-Za-z0-9:$]*")*(?:/>|>[^<"&]*</f>))?(?:<v>-?[0-9]*+(?:\.[0-9]+)?(?:[Ee][-+]?[0-9]+)?</v>)?</c>))*+\s*'
)  # fmt: skip
_ANY = re.compile(
    _ROW + rb'(?:\s*+' + _REF + rb'(?: [\w:]+="[^"<>]*")*+\s*'
    rb'(?:/>|>(?:<f(?: [\w:]+="[^"<>]*")*+\s*(?:/>|>[^<]*</f>))?'
    rb'(?:<v(?: xml:space="preserve")?>[^<]*</v>|<v/>|<is/>|<is>'
    rb'(?:<t(?: [^<>/]*)?>[^<]*|<(?!/is>|t[ >])[A-Za-z/][^<>]*>\s*)*</is>)?</c>))*+\s*'
)  # fmt: skip
_INLINE = re.compile(rb'<is><t(?: xml:space="preserve")?>([^<]*)</t></is>')
_TYPED = re.compile(rb't="(?:str|e|d)"><v>([^<]*)</v>')
_NUMBERED = re.compile(rb'(?:\s*<row(?:\s[^<>]*)?/>)*\s*<row(?:\s[^<>]*?)?\sr="([0-9]{1,8})"')


class NotSimple(Exception):
    """The XML is not of the shape that the tokenizer knows."""


class Shapes:
    """The shapes of one sheet. `known` gives a row's width by its shape, 0 where it is blank;
    `words` are the strings of rows that have their own."""

    def __init__(
        self, parse: Callable[[bytes], list[str]], own: Callable[[bytes], list[str]]
    ) -> None:
        self._parse, self._own_cells = parse, own
        self.known: dict[bytes, int] = {}
        self._wordy: dict[bytes, int] = {}
        self.words: set[str] = set()
        self._own: set[bytes] = set()
        self.formulas: set[str] = set()
        self.ordered = True
        self.doubled = False  # is there XML of a row that begins with another, empty one?

    def width(self, raw: bytes, bare: bytes, shape: bytes) -> int:
        """The width of a row whose shape is new; raises NotSimple. `bare` is the row without the
        words of its cells, and `shape` what is left of that without numbers."""
        if _PLAIN.fullmatch(bare):
            return self._keep(self.known, shape, raw, b"<v>" in bare)
        width = self._without_words(raw)
        if width is not None:
            return width
        if not _ANY.fullmatch(raw):
            raise NotSimple
        row = self._parse(raw)
        self._order(raw)
        self.words.update(self._own_cells(raw))
        self.formulas.update(_quoting(raw))
        return len(row) if any(row) else 0

    def note(self, words: list[bytes]) -> None:
        """Words that rows have in place of numbers."""
        self._own.update(words)

    def _without_words(self, raw: bytes) -> int | None:
        """The width of a row that is plain but for the words of its cells, which are noted."""
        words: list[bytes] = []
        rest = raw
        if b"<is><t" in raw:
            pieces = _INLINE.split(raw)
            words, rest = pieces[1::2], b"<v></v>".join(pieces[0::2])
        if any(b't="%b"><v>' % kind in rest for kind in (b"str", b"e", b"d")):
            pieces = _TYPED.split(rest)
            words, rest = words + pieces[1::2], b't="n"><v></v>'.join(pieces[0::2])
        if not words:
            return None
        skeleton = rest.translate(None, NUMERALS)
        width = self._wordy.get(skeleton)
        if width is None:
            if not _PLAIN.fullmatch(rest):
                return None
            width = self._keep(self._wordy, skeleton, raw, True)
        self._own.update(words)
        return width if any(words) or any(self._parse(raw)) else 0

    def _keep(self, known: dict[bytes, int], shape: bytes, raw: bytes, filled: bool) -> int:
        self._order(raw)
        width = len(self._parse(raw)) if filled else 0
        if len(known) < 100_000:
            known[shape] = width
        return width

    def _order(self, raw: bytes) -> None:
        self.doubled = self.doubled or raw.count(b"<row") > 1
        columns = [(len(name), name) for name in _COLUMN.findall(raw)]
        self.ordered = self.ordered and columns == sorted(set(columns))

    def texts(self) -> list[str]:
        """Every string that only this sheet holds."""
        texts = b"<".join(self._own).decode("utf-8").split("<") if self._own else []
        if any("&" in text or "_x" in text for text in texts):
            texts = [unescaped(html.unescape(text)) for text in texts]
        self.words.update(texts)
        self._own.clear()
        return sorted(text for text in self.words if not _NUMERAL.fullmatch(text))


def without_inline(text: bytes, spaced: bool) -> tuple[bytes, list[bytes]] | None:
    """XML of rows whose words are left out as if cells had empty values, and the words; None where
    they cannot be told apart. `spaced`: some may have blanks at their ends."""
    if spaced:
        text = text.replace(b'<is><t xml:space="preserve">', b"<is><t>")
    pieces = text.rsplit(b"is>")  # from the end, as it is found by its first character then
    bodies = pieces[1::2]
    if not bodies:
        return (text, []) if len(pieces) == 1 else None
    joined = b"".join(bodies)
    words = joined[3:-6].split(b"</t></<t>")
    whole = joined.startswith(b"<t>") and joined.endswith(b"</t></")
    if not whole or len(pieces) != 2 * len(words) + 1 or joined.count(b"<") != 3 * len(words):
        return None
    return b"v></v>".join(pieces[0::2]), words


_NUMERAL = re.compile("[0-9.:+e-]*")
_COLUMN = re.compile(rb'<c r="([A-Z]{1,3})')
_STRING_FORMULA = re.compile(r"<f[^>/]*>([^<]*(?:\"|&quot;)[^<]*)</f>")


def _quoting(raw: bytes) -> list[str]:
    if b"</f>" not in raw or (b'"' not in raw and b"&quot;" not in raw):
        return []
    return list(map(html.unescape, _STRING_FORMULA.findall(raw.decode("utf-8"))))


def row_number(raw: bytes) -> str:
    """The row's own number, "" where it says none."""
    match = _NUMBERED.match(raw)
    return match[1].decode("ascii") if match else ""
