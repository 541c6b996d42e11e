"""Where an old binary office file can hold something: XLS, DOC and compound files of any kind."""

from __future__ import annotations

import io
import struct
from typing import Callable

import xlwt
from formats.planting import INNOCENT, INNOCENT_ROWS, Holds, Rows, pasted, place
from formats.workbook_places import remarks
from PIL import Image
from support.old_office import (
    biff_5_workbook,
    biff_record,
    macro_project,
    package_stream,
)
from support.old_word import word_document
from support.open_packages import cells, document, paragraphs, workbook, worksheet
from support.pictures import picture, picture_of_table

from gateway.extract.office.compound_file import Compound
from gateway.extract.office.storage_file import write_compound
from gateway.model.limits import ReadLimits

# A place a line.
# fmt: off

Streams = dict[tuple[str, ...], bytes]


def table(text: str, rows: Rows) -> list[list[str]]:
    return ([[text]] if text else []) + [list(row) for row in rows] or [[INNOCENT]]


def image(text: str, rows: Rows) -> bytes:
    return picture_of_table(rows) if rows else picture((text or INNOCENT,))


def why(where: str) -> str:
    return "records as in any picture" if "picture" in where else ""


def book(text: str = "", rows: Rows = (), visibility: int = 0, name: str = "More") -> xlwt.Workbook:
    made = xlwt.Workbook()
    first = made.add_sheet("Data")
    for y, row in enumerate([[INNOCENT], *INNOCENT_ROWS]):
        for x, value in enumerate(row):
            first.write(y, x, value)
    second = made.add_sheet(name)
    second.visibility = visibility
    for y, row in enumerate(table(text, rows)):
        for x, value in enumerate(row):
            second.write(y, x, int(value) if value.removeprefix("-").isdecimal() else value)
    return made


