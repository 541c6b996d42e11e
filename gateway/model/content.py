"""What a reader made of a part: text, a table, properties, or a Gap (see `message`).

Contents stay inside the process that read them; only findings and facts travel further.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Sequence, Union

from gateway.model.message import Gap, Location, Part


@dataclass(frozen=True, slots=True)
class Text:
    """Readable text. `hidden` marks text a reader of the rendered document would not see
    (white on white, display:none, hidden sheet names, comments)."""

    location: Location
    text: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A rectangular reading of a sheet or delimited file: rows of cell texts, "" for empty.

    Rows may be ragged. `visibility` is the sheet's state. `total_rows` is the number of rows in
    the source, larger than `len(rows)` where a limit cut it (with a Gap). `form` is what kind of
    file held it; in `statistical` and `database` ones the first row is the names of the columns.
    `labels` are the file's own descriptions of the columns ("" for none), `coded` the columns
    (from 0) whose codes it explains with value labels.
    """

    location: Location
    rows: Sequence[Sequence[str]]
    visibility: Literal["visible", "hidden", "very-hidden"] = "visible"
    total_rows: int = 0
    form: Literal["text", "workbook", "statistical", "database", "records"] = "text"
    labels: Sequence[str] = ()
    coded: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Properties:
    """Document properties and labels: (name, value) pairs in the order they stand in the file."""

    location: Location
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Links:
    """Where the links of a document lead, as they are written; what a reader sees of them is in
    its Text."""

    location: Location
    addresses: tuple[str, ...]


Content = Union[Text, Table, Properties, Links, Gap, Part]
"""What readers yield; a `Part` is something embedded that needs a reader of its own."""
