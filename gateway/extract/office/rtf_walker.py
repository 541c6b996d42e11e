"""Walks the groups and control words of RTF once, without recursion, and sorts the text by place.

Nothing is dropped because it is unknown: text of a group that no reader knows goes to a place of
its own, hidden.
"""

from __future__ import annotations

import binascii
import re
from typing import NamedTuple

from gateway.extract.office.rtf_words import (
    CHARACTERS,
    CHARSETS,
    CODE_PAGES,
    HEX,
    PLACES,
    PROPERTIES,
    SYMBOLS,
)
from gateway.extract.text.code_pages import charset_of

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,40})(-?[0-9]{1,10})? ?|\\'([0-9a-fA-F]{2})|([{}])|([^\\{}\r\n]+)|[\r\n]+"
    rb"|\\(.)|\\",
    re.S,
)
_NOT_HEX = bytes(sorted(set(range(256)) - set(b"0123456789abcdefABCDEF")))
_RUN = re.compile(rb"[^\\{}]+")
_OTHER = "other groups"


class State(NamedTuple):
    """What a group inherits, and gets back when one inside it ends."""

    place: str = "text"
    unseen: bool = False
    hidden: bool = False
    deleted: bool = False
    skip: int = 1
    charset: str = ""
    wrapped: bool = False
    starred: bool = False


