"""A table that lies on its side or stands on its head is read all the same."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from support.pictures import as_pdf, needs_recognition, picture_of_table, saved

ROWS = [
    ["ref", "name", "turnover", "staff"],
    *([f"49{i}11", f"Firm {i}", str(i * 7919 + 3), str(i + 12)] for i in range(12)),
]


@needs_recognition
@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_turned_table_is_read(read: Any, angle: int) -> None:
    with Image.open(io.BytesIO(picture_of_table(ROWS))) as image:
        content = saved(image.rotate(angle, expand=True), "PNG")
    [table] = read(content).tables
    assert len(table.rows) == len(ROWS) and "turnover" in str(table.rows)


@needs_recognition
@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_turned_page_is_read(read: Any, angle: int) -> None:
    with Image.open(io.BytesIO(picture_of_table(ROWS))) as image:
        content = as_pdf(saved(image.rotate(angle, expand=True), "PNG"))
    [table] = read(content, "application/pdf").tables
    assert len(table.rows) == len(ROWS) and "turnover" in str(table.rows)
