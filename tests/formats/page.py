"""The page of formats as the matrix of places makes it: a summary, then every place by family."""

from __future__ import annotations

from typing import Sequence

from formats.planting import Place

from gateway.extract import detect_type
from gateway.extract.registry import find_reader
from gateway.model.message import Part

FAMILIES: dict[str, tuple[str, ...]] = {
    "Workbooks": ("XLSX", "XLSM", "XLSB", "XLS", "ODS", "Excel 2003 XML"),
    "Documents and slides": (
        "DOCX", "DOCM", "DOC", "RTF", "ODT", "Word 2003 XML", "PPTX", "PPT", "ODP", "Flat ODF",
        "Flat OPC", "OLE", "encrypted Office",
    ),
    "PDF and pictures": ("PDF", "picture", "SVG"),
    "Statistical files and databases": (
        "SAS", "SAS transport", "SPSS (sav)", "SPSS (zsav)", "SPSS (por)", "Stata", "R", "Parquet",
        "Arrow file", "Arrow stream", "Feather", "dBase", "SQLite", "Access",
    ),
    "Text and records": (
        "delimited text", "plain text", "Markdown", "LaTeX", "SQL", "HTML", "archived page (MHT)",
        "JSON", "NDJSON", "JSON-stat", "XML", "SDMX-ML", "SDMX-CSV", "SDMX-JSON",
    ),
    "Mail": (
        "message (EML)", "Outlook message (MSG)", "winmail.dat (TNEF)", "mailbox (mbox)",
        "iCalendar", "vCard", "S/MIME, signed", "S/MIME, encrypted",
    ),
    "Archives": (
        "zip", "7z", "RAR", "tar", "compressed file (gz)", "compressed file (bz2)",
        "compressed file (xz)", "compressed file (zst)", "cpio", "ar", "cabinet", "disc image",
    ),
}  # fmt: skip
# What somebody would look for, where the format is called otherwise here.
_ALSO_CALLED = {
    "delimited text": "CSV, TSV", "R": "RDS, RData", "SAS": "sas7bdat", "SAS transport": "XPT",
    "Stata": "DTA", "dBase": "DBF", "OLE": "objects, thumbnails, unknown documents",
    "archived page (MHT)": "MHTML", "disc image": "ISO",
}  # fmt: skip
# Where the counts of places alone would mislead.
_REMARKS = {
    "SAS": "(rows and labels of whole data sets are read; nothing but SAS writes them, so none is planted)",
    "Access": "(words are read, tables are not)",
}
_LIBARCHIVE = "libarchive13 (Debian)"
_OCR = "extra `ocr` and tesseract-ocr-eng (Debian)"


def page_of_formats(places: Sequence[Place]) -> str:
    """Everything between the marks of docs/formats.md. Raises KeyError for a format that has no
    family yet."""
    formats: dict[str, list[Place]] = {}
    for place in places:
        formats.setdefault(place.format, []).append(place)
    listed = [format for family in FAMILIES.values() for format in family]
    if strange := sorted(set(formats) - set(listed)):
        raise KeyError(f"formats without a family: {', '.join(strange)}")
    families = {
        family: [format for format in members if format in formats]
        for family, members in FAMILIES.items()
    }
    blocks = [_summary(families, formats)]
    for family, members in families.items():
        rows = "\n".join(_row(place) for format in members for place in formats[format])
        head = (
            "| format | place | a banner | unit records | why it is a gap |\n|---|---|---|---|---|"
        )
        blocks.append(f"## {family}\n\n{head}\n{rows}")
    return "\n\n".join(blocks)


def _summary(families: dict[str, list[str]], formats: dict[str, list[Place]]) -> str:
    said = [
        "## In short",
        "",
        "| format | places found | always a gap | needs |",
        "|---|---|---|---|",
    ]
    for family, members in families.items():
        said.append(f"| **{family}** | | | |")
        for format in members:
            places = formats[format]
            gaps = [place.where for place in places if place.expect != "found"]
            found = f"{len(places) - len(gaps)} of {len(places)}"
            told = " ".join(filter(None, ("; ".join(gaps), _REMARKS.get(format)))) or "–"
            called = f"{format}: {_ALSO_CALLED[format]}" if format in _ALSO_CALLED else format
            said.append(f"| {called} | {found} | {told} | {_needs(places[0])} |")
    return "\n".join(said)


def _needs(place: Place) -> str:
    """What has to be installed for the reader of its files, which the registry names."""
    part = Part("1", "", "attachment", place.build("", ()), place.name)
    kind = detect_type(part)
    reader = find_reader(kind)
    if reader and reader.extra:
        return f"extra `{reader.extra}`"
    if reader and reader.function.startswith("archive.library:"):
        return _LIBARCHIVE
    return _OCR if place.format == "picture" else "–"


def _row(place: Place) -> str:
    outcome = "found" if place.expect == "found" else "gap"
    banner = outcome if place.holds != "rows" else "–"
    rows = outcome if place.holds != "words" else "–"
    return f"| {place.format} | {place.where} | {banner} | {rows} | {place.reason} |"