def saved(made: xlwt.Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def stream_of(content: bytes) -> bytes:
    return Compound(content, ReadLimits()).take(("Workbook",)).rstrip(b"\0") + b"\0" * 8


def with_streams(streams: Streams) -> bytes:
    return write_compound({("Workbook",): stream_of(saved(book())) + bytes(5000), **streams})


def old_book(where: str, build: Callable[[str, Rows], bytes], holds: Holds = "both") -> None:
    place("XLS", where, "book.xls", holds=holds, reason=why(where))(build)


def with_records(make: Callable[[str, Rows], bytes]) -> Callable[[str, Rows], bytes]:
    """Records at the end of the first sheet."""

    def build(text: str, rows: Rows) -> bytes:
        raw = stream_of(saved(book()))
        begin = raw.index(struct.pack("<HHH", 0x809, 16, 0x600), 4)
        window = raw.index(struct.pack("<HH", 0x23E, 18), begin)
        added = make(text, rows)
        second = raw.index(struct.pack("<HHH", 0x809, 16, 0x600), begin + 4)
        changed = bytearray(raw[:window] + added + raw[window:])
        old = struct.pack("<I", second)
        tab = changed.index(old, changed.index(struct.pack("<H", 0x85)))
        changed[tab : tab + 4] = struct.pack("<I", second + len(added))
        return write_compound({("Workbook",): bytes(changed) + bytes(5000)})

    return build


def pieces(kind: int, body: bytes) -> bytes:
    """A record and those that continue it."""
    parts = [body[at : at + 8000] for at in range(0, len(body), 8000)] or [b""]
    return biff_record(kind, parts[0]) + b"".join(biff_record(0x3C, part) for part in parts[1:])


def frame(shape: int) -> Callable[[str, Rows], bytes]:
    """A shape with a text: of a comment, or a text box."""

    def make(text: str, rows: Rows) -> bytes:
        words = pasted(text, rows)
        shown = biff_record(0x5D, struct.pack("<HHHHH12x", 0x15, 18, shape, 1, 0))
        box = biff_record(0x1B6, struct.pack("<HH6xHH4x", 0, 0, len(words), 16))
        runs = biff_record(0x3C, b"\0" + words.encode("latin-1")) + biff_record(0x3C, bytes(16))
        return shown + box + runs

    return with_records(make)


def margin(attribute: str) -> Callable[[str, Rows], bytes]:
    def build(text: str, rows: Rows) -> bytes:
        made = book()
        setattr(made.get_sheet(0), attribute, pasted(text, rows).encode())
        return saved(made)

    return build


def formula(text: str, rows: Rows) -> bytes:
    made = book()
    made.get_sheet(0).write(9, 9, xlwt.Formula(f'IF(FALSE;"{text}";"x")'))
    return saved(made)


def number_format(text: str, rows: Rows) -> bytes:
    made = book()
    made.get_sheet(0).write(9, 9, 1, xlwt.easyxf(num_format_str=f'"{text or "x"}" 0'))
    return saved(made)


def loose_sheet(text: str, rows: Rows) -> bytes:
    raw = stream_of(saved(book(text, rows)))
    at = raw.index(struct.pack("<H", 0x85), raw.index(struct.pack("<H", 0x85)) + 2)
    return write_compound({("Workbook",): raw[:at] + struct.pack("<H", 0x1C0) + raw[at + 2 :] + bytes(5000)})


def unused(text: str, rows: Rows) -> bytes:
    """Strings whose cells were cleared."""
    made = xlwt.Workbook()
    for y, line in enumerate([text, *(",".join(row) for row in rows)]):
        made_sheet = made.get_sheet(0) if y else made.add_sheet("Data")
        made_sheet.write(y, 0, line or "x")
    raw = stream_of(saved(made)).replace(struct.pack("<HH", 0xFD, 10), struct.pack("<HH", 0x1C0, 10))
    return write_compound({("Workbook",): raw + bytes(5000)})


def cached(text: str, rows: Rows) -> bytes:
    """Cells last seen in another workbook."""
    def crn(y: int, row: list[str]) -> bytes:
        values = b"".join(b"\2" + struct.pack("<HB", len(c), 0) + c.encode("latin-1") for c in row)
        return biff_record(0x5A, struct.pack("<BBH", len(row) - 1, 0, y) + values)

    body = b"".join(crn(y, row) for y, row in enumerate(table(text, rows)))
    begin = biff_record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    link = biff_record(0x59, struct.pack("<hH", 1, 0))
    return write_compound({("Workbook",): begin + link + body + biff_record(0x0A)})


def pivot(text: str, rows: Rows) -> bytes:
    """Rows kept for a pivot table, every value in its row."""
    head, *body = table(text, rows) if not text else [["note"], [text]]
    fields = b"".join(
        biff_record(0xC7, struct.pack("<HHHHHHHH", 0, 0, 0, 0, 0, 0, 0, len(n)) + b"\0" + n.encode())
        for n in head
    )
    values = b"".join(
        biff_record(0xCD, struct.pack("<H", len(c)) + b"\0" + c.encode()) for row in body for c in row
    )
    return with_streams({("_SX_DB_CUR", "0001"): fields + values + biff_record(0x0A)})


def blip(content: bytes) -> bytes:
    """A PNG in a drawing's store of pictures ([MS-ODRAW] 2.2.28)."""
    body = bytes(17) + content
    return struct.pack("<HHI", 0x6E0 << 4, 0xF01E, len(body)) + body


def drawing(text: str, rows: Rows) -> bytes:
    raw = stream_of(saved(book()))
    store = pieces(0xEB, blip(image(text, rows)))
    end = raw.index(struct.pack("<HHH", 0x809, 16, 0x600), 4) - 4
    changed = bytearray(raw[:end] + store + raw[end:])
    at = 0
    for _ in range(2):
        at = changed.index(struct.pack("<H", 0x85), at) + 4
        offset = struct.unpack_from("<I", changed, at)[0]
        struct.pack_into("<I", changed, at, offset + len(store))
    return write_compound({("Workbook",): bytes(changed) + bytes(5000)})


def as_bytes(text: str, rows: Rows) -> bytes:
    return pasted(text, rows).encode()


def as_preview(text: str, rows: Rows) -> bytes:
    """A bitmap as the clipboard has it ([MS-OLEPS] 2.11)."""
    return b"\xff\xff\xff\xff" + struct.pack("<I", 8) + on_page(image(text, rows))[40:]


def properties(
    name: str, kind_of_value: int = 30, said: Callable[[str, Rows], bytes] = as_bytes
) -> Callable[[str, Rows], Streams]:
    """A set with one property: a title, or one of somebody's own."""

    def make(text: str, rows: Rows) -> Streams:
        words = said(text, rows) + b"\0"
        words += bytes(-len(words) % 4)
        value = struct.pack("<II", kind_of_value, len(words)) + words
        section = struct.pack("<II", 16 + len(value), 1) + struct.pack("<II", 2, 16) + value
        kind = "f29f85e04ff91068ab9108002b27b3d9" if name.endswith("\5SummaryInformation") else "00" * 16
        head = struct.pack("<HHI16sI", 0xFFFE, 0, 2, b"", 1) + bytes.fromhex(kind)
        return {(name,): head + struct.pack("<I", 48) + section}

    return make


def excel_5(text: str, rows: Rows) -> bytes:
    data = b"".join(
        biff_record(0x204, struct.pack("<HHHH", y, x, 0, len(c)) + c.encode())
        for y, row in enumerate(table(text, rows)) for x, c in enumerate(row)
    )  # fmt: skip
    return write_compound({("Book",): biff_5_workbook(data) + bytes(5000)})


def excel_2(text: str, rows: Rows) -> bytes:
    data = b"".join(
        biff_record(0x04, struct.pack("<HH", y, x) + b"\0\0\0" + bytes((len(c),)) + c.encode())
        for y, row in enumerate(table(text, rows)) for x, c in enumerate(row)
    )  # fmt: skip
    return biff_record(0x09, struct.pack("<HH", 2, 0x10)) + data + biff_record(0x0A)


def on_page(content: bytes) -> bytes:
    """A bitmap as the picture of an embedded object ([MS-OLEDS] 2.3.4)."""
    out = io.BytesIO()
    Image.open(io.BytesIO(content)).save(out, "BMP")
    bitmap = out.getvalue()[14:]
    return struct.pack("<iIIIIIIIII", -1, 8, 4, 1, 0xFFFFFFFF, 2, 0, 900, 90, len(bitmap)) + bitmap


MACROS = ("_VBA_PROJECT_CUR",)
BESIDE: dict[str, tuple[Callable[[str, Rows], Streams], Holds]] = {
    "title": (properties("\5SummaryInformation"), "both"),
    "custom property": (properties("\5DocumentSummaryInformation"), "both"),
    "bytes as a property": (properties("\5DocumentSummaryInformation", 65), "both"),
    "list of bytes as a property": (properties("\5DocumentSummaryInformation", 0x1011), "both"),
    "preview of the first page": (properties("\5SummaryInformation", 71, as_preview), "words"),
    "remark in a macro": (lambda t, r: {(*MACROS, *p): b for p, b in macro_project(remarks(t, r)).items()}, "both"),
    "string in a macro": (lambda t, r: {(*MACROS, *p): b for p, b in macro_project(f'MsgBox "{t}"'.encode()).items()}, "words"),
    "embedded package": (lambda t, r: {("MBD1", "\1Ole10Native"): package_stream("rows.csv", pasted(t, r).encode())}, "both"),
    "embedded document": (lambda t, r: {("MBD1", "Package"): document(paragraphs(pasted(t, r)))}, "both"),
    "custom XML": (lambda t, r: {("MsoDataStore", "x", "Item"): f"<d><note>{t}</note><lines>{pasted('', r)}</lines></d>".encode()}, "both"),
    "any other stream": (lambda t, r: {("kept",): pasted(t, r).encode()}, "both"),
    "stream of control data": (lambda t, r: {("Ctls",): b"\1\2\0\xff" * 9 + pasted(t, r).encode("utf-16-le")}, "both"),
    "picture of an object on the page": (lambda t, r: {("Obj", "\2OlePres000"): on_page(image(t, r))}, "words"),
    "picture in a stream": (lambda t, r: {("kept",): image(t, r)}, "words"),
}  # fmt: skip

old_book("cells", lambda t, r: saved(book(t, r)))
old_book("hidden sheet", lambda t, r: saved(book(t, r, 1)))
old_book("very hidden sheet", lambda t, r: saved(book(t, r, 2)))
old_book("sheet without a tab", loose_sheet)
old_book("a text of several lines in one cell", lambda t, r: saved(book(pasted(t, r))))
old_book("header", margin("header_str"))
old_book("footer", margin("footer_str"))
old_book("constant in a formula", formula, "words")
old_book("number format", number_format, "words")
old_book("strings that no cell shows", unused)
old_book("comment", frame(0x19))
old_book("text box", frame(6))
old_book("cells last seen in another workbook", cached)
old_book("rows kept for a pivot table", pivot)
old_book("picture", drawing, "words")
old_book("cells, as Excel 5 wrote them", excel_5)
old_book("cells, as Excel 2 wrote them", excel_2)
old_book("behind the end", lambda t, r: saved(book()) + pasted(t, r).encode())


def beside_book(where: str, make: Callable[[str, Rows], Streams], holds: Holds) -> None:
    old_book(where, lambda t, r: with_streams(make(t, r)), holds)


for _where, (_make, _holds) in BESIDE.items():
    beside_book(_where, _make, _holds)


def old_document(where: str, build: Callable[[str, Rows], bytes], holds: Holds = "both") -> None:
    place("DOC", where, "note.doc", holds=holds, reason=why(where))(build)


def said(text: str, rows: Rows) -> bytes:
    return (pasted(text, rows).replace("\n", "\r") + "\r").encode()


def in_story(number: int) -> Callable[[str, Rows], bytes]:
    """The text of one story: 0 is the body, then notes, headers, macros, comments, text boxes."""

    def build(text: str, rows: Rows) -> bytes:
        body = f"{INNOCENT}\r".encode()
        if not number:
            return word_document([(body + said(text, rows), False)])
        lengths = [len(body)] + [0] * 7
        lengths[number] = len(said(text, rows))
        return word_document([(body + said(text, rows), False)], tuple(lengths))

    return build


def word_rows(text: str, rows: Rows) -> bytes:
    body = "".join("\x07".join(row) + "\x07\x07" for row in table(text, rows))
    return word_document([(f"{INNOCENT}\r{body}after\r".encode(), False)])


old_document("body", in_story(0))
old_document("table", word_rows)
old_document("wide letters", lambda t, r: word_document([(said(t, r).decode().encode("utf-16-le"), True)]))
for _number, _where in ((1, "footnotes"), (2, "headers"), (4, "comments"), (5, "endnotes"), (6, "text boxes"), (7, "text boxes of headers")):
    old_document(_where, in_story(_number))
old_document("left over from fast saving", lambda t, r: word_document([(INNOCENT.encode(), False)], left_over=pasted(t, r).encode()))
old_document("picture", lambda t, r: word_document([(INNOCENT.encode(), False)], streams={("Data",): bytes(68) + blip(image(t, r))}), "words")
old_document("instruction of a field", lambda t, r: word_document([(f"x\x13 QUOTE {t} \x14y\x15\r".encode(), False)]), "words")
old_document("names in the table stream", lambda t, r: word_document([(INNOCENT.encode(), False)], table=pasted(t, r).encode("utf-16-le")))


def beside_document(where: str, make: Callable[[str, Rows], Streams], holds: Holds) -> None:
    old_document(where, lambda t, r: word_document([(INNOCENT.encode(), False)], streams=make(t, r)), holds)


for _where, (_make, _holds) in BESIDE.items():
    beside_document(_where, _make, _holds)


@place("DOC", "behind a password", "note.doc", expect="encrypted", reason="a password is needed")
def _locked(text: str, rows: Rows) -> bytes:
    return word_document([(b"\x55" * 99, False)], flags=0x300)


@place("XLS", "behind a password", "book.xls", expect="encrypted", reason="a password is needed")
def _locked_book(text: str, rows: Rows) -> bytes:
    begin = biff_record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    lock = biff_record(0x2F, struct.pack("<HHH", 1, 1, 1) + b"\x55" * 48)
    return write_compound({("Workbook",): begin + lock + biff_record(0x85, b"\x99" * 12) + biff_record(0x0A)})


def compound(where: str, make: Callable[[str, Rows], Streams], holds: Holds) -> None:
    place("OLE", where, "object.bin", holds=holds, reason=why(where))(lambda t, r: write_compound(make(t, r)))


for _where, (_make, _holds) in BESIDE.items():
    compound(_where, _make, _holds)


def inner_workbook(text: str, rows: Rows) -> Streams:
    inner = Compound(saved(book(text, rows)), ReadLimits())
    return {("MBD01", *path): inner.take(path) for path in inner.streams}


compound("workbook inside", inner_workbook, "both")
compound("newer workbook inside", lambda t, r: {("Package",): workbook({"S": worksheet(cells(table(t, r)))})}, "both")


@place("OLE", "behind the end", "object.bin")
def _behind(text: str, rows: Rows) -> bytes:
    return write_compound({("a",): b"id,pay\n" * 9}) + pasted(text, rows).encode()


@place("OLE", "unused sectors", "object.bin")
def _unused(text: str, rows: Rows) -> bytes:
    """A stream that was emptied: its sectors keep what stood in them."""
    left = pasted(text, rows).encode() + b"\n"
    left += b"x\n" * (5000 - len(left) // 2 if len(left) < 9000 else 1)
    free = bytearray(write_compound({("a",): b"\0" * 9000, ("b",): left}))
    at = bytes(free).index("b".encode("utf-16-le") + b"\0" * 62)
    start = int.from_bytes(free[at + 116 : at + 120], "little")
    free[at : at + 2] = b"c\0"
    free[at + 116 : at + 128] = b"\xfe\xff\xff\xff" + bytes(8)
    directory = int.from_bytes(free[76:80], "little")
    fat = (directory + 1) * 512
    for sector in range(start, start + -(-len(left) // 512)):
        free[fat + sector * 4 : fat + sector * 4 + 4] = b"\xff\xff\xff\xff"
    return bytes(free)


@place("OLE", "a stream of bytes that nobody knows", "object.bin", expect="unreadable",
       reason="only runs of letters are read of such a stream")  # fmt: skip
def _unknown(text: str, rows: Rows) -> bytes:
    return write_compound({("kept",): bytes(range(256)) * 9 + pasted(text, rows).encode()})
