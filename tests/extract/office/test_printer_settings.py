"""The words in printer settings are read, and what stands behind them is a file of its own."""

from __future__ import annotations

import zlib

from support.old_office import printer_settings as settings

from gateway.extract.office.printer_settings import printer_settings

ROWS = b"name,age\nmarker,3\n" * 300


def test_the_words_in_printer_settings_are_read() -> None:
    found = printer_settings(settings(b"\1\2\3\4PaperSize"))
    assert found and "Office printer" in found[0] and "PaperSize" in found[0] and not found[1]


def test_what_stands_behind_their_end_is_given_on() -> None:
    found = printer_settings(settings() + ROWS)
    assert found and found[1] == ROWS


def test_a_file_in_the_drivers_place_is_given_on() -> None:
    packed = b"\x1f\x8b\x08\0" + bytes(6) + zlib.compress(ROWS)[2:-4] + bytes(8)
    for held in (ROWS, packed):
        found = printer_settings(settings(held))
        assert found and found[1] == held


def test_other_bytes_are_no_printer_settings() -> None:
    assert printer_settings(ROWS) is None