class Walker:
    """`texts` by place and whether people see them, `tables` by place, `files` as
    (kind, content), `properties`; `faults` are sentences."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.texts: dict[tuple[str, bool], list[str]] = {}
        self.tables: list[list[list[str]]] = []
        self.files: list[tuple[str, bytes]] = []
        self.properties: list[tuple[str, str]] = []
        self.faults: list[str] = []
        self.html = False
        self.end = 0
        self._state = State()
        self._stack: list[State] = []
        self._pending = bytearray()
        self._pending_charset = ""
        self._unskipped = 0
        self._default, self._fonts, self._font = "cp1252", dict[int, str](), 0
        self._in_fonts = -1
        self._hex: list[bytes] = []
        self._value: list[str] = []
        self._cell: list[str] = []
        self._row: list[str] = []
        self._rows: list[list[str]] = []
        self._in_table = False
        self._starred = False

    def walk(self) -> None:
        content, at, size, match = self.content, 0, len(self.content), _TOKEN.match
        while at < size:
            token = match(content, at)
            if token is None:
                break
            at = token.end()
            word, number, code, brace, text, symbol = token.groups()
            if text is not None:
                if self._state.place in HEX:
                    run = _RUN.match(content, at)
                    self._hex.append(text)
                    if run is not None:
                        self._hex.append(run[0])
                        at = run.end()
                else:
                    self._bytes(text)
            elif word is not None:
                if word == b"bin":
                    length = min(max(int(number or 0), 0), size - at)
                    if self._state.place in HEX:
                        self._hex.append(binascii.hexlify(content[at : at + length]))
                    elif length:
                        self.files.append(("bin", content[at : at + length]))
                    at += length
                else:
                    self._word(word.decode("ascii"), None if number is None else int(number))
            elif code is not None:
                if self._unskipped:
                    self._unskipped -= 1
                else:
                    self._raw(bytes((int(code, 16),)))
            elif brace == b"{":
                self._unskipped = 0
                self._stack.append(self._state)
                self._starred = False
            elif brace == b"}":
                self._close()
                if not self._stack:
                    break
            elif symbol is not None:
                self._symbol(symbol)
        self.end = at
        if self._stack:
            self.faults.append("a rich text that ends inside a group")
        while self._stack:
            self._close()
        self._flush()
        self._end_table()

    def _close(self) -> None:
        self._flush()
        self._unskipped = 0
        if not self._stack:
            return
        before, self._state = self._state, self._stack.pop()
        if before.place == self._state.place == PLACES["docvar"][0]:
            self._put("\n")  # between a variable's name and its value
        if before.place in HEX and self._state.place != before.place:
            digits = b"".join(self._hex).translate(None, _NOT_HEX)
            self._hex.clear()
            self.files.append((before.place, binascii.unhexlify(digits[: len(digits) & ~1])))
        elif before.place in PROPERTIES and self._state.place != before.place:
            value = _joined("".join(self._value)).strip()
            self._value.clear()
            if before.place in ("staticval", "linkval") and self.properties:
                name, _ = self.properties[-1]
                self.properties[-1] = (name, value)
            elif value:
                named = before.place == "propname"
                self.properties.append((value, "") if named else (before.place, value))
        if len(self._stack) < self._in_fonts:
            self._in_fonts = -1

    def _bytes(self, text: bytes) -> None:
        if self._unskipped:
            skipped = min(self._unskipped, len(text))
            self._unskipped -= skipped
            text = text[skipped:]
        self._raw(text)

    def _raw(self, text: bytes) -> None:
        charset = self._state.charset or self._default
        if charset != self._pending_charset:
            self._flush()
            self._pending_charset = charset
        self._pending += text

    def _flush(self) -> None:
        if self._pending:
            raw = bytes(self._pending)
            self._pending.clear()
            self._put(raw.decode(self._pending_charset, "replace"))

    def _text(self, text: str) -> None:
        self._flush()
        self._put(text)

    def _put(self, text: str) -> None:
        state = self._state
        if self._in_fonts >= 0:
            self.texts.setdefault(("fonts", True), []).append(text + "\n")
            return
        if not state.place:
            return
        if state.place in PROPERTIES:
            self._value.append(text)
            return
        place, unseen = state.place, state.unseen
        if self.html and place == "text":
            place, unseen = ("rich text only", True) if state.wrapped else ("html", False)
        elif state.hidden or state.deleted:
            place, unseen = f"hidden in {place}", True
        self.texts.setdefault((place, unseen), []).append(text)
        if state.place in ("text", "headers and footers", "footnotes", "text boxes", "comments"):
            self._cell.append(text)

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._starred = True
        elif self._unskipped:
            self._unskipped -= 1
        elif symbol in SYMBOLS:
            self._text(SYMBOLS[symbol])
            if symbol in b"\r\n":
                self._paragraph()

    def _word(self, word: str, number: int | None) -> None:
        state = self._state
        starred, self._starred = self._starred, False
        if word == "u":
            self._flush()
            self._put(chr((number or 0) & 0xFFFF))
            self._unskipped = state.skip
            return
        if word in CHARACTERS:
            self._text(CHARACTERS[word])
            if word in ("par", "sect", "page"):
                self._paragraph()
        elif word in PLACES:
            self._flush()
            place, unseen = PLACES[word]
            self._state = state._replace(place=place, unseen=unseen or state.unseen)
        elif word in HEX or (word in PROPERTIES and self._stack):
            self._flush()
            self._state = state._replace(place=word)
        elif word in ("cell", "row", "intbl", "pard"):
            self._flush()
            self._table_word(word)
        elif word in ("v", "webhidden", "deleted", "plain", "htmlrtf", "uc", "f", "fonttbl",
                      "fcharset", "ansicpg", "fromhtml", *CODE_PAGES):  # fmt: skip
            self._flush()
            self._state_word(word, number)
        elif starred:
            self._flush()
            self._state = state._replace(place=_OTHER, unseen=True)

    def _state_word(self, word: str, number: int | None) -> None:
        state, on = self._state, number != 0
        if word in ("v", "webhidden"):
            self._state = state._replace(hidden=on)
        elif word == "deleted":
            self._state = state._replace(deleted=on)
        elif word == "plain":
            self._state = state._replace(hidden=False, deleted=False, charset="")
        elif word == "htmlrtf":
            self._state = state._replace(wrapped=on)
        elif word == "uc":
            self._state = state._replace(skip=min(max(number or 0, 0), 100))
        elif word == "f":
            if self._in_fonts >= 0:
                self._font = number or 0
            else:
                self._state = state._replace(charset=self._fonts.get(number or 0, ""))
        elif word == "fonttbl":
            self._in_fonts = len(self._stack)
        elif word == "fcharset" and self._in_fonts >= 0:
            if number in CHARSETS and len(self._fonts) < 100_000:
                self._fonts[self._font] = CHARSETS[number]
        elif word == "ansicpg":
            self._default = charset_of(number or 0, self._default)
        elif word == "fromhtml":
            self.html = on
        elif word in CODE_PAGES:
            self._default = CODE_PAGES[word]

    def _table_word(self, word: str) -> None:
        if word == "cell":
            self._put("\t")
            self._row.append(" ".join(_joined("".join(self._cell)).split()))
            self._cell.clear()
        elif word == "row":
            self._put("\n")
            if self._row:
                self._rows.append(self._row)
            self._row = []
            self._cell.clear()
        else:
            self._in_table = word == "intbl"

    def _paragraph(self) -> None:
        """A paragraph outside a table ends the table before it."""
        if self._in_table or self._row:
            return
        if self._rows and "".join(self._cell).strip():
            self._end_table()
        self._cell.clear()

    def _end_table(self) -> None:
        if self._row:
            self._rows.append(self._row)
            self._row = []
        if self._rows:
            self.tables.append(self._rows)
            self._rows = []

    def text(self, place: str, unseen: bool) -> str:
        return _joined("".join(self.texts.get((place, unseen), [])))


def _joined(text: str) -> str:
    """Halves of characters beyond the 16-bit plane, put together."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
