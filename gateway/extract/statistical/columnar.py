"""Parquet, Arrow and Feather: columns batch by batch, single-threaded, with the file's own metadata.

Row counts are read before rows, so that a file of a few bytes that stands for billions of rows ends
at the limit.
"""

from __future__ import annotations

import json
from typing import Any, Callable, Iterable, Iterator

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet

from gateway.extract import types
from gateway.extract.magic import type_of_bytes
from gateway.extract.readable_runs import readable_runs
from gateway.extract.signatures import detect_type
from gateway.extract.statistical.column_text import cell_text, column_texts, number_text, rows_of
from gateway.extract.statistical.embedded_files import EmbeddedFiles
from gateway.extract.statistical.parquet_layout import uncovered
from gateway.extract.text.head_cells import rows_in_head
from gateway.model.content import Content, Properties, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Location, Part

_BATCH = 16_384
_MOST_NESTING = 60
# Arrow's own layout of the columns, written again as text: it says nothing that is not read.
_SCHEMA_KEY = b"ARROW:schema"
# Before every message of a stream; older writers leave it out.
_CONTINUED = b"\xff\xff\xff\xff"
_MAGIC = {types.PARQUET: b"PAR1", types.ARROW_FILE: b"ARROW1", types.FEATHER: b"FEA1"}
Batches = Callable[[], Iterable[Any]]
# The schema, how many rows (-1 for unknown), the rows, what the file says of itself, and how far
# it has been read.
Opened = tuple[Any, int, Batches, list[tuple[str, str]], Callable[[], int]]


