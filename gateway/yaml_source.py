"""Reads the YAML that people write, and remembers where each value stood.

Hostile or broken files end in `Faults`, never in a crash: nesting is bounded before libyaml sees
the text (it overflows the C stack on deep flow sequences), and anchors, aliases, duplicate keys
and custom tags are refused.

There are three readers, each three times as fast as the next: by lines (`yaml_lines`), from libyaml's
events, and from its nodes, which know their places and say what is wrong. What one cannot take is
left to the next, and all give the same values.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Callable, Iterator, Mapping

import yaml

from gateway.model.fault import Fault, Faults
from gateway.yaml_lines import LineReader
from gateway.yaml_scalars import Plain, Unusual, constructed

MAX_BYTES = 16_000_000
MAX_NESTING = 60
_MAX_OPEN = MAX_NESTING * 20

_TAGS = frozenset(
    f"tag:yaml.org,2002:{kind}"
    for kind in ("map", "seq", "str", "null", "bool", "int", "float", "timestamp", "value", "merge")
)
_ALIASES_SHOWN = 20
_FAR = re.compile(rf"^(?: {{2001}}| *(?:[-?] +){{{MAX_NESTING}}})", re.MULTILINE)
_BESIDE_BRACKETS = bytes(set(range(256)) - set(b"[]{}\n"))

Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """One parsed file: plain Python values and the text that they were read from."""

    file: str
    value: Any
    text: str = ""

    @cached_property
    def places(self) -> Mapping[Path_, tuple[int, int]]:
        """The (line, column) of every path into the values."""
        node = yaml.compose(self.text, Loader=yaml.CSafeLoader)
        builder = _Builder(self.file)
        if node is not None:
            builder.build(node, ())
        return builder.places

    def fault(self, path: Path_, message: str, hint: str = "") -> Fault:
        """A fault at `path`, or at its nearest ancestor that has a place."""
        trail = tuple(path)
        while trail and trail not in self.places:
            trail = trail[:-1]
        line, column = self.places.get(trail, (0, 0))
        return Fault(self.file, line, column, message, hint)


def load(path: Path, shown_as: str | None = None) -> Document:
    """Read one YAML file. Raises Faults where it cannot be read or is not acceptable YAML."""
    name = shown_as or str(path)
    return parse(read(path, name), name)


def read(path: Path, name: str) -> bytes:
    """The bytes of a YAML file. Raises Faults."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise Faults([Fault(name, 0, 0, f"file is larger than {MAX_BYTES} bytes")])
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise Faults([Fault(name, 0, 0, reason, "check the path and its permissions")]) from None


