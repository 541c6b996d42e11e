"""Parquet, Arrow and Feather: every codec and kind of column, and an end to what they claim."""

from __future__ import annotations

import datetime
import decimal
import gzip
import io
import struct
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import feather, ipc, parquet

from gateway.model.content import Properties
from gateway.model.limits import ReadLimits


def people() -> Any:
    table = pa.table(
        {
            "id": [1, 2],
            "wage": pa.array([0.1, None], pa.float32()),
            "name": ["Åsa", None],
            "born": [datetime.date(1970, 1, 2), None],
            "seen": pa.array([10**18, None], pa.timestamp("ns", "Europe/Oslo")),
            "sex": pa.array(["m", "f"]).dictionary_encode(),
            "jobs": [["cook", "EMBARGOED"], None],
            "home": [{"town": "Bergen", "room": 2}, None],
            "sum": [decimal.Decimal("1.50"), None],
        }
    )
    return table.replace_schema_metadata({"note": "Not before Tuesday"})


FIRST = [
    "1", "0.1", "Åsa", "1970-01-02", "2001-09-09 01:46:40", "m", "cook, EMBARGOED",
    "town: Bergen, room: 2", "1.50",
]  # fmt: skip


def written(kind: str, table: Any = None, **options: Any) -> bytes:
    out = io.BytesIO()
    table = people() if table is None else table
    if kind == "parquet":
        parquet.write_table(table, out, **options)
    elif kind == "stream":
        with ipc.new_stream(out, table.schema) as writer:
            writer.write_table(table)
    else:
        feather.write_feather(table, out, **options)
    return out.getvalue()


@pytest.mark.parametrize("codec", ["none", "snappy", "gzip", "brotli", "lz4", "zstd"])
def test_parquet_is_read_in_every_codec(read: Any, codec: str) -> None:
    seen = read(written("parquet", compression=codec))
    assert list(seen.tables[0].rows[1]) == FIRST and not seen.gaps
    assert list(seen.tables[0].rows[2]) == ["2", "", "", "", "", "f", "", "", ""]
    assert seen.tables[0].form == "statistical"


@pytest.mark.parametrize("kind", ["feather", "stream"])
def test_arrow_is_read_with_its_metadata(read: Any, kind: str) -> None:
    seen = read(written(kind))
    assert list(seen.tables[0].rows[1]) == FIRST and not seen.gaps
    items = [item for c in seen.contents if isinstance(c, Properties) for item in c.items]
    assert ("note", "Not before Tuesday") in items


def test_a_file_of_few_bytes_for_many_rows_ends_at_the_limit(read: Any) -> None:
    constant = pa.table({"x": pa.repeat(pa.scalar(7, pa.int8()), 3_000_000)})
    seen = read(written("parquet", constant), limits=ReadLimits(cells=1000))
    assert len(seen.tables[0].rows) == 1000 and seen.reasons == {"limit"}
    assert seen.tables[0].total_rows == 3_000_001


def test_a_damaged_row_group_costs_what_follows(read: Any) -> None:
    table = pa.table({"x": [f"person {i}" for i in range(60_000)]})
    content = bytearray(written("parquet", table, row_group_size=20_000))
    content[len(content) * 2 // 3] ^= 0xFF
    seen = read(bytes(content))
    assert seen.gaps or len(seen.tables[0].rows) == 60_001


def test_words_between_the_columns_are_hidden_text(read: Any) -> None:
    content = written("parquet", compression="none")
    (length,) = struct.unpack_from("<I", content, len(content) - 8)
    footer = len(content) - 8 - length
    seen = read(content[:footer] + b"EMBARGOED until Tuesday" + content[footer:])
    assert "EMBARGOED until Tuesday" in seen.hidden and len(seen.tables[0].rows) == 3


def test_encrypted_parquet_is_a_gap(read: Any) -> None:
    assert read(b"PARE" + bytes(range(200)) + b"PARE").reasons == {"encrypted"}


def test_cut_off_files_are_gaps(read: Any) -> None:
    for kind in ("parquet", "feather", "stream"):
        content = written(kind)
        for length in (len(content) // 2, len(content) - 9):
            assert read(content[:length]).gaps, (kind, length)


def test_pandas_notes_are_words_and_not_records(read: Any) -> None:
    note = '{"columns": [{"name": "EMBARGOED", "pandas_type": "int64"}]}'
    table = pa.table({"x": [1]}).replace_schema_metadata({"pandas": note})
    seen = read(written("parquet", table))
    values = [v for c in seen.contents if isinstance(c, Properties) for _, v in c.items]
    assert any("EMBARGOED" in value and "{" not in value for value in values)


def nested(value: Any, times: int) -> Any:
    for _ in range(times):
        value = [value]
    return value


def test_values_nested_ten_deep_are_shown(read: Any) -> None:
    seen = read(written("parquet", pa.table({"note": [nested("EMBARGOED", 10)]})))
    assert list(seen.tables[0].rows[1]) == ["EMBARGOED"] and not seen.gaps


def test_what_lies_between_two_ends_of_a_stream_is_handed_on(read: Any) -> None:
    end = b"\xff\xff\xff\xff\0\0\0\0"
    seen = read(written("stream") + b"name,EMBARGOED\n" * 50 + end)
    assert any(b"EMBARGOED" in part.content for part in seen.parts)


def test_a_stream_without_its_end_mark_is_a_gap(read: Any) -> None:
    assert [gap.reason for gap in read(written("stream")[:-8]).gaps] == ["unreadable"]


def between(content: bytes) -> bytes:
    """A Parquet file with something in front of its footer."""
    whole = written("parquet", pa.table({"a": [1]}), compression="none")
    (size,) = struct.unpack_from("<I", whole, len(whole) - 8)
    at = len(whole) - 8 - size
    return whole[:at] + content + whole[at:]


@pytest.mark.parametrize("content", [gzip.compress(b"EMBARGOED"), b"\7" * 90 + written("parquet")])
def test_a_file_between_the_columns_and_the_footer_is_handed_on(read: Any, content: bytes) -> None:
    assert len(read(between(content)).parts) == 1


def test_words_between_the_columns_that_are_not_read_are_a_gap(read: Any) -> None:
    seen = read(between(b"words of somebody " * 50), limits=replace(ReadLimits(), text_chars=100))
    assert "limit" in [gap.reason for gap in seen.gaps]