def read_columnar(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """The file's rows as one Table, its metadata as Properties and text."""
    kind = detect_type(part)
    pa.set_cpu_count(1)
    content, behind = _parted(part.content, kind)
    try:
        opened = _OPEN[kind](content)
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        yield _unopened(part, kind, error)
        yield from readable_runs(part.location.at("readable stretches"), part.content, limits)
        return
    schema, total, batches, about, tell = opened
    try:
        yield from _metadata(part.location, schema, about)
        yield from _rows(part, schema, total, batches, limits)
    except UnicodeDecodeError:
        yield Gap(part.location, "unreadable", "the names of the columns are damaged")
    if kind == types.PARQUET:
        yield from _between(part, content, limits)
    if kind == types.ARROW_STREAM:
        yield from _ending(part, tell())
    else:
        yield from _behind(part, behind)


def _parted(content: bytes, kind: str) -> tuple[bytes, bytes]:
    """The file up to the mark that ends it, and what somebody put behind that."""
    mark = _MAGIC.get(kind, b"")
    end = content.rfind(mark) + len(mark) if mark else len(content)
    return (content[:end], content[end:]) if end > 2 * len(mark) else (content, b"")


def _open_parquet(content: bytes) -> Opened:
    source = pa.BufferReader(content)
    file = pyarrow.parquet.ParquetFile(source, pre_buffer=False, arrow_extensions_enabled=False)
    about = [("created by", str(file.metadata.created_by or ""))]

    def batches() -> Iterator[Any]:
        yield from file.iter_batches(batch_size=_BATCH, use_threads=False)

    return file.schema_arrow, file.metadata.num_rows, batches, about, source.tell


def _open_file(content: bytes) -> Opened:
    options = pyarrow.ipc.IpcReadOptions(use_threads=False)
    source = pa.BufferReader(content)
    file = pyarrow.ipc.open_file(source, options=options)

    def batches() -> Iterator[Any]:
        for index in range(file.num_record_batches):
            yield file.get_batch(index)

    return file.schema, -1, batches, [], source.tell


def _open_stream(content: bytes) -> Opened:
    options = pyarrow.ipc.IpcReadOptions(use_threads=False)
    source = pa.BufferReader(content)
    file = pyarrow.ipc.open_stream(source, options=options)
    return file.schema, -1, lambda: file, [], source.tell


def _open_feather(content: bytes) -> Opened:
    try:
        from pyarrow._feather import FeatherReader
    except ImportError:
        raise ValueError("this edition of Arrow reads no old Feather files") from None

    source = pa.BufferReader(content)
    table = FeatherReader(source, use_memory_map=False, use_threads=False).read()
    return table.schema, table.num_rows, lambda: table.to_batches(_BATCH), [], source.tell


_OPEN: dict[str, Callable[[bytes], Opened]] = {
    types.PARQUET: _open_parquet, types.ARROW_FILE: _open_file,
    types.ARROW_STREAM: _open_stream, types.FEATHER: _open_feather,
}  # fmt: skip


def _unopened(part: Part, kind: str, error: Exception) -> Gap:
    encrypted = part.content[:4] == b"PARE" or (
        kind == types.PARQUET and any(w in str(error).lower() for w in ("encrypt", "decrypt"))
    )
    if encrypted:
        return Gap(part.location, "encrypted", "an encrypted Parquet file")
    if isinstance(error, MemoryError):
        return Gap(part.location, "limit", "not enough memory for the size that the file claims")
    return Gap(part.location, "unreadable", f"the header cannot be read ({type(error).__name__})")


def _metadata(location: Location, schema: Any, about: list[tuple[str, str]]) -> Iterator[Content]:
    items = list(about)
    for key, value in (schema.metadata or {}).items():
        if key != _SCHEMA_KEY:
            text = value.decode("utf-8", "replace")
            items.append(
                (key.decode("utf-8", "replace"), _plain(text) if key == b"pandas" else text)
            )
    for field in _fields(schema):
        for key, value in (field.metadata or {}).items():
            if not key.startswith(b"PARQUET:"):
                name = f"{field.name} {key.decode('utf-8', 'replace')}"
                items.append((name, value.decode("utf-8", "replace")))
    items = [(name, value) for name, value in items if value]
    if items:
        yield Properties(location.at("metadata"), tuple(items))


def _plain(text: str) -> str:
    """The words of pandas' account of the columns, which as JSON would look like records."""
    try:
        pending = [json.loads(text)]
    except (ValueError, RecursionError):
        return text
    words: list[str] = []
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            pending += [*item.values(), *item.keys()]
        elif isinstance(item, list):
            pending += item
        elif item is not None:
            words.append(str(item))
    return " ".join(dict.fromkeys(words))


def _fields(schema: Any) -> Iterator[Any]:
    pending = [schema.field(i) for i in range(len(schema.names))]
    while pending:
        field = pending.pop(0)
        yield field
        if pa.types.is_struct(field.type):
            pending += [field.type.field(i) for i in range(field.type.num_fields)]


def _rows(
    part: Part, schema: Any, total: int, batches: Batches, limits: ReadLimits
) -> Iterator[Content]:
    location = part.location
    files = EmbeddedFiles(part)
    names = list(schema.names)
    width = max(1, len(names))
    shown = min(len(names), limits.columns)
    most = max(0, limits.cells // width - 1)
    columns: list[list[str]] = [[] for _ in range(shown)]
    height, gap = 0, None
    try:
        for batch in batches():
            # Offsets that point elsewhere would be followed there.
            batch.validate(full=True)
            take = min(batch.num_rows, most - height)
            for index in range(shown):
                columns[index] += _texts(batch.column(index).slice(0, take), files, names[index])
            height += take
            if take < batch.num_rows:
                gap = Gap(location, "limit", f"more than {limits.cells} cells")
                break
    except MemoryError:
        gap = Gap(location, "limit", "not enough memory")
    except (pa.ArrowException, OSError, ValueError, KeyError, OverflowError) as error:
        locked = any(w in str(error).lower() for w in ("encrypt", "decrypt"))
        if locked:
            gap = Gap(location, "encrypted", "columns of the Parquet file are encrypted")
        else:
            detail = f"rows from {height + 1} on cannot be read ({type(error).__name__})"
            gap = Gap(location, "unreadable", detail)
    # A batch that failed half-way leaves columns of different lengths: all have those rows or none.
    rows = rows_of(names[:shown], [column[:height] for column in columns])
    labels = [_label(schema.field(index)) for index in range(shown)]
    yield Table(
        location, rows, total_rows=max(total + 1, len(rows)), form="statistical",
        labels=labels if any(labels) else (), coded=_coded(schema, shown),
    )  # fmt: skip
    for found in rows_in_head(names[:shown]):
        yield Table(location.at("names of columns"), found, "hidden", total_rows=len(found))
    yield from files.found
    if files.unknown:
        yield Gap(location, "no-reader", f"{files.unknown} binary values of unknown type")
    if gap is None and total > height:
        gap = Gap(location, "unreadable", f"{total - height} of {total} rows are missing")
    if gap is not None:
        yield gap
    if len(names) > shown:
        yield Gap(location, "limit", f"more than {limits.columns} columns")


def _label(field: Any) -> str:
    metadata = field.metadata or {}
    for key in (b"label", b"description", b"comment"):
        if key in metadata:
            return str(metadata[key].decode("utf-8", "replace"))
    return ""


def _coded(schema: Any, shown: int) -> list[int]:
    """Columns with a dictionary show its words, not its codes: none needs explaining."""
    return [i for i in range(shown) if b"labels" in (schema.field(i).metadata or {})]


def _texts(column: Any, files: EmbeddedFiles, name: str) -> list[str]:
    kind = column.type
    if pa.types.is_dictionary(kind):
        words = _texts(column.dictionary, files, name)
        return ["" if i is None else words[i] for i in column.indices.to_pylist()]
    if pa.types.is_float32(kind) or pa.types.is_float16(kind):
        return [
            "" if v is None or v != v else number_text(float(f"{v:.7g}"))
            for v in column.to_pylist()
        ]
    if pa.types.is_timestamp(kind) and (kind.unit == "ns" or kind.tz):
        # Nanoseconds are beyond Python's clock, and a zone may be one that nobody knows.
        column = (
            column.cast(pa.int64())
            .cast(pa.timestamp(kind.unit))
            .cast(pa.timestamp("us"), safe=False)
        )
    elif (pa.types.is_duration(kind) or pa.types.is_time64(kind)) and kind.unit == "ns":
        column = column.cast(pa.int64())
    if pa.types.is_nested(kind) or "binary" in str(kind):
        return [_nested_text(value, 0, files, name) for value in column.to_pylist()]
    return column_texts(column.to_pylist())


def _nested_text(value: Any, depth: int, files: EmbeddedFiles, name: str) -> str:
    """Lists and records within a cell, written out one value after another."""
    if depth > _MOST_NESTING:
        files.unknown += value is not None
        return ""
    if isinstance(value, dict):
        parts = [f"{key}: {_nested_text(v, depth + 1, files, name)}" for key, v in value.items()]
        return ", ".join(parts)
    if isinstance(value, (list, tuple)):
        return ", ".join(_nested_text(v, depth + 1, files, name) for v in value)
    return files.text(value, name) if isinstance(value, bytes) else cell_text(value)


def _between(part: Part, content: bytes, limits: ReadLimits) -> Iterator[Content]:
    """What belongs to no column: files are handed on, of indexes and filters the words are read."""
    words, files = [], 0
    for piece in uncovered(content):
        mark = piece.find(_MAGIC[types.PARQUET])
        for found in (piece, piece[max(mark, 0) :]):
            if type_of_bytes(found):
                files += 1
                yield part.inside(f"between{files}", found, "data between the columns")
                break
        else:
            words.append(piece)
    between = part.location.at("between the columns")
    yield from readable_runs(between, b"\0".join(words), limits)


def _behind(part: Part, rest: bytes) -> Iterator[Content]:
    if rest.strip(b"\0"):
        yield part.inside("behind", rest, "data after the end")


def _ending(part: Part, end: int) -> Iterator[Content]:
    """What follows the last message of a stream, where its reader stopped."""
    mark = (_CONTINUED if part.content.startswith(_CONTINUED) else b"") + bytes(4)
    if not part.content[:end].endswith(mark):
        yield Gap(part.location, "unreadable", "the stream has no end: it may be cut off")
    yield from _behind(part, part.content[end:])
