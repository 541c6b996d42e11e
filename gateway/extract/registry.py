"""Which reader reads what: one table, a row a family of formats.

A reader is named by module and function, and its module is loaded when a part first needs it: in
the sandbox. Types that need no reader (detached signatures) and types that nobody can read without
a key are rows of the same table; everything else is a Gap (law 3).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from typing import Callable, Iterator

from gateway.extract import types
from gateway.extract.mail.envelopes import is_detached_signature
from gateway.extract.readable_runs import readable_runs
from gateway.extract.second_nature import PACKAGES, archive_within
from gateway.extract.signatures import detect_type, looks_like_text, text_type
from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

# More than so many table tags are the sandbox's business.
WORKER_CELLS = 20_000
WORKER_TABLES = 500
Read = Callable[[Part, ReadLimits], Iterator[Content]]


@dataclass(frozen=True, slots=True)
class Reader:
    """`function` is "module:function" below `gateway.extract`. `inline`: small parts may be read in
    the worker; `free`: nothing is parsed at all. `extra` names what to install where the libraries
    that the module imports are missing."""

    types: tuple[str, ...]
    function: str
    inline: bool = False
    free: bool = False
    extra: str = ""

    def load(self) -> Read:
        """Raises ImportError where a library is missing."""
        module, _, function = self.function.partition(":")
        read: Read = getattr(import_module(f"gateway.extract.{module}"), function)
        return read


READERS: tuple[Reader, ...] = (
    Reader(("text/html",), "text.html:read_html", inline=True),
    Reader(("text/csv",), "text.delimited:read_delimited", inline=True),
    Reader((types.JSON, types.NDJSON), "text.json_records:read_json"),
    Reader((types.XML,), "text.xml_records:read_xml"),
    Reader((types.CALENDAR,), "mail.calendar_text:read_calendar", inline=True),
    Reader((types.VCARD,), "mail.vcard:read_vcard"),
    Reader((types.MESSAGE,), "mail.message:read_message"),
    Reader((types.MBOX,), "mail.message:read_mailbox"),
    Reader((types.TNEF,), "mail.tnef:read_tnef"),
    Reader((types.XLSX,), "office.workbook:read_workbook"),
    Reader((types.XLSB,), "office.binary_workbook:read_binary_workbook"),
    Reader((types.XLS,), "office.legacy_workbook:read_legacy_workbook"),
    Reader((types.DOCX,), "office.document:read_document"),
    Reader((types.PPTX,), "office.slides:read_slides"),
    Reader(types.OPEN_DOCUMENTS, "office.open_document:read_open_document"),
    Reader((types.FLAT_ODF,), "office.flat_xml:read_flat_open_document"),
    Reader((types.FLAT_OPC,), "office.flat_xml:read_flat_package"),
    Reader((types.WORD_XML,), "office.flat_xml:read_word_xml"),
    Reader((types.EXCEL_XML,), "office.excel_xml:read_excel_xml"),
    Reader((types.RTF,), "office.rich_text:read_rich_text"),
    Reader((types.DOC,), "office.legacy_document:read_legacy_document"),
    Reader((types.PPT,), "office.legacy_slides:read_legacy_slides"),
    Reader((types.OLE, types.MSG, types.ENCRYPTED_OFFICE), "office.compound:read_compound"),
    Reader((types.PDF,), "pdf.document:read_pdf"),
    Reader((types.SAS, types.XPT, types.SAV, types.POR, types.DTA),
           "statistical.packages:read_package", extra="statistical"),
    Reader((types.R_DATA,), "statistical.r_objects:read_r_objects"),
    Reader((types.PARQUET, types.ARROW_FILE, types.ARROW_STREAM, types.FEATHER),
           "statistical.columnar:read_columnar", extra="statistical"),
    Reader((types.DBF,), "statistical.dbase:read_dbase"),
    Reader((types.SQLITE,), "statistical.sqlite:read_sqlite"),
    Reader((types.ACCESS,), "statistical.access:read_access"),
    Reader((types.ZIP,), "archive.zip:read_zip"),
    Reader((types.TAR,), "archive.tar:read_tar"),
    Reader((types.SEVEN_ZIP, types.RAR, *types.OTHER_ARCHIVES),
           "archive.library:read_archive"),
    Reader(types.STREAMS, "archive.stream:read_stream"),
    Reader((types.BROKEN_PICTURE,), "picture.reader:read_broken_picture"),
    Reader(types.LOCKED, "mail.locked:read_locked"),
    Reader(types.SIGNATURES, "mail.locked:read_signature", free=True),
)  # fmt: skip
# The second and later pieces of an archive show nothing but what they are called.
_PIECE = re.compile(r"\.(?:z\d\d|r\d\d|\d{3}|part\d+\.rar)$", re.I)
_BY_TYPE = {kind: reader for reader in READERS for kind in reader.types}
_PLAIN = Reader(("text/plain",), "text.plain:read_plain", inline=True)
_BESIDE = Reader(tuple(PACKAGES), "archive.zip:read_beside")
_PICTURE = Reader(("image/*",), "picture.reader:read_picture")


def load_inline_readers() -> None:
    """Import what the worker reads with now, so that no mail waits for it."""
    for reader in READERS:
        if reader.inline:
            reader.load()


def find_reader(kind: str) -> Reader | None:
    """The reader for a detected type, or None."""
    reader = _BY_TYPE.get(kind)
    if reader is None:
        if kind.startswith(("text/", "message/")):
            return _PLAIN
        if kind.startswith("image/"):
            return _PICTURE
    return reader


def inline_cost(part: Part, limits: ReadLimits, kind: str = "") -> int | None:
    """Bytes that reading the part in the worker would cost; None: it belongs in the sandbox.

    `limits.inline_bytes` is for all parts of one message together: who adds up is the caller.
    `kind` is the detected type, where it is known.
    """
    kind = kind or detect_type(part)
    reader = find_reader(kind)
    if reader is None:
        # A format without a reader that is text all the same is read as text, too.
        if not looks_like_text(part.content) and not part.content_type.startswith("text/"):
            # Looking for readable stretches takes a second for so many megabytes.
            small = len(part.content) <= limits.inline_bytes
            return 0 if small and not archive_within(part.content, kind) else None
    elif reader.free:
        if kind in types.SIGNATURES and not is_detached_signature(part.content):
            return None  # it is opened, as any other container is
        return None if archive_within(part.content, kind) else 0
    elif not reader.inline or (kind == "text/html" and _many_cells(part.content)):
        return None
    size = len(part.content)
    return size if size <= limits.inline_bytes and not archive_within(part.content, kind) else None


def _many_cells(html: bytes) -> bool:
    if html.count(b"<t") + html.count(b"<T") > WORKER_CELLS:
        return True
    return html.count(b"<table") + html.count(b"<TABLE") > WORKER_TABLES


def reads_in_worker(part: Part, limits: ReadLimits) -> bool:
    """Is the part small and simple enough to be read outside the sandbox?"""
    return inline_cost(part, limits) is not None


def read_part(
    part: Part, limits: ReadLimits, kind: str = "", single: bool = False
) -> Iterator[Content]:
    """Everything a reader finds in the part. A reader that fails yields a Gap, never silence.

    Embedded files come out as Parts that nobody has read yet: see `nested.read_nested`. `kind` is
    the detected type, where it is known; `single` says that the part holds no second archive.
    """
    kind = kind or detect_type(part)
    if not part.content:
        return
    reader = find_reader(kind)
    if reader is None:
        piece = part.name and _PIECE.search(part.name)
        what = "one piece of a split archive" if piece else f"no reader for {kind[:100]}"
        yield Gap(part.location, "no-reader", what)
        if looks_like_text(part.content) or part.content_type.startswith("text/"):
            yield from _contained(find_reader(text_type(part)) or _PLAIN, part, limits)
        else:
            yield from readable_runs(part.location.at("readable stretches"), part.content, limits)
    else:
        yield from _contained(reader, part, limits)
    if not single:
        yield from _second(part, kind, limits)


def _second(part: Part, kind: str, limits: ReadLimits) -> Iterator[Content]:
    """What else the part is, and what stands beside its entries: see `second_nature`."""
    if kind in PACKAGES:
        yield from _contained(_BESIDE, part, limits)
        return
    archive = archive_within(part.content, kind)
    if archive:
        yield part.inside(0, archive, "an archive within the file")


def _contained(reader: Reader, part: Part, limits: ReadLimits) -> Iterator[Content]:
    try:
        read = reader.load()
    except ImportError:
        advice = f", install the extra '{reader.extra}'" if reader.extra else ""
        yield Gap(part.location, "no-reader", f"no reader for {detect_type(part)[:100]}{advice}")
        return
    try:
        yield from read(part, limits)
    except RecursionError:
        yield Gap(part.location, "limit", "nested too deeply")
    except MemoryError:
        yield Gap(part.location, "limit", "not enough memory")
    except Exception as error:  # noqa: BLE001 - the boundary: a reader's fault must become a Gap
        yield Gap(part.location, "crashed", f"the reader failed ({type(error).__name__})")
