"""Data sets of SAS, SPSS and Stata through ReadStat: rows, labels, notes and what is left over.

Dates are converted here, for one beyond the calendar would cost the whole file in the library. A
damaged file is read as far as its rows go.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import Any, Callable, Iterator

import pyreadstat

from gateway.extract import types
from gateway.extract.readable_runs import readable_runs
from gateway.extract.signatures import detect_type
from gateway.extract.statistical.column_text import cell_text, column_texts, number_text, rows_of
from gateway.extract.statistical.date_formats import shown_as_date
from gateway.extract.statistical.label_tables import label_tables
from gateway.extract.statistical.package_layout import (
    Source,
    beyond_cases,
    count_unknown,
    extra_texts,
    is_catalogue,
    is_cut_off,
    is_locked,
    members,
    true_end,
)
from gateway.extract.text.plain import bounded
from gateway.model.content import Content, Properties, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Location, Part

_READ: dict[str, Callable[..., Any]] = {
    types.SAS: pyreadstat.read_sas7bdat, types.XPT: pyreadstat.read_xport,
    types.SAV: pyreadstat.read_sav, types.POR: pyreadstat.read_por, types.DTA: pyreadstat.read_dta,
}  # fmt: skip
_PACKAGE = {types.SAS: "SAS", types.XPT: "SAS", types.DTA: "Stata"}
# What the library raises over what it was given; any other exception is a fault of this reader.
_FAULTS = (
    pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, OverflowError, TypeError,
    LookupError, AttributeError,
)  # fmt: skip
_CHARSETS = (None, "WINDOWS-1252", "ISO-8859-1")
_CHARSET_FAULTS = ("charset", "convert", "encoding")
_SALVAGES = 12
_OPEN_ENDED = frozenset((types.SAV, types.XPT, types.POR))
_GROUP = 200
_PADDING = b"\0 \x1a\r\n"


@dataclass(frozen=True, slots=True)
class _Reading:
    """One run of the library. `seen` is how far into the bytes it looked."""

    columns: dict[str, list[Any]]
    meta: Any
    seen: int
    charset: str | None


def read_package(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """The data set as a Table, its labels and notes as Text; an XPT file may hold several."""
    kind, content = detect_type(part), part.content
    if is_locked(content):
        yield Gap(part.location, "encrypted", "an encrypted SPSS file")
    elif is_catalogue(content):
        yield from _catalogue(part, limits)
    elif kind == types.XPT:
        left = limits
        for index, member in enumerate(members(content)):
            where = f"data set {index + 1}" if index else ""
            for found in _data_set(part, kind, member, where, left):
                yield found
                if isinstance(found, Table):
                    spent = sum(map(len, found.rows))
                    left = replace(left, cells=max(0, left.cells - spent))
    else:
        yield from _data_set(part, kind, content, "", limits)


def _data_set(
    part: Part, kind: str, content: bytes, where: str, limits: ReadLimits
) -> Iterator[Content]:
    location = part.location.at(where) if where else part.location
    try:
        about = _run(kind, content, None, metadataonly=True)
    except MemoryError:
        yield Gap(location, "limit", "not enough memory for the size that the file claims")
        return
    except _FAULTS as error:
        yield Gap(location, "unreadable", f"the header cannot be read ({_why(error)})")
        yield from readable_runs(location.at("readable stretches"), content, limits)
        return
    yield from _described(location, kind, about.meta, limits)
    for place, text in extra_texts(kind, content):
        yield from bounded(location.at(place), text, limits, hidden=True)
    names = list(about.meta.column_names)
    width = max(1, len(names))
    most = max(1, min(limits.cells // width, len(content) * 1024))
    if limits.cells < width:
        yield Gap(location, "limit", f"more than {limits.cells} cells")
        return
    got, fault = _rows(kind, content, about, most)
    if got is None:
        yield Gap(location, fault[0], fault[1])
        yield from readable_runs(location.at("readable stretches"), content, limits)
        return
    table = _table(location, kind, got, names, limits)
    claimed = about.meta.number_rows
    if claimed is not None and claimed > table.total_rows:
        table = replace(table, total_rows=claimed)
    yield table
    rows = len(table.rows) - 1
    if len(names) > limits.columns:
        yield Gap(location, "limit", f"more than {limits.columns} columns")
    if len(got.columns) < len(names):
        yield Gap(location, "unreadable", "columns of the same name hide one another")
    if fault[1]:
        yield Gap(location, fault[0], fault[1])
    elif rows >= most:
        yield Gap(location, "limit", f"more than {limits.cells} cells")
    elif claimed is not None and claimed > rows:
        yield Gap(location, "unreadable", f"{claimed - rows} of {claimed} rows are missing")
    elif is_cut_off(kind, content, got.seen):
        yield Gap(location, "unreadable", "the file is cut off")
    else:
        yield from _tail(part, kind, content, got.seen)
    beyond = beyond_cases(kind, content)
    yield from readable_runs(location.at("behind the cases"), beyond, limits)


def _run(kind: str, content: bytes, charset: str | None, **options: Any) -> _Reading:
    """Read with the charset the file names; where that does not hold, with a western one."""
    charsets = _CHARSETS if charset is None else (charset,)
    for index, encoding in enumerate(charsets):
        source = Source(content)
        if kind != types.POR:
            options["encoding"] = encoding
        if kind not in (types.POR, types.XPT):
            options["user_missing"] = not options.get("metadataonly", False)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                columns, meta = _READ[kind](
                    source, output_format="dict",
                    disable_datetime_conversion=True, **options,
                )  # fmt: skip
            return _Reading(columns, meta, source.furthest, encoding)
        except _FAULTS as error:
            text = str(error).lower()
            if index + 1 == len(charsets) or not any(w in text for w in _CHARSET_FAULTS):
                raise
    raise AssertionError("there is always a charset")


def _rows(
    kind: str, content: bytes, about: _Reading, most: int
) -> tuple[_Reading | None, tuple[Any, str]]:
    """As many rows as can be read, up to `most`, and what was wrong with the others."""
    try:
        return _groups(kind, count_unknown(kind, content), about, most), ("unreadable", "")
    except MemoryError:
        return None, ("limit", "not enough memory for the size that the file claims")
    except _FAULTS as error:
        why = _why(error)
    best: _Reading | None = None
    low, high = 0, min(most, about.meta.number_rows or most, len(content))
    for _ in range(_SALVAGES):
        middle = (low + high + 1) // 2
        if middle <= low:
            break
        try:
            best, low = _run(kind, content, about.charset, row_limit=middle), middle
        except (*_FAULTS, MemoryError):
            high = middle - 1
    return best, ("unreadable", f"rows from {low + 1} on cannot be read ({why})")


def _groups(kind: str, content: bytes, about: _Reading, most: int) -> _Reading:
    """All columns, some at a time where the number of rows is open: the library then makes room
    for a hundred thousand at once."""
    names = list(about.meta.column_names)
    if kind not in _OPEN_ENDED or len(names) <= _GROUP:
        return _run(kind, content, None, row_limit=most)
    got = [
        _run(kind, content, None, row_limit=most, usecols=names[start : start + _GROUP])
        for start in range(0, len(names), _GROUP)
    ]
    columns: dict[str, list[Any]] = {}
    for reading in got:
        columns.update(reading.columns)
    whole = replace(about, columns=columns, seen=max(reading.seen for reading in got))
    # Formats and labels are those of the first run; what it lacks for want of rows is not used.
    return whole


def _why(error: BaseException) -> str:
    """The library's own words for what is wrong hold no content; those of others may."""
    return str(error)[:80] if type(error) is pyreadstat.ReadstatError else type(error).__name__