def parse(raw: bytes, name: str, lines: LineReader | None = None) -> Document:
    """Parse YAML text; `lines` has read other files like it. Raises Faults."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Faults([Fault(name, line, 1, "not valid UTF-8", "save the file as UTF-8")]) from None
    try:
        if text.count("[") + text.count("{") > _MAX_OPEN:
            _check_nesting(text, name)
        return Document(name, (lines or LineReader()).read(text), text)
    except Unusual:
        _check_nesting(text, name)
    try:
        return Document(name, from_events(text), text)
    except (Unusual, yaml.YAMLError):
        return Document(name, from_nodes(text, name), text)


def from_nodes(text: str, name: str) -> Any:
    """The values. Raises Faults with everything that is not acceptable, each at its place."""
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        raise Faults([_syntax_fault(error, text, name)]) from None
    except yaml.YAMLError:
        raise Faults([Fault(name, 0, 0, "not valid YAML: unacceptable character")]) from None
    builder = _Builder(name)
    value = builder.build(node, ()) if node is not None else None
    if builder.aliased:
        builder.faults += _aliases(text, name)
    if builder.faults:
        raise Faults(builder.faults)
    return value


def from_events(text: str) -> Any:
    """The values. Raises Unusual or YAMLError, and then says nothing of what is wrong."""
    top: list[Any] = []
    inside: Any = top
    outside: list[Any] = []
    key: str | None = None
    plain = Plain()
    next_event: Callable[[], Any] = yaml.CSafeLoader(text).get_event
    while (event := next_event()) is not None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            if event.anchor or event.tag:
                raise Unusual
            value = event.value
            if key is None and type(inside) is dict:
                if value in inside:
                    raise Unusual
                key = value
                continue
            if event.implicit[0]:
                value = plain[value]
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            if event.anchor or event.tag or len(outside) > MAX_NESTING:
                raise Unusual
            value = {} if kind is yaml.MappingStartEvent else []
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            inside = outside.pop()
            continue
        elif kind is yaml.AliasEvent:
            raise Unusual
        else:
            continue
        if type(inside) is list:
            inside.append(value)
        elif key is None:
            raise Unusual  # a key that is no plain text
        else:
            inside[key], key = value, None
        if value.__class__ in (dict, list):
            outside.append(inside)
            inside = value
    if len(top) > 1:
        raise Unusual
    return top[0] if top else None


def _syntax_fault(error: yaml.MarkedYAMLError, text: str, name: str) -> Fault:
    """What libyaml says, where people have to look: an unclosed quote is mended where it opens."""
    mark, opened = error.problem_mark or error.context_mark, error.context_mark
    message, hint = str(error.problem), ""
    kind = str(error.context or "")
    if opened and "quoted scalar" in kind:
        mark, message = opened, "a quote opens here and is never closed"
    elif mark and "\t" in _indentation(text, mark.line):
        message, hint = "a tab", "use spaces"
    elif "cannot start any token" in message:
        hint = "put the text in quotes"
    elif "mapping values are not allowed" in message:
        hint = "look at the indentation here and above; text with a colon needs quotes"
    elif opened and mark and "flow" in kind:
        hint = f"the bracket opens at line {opened.line + 1}, column {opened.column + 1}"
    elif "did not find expected key" in message:
        hint = "look at the indentation and the quotes here and above"
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    return Fault(name, line, column, f"not valid YAML: {message}", hint)


def _indentation(text: str, line: int) -> str:
    # Only "\n" and "\r\n" are told apart here; libyaml knows rarer line ends, and then no hint fits.
    lines = text.split("\n")
    found = lines[line] if line < len(lines) else ""
    return found[: len(found) - len(found.lstrip(" \t"))]


def _aliases(text: str, name: str) -> list[Fault]:
    """Where a value is repeated by reference; only the first few, a bomb has thousands."""
    marks: Iterator[Any] = (
        event.start_mark
        for event in yaml.parse(text, Loader=yaml.CSafeLoader)
        if isinstance(event, yaml.AliasEvent)
    )
    message, hint = "anchors and aliases are not accepted", "write the value out"
    return [
        Fault(name, mark.line + 1, mark.column + 1, message, hint)
        for mark in islice(marks, _ALIASES_SHOWN)
    ]


def _check_nesting(text: str, name: str) -> None:
    # Nearly always every line closes what it opens, in one of a few ways, and none is far indented.
    brackets = text.encode().translate(None, _BESIDE_BRACKETS)
    if not _FAR.search(text) and all(map(_shallow, set(brackets.split(b"\n")))):
        return
    depth = 0
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.lstrip(" ")
        compact = 0
        while stripped.startswith(("- ", "? ")):
            compact += 1
            stripped = stripped[2:].lstrip(" ")
        depth = max(0, depth + line.count("[") + line.count("{"))
        indent = len(line) - len(line.lstrip(" "))
        if depth > _MAX_OPEN or compact > MAX_NESTING or indent > 2000:
            raise Faults([Fault(name, number, 1, "nested too deeply")])
        depth = max(0, depth - line.count("]") - line.count("}"))


def _shallow(brackets: bytes) -> bool:
    opened = brackets.count(b"[") + brackets.count(b"{")
    return opened <= MAX_NESTING and opened <= brackets.count(b"]") + brackets.count(b"}")


class _Builder:
    """Turns the node graph into values while noting places and refusing what YAML allows too much."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.places: dict[Path_, tuple[int, int]] = {}
        self.faults: list[Fault] = []
        self.aliased = False
        self._seen: set[int] = set()
        self._constructor = yaml.constructor.SafeConstructor()

    def _fault(self, node: yaml.Node, message: str, hint: str = "") -> None:
        mark = node.start_mark
        self.faults.append(Fault(self.name, mark.line + 1, mark.column + 1, message, hint))

    def build(self, node: yaml.Node, path: Path_) -> Any:
        self.places[path] = (node.start_mark.line + 1, node.start_mark.column + 1)
        if len(path) > MAX_NESTING:
            self._fault(node, "nested too deeply")
            return None
        if id(node) in self._seen:
            self.aliased = True
            return None
        self._seen.add(id(node))
        if node.tag not in _TAGS:
            self._fault(node, "custom tags are not accepted", "leave the tag out")
            return None
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*path, i)) for i, child in enumerate(node.value)]
        return self._mapping(node, path)

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        value, wrong = constructed(self._constructor, node)
        if wrong:
            self._fault(node, f"not a possible {wrong}", "put it in quotes if it is meant as text")
        return value

    def _mapping(self, node: yaml.Node, path: Path_) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._fault(key_node, "a key must be plain text")
                continue
            # `on:` and `no:` are booleans to YAML 1.1 and words to everybody who writes rules.
            key = key_node.value
            if key in result:
                self._fault(key_node, f"duplicate key '{key}'", "keep one of the two")
                continue
            result[key] = self.build(value_node, (*path, key))
            self.places[(*path, key)] = (
                key_node.start_mark.line + 1,
                key_node.start_mark.column + 1,
            )
        return result
