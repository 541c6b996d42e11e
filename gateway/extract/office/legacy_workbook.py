"""XLS workbooks: the stream inside a compound file, or bare as Excel 2 to 4 wrote it."""

from __future__ import annotations

from typing import Iterator

from gateway.extract.office.biff_workbook import BiffWorkbook
from gateway.extract.office.compound import read_compound
from gateway.extract.office.default_password import decrypted_workbook
from gateway.model.content import Content, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

_OLE = b"\xd0\xcf\x11\xe0"


def read_legacy_workbook(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Every sheet as a Table, all other words as texts; streams beside the workbook too."""
    if part.content.startswith(_OLE):
        yield from read_compound(part, limits)
    else:
        yield from read_workbook_stream(part, part.content, limits)


def read_workbook_stream(part: Part, stream: bytes, limits: ReadLimits) -> Iterator[Content]:
    """A workbook stream; one that opens for Excel's default password is opened."""
    workbook = BiffWorkbook(part, stream, limits, decrypted=False)
    yield from workbook.contents()
    if not workbook.encrypted:
        return
    plain = decrypted_workbook(stream)
    if plain is None:
        yield Gap(part.location.at("workbook"), "encrypted", "a workbook that needs a password")
        return
    tables = 0
    for content in BiffWorkbook(part, plain, limits, decrypted=True).contents():
        tables += isinstance(content, Table)
        yield content
    if not tables:
        # Nobody locks an empty workbook: what it holds may be in a place of its own.
        yield Gap(part.location.at("workbook"), "encrypted", "encrypted, and no cells found in it")
