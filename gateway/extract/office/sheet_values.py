"""What a cell's stored value looks like as text: shared strings, numbers, dates, booleans."""

from __future__ import annotations

import re
from datetime import date

from lxml import etree

from gateway.extract.element_names import local
from gateway.extract.office.office_xml import attribute, children

NEAR = 2400
NUMBER, SHARED, INLINE, BOOLEAN, STRING, DATE, TIME = range(7)
_TYPES = {"": NUMBER, "n": NUMBER, "s": SHARED, "inlineStr": INLINE, "b": BOOLEAN,
          "str": STRING, "e": STRING, "d": STRING}  # fmt: skip
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_LITERAL = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.|\*.', re.I)
# ECMA-376 part 1, section 18.8.30: built-in formats that show a date or a time.
_BUILT_IN_DATES = frozenset((14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)))
_BUILT_IN_TIMES = frozenset((18, 19, 20, 21, 45, 46, 47))


def unescaped(text: str) -> str:
    """Characters that are written as _x0041_ (ECMA-376 part 1, section 22.9.2.19)."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


class Values:
    """Everything a sheet needs from the rest of the workbook; `used` are shared strings met, beside
    those before `following`, all of which were met."""

    def __init__(self, shared: list[str], styles: list[int], date_1904: bool) -> None:
        self.shared = shared
        self.used: set[int] = set()
        self.following = 0
        self.kinds = _Kinds(self)
        self._styles = styles
        # Excel counts a 29 February 1900 that never was; day 60 and before are not worth a branch.
        self._first = (date(1904, 1, 1) if date_1904 else date(1899, 12, 30)).toordinal()
        self._days = date.max.toordinal() - self._first

    def follow(self, chunk: bytes) -> None:
        """Most writers number strings in the order of their first use: then each is found at once."""
        at, first, size, find = 0, self.following, len(self.shared), chunk.find
        for sought in map(b't="s"><v>%d</v>'.__mod__, range(first, size)):
            # Short stretches are searched in a way that is faster at finding what is near.
            near = find(sought, at, at + NEAR)
            at = near if near >= 0 else find(sought, at)
            if at < 0:
                break
            first += 1
        self.following = first

    def unused(self) -> list[str]:
        """Strings that no cell shows."""
        rest = range(self.following, len(self.shared))
        return [self.shared[i] for i in rest if i not in self.used]

    def kind(self, type_: str, style: str) -> int:
        kind = _TYPES.get(type_, STRING)
        if kind == NUMBER and style.isdigit() and int(style) < len(self._styles):
            return self._styles[int(style)]
        return kind

    def text(self, kind: int, value: str) -> str:
        if kind == NUMBER:
            return self.number(value)
        if kind == SHARED:
            value = value.strip()
            if value.isdecimal() and len(value) < 12 and int(value) < len(self.shared):
                self.used.add(int(value))
                return self.shared[int(value)]
            return value
        return self.other(kind, value)

    def number(self, value: str) -> str:
        """As Excel shows it: fifteen significant digits, no trailing ".0"."""
        if len(value) < 15 and value.replace(".", "", 1).isdecimal():
            return value[:-2] if value.endswith(".0") else value
        value = value.strip()
        if len(value) < 15 and "E" not in value and "e" not in value:
            return value[:-2] if value.endswith(".0") else value
        try:
            if not value.lstrip("-").isdigit():
                return f"{float(value):.15g}"
        except ValueError:
            pass  # not a number after all: as it stands
        return value

    def other(self, kind: int, value: str) -> str:
        if kind in (INLINE, STRING):
            return unescaped(value)
        value = value.strip()
        if kind in (DATE, TIME):
            return self._moment(value)
        if kind == BOOLEAN:
            return {"1": "TRUE", "0": "FALSE"}.get(value, value)
        return value  # an index that leads nowhere

    def _moment(self, value: str) -> str:
        if value.isdecimal() and 0 < len(value) < 8 and 0 < (day := int(value)) <= self._days:
            return date.fromordinal(self._first + day).isoformat()
        try:
            serial = float(value)
            if not 0 <= serial < 2_958_466:
                return value
            days, seconds = divmod(round(serial * 86400), 86400)
            shown = date.fromordinal(self._first + days).isoformat()
        except (ValueError, OverflowError):
            return value
        if serial >= 1 and serial == int(serial):
            return shown
        time = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        return time if serial < 1 else f"{shown} {time}"


class _Kinds(dict[str, int]):
    """The attributes of a cell, as they stand in the XML, to its kind; there are few of them."""

    def __init__(self, values: Values) -> None:
        super().__init__()
        self._values = values

    def __missing__(self, attributes: str) -> int:
        found = dict(_ATTRIBUTE.findall(attributes))
        kind = self._values.kind(found.get("t", ""), found.get("s", ""))
        if len(self) < 100_000:
            self[attributes] = kind
        return kind


def read_styles(root: etree._Element) -> list[int]:
    """Per cell style: does a number in it show as NUMBER, DATE or TIME?"""
    formats = {
        attribute(e, "numFmtId"): attribute(e, "formatCode") for e in children(root, "numFmt")
    }
    for element in children(root, "cellXfs"):
        return [shown_as(attribute(xf, "numFmtId"), formats) for xf in element if local(xf) == "xf"]
    return []


def shown_as(identifier: str, formats: dict[str, str]) -> int:
    """NUMBER, DATE or TIME, by the number of a built-in format or the code of another."""
    code = formats.get(identifier)
    if code is None:
        number = int(identifier) if identifier.isdigit() else 0
        return DATE if number in _BUILT_IN_DATES else TIME if number in _BUILT_IN_TIMES else NUMBER
    code = _LITERAL.sub("", code).lower()
    if "general" in code or not re.search("[ymdhs]", code):
        return NUMBER
    return DATE if re.search("[yd]", code) or "mmm" in code else TIME
