"""Pictures: what is written in them, where text recognition is installed, and what is written
about them in their metadata. What could not be seen is a Gap, and rules say whether it matters.
"""

from __future__ import annotations

import io
from functools import partial
from typing import Iterator

from gateway.extract.padding import without_padding
from gateway.extract.pdf.layout import tables_of
from gateway.extract.picture.metafile import holds_pixels, metafile_text
from gateway.extract.picture.png_text import png_words
from gateway.extract.picture.recognition import (
    ENOUGH_PIXELS,
    MAX_PIXELS,
    MAX_TURNS,
    MIN_SIDE,
    SMALL_SIDE,
    Pixels,
    RecognitionMissing,
    recognise_upright,
)
from gateway.extract.readable_runs import readable_runs
from gateway.extract.text.plain import bounded_text
from gateway.model.content import Content, Properties, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part
from gateway.model.picture import picture_end, picture_type

MAX_FRAMES = 20
_METAFILES = ("image/emf",)


def read_picture(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Words in and about the picture; whatever stands behind its end is a file of its own."""
    kind = picture_type(part.content)
    if kind in _METAFILES or not kind:
        words = metafile_text(part.content)
        yield from bounded_text(part, words, "picture", limits)
        if not words or holds_pixels(part.content):
            yield Gap(part.location, "no-reader", "a drawing, of which only the words were read")
    else:
        if kind == "image/png":
            yield from _png_words(part, limits)
        yield from _bitmap(part, limits)
    end = picture_end(part.content, kind)
    behind = without_padding(part.content[end:] if end >= 0 else b"", b"\0\r\n\t ")
    if behind:
        yield part.inside(1, behind, "behind the end of the picture")


def read_broken_picture(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Begins like a picture, and its structure is not one's."""
    yield Gap(part.location, "unreadable", "begins like a picture, and is none")
    yield from readable_runs(part.location.at("readable stretches"), part.content, limits)


def _png_words(part: Part, limits: ReadLimits) -> Iterator[Content]:
    items, whole = png_words(part.content, limits.text_chars)
    location = part.location.at("picture text")
    if items:
        yield Properties(location, items)
    if not whole:
        yield Gap(location, "limit", "not all text chunks were read")


def _bitmap(part: Part, limits: ReadLimits) -> Iterator[Content]:
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        yield Gap(part.location, "no-reader", "a picture, and no text recognition")
        return
    try:
        with Image.open(io.BytesIO(part.content)) as image:
            yield from _about(part, image)
            if min(image.size) < MIN_SIDE:
                return  # too small for a letter
            if image.width * image.height > MAX_PIXELS:
                yield Gap(part.location, "limit", f"a picture of more than {MAX_PIXELS} pixels")
                return
            yield from _words(part, image, limits)
    except UnidentifiedImageError:
        yield Gap(part.location, "no-reader", "a picture of a kind that cannot be opened")
    except Image.DecompressionBombError:
        yield Gap(part.location, "limit", f"a picture of more than {MAX_PIXELS} pixels")
    except (OSError, ValueError, SyntaxError) as error:
        yield Gap(part.location, "unreadable", f"a damaged picture ({type(error).__name__})")


def _about(part: Part, image: object) -> Iterator[Content]:
    """Comments and descriptions: PNG text, EXIF, GIF and JPEG comments."""
    items = []
    is_png = getattr(image, "format", "") == "PNG"  # whose words were read already
    for key, value in getattr(image, "info", {}).items():
        if is_png and key != "exif":
            continue
        if isinstance(value, bytes) and key in ("comment", "xmp", "exif", "photoshop"):
            value = value.decode("utf-8", "ignore")
        if isinstance(value, str) and value.strip() and isinstance(key, str):
            items.append((key, "".join(c for c in value if c.isprintable() or c in "\n\t")))
    for tag, value in dict(getattr(image, "getexif", dict)()).items():
        if isinstance(value, bytes):
            value = value.decode("utf-16-le" if 0x9C9A < tag < 0x9CA0 else "utf-8", "ignore")
        if isinstance(value, str) and value.strip("\0 "):
            items.append((f"EXIF {tag}", value.strip("\0 ")))
    if items:
        yield Properties(part.location.at("picture metadata"), tuple(items))


def _words(part: Part, image: object, limits: ReadLimits) -> Iterator[Content]:
    turns = [MAX_TURNS]
    frames = min(getattr(image, "n_frames", 1), MAX_FRAMES)
    for index in range(frames):
        image.seek(index)  # type: ignore[attr-defined]
        grey = _on_white(image)
        if max(grey.size) < SMALL_SIDE:
            grey = grey.resize((grey.width * 2, grey.height * 2))
        elif grey.width * grey.height > ENOUGH_PIXELS:
            share = (ENOUGH_PIXELS / (grey.width * grey.height)) ** 0.5
            grey = grey.resize((max(1, int(grey.width * share)), max(1, int(grey.height * share))))
        try:
            found = recognise_upright(partial(_turned, grey), turns)
        except RecognitionMissing as missing:
            detail = f"a picture, and no text recognition: {missing}"
            yield Gap(part.location, "no-reader", detail)
            return
        where = "picture" if frames == 1 else f"picture {index + 1}"
        yield from bounded_text(part, found.text, where, limits)
        for number, rows in enumerate(tables_of(found.lines, limits.cells), 1):
            place = part.location.at(f"{where}, table {number}")
            yield Table(place, rows, total_rows=len(rows))
    if getattr(image, "n_frames", 1) > frames:
        yield Gap(part.location, "limit", f"more than {MAX_FRAMES} pictures in one file")


def _turned(grey, angle: int) -> Pixels:  # type: ignore[no-untyped-def]
    turned = grey.rotate(angle, expand=True) if angle else grey
    return turned.tobytes(), turned.width, turned.height, turned.width


def _on_white(image: object):  # type: ignore[no-untyped-def]
    """Grey, and what is transparent white: as a mail program shows it."""
    from PIL import Image

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:  # type: ignore[attr-defined]
        coloured = image.convert("RGBA")  # type: ignore[attr-defined]
        white = Image.new("RGBA", coloured.size, "white")
        return Image.alpha_composite(white, coloured).convert("L")
    return image.convert("L")  # type: ignore[attr-defined]
