"""Whether a declared media type contradicts what the bytes show.

Many types have several names, programs name others by habit, and "application/octet-stream" says
nothing at all. Only what could mislead a reader, or a rule, is a contradiction.
"""

from __future__ import annotations

_VAGUE = frozenset((
    "", "application/octet-stream", "application/x-download", "application/force-download",
    "application/download", "binary/octet-stream", "application/unknown", "application/x-unknown",
    "application/binary", "multipart/mixed",
))  # fmt: skip
_OOXML = "application/vnd.openxmlformats-officedocument."
# What a detected type may be called besides its own name.
_NAMES: dict[str, tuple[str, ...]] = {
    "application/zip": ("application/x-zip-compressed", "application/x-zip", "multipart/x-zip",
                        "application/java-archive", "application/epub+zip"),
    "application/gzip": ("application/x-gzip", "application/x-tgz", "application/gzip-compressed",
                         "application/x-compressed-tar", "application/x-compressed"),
    "application/vnd.rar": ("application/x-rar-compressed", "application/x-rar"),
    "application/x-bzip2": ("application/bzip2", "application/x-bzip"),
    "application/x-tar": ("application/tar", "application/x-gtar", "application/x-ustar"),
    "application/x-archive": ("application/vnd.debian.binary-package", "application/x-debian-package"),
    "application/vnd.ms-cab-compressed": ("application/x-cab", "application/cab"),
    "application/x-xz": ("application/xz",),
    "application/zstd": ("application/x-zstd",),
    "application/pdf": ("application/x-pdf", "application/acrobat", "text/pdf"),
    "application/rtf": ("text/rtf", "application/x-rtf", "text/richtext", "application/msword"),
    "application/vnd.ms-excel": ("application/msexcel", "application/x-msexcel", "application/excel",
                                 "application/x-excel", "application/xls"),
    "application/msword": ("application/vnd.ms-word", "application/doc", "application/x-msword"),
    "application/vnd.ms-powerpoint": ("application/mspowerpoint", "application/powerpoint"),
    "application/vnd.ms-outlook": ("application/x-msg", "application/msoutlook"),
    "application/ms-tnef": ("application/vnd.ms-tnef",),
    "application/x-sas-data": ("application/x-sas-data-v7", "application/sas7bdat"),
    "application/x-spss-sav": ("application/x-spss", "application/spss"),
    "application/x-stata-dta": ("application/x-stata", "application/stata"),
    "application/vnd.sqlite3": ("application/x-sqlite3",),
    "application/x-msaccess": ("application/msaccess", "application/vnd.ms-access", "application/mdb"),
    "application/vnd.apache.parquet": ("application/x-parquet",),
    "application/x-ndjson": ("application/jsonl", "application/json", "application/x-jsonlines"),
    "application/x-dosexec": ("application/x-msdownload", "application/x-msdos-program",
                              "application/vnd.microsoft.portable-executable", "application/x-exe"),
    "application/pkcs7-mime": ("application/x-pkcs7-mime",),
    "text/xml": ("application/xml", "text/plain"),
    "text/csv": ("application/csv", "text/x-csv", "text/comma-separated-values", "text/plain",
                 "text/tab-separated-values", "application/vnd.ms-excel", "text/x-comma-separated-values"),
    "text/html": ("application/xhtml+xml", "image/svg+xml"),
    "text/vcard": ("text/x-vcard", "text/directory"),
    "text/calendar": ("application/ics",),
    "application/json": ("text/json", "text/plain", "application/ld+json", "application/geo+json"),
    "message/rfc822": ("message/global",),
    "image/jpeg": ("image/jpg", "image/pjpeg"),
    "image/png": ("image/x-png",),
    "image/bmp": ("image/x-ms-bmp",),
    "image/vnd.microsoft.icon": ("image/x-icon",),
    "image/heif": ("image/heic", "image/avif", "image/heif-sequence"),
    "image/wmf": ("image/x-wmf", "application/x-msmetafile"),
    "image/emf": ("image/x-emf",),
    f"{_OOXML}spreadsheetml.sheet": (
        f"{_OOXML}spreadsheetml.template", "application/vnd.ms-excel.sheet.macroenabled.12",
        "application/vnd.ms-excel.template.macroenabled.12",
    ),
    f"{_OOXML}wordprocessingml.document": (
        f"{_OOXML}wordprocessingml.template", "application/vnd.ms-word.document.macroenabled.12",
        "application/vnd.ms-word.template.macroenabled.12",
    ),
    f"{_OOXML}presentationml.presentation": (
        f"{_OOXML}presentationml.template", f"{_OOXML}presentationml.slideshow",
        "application/vnd.ms-powerpoint.presentation.macroenabled.12",
        "application/vnd.ms-powerpoint.slideshow.macroenabled.12",
    ),
}  # fmt: skip


def contradicts(declared: str, detected: str) -> bool:
    """Would somebody who trusts the declared type be misled?"""
    if not detected or declared == detected or declared in _VAGUE:
        return False
    if declared in _NAMES.get(detected, ()):
        return False
    # Bodies and notes of every kind are text, and are shown and read as text.
    return not (declared.startswith(("text/", "message/")) and detected == "text/plain")
