"""Text recognition with Tesseract, in this process: an extra, slow, and bounded in pixels.

The library is loaded when a picture first needs it; without it, or without its language files,
`RecognitionMissing` says so, and the picture stays a Gap.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from glob import glob
from typing import Any, Callable

from gateway.extract.pdf.layout import GAP, Cell

MAX_PIXELS = 80_000_000
# More than so many are shrunk first: a photograph of a screen is legible with a tenth of its pixels.
ENOUGH_PIXELS = 6_000_000
MIN_SIDE = 6
# Tesseract wants letters of 20 to 30 pixels; screenshots have about half of that.
SMALL_SIDE = 1600
TESSDATA = (
    "/usr/share/tesseract-ocr/*/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
)
# Confidences of an upright screenshot are about 90, those of a turned one below 50.
SURE, FEW = 70, 4
MAX_TURNS = 6
# Grey pixels, width, height and bytes a line.
Pixels = tuple[bytes, int, int, int]
_WORD = re.compile(r"\w\w\w")


class RecognitionMissing(Exception):
    """Neither the library nor, perhaps, its language files are installed."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """The words line by line, and the same lines as cells that stand apart."""

    text: str
    lines: list[list[Cell]]
    # Words that Tesseract is sure of (confidence above `SURE`), and the share of all that they are.
    sure: int = 0
    share: float = 0.0

    @property
    def is_doubtful(self) -> bool:
        """Some signs were found, and hardly any words: perhaps the picture is turned."""
        return bool(self.text.strip()) and (self.sure < FEW or self.share < 0.5)


def recognise(grey: bytes, width: int, height: int, stride: int) -> Recognised:
    """The words in a picture of 8-bit grey pixels. Raises RecognitionMissing."""
    engine = _engine()
    try:
        engine.SetImageBytes(grey, width, height, 1, stride)
        text = str(engine.GetUTF8Text())
        words = str(engine.GetTSVText(0)) if text.strip() else ""
    finally:
        # Neither the picture nor what was learnt from its letters outlives it.
        engine.Clear()
        engine.ClearAdaptiveClassifier()
    sure, share = _sureness(words)
    return Recognised(text, _lines(words), sure, share)


def recognise_upright(turned: Callable[[int], Pixels], turns: list[int]) -> Recognised:
    """The words of the turn in which most of them are sure. `turned` gives the picture turned by
    so many degrees; `turns` is how many more of a file's pictures may be tried otherwise than they
    stand: each try costs as much as the first look."""
    best = recognise(*turned(0))
    for angle in (90, 270, 180):
        if not best.is_doubtful or turns[0] <= 0:
            break
        turns[0] -= 1
        found = recognise(*turned(angle))
        if found.sure > best.sure:
            best = found
    return best


def _sureness(words: str) -> tuple[int, float]:
    """Only what has three letters or digits is a word, and wider than high: Tesseract also reads
    a line that runs upwards, and its cells stand in the wrong rows."""
    rows = [row.split("\t") for row in words.split("\n")]
    found = [row for row in rows if len(row) == 12 and _WORD.search(row[11])]
    sure = sum(float(row[10]) > SURE and int(row[8]) > int(row[9]) for row in found)
    return sure, sure / max(1, len(found))


def _lines(words: str) -> list[list[Cell]]:
    """Tesseract's own table of words: level, page, block, paragraph, line, word, left, top, width,
    height, confidence, text. What stands at the same height is a line, across its blocks."""
    placed = []
    for row in words.split("\n"):
        fields = row.split("\t")
        if len(fields) == 12 and fields[0] == "5" and fields[11].strip():
            left, top, width, height = map(int, fields[6:10])
            placed.append((top + height / 2, height, left, left + width, fields[11]))
    placed.sort()
    lines: list[list[tuple[float, int, int, int, str]]] = []
    for word in placed:
        if lines and abs(lines[-1][0][0] - word[0]) < max(lines[-1][0][1], word[1]) * 0.6:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [_cells(sorted(line, key=lambda word: word[2])) for line in lines]


def _cells(line: list[tuple[float, int, int, int, str]]) -> list[Cell]:
    cells: list[Cell] = []
    for _, height, left, right, text in line:
        if cells and left - cells[-1].right < GAP * max(height, 12):
            cells[-1] = Cell(cells[-1].left, right, f"{cells[-1].text} {text}")
        else:
            cells.append(Cell(left, right, text))
    return cells


@lru_cache(maxsize=1)
def _engine() -> Any:
    """One engine a process: loading its model costs 0.1 s."""
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    try:
        import tesserocr
    except ImportError:
        raise RecognitionMissing("install the extra 'ocr'") from None
    for folder in sorted(path for pattern in TESSDATA for path in glob(pattern)):
        languages = [name for name in ("eng", "cym", "fra", "deu", "nld", "spa", "ita")
                     if os.path.exists(f"{folder}/{name}.traineddata")]  # fmt: skip
        if languages:
            # One language besides English at most: each makes recognition slower by its half.
            return tesserocr.PyTessBaseAPI(
                path=folder, lang="+".join(languages[:2]), psm=tesserocr.PSM.AUTO
            )
    raise RecognitionMissing("install Debian's tesseract-ocr-eng")
