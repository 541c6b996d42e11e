"""R's saved objects (RDS, RData): data frames, matrices and vectors as tables, every word as text.

Nothing is evaluated. What an object holds beside its values (attributes, environments, functions)
is read as well, for any of them can carry words or rows.
"""

from __future__ import annotations

from typing import Iterator, Sequence

from gateway.extract.statistical.column_text import rows_of
from gateway.extract.statistical.r_stream import (
    ALTREP,
    BYTECODE,
    CALL,
    CHAR,
    COMPLEX,
    ENVIRONMENT,
    INTEGER,
    LIST,
    LOGICAL,
    PAIRS,
    POINTER,
    RAW,
    REAL,
    STRING,
    SYMBOL,
    RObject,
    RStream,
    TooDeep,
)
from gateway.extract.statistical.r_values import classes, expanded, strings_of, vector_texts
from gateway.extract.statistical.r_writing import Damaged
from gateway.model.content import Content, Table, Text
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Location, Part

_VECTORS = frozenset((LOGICAL, INTEGER, REAL, COMPLEX, STRING))
# Attributes that shape a table and are shown in it.
_SHAPE = frozenset("names row.names dim dimnames class levels tsp tzone units".split())
_SMALL = 8
_FEW = 9
_MOST_DEPTH = 200


