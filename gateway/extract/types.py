"""The media types that parts are detected as; own names where none is registered."""

from __future__ import annotations

from typing import Final

_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OASIS = "application/vnd.oasis.opendocument."

XLSX: Final = f"{_OPEN_XML}spreadsheetml.sheet"
DOCX: Final = f"{_OPEN_XML}wordprocessingml.document"
PPTX: Final = f"{_OPEN_XML}presentationml.presentation"
XLSB: Final = "application/vnd.ms-excel.sheet.binary.macroenabled.12"
ODS: Final = f"{_OASIS}spreadsheet"
ODT: Final = f"{_OASIS}text"
ODP: Final = f"{_OASIS}presentation"
ODG: Final = f"{_OASIS}graphics"
ODF_CHART: Final = f"{_OASIS}chart"
ODF_FORMULA: Final = f"{_OASIS}formula"
ODF_BASE: Final = f"{_OASIS}base"
OPEN_DOCUMENTS: Final = (
    *(f"{kind}{suffix}" for kind in (ODS, ODT, ODP, ODG) for suffix in ("", "-template")),
    f"{ODT}-master", f"{ODT}-web", ODF_CHART, ODF_FORMULA, ODF_BASE,
    "application/vnd.sun.xml.calc", "application/vnd.sun.xml.writer",
    "application/vnd.sun.xml.impress",
)  # fmt: skip
FLAT_ODF: Final = "application/x-flat-opendocument"
FLAT_OPC: Final = "application/x-flat-opc"
WORD_XML: Final = "application/x-word-xml"
EXCEL_XML: Final = "application/x-excel-xml"
XLS: Final = "application/vnd.ms-excel"
DOC: Final = "application/msword"
PPT: Final = "application/vnd.ms-powerpoint"
MSG: Final = "application/vnd.ms-outlook"
OLE: Final = "application/x-ole-storage"
ENCRYPTED_OFFICE: Final = "application/encrypted-office"
RTF: Final = "application/rtf"
PDF: Final = "application/pdf"

MESSAGE: Final = "message/rfc822"
MBOX: Final = "application/mbox"
TNEF: Final = "application/ms-tnef"
VCARD: Final = "text/vcard"
CALENDAR: Final = "text/calendar"

JSON: Final = "application/json"
NDJSON: Final = "application/x-ndjson"
XML: Final = "text/xml"

SAS: Final = "application/x-sas-data"
XPT: Final = "application/x-sas-xport"
SAV: Final = "application/x-spss-sav"
POR: Final = "application/x-spss-por"
DTA: Final = "application/x-stata-dta"
R_DATA: Final = "application/x-r-data"
PARQUET: Final = "application/vnd.apache.parquet"
ARROW_FILE: Final = "application/vnd.apache.arrow.file"
ARROW_STREAM: Final = "application/vnd.apache.arrow.stream"
FEATHER: Final = "application/x-feather"
DBF: Final = "application/x-dbf"
SQLITE: Final = "application/vnd.sqlite3"
ACCESS: Final = "application/x-msaccess"

ZIP: Final = "application/zip"
SEVEN_ZIP: Final = "application/x-7z-compressed"
RAR: Final = "application/vnd.rar"
TAR: Final = "application/x-tar"
OTHER_ARCHIVES: Final = (
    "application/x-cpio", "application/x-archive", "application/vnd.ms-cab-compressed",
    "application/x-iso9660-image", "application/x-lzh", "application/x-xar",
)  # fmt: skip
GZIP: Final = "application/gzip"
STREAMS: Final = (
    GZIP, "application/x-bzip2", "application/x-xz", "application/zstd", "application/x-lzma",
    "application/x-lzip", "application/x-compress", "application/x-lz4",
)  # fmt: skip

BROKEN_PICTURE: Final = "application/x-broken-picture"
SIGNATURES: Final = (
    "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
)  # fmt: skip
RIGHTS_PROTECTED: Final = "application/x-microsoft-rpmsg-message"
LOCKED: Final = (
    "application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted",
    RIGHTS_PROTECTED,
)  # fmt: skip
