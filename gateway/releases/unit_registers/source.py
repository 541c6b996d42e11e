"""The rows that a register is built from, read in chunks: delimited text and Parquet of any length.

Invariants: memory does not grow with the file; a line that cannot be read as a row is an error with
its number, never left out; no error quotes a value.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TextIO

from gateway.releases.unit_registers.faults import RegisterFault

CHUNK = 50_000
DELIMITERS = ",\t;|"
_PARQUET = b"PAR1"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_SNIFFED = 1 << 20
_MOST_TOLD = 5


class Source(Protocol):
    """`header` names the columns; `chunks` gives, again and again, up to `CHUNK` rows as one list
    of cells for each of the asked columns (from 0). Both raise RegisterFault."""

    @property
    def header(self) -> Sequence[str]: ...

    def chunks(self, columns: Sequence[int]) -> Iterator[list[list[str]]]: ...


def open_source(path: Path) -> Source | None:
    """What streams this file; None where it is neither delimited text nor Parquet. Raises
    RegisterFault, OSError."""
    with path.open("rb") as file:
        head = file.read(_SNIFFED)
    if head.startswith(_PARQUET):
        return _parquet(path)
    text = head.startswith(_UTF_16) or b"\0" not in head
    if not text or head[:4] == b"PK\x03\x04" or not head.strip():
        return None
    return _delimited(path, head)


@dataclass(frozen=True, slots=True)
class Delimited:
    """CSV, TSV and their kin (RFC 4180) with names in the first line."""

    path: Path
    encoding: str
    delimiter: str
    header: Sequence[str]

    def chunks(self, columns: Sequence[int]) -> Iterator[list[list[str]]]:
        width = len(self.header)
        with self.path.open(encoding=self.encoding, newline="") as file:
            reader = csv.reader(file, delimiter=self.delimiter)
            next(reader, None)
            try:
                while rows := list(itertools.islice(reader, CHUNK)):
                    if set(map(len, rows)) != {width}:
                        rows = self._whole(rows, reader.line_num)
                    if rows:
                        yield [[row[column] for row in rows] for column in columns]
            except (UnicodeDecodeError, csv.Error):
                message = f"{self.path}:{reader.line_num + 1}: this line cannot be read as a row"
                hint = f"the file was read as {self.encoding}; save it as CSV in UTF-8"
                raise RegisterFault(message, hint) from None

    def _whole(self, rows: list[list[str]], last: int) -> list[list[str]]:
        """Without blank lines; raises RegisterFault where a row is too long or short."""
        wrong = [
            (number, len(row))
            for number, row in enumerate(rows, last - len(rows) + 1)
            if row and len(row) != len(self.header)
        ]
        if wrong:
            told = "; ".join(
                f"{self.path}:{number}: {cells} cells, and the header has {len(self.header)}"
                for number, cells in wrong[:_MOST_TOLD]
            )
            more = f"; and {len(wrong) - _MOST_TOLD} more" if len(wrong) > _MOST_TOLD else ""
            hint = "put cells that hold the delimiter in quotes"
            raise RegisterFault(told + more, hint)
        return [row for row in rows if row]


def _delimited(path: Path, head: bytes) -> Delimited:
    encoding = _encoding(head)
    with path.open(encoding=encoding, newline="") as file:
        line = _first_line(path, file)
    delimiter = max(DELIMITERS, key=line.count)
    if not line.count(delimiter):
        raise RegisterFault(f"{path}:1: no delimiter in the line of names", "save it as CSV or TSV")
    header = next(csv.reader([line], delimiter=delimiter))
    return Delimited(path, encoding, delimiter, header)


def _first_line(path: Path, file: TextIO) -> str:
    try:
        return file.readline(_SNIFFED).strip("\r\n")
    except UnicodeDecodeError:
        raise RegisterFault(f"{path}:1: this line is no text", "save it as CSV in UTF-8") from None


def _encoding(head: bytes) -> str:
    """UTF-8 where it is, else what Windows writes; a sign cut at the end of the sample is none."""
    if head.startswith(_UTF_16):
        return "utf-16"
    try:
        head[: head.rfind(b"\n") + 1 or None].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


@dataclass(frozen=True, slots=True)
class Parquet:
    """Apache Parquet, a batch of rows at a time, through Arrow."""

    path: Path
    header: Sequence[str]

    def chunks(self, columns: Sequence[int]) -> Iterator[list[list[str]]]:
        import pyarrow as pa
        import pyarrow.parquet

        names = [self.header[column] for column in columns]
        try:
            file = pyarrow.parquet.ParquetFile(self.path)
            for batch in file.iter_batches(batch_size=CHUNK, columns=list(dict.fromkeys(names))):
                cells = {name: _cells(name, batch.column(name)) for name in batch.schema.names}
                yield [cells[name] for name in names]
        except (pa.ArrowException, OSError):
            raise RegisterFault(
                f"{self.path}: the Parquet file is damaged", "write it again"
            ) from None


def _parquet(path: Path) -> Parquet:
    try:
        import pyarrow as pa
        import pyarrow.parquet
    except ImportError:
        message = f"{path}: Parquet cannot be read here"
        raise RegisterFault(message, "install the extra 'statistical'") from None
    try:
        return Parquet(path, pyarrow.parquet.ParquetFile(path).schema_arrow.names)
    except (pa.ArrowException, OSError):
        raise RegisterFault(f"{path}: the Parquet file is damaged", "write it again") from None


def _cells(name: str, column: Any) -> list[str]:
    """Arrow's own texts of its values."""
    import pyarrow as pa

    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    try:
        texts = column.cast(pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        raise RegisterFault(f"the column {name} holds values that are no text or number") from None
    return ["" if text is None else text for text in texts.to_pylist()]


@dataclass(frozen=True, slots=True)
class Held:
    """A table that is in memory already: small files of other formats."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]

    def chunks(self, columns: Sequence[int]) -> Iterator[list[list[str]]]:
        for first in range(0, len(self.rows), CHUNK):
            rows = self.rows[first : first + CHUNK]
            yield [[row[c] if c < len(row) else "" for row in rows] for c in columns]
