"""Which optional readers this machine lacks; what they would read becomes a Gap each time."""

from __future__ import annotations

from ctypes.util import find_library
from glob import glob
from importlib.util import find_spec
from typing import Iterator

from gateway.extract.picture.recognition import TESSDATA

EXTRAS = (
    ("pyreadstat", "SAS, SPSS and Stata files", "statistical"),
    ("pyarrow", "Parquet, Arrow and Feather files", "statistical"),
    ("tesserocr", "words in pictures", "ocr"),
)


def missing_readers() -> Iterator[str]:
    """One sentence for each kind of file that would not be read, and what to install."""
    for module, kind, extra in EXTRAS:
        if find_spec(module) is None:
            yield f"{kind} cannot be read: install the extra '{extra}'"
    if find_library("archive") is None:
        yield "7z, RAR, cpio and other archives cannot be read: install Debian's libarchive13"
    languages = (f"{folder}/*.traineddata" for folder in TESSDATA)
    if find_spec("tesserocr") and not any(glob(pattern) for pattern in languages):
        yield "words in pictures cannot be read: install Debian's tesseract-ocr-eng"
