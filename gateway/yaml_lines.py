"""Reads line by line the YAML of which nearly every list consists, in a third of libyaml's time.

It knows keys, lists by dashes, scalars on one line, and what is in brackets on one line. Of anything
else it says `Unusual` and nothing more: what it does give is what libyaml gives. Lines in brackets
that are the same share their values, which nobody may change.
"""

from __future__ import annotations

import re
from typing import Any

from gateway.yaml_scalars import TELLING, Plain, Unusual

_DEEPEST = 40
_REMEMBERED = 20_000
_KEY = r"[A-Za-z0-9_][A-Za-z0-9_./@+-]{0,100}+"
_FIRST = r"""[^\s\-?:,\[\]{}#&*!|>'"%@`]"""
_QUOTED = r"""("[^"\\\n]*+"|'[^'\n]*+')"""
_LINE = re.compile(
    rf"""
    ^([ ]{{0,200}}+) (-[ ]{{1,8}}+)?
    (?: ({_KEY}) : (?=[ \n]|\Z) [ ]{{0,200}}+ )?
    (?: ({_FIRST} [^:\#\n]*+ (?: (?: :(?![ \n]|\Z) | (?<![ ])\# ) [^:\#\n]*+ )*+ )
      | {_QUOTED} | ([\[{{][^\n]*[\]}}]) )?
    [ ]{{0,200}}+ (?: (?<![^ \n]) \#[^\n]*+ )? $
    """,
    re.MULTILINE | re.VERBOSE,
)
_IN_BRACKETS = rf"{_FIRST}[^:#,?\[\]{{}}\n]*+(?::(?=[A-Za-z0-9/])[^:#,?\[\]{{}}\n]*+)*+"
_SCALAR = rf"(?:({_IN_BRACKETS})|{_QUOTED})"
_PAIR = re.compile(rf" *+({_KEY}): ++{_SCALAR} *+(?:,|\}}\Z)| *+(.)")
_TOKEN = re.compile(rf" *+(?:([\[\]{{}},])|({_KEY}):(?= )|{_SCALAR}|([^ ]))")
_Line = tuple[str, str, str, str, str, str]


class LineReader:
    """Reads any number of files, and remembers what lines and words of them meant."""

    def __init__(self) -> None:
        self._plain = Plain()
        self._brackets: dict[str, Any] = {}

    def read(self, text: str) -> Any:
        """The values of a mapping or list. Raises Unusual."""
        text = text.replace("\r\n", "\n").removeprefix("---\n")
        if not text.replace("\n", "").replace("\xa0", "").isprintable():
            raise Unusual  # tabs, other line ends, and what no file should have
        lines = _LINE.findall(text)
        if len(lines) != text.count("\n") + 1:
            raise Unusual  # one was not understood
        if len(self._plain) > _REMEMBERED:
            self._plain.clear()
        if len(self._brackets) > _REMEMBERED:
            self._brackets.clear()
        return self._values(lines)

    def _values(self, lines: list[_Line]) -> Any:
        """Of lines that were taken apart: indentation, dash, key, and one kind of value."""
        plain, brackets = self._plain, self._brackets
        top: Any = None
        inside: Any = None  # what the line before belongs to, and the column of its keys or dashes
        level = 0
        outside: list[tuple[Any, int]] = []
        waiting: str | None = None  # the last key, where its value is yet to come
        for indent, dash, key, scalar, quoted, bracketed in lines:
            if scalar:
                value: Any = scalar.rstrip(" ")
                if value[0] in TELLING:
                    value = plain[value]
            elif bracketed:
                value = brackets.get(bracketed)
                if value is None:
                    value = brackets[bracketed] = _in_brackets(bracketed, plain)
            elif quoted:
                value = quoted[1:-1]
            elif key:
                value = None
            elif dash:
                raise Unusual
            else:
                continue  # a line of nothing but a remark
            column = len(indent)
            if column > level or inside is None or (waiting and dash and column == level):
                child: Any = [] if dash else {}
                if inside is None:
                    top = child
                elif waiting is None:
                    raise Unusual  # the line before goes on
                else:
                    inside[waiting] = child
                    waiting = None
                    outside.append((inside, level))
                inside, level = child, column
            else:
                waiting = None
                while level > column and outside:
                    inside, level = outside.pop()
                if not dash and type(inside) is list and outside:
                    inside, level = outside.pop()  # its dashes stood below the key, no further in
                if level != column or (type(inside) is list) != bool(dash):
                    raise Unusual
            if dash:
                if not key:
                    inside.append(value)
                    continue
                outside.append((inside, level))
                inside.append({})
                inside, level = inside[-1], column + len(dash)
            if not key or key in inside or len(outside) > _DEEPEST:
                raise Unusual
            inside[key] = value
            if value is None and not scalar:
                waiting = key
        if top is None:
            raise Unusual
        return top


def _in_brackets(text: str, plain: Plain) -> Any:
    """What one line has in brackets: nearly always keys and scalars."""
    if text[0] == "{":
        pairs = _PAIR.findall(text, 1)
        found: dict[str, Any] = {}
        for key, scalar, quoted, other in pairs:
            if other:
                break
            if scalar:
                value: Any = scalar.rstrip(" ")
                found[key] = plain[value] if value[0] in TELLING else value
            else:
                found[key] = quoted[1:-1]
        else:
            if len(found) != len(pairs):
                raise Unusual  # a key stands there twice
            return found
    return _nested(_TOKEN.findall(text), plain)


def _nested(tokens: list[tuple[str, str, str, str, str]], plain: Plain) -> Any:
    """Brackets in brackets."""
    top: list[Any] = []
    inside: Any = top
    outside: list[Any] = []
    key: str | None = None
    ready = True  # for a value or a key: not directly after one
    for sign, name, scalar, quoted, other in tokens:
        if other:
            raise Unusual
        if sign == ",":
            if ready or inside is top or key is not None:
                raise Unusual
            ready = True
            continue
        if sign == "]" or sign == "}":
            if (sign == "]") != (type(inside) is list) or inside is top or key is not None:
                raise Unusual
            if ready and inside:
                raise Unusual  # a comma, and nothing after it
            inside, ready = outside.pop(), False
            continue
        if not ready:
            raise Unusual
        if name:
            if type(inside) is list or key is not None or name in inside:
                raise Unusual
            key = name
            continue
        if sign:
            value: Any = [] if sign == "[" else {}
        elif scalar:
            value = plain[scalar.rstrip(" ")]
        else:
            value = quoted[1:-1]
        if type(inside) is list:
            inside.append(value)
        elif key is None:
            raise Unusual
        else:
            inside[key], key = value, None
        ready = False
        if sign:
            outside.append(inside)
            inside, ready = value, True
            if len(outside) > _DEEPEST:
                raise Unusual
    if inside is not top or len(top) != 1:
        raise Unusual
    return top[0]
