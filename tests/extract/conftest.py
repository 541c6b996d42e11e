"""Parts to read, and workbooks written on the spot."""

from __future__ import annotations

import io
import zipfile
from functools import partial
from typing import Any, Callable, Mapping

import pytest

from gateway.model.content import Properties, Table, Text
from gateway.model.limits import ParseLimits, ReadLimits
from gateway.model.message import Gap, Part

CONTENT_TYPES = "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


class Reading:
    """Everything that came out of one part, sorted by kind."""

    def __init__(self, contents: list[Any]) -> None:
        self.contents = contents
        self.tables = [c for c in contents if isinstance(c, Table)]
        self.gaps = [c for c in contents if isinstance(c, Gap)]
        self.parts = [c for c in contents if isinstance(c, Part)]
        self.text = "\n".join(c.text for c in contents if isinstance(c, Text) and not c.hidden)
        self.hidden = "\n".join(c.text for c in contents if isinstance(c, Text) and c.hidden)

    @property
    def reasons(self) -> set[str]:
        return {gap.reason for gap in self.gaps}

    def everything(self) -> str:
        cells = "\n".join("\t".join(row) for table in self.tables for row in table.rows)
        properties = "\n".join(
            f"{name}\t{value}"
            for content in self.contents
            if isinstance(content, Properties)
            for name, value in content.items
        )
        return "\n".join((self.text, self.hidden, cells, properties))


@pytest.fixture
def part() -> Callable[..., Part]:
    def make(content: bytes, kind: str = "application/octet-stream", **fields: Any) -> Part:
        fields.setdefault("role", "attachment")
        return Part("2", kind, fields.pop("role"), content, **fields)

    return make


@pytest.fixture
def read(part: Callable[..., Part]) -> Callable[..., Reading]:
    from gateway.extract import read_part

    def run(
        content: bytes,
        kind: str = "application/octet-stream",
        limits: ReadLimits | None = None,
        **fields: Any,
    ) -> Reading:
        return Reading(list(read_part(part(content, kind, **fields), limits or ReadLimits())))

    return run


@pytest.fixture
def workbook_bytes() -> Callable[..., bytes]:
    """A workbook from raw sheet XML, with further entries as they are given."""

    def make(sheets: Mapping[str, str], entries: Mapping[str, str | bytes] | None = None) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", CONTENT_TYPES)
            tabs = "".join(
                f'<sheet name="{name}" sheetId="{i}" r:id="rId{i}"/>'
                for i, name in enumerate(sheets, 1)
            )
            book = (
                f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{tabs}</sheets></workbook>'
            )
            archive.writestr("xl/workbook.xml", book)
            links = "".join(
                f'<Relationship Id="rId{i}" Type="t" Target="worksheets/sheet{i}.xml"/>'
                for i in range(1, len(sheets) + 1)
            )
            archive.writestr(
                "xl/_rels/workbook.xml.rels",
                f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>',
            )
            for i, xml in enumerate(sheets.values(), 1):
                archive.writestr(f"xl/worksheets/sheet{i}.xml", xml)
            for name, content in (entries or {}).items():
                archive.writestr(name, content)
        return out.getvalue()

    return make


@pytest.fixture
def sheet_xml() -> Callable[..., str]:
    def make(rows: str, after: str = "") -> str:
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'

    return make


@pytest.fixture
def read_all(part: Callable[..., Part]) -> Callable[..., Reading]:
    """With everything that is embedded, however deep."""
    from gateway.extract import read_nested

    def run(content: bytes, limits: ReadLimits | None = None, **fields: Any) -> Reading:
        return Reading(list(read_nested(part(content, **fields), limits or ReadLimits())))

    return run


class Found:
    """Everything that came out of one part and of what is inside it."""

    def __init__(self, contents: list[Any]) -> None:
        self.contents = contents
        self.tables = [c for c in contents if isinstance(c, Table)]
        self.gaps = [c for c in contents if isinstance(c, Gap)]
        self.texts = [c for c in contents if isinstance(c, Text)]
        self.text = "\n".join(c.text for c in self.texts)
        self.items = [i for c in contents if isinstance(c, Properties) for i in c.items]

    @property
    def reasons(self) -> set[str]:
        return {gap.reason for gap in self.gaps}

    def at(self, where: str) -> str:
        return "\n".join(text.text for text in self.texts if text.location.where == where)


@pytest.fixture
def nested() -> Callable[..., Found]:
    """A part with all that it embeds, messages through the real parser."""

    from gateway.extract import read_nested
    from gateway.parse import parse_message  # a test may follow the whole path

    def run(
        content: bytes,
        kind: str = "application/octet-stream",
        limits: ReadLimits | None = None,
        **fields: Any,
    ) -> Found:
        part = Part(
            fields.pop("number", "2"), kind, fields.pop("role", "attachment"), content, **fields
        )
        parse = partial(parse_message, limits=ParseLimits())
        return Found(list(read_nested(part, limits or ReadLimits(), parse)))

    return run
