"""The bytes of a Parquet file that belong to no column: indexes, filters, or what somebody put there."""

from __future__ import annotations

import struct

import pyarrow as pa
import pyarrow.parquet

_MARK = 4
_LENGTH = 8


def uncovered(content: bytes) -> list[bytes]:
    """What stands between the column chunks and the footer; nothing where that is damaged."""
    try:
        footer = pyarrow.parquet.read_metadata(pa.BufferReader(content))
        chunks = [
            _place(footer.row_group(group).column(column))
            for group in range(footer.num_row_groups)
            for column in range(footer.num_columns)
        ]
    except (pa.ArrowException, OSError, ValueError):
        return []
    (length,) = struct.unpack_from("<I", content, len(content) - _LENGTH)
    pieces, at = [], _MARK
    for start, size in [*sorted(chunks), (len(content) - _LENGTH - length, 0)]:
        if start > at:
            pieces.append(content[at:start])
        at = max(at, start + size)
    return pieces


def _place(chunk: pyarrow.parquet.ColumnChunkMetaData) -> tuple[int, int]:
    start = chunk.data_page_offset
    if chunk.has_dictionary_page and chunk.dictionary_page_offset:
        start = min(start, chunk.dictionary_page_offset)
    return start, chunk.total_compressed_size