def _table(
    location: Location, kind: str, got: _Reading, names: list[str], limits: ReadLimits
) -> Table:
    meta, columns = got.meta, []
    for name, values in list(got.columns.items())[: limits.columns]:
        show = shown_as_date(kind, meta.original_variable_types.get(name))
        if show is not None:
            columns.append(
                [show(v) if isinstance(v, (int, float)) else cell_text(v) for v in values]
            )
        elif meta.readstat_variable_types.get(name) == "float":
            columns.append([_single(v) for v in values])
        else:
            columns.append(column_texts(values))
    names = names if len(got.columns) == len(names) else list(got.columns)
    rows = rows_of(names[: limits.columns], columns)
    known = meta.column_names_to_labels
    labels = [known.get(name) or "" for name in names]
    coded = [i for i, name in enumerate(names) if meta.variable_value_labels.get(name)]
    return Table(
        location, rows, total_rows=len(rows), form="statistical",
        labels=labels if any(labels) else (), coded=coded,
    )  # fmt: skip


def _single(value: Any) -> str:
    """A four-byte number holds seven figures; the rest of a Python float would be noise."""
    return number_text(float(f"{value:.7g}")) if isinstance(value, float) else cell_text(value)


def _described(location: Location, kind: str, meta: Any, limits: ReadLimits) -> Iterator[Content]:
    """Everything the file says about its data; the labels are what people read instead of codes."""
    items = [
        ("program", _PACKAGE.get(kind, "SPSS")), ("file label", meta.file_label),
        ("table name", meta.table_name), ("encoding", meta.file_encoding),
        ("created", cell_text(meta.creation_time) if meta.creation_time.year > 1970 else ""),
        ("modified", cell_text(meta.modification_time) if meta.modification_time.year > 1970 else ""),
    ]  # fmt: skip
    items += [("multiple response set", s.get("label") or n) for n, s in meta.mr_sets.items()]
    yield Properties(location, tuple((name, str(value)) for name, value in items if value))
    for title, text in (("file label", meta.file_label), ("table name", meta.table_name)):
        yield from bounded(location.at(title), text or "", limits)
    yield from bounded(location.at("notes"), "\n".join(meta.notes), limits)
    labels = [label for label in meta.column_labels if label]
    yield from bounded(location.at("variable labels"), "\n".join(labels), limits)
    yield from _value_labels(location, meta.value_labels, limits)
    yield from label_tables(location, meta.variable_value_labels or meta.value_labels)


def _value_labels(
    location: Location, sets: dict[str, dict[Any, str]], limits: ReadLimits
) -> Iterator[Content]:
    lines = dict.fromkeys(
        f"{cell_text(code)} = {label}" for labels in sets.values() for code, label in labels.items()
    )
    yield from bounded(location.at("value labels"), "\n".join(lines), limits)


def _tail(part: Part, kind: str, content: bytes, seen: int) -> Iterator[Content]:
    """What stands behind the data: the format has no place for it, but a sender may."""
    tail = content[true_end(kind, content, seen) :]
    if kind == types.POR:
        tail = tail.lstrip(b"Z\r\n")
    if tail.strip(_PADDING):
        yield Part(
            f"{part.number}!1", "application/octet-stream", "attachment", tail,
            "data after the end", "", part.depth + 1,
        )  # fmt: skip


def _catalogue(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """A SAS catalogue: its value labels are read, other entries are not."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _, meta = pyreadstat.read_sas7bcat(Source(part.content), output_format="dict")
    except _FAULTS as error:
        yield Gap(
            part.location, "unreadable", f"a SAS catalogue that cannot be read ({_why(error)})"
        )
        return
    yield from _value_labels(part.location, meta.value_labels, limits)
    yield from label_tables(part.location, meta.value_labels)
    yield Gap(part.location, "unreadable", "of a SAS catalogue only the value labels are read")