def read_r_objects(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Tables and texts of all objects in the file, named as R would address them."""
    stream = RStream(part.content)
    gap: Gap | None = None
    try:
        stream.read()
    except Damaged as error:
        gap = Gap(part.location, "unreadable", str(error))
    except (TooDeep, RecursionError):
        gap = Gap(part.location, "limit", "objects nested too deeply")
    if stream.root is not None:
        yield from _Walk(part, limits).visit(stream.root, "", 0)
    if gap is not None:
        yield gap
    elif stream.rest.strip(b"\0\n\r "):
        yield Part(
            f"{part.number}!rest", "application/octet-stream", "attachment", stream.rest,
            "data after the end", "", part.depth + 1,
        )  # fmt: skip


class _Walk:
    """Goes through one file's objects, each once."""

    def __init__(self, part: Part, limits: ReadLimits) -> None:
        self._part, self._limits = part, limits
        self._cells, self._chars = limits.cells, limits.text_chars
        self._seen: set[int] = set()
        self._parts = 0
        self._full: set[str] = set()

    def _at(self, path: str) -> Location:
        return self._part.location.at(path[:200]) if path else self._part.location

    def visit(self, found: RObject, path: str, depth: int) -> Iterator[Content]:
        """An object and whatever hangs on it."""
        if depth > _MOST_DEPTH:
            yield Gap(self._at(path), "limit", "objects nested too deeply")
            return
        if (
            found.kind in (PAIRS, LIST, ENVIRONMENT, CALL, BYTECODE, POINTER, ALTREP)
            or found.attributes
        ):
            if id(found) in self._seen:
                return
            self._seen.add(id(found))
        if found.kind == ALTREP:
            yield from self._compact(found, path, depth)
            return
        handled: frozenset[str] | set[str] = frozenset()
        if found.kind == LIST:
            yield from self._list(found, path, depth)
            handled = _SHAPE
        elif found.kind == PAIRS:
            names = "\n".join(tag for tag, _ in found.value if tag)
            yield from self._text(Text(self._at(_join(path, "names")), names), hidden=True)
            for index, (tag, value) in enumerate(found.value):
                yield from self.visit(value, _below(path, tag, index), depth + 1)
        elif found.kind in (ENVIRONMENT, POINTER):
            for index, value in enumerate(found.value or ()):
                # Hash tables are lists of pairlists: their places say nothing.
                yield from self._environment(value, path, depth, index)
        elif found.kind in _VECTORS:
            yield from self._vector(found, path)
            handled = _SHAPE
        elif found.kind in (CALL, BYTECODE):
            yield from self._text(Text(self._at(_join(path, "code")), _words(found)), hidden=True)
        elif found.kind == RAW and len(found.value) >= _SMALL:
            self._parts += 1
            yield Part(
                f"{self._part.number}!{self._parts}", "application/octet-stream", "attachment",
                found.value, path[:200] or "raw vector", "", self._part.depth + 1,
            )  # fmt: skip
        elif found.kind in (SYMBOL, CHAR) and found.value:
            yield from self._text(Text(self._at(path), found.value), hidden=True)
        for name, value in found.attributes.items():
            if name not in handled:
                yield from self.visit(value, _join(path, f"attribute {name}"), depth + 1)

    def _environment(self, found: RObject, path: str, depth: int, index: int) -> Iterator[Content]:
        if found.kind == LIST and not found.attributes:
            for value in found.value:
                yield from self.visit(value, path, depth + 1)
        else:
            yield from self.visit(found, path, depth + 1)

    def _compact(self, found: RObject, path: str, depth: int) -> Iterator[Content]:
        _, state = found.value
        try:
            plain = expanded(found, self._cells)
        except OverflowError:
            yield Gap(self._at(path), "limit", f"more than {self._limits.cells} cells")
            return
        if plain is None:
            yield Gap(self._at(path), "unreadable", "a compact vector of an unknown class")
            yield from self.visit(state, path, depth + 1)
            return
        yield from self.visit(plain, path, depth + 1)

    # Lists and data frames

    def _list(self, found: RObject, path: str, depth: int) -> Iterator[Content]:
        names = strings_of(found.attributes.get("names"))
        columns = [expanded(v, self._cells, whole=False) or v for v in found.value]
        if _is_frame(found, columns):
            yield from self._frame(found, names, columns, path, depth)
            return
        spoken = "\n".join(filter(None, names))
        yield from self._text(Text(self._at(_join(path, "names")), spoken), hidden=True)
        for index, value in enumerate(columns):
            name = names[index] if index < len(names) else None
            yield from self.visit(value, _below(path, name, index), depth + 1)

    def _frame(
        self, found: RObject, names: list[str], columns: list[RObject], path: str, depth: int
    ) -> Iterator[Content]:
        lengths = [len(c.value) for c in columns if c.kind in _VECTORS or c.kind == LIST]
        height, width = max(lengths, default=0), len(columns)
        most = min(height, max(0, self._cells // max(1, width) - 1))
        shown = columns[: self._limits.columns]
        heads = [names[i] if i < len(names) else f"[[{i + 1}]]" for i in range(len(shown))]
        texts: list[list[str]] = []
        coded: list[int] = []
        labels: list[str] = []
        for index, column in enumerate(shown):
            flat = column.kind in _VECTORS and "dim" not in column.attributes
            texts.append(vector_texts(column, most) if flat else _list_cells(column, most))
            label = strings_of(column.attributes.get("label"))
            labels.append(label[0] if label else "")
            if "labels" in column.attributes:
                coded.append(index)
        row_names = found.attributes.get("row.names")
        if row_names is not None and row_names.kind == STRING and any(row_names.value):
            heads.insert(0, "row.names")
            texts.insert(0, strings_of(row_names)[:most])
            coded, labels = [i + 1 for i in coded], ["", *labels]
        yield from self._table(path, rows_of(heads, texts), height + 1, labels, coded)
        if len(columns) > len(shown):
            yield Gap(self._at(path), "limit", f"more than {self._limits.columns} columns")
        for name, column in zip(heads[-len(shown) :] if shown else [], shown, strict=True):
            if column.kind not in _VECTORS or "dim" in column.attributes:
                yield from self.visit(column, _join(path, name), depth + 1)
                continue
            if "levels" in column.attributes:
                unused = [t for t in strings_of(column.attributes["levels"]) if t]
                place = self._at(_join(path, f"{name} levels"))
                yield from self._text(Text(place, "\n".join(unused)), hidden=True)
            for key, value in column.attributes.items():
                if key == "labels":
                    yield from self._value_labels(value, _join(path, f"{name} value labels"))
                elif key not in _SHAPE:
                    yield from self.visit(value, _join(path, f"{name} {key}"), depth + 1)

    def _value_labels(self, found: RObject, path: str) -> Iterator[Content]:
        texts = strings_of(found.attributes.get("names"))
        codes = vector_texts(found, len(found.value)) if found.kind in _VECTORS else []
        lines = [f"{code} = {text}" for code, text in zip(codes, texts, strict=False)]
        yield from self._text(Text(self._at(path), "\n".join(lines or texts)), hidden=False)

    # Vectors, matrices and tables

    def _vector(self, found: RObject, path: str) -> Iterator[Content]:
        shape = found.attributes.get("dim")
        names = strings_of(found.attributes.get("names"))
        count = len(found.value)
        levels = strings_of(found.attributes.get("levels"))
        if levels:
            place = self._at(_join(path, "levels"))
            yield from self._text(Text(place, "\n".join(filter(None, levels))), hidden=True)
        values = vector_texts(found, min(count, self._cells))
        if count > self._cells:
            yield from self._limit(path)
        if shape is not None and shape.kind in (INTEGER, REAL):
            yield from self._array(found, [int(n or 0) for n in shape.value], values, path)
        elif count <= _FEW and not names:
            yield from self._text(Text(self._at(path), "\n".join(values)), hidden=False)
        elif names:
            rows = rows_of(["name", _last(path) or "value"], [names[: len(values)], values])
            yield from self._table(path, rows, count + 1)
        elif count:
            yield from self._table(path, rows_of([_last(path) or "value"], [values]), count + 1)

    def _array(
        self, found: RObject, shape: list[int], values: list[str], path: str
    ) -> Iterator[Content]:
        """One table a layer; what the shape does not account for comes as a column."""
        size = 1
        for length in shape:
            size *= max(0, length)
        if not shape or size != len(found.value) or size == 0:
            if values:
                yield from self._table(path, rows_of(["value"], [values]), len(values) + 1)
            return
        named = found.attributes.get("dimnames")
        axes = [strings_of(axis) for axis in named.value] if named and named.kind == LIST else []
        axes += [[]] * (len(shape) - len(axes))
        titles = strings_of(named.attributes.get("names")) if named is not None else []
        if len(shape) == 1:
            keys = axes[0] or [str(i + 1) for i in range(shape[0])]
            head = [titles[0] if titles else "", _last(path) or "value"]
            yield from self._table(path, rows_of(head, [keys, values]), shape[0] + 1)
            return
        height, width = shape[0], shape[1]
        layer = height * width
        for start in range(0, size, layer):
            columns = [values[i : i + height] for i in range(start, start + layer, height)]
            heads = axes[1] or [f"V{i + 1}" for i in range(width)]
            if axes[0]:
                columns, heads = [axes[0], *columns], [titles[0] if titles else "", *heads]
            where = path if size == layer else _join(path, f"layer {start // layer + 1}")
            if columns:
                yield from self._table(where, rows_of(heads, columns), height + 1)
        words = [word for axis in axes[2:] for word in axis] + titles
        yield from self._text(
            Text(self._at(_join(path, "dimensions")), "\n".join(words)), hidden=False
        )

    # What goes out

    def _table(
        self, path: str, rows: list[Sequence[str]], total: int,
        labels: Sequence[str] = (), coded: Sequence[int] = (),
    ) -> Iterator[Content]:  # fmt: skip
        width = max(1, len(rows[0]) if rows else 1)
        if len(rows) * width > self._cells:
            rows = rows[: self._cells // width]
        self._cells -= len(rows) * width
        yield Table(
            self._at(path), rows, total_rows=total, form="statistical",
            labels=labels if any(labels) else (), coded=coded,
        )  # fmt: skip
        if len(rows) < total:
            yield from self._limit(path)

    def _limit(self, path: str) -> Iterator[Content]:
        if "cells" not in self._full:
            self._full.add("cells")
            yield Gap(self._at(path), "limit", f"more than {self._limits.cells} cells")

    def _text(self, text: Text, hidden: bool) -> Iterator[Content]:
        if not text.text:
            return
        if len(text.text) > self._chars and "text" not in self._full:
            self._full.add("text")
            detail = f"more than {self._limits.text_chars} characters of text"
            yield Gap(text.location, "limit", detail)
        shown = text.text[: self._chars]
        self._chars -= len(shown)
        if shown:
            yield Text(text.location, shown, hidden)


def _is_frame(found: RObject, columns: list[RObject]) -> bool:
    """A data frame by its class, or a list of columns of one length that is as good as one."""
    if "data.frame" in classes(found):
        return True
    lengths = {len(c.value) if c.kind in _VECTORS else -1 for c in columns}
    return len(columns) > 1 and len(lengths) == 1 and lengths.pop() > 1


def _list_cells(column: RObject, most: int) -> list[str]:
    """Cells of a column of lists, as far as they are plain values; the rest is read by itself."""
    if column.kind != LIST or "data.frame" in classes(column):
        return [""] * most
    return [
        ", ".join(vector_texts(v, 100)) if v.kind in _VECTORS else "" for v in column.value[:most]
    ]


def _words(found: RObject) -> str:
    """The names, strings and numbers of code in their order, without a parser's niceties."""
    out: list[str] = []
    pending = [found]
    seen: set[int] = set()
    while pending:
        item = pending.pop()
        if id(item) in seen and item.kind not in _VECTORS:
            if item.kind == SYMBOL:
                out.append(item.value)
            continue
        seen.add(id(item))
        if item.kind in (SYMBOL, CHAR):
            out.append(item.value or "")
        elif item.kind in _VECTORS:
            out += vector_texts(item, len(item.value))
        elif item.kind in (CALL, LIST, BYTECODE, ENVIRONMENT, POINTER):
            pending += reversed(item.value)
        elif item.kind == PAIRS:
            for tag, value in reversed(item.value):
                pending.append(value)
                if tag:
                    pending.append(RObject(SYMBOL, tag))
        pending += item.attributes.values()
    return " ".join(filter(None, out))


def _below(path: str, name: str | None, index: int) -> str:
    return _join(path, name) if name else f"{path}[[{index + 1}]]"


def _join(path: str, name: str | None) -> str:
    return f"{path}${name}" if path and name else path or name or ""


def _last(path: str) -> str:
    return path.rsplit("$", 1)[-1]
