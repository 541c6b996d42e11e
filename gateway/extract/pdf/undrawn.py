"""What a PDF holds and no page shows: pages in no list, contents of pages that are gone, drawings
and pictures that nothing draws. They are put on pages of a file of their own, which is read as any
other.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Iterator

import pikepdf

MAX_PAGES = 200
MAX_VISITED = 50_000
# Buttons and logos: fewer pixels than a legible line of a document takes.
FEW_PIXELS = 20_000
_DRAWS = re.compile(rb"/([^\s/<>\[\](){}%]{1,127})\s+Do\b")
_WRITES = re.compile(rb"\bBT\b[^\0]{1,20000}?\bT[jJ]\b")
_CODED = re.compile(rb"#([0-9A-Fa-f]{2})")
_MOST_BYTES = 50_000_000
Number = tuple[int, int]


@dataclass(slots=True)
class Undrawn:
    """`content` is the file; `left_out` how many things had no room in it."""

    content: bytes = b""
    left_out: int = 0
    streams: set[Number] = field(default_factory=set)


def undrawn(document: pikepdf.Pdf, most_objects: int) -> Undrawn:
    """Raises PdfError where the objects are too damaged to say."""
    shown = _Shown(document)
    found = Undrawn()
    with pikepdf.new() as kept:
        for item in islice(document.objects, most_objects):
            if not _is_left(item, shown):
                continue
            if len(kept.pages) >= MAX_PAGES:
                found.left_out += 1
                continue
            _put(kept, item, shown.resources)
            found.streams.update(_contents_of(item) or {item.objgen})
        if kept.pages:
            out = io.BytesIO()
            kept.save(out)
            found.content = out.getvalue()
    return found


def _is_left(item: Any, shown: _Shown) -> bool:
    if not isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)) or item.objgen in shown.used:
        return False
    if not isinstance(item, pikepdf.Stream):
        return item.get("/Type") == "/Page" and "/Contents" in item
    form = item.get("/Subtype")
    if form == "/Form":
        return True
    if form == "/Image":
        return _number(item, "/Width") * _number(item, "/Height") >= FEW_PIXELS
    return "/Type" not in item and form is None and _WRITES.search(_bytes(item)) is not None


def _put(kept: pikepdf.Pdf, item: Any, resources: Any) -> None:
    """One more page, with the thing on it."""
    if not isinstance(item, pikepdf.Stream):
        kept.pages.append(pikepdf.Page(item))
        return
    thing = kept.copy_foreign(item)
    kept.add_blank_page(page_size=_size(item))
    page = kept.pages[-1].obj
    if item.get("/Subtype") not in ("/Form", "/Image"):
        page.Contents = thing
        page.Resources = kept.copy_foreign(resources) if resources is not None else {}
        return
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Thing=thing))
    width, height = _size(item)
    scale = f"{width} 0 0 {height} 0 0 cm " if item.get("/Subtype") == "/Image" else ""
    page.Contents = kept.make_stream(f"q {scale}/Thing Do Q".encode())


def _size(item: Any) -> tuple[float, float]:
    if item.get("/Subtype") == "/Image":
        longest = max(_number(item, "/Width"), _number(item, "/Height"), 1)
        share = min(1.0, 1_000 / longest)
        return _number(item, "/Width") * share, _number(item, "/Height") * share
    return 1_000, 1_000


def _plain(name: bytes) -> str:
    """A name with what it writes as numbers (ISO 32000-2 section 7.3.5)."""
    return _CODED.sub(lambda code: bytes.fromhex(code[1].decode()), name).decode("latin-1")


def _number(item: Any, key: str) -> int:
    value = item.get(key)
    return value if isinstance(value, int) else 0


def _contents_of(page: Any) -> set[Number]:
    if isinstance(page, pikepdf.Stream):
        return set()
    return {one.objgen for one in _contents(page)}


def _contents(page: Any) -> Iterator[Any]:
    contents = page.get("/Contents")
    for one in contents if isinstance(contents, pikepdf.Array) else (contents,):
        if isinstance(one, pikepdf.Stream):
            yield one


def _bytes(stream: Any) -> bytes:
    try:
        return bytes(memoryview(stream.get_stream_buffer())[:_MOST_BYTES])
    except (pikepdf.PdfError, NotImplementedError):
        return b""  # whoever reads the streams says so


class _Shown:
    """What the pages draw, and what that draws in its turn; `resources` are some page's."""

    def __init__(self, document: pikepdf.Pdf) -> None:
        self.used: set[Number] = set()
        self.resources: Any = None
        for page in document.pages:
            self.used.add(page.obj.objgen)
            streams = list(_contents(page.obj))
            self.used.update(stream.objgen for stream in streams)
            resources = _inherited(page.obj)
            if isinstance(resources, pikepdf.Dictionary):
                if resources.is_indirect and self.resources is None and "/Font" in resources:
                    self.resources = resources
                self._resources(resources, b"\n".join(map(_bytes, streams)))
            self._notes(page.obj)
        self._collect_resources(document)

    def _collect_resources(self, document: pikepdf.Pdf) -> None:
        if self.resources is None and len(document.pages):
            resources = _inherited(document.pages[0].obj)
            if isinstance(resources, pikepdf.Dictionary):
                self.resources = document.make_indirect(resources)

    def _notes(self, page: Any) -> None:
        """The appearances of notes and form fields."""
        for note in _items(page.get("/Annots")):
            looks = note.get("/AP") if isinstance(note, pikepdf.Dictionary) else None
            for look in _items(looks):
                for state in [look] if isinstance(look, pikepdf.Stream) else _items(look):
                    self._stream(state, None)

    def _stream(self, stream: Any, around: Any) -> None:
        if not isinstance(stream, pikepdf.Stream) or stream.objgen in self.used:
            return
        if len(self.used) > MAX_VISITED:
            return
        self.used.add(stream.objgen)
        for name in ("/SMask", "/Mask"):
            if isinstance(mask := stream.get(name), pikepdf.Stream):
                self.used.add(mask.objgen)
        if stream.get("/Subtype") != "/Image":
            resources = stream.get("/Resources", around)
            if isinstance(resources, pikepdf.Dictionary):
                self._resources(resources, _bytes(stream))

    def _resources(self, resources: Any, code: bytes) -> None:
        things = resources.get("/XObject")
        if isinstance(things, pikepdf.Dictionary):
            drawn = {_plain(name) for name in _DRAWS.findall(code)}
            for name, thing in things.items():
                if name[1:] in drawn or not name.isascii():
                    self._stream(thing, resources)
        for pattern in _items(resources.get("/Pattern")):
            self._stream(pattern, resources)
        for font in _items(resources.get("/Font")):
            if isinstance(font, pikepdf.Dictionary) and font.get("/Subtype") == "/Type3":
                for glyph in _items(font.get("/CharProcs")):
                    self._stream(glyph, font.get("/Resources", resources))
        for state in _items(resources.get("/ExtGState")):
            mask = state.get("/SMask") if isinstance(state, pikepdf.Dictionary) else None
            if isinstance(mask, pikepdf.Dictionary):
                self._stream(mask.get("/G"), resources)


def _inherited(page: Any) -> Any:
    """The resources of a page, or of what it stands in (ISO 32000-2 section 7.7.3.4)."""
    for _ in range(50):
        if "/Resources" in page or not isinstance(page.get("/Parent"), pikepdf.Dictionary):
            break
        page = page.Parent
    return page.get("/Resources")


def _items(holder: Any) -> list[Any]:
    """The values of a dictionary or list; nothing of anything else."""
    if isinstance(holder, pikepdf.Array):
        return list(holder)
    if isinstance(holder, pikepdf.Dictionary) and not isinstance(holder, pikepdf.Stream):
        return [value for _, value in holder.items()]
    return []
