"""Where a PDF can hold something."""

from __future__ import annotations

import io
from typing import Callable

import pikepdf
from formats.planting import INNOCENT, Rows, pasted, place
from PIL import Image
from support.pictures import as_pdf, picture, picture_of_table, saved, written_pdf


def _changed(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(written_pdf(INNOCENT))) as pdf:
        change(pdf)
        pdf.save(out)
    return out.getvalue()


@place("PDF", "page", "pack.pdf")
def _page(text: str, rows: Rows) -> bytes:
    return written_pdf(text or INNOCENT, rows)


@place("PDF", "note on a page", "pack.pdf")
def _note(text: str, rows: Rows) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        note = {"/Type": pikepdf.Name.Annot, "/Subtype": pikepdf.Name.Text, "/Rect": [0, 0, 9, 9]}
        pdf.pages[0].Annots = pikepdf.Array(
            [pdf.make_indirect({**note, "/Contents": pasted(text, rows)})]
        )

    return _changed(change)


@place("PDF", "form field", "pack.pdf")
def _field(text: str, rows: Rows) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        field = pdf.make_indirect(
            {"/FT": pikepdf.Name.Tx, "/T": "remark", "/V": pasted(text, rows)}
        )
        pdf.Root.AcroForm = {"/Fields": [field]}

    return _changed(change)


@place("PDF", "bookmark", "pack.pdf", holds="words")
def _bookmark(text: str, rows: Rows) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem(pasted(text, rows), 0))

    return _changed(change)


@place("PDF", "document information", "pack.pdf")
def _information(text: str, rows: Rows) -> bytes:
    return _changed(lambda pdf: pdf.docinfo.update({"/Remark": pasted(text, rows)}))


@place("PDF", "XMP metadata", "pack.pdf")
def _metadata(text: str, rows: Rows) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        with pdf.open_metadata() as metadata:
            metadata["dc:description"] = pasted(text, rows)

    return _changed(change)


@place("PDF", "attached file", "pack.pdf")
def _attached(text: str, rows: Rows) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["extract.txt"] = pasted(text, rows).encode()

    return _changed(change)


@place("PDF", "script", "pack.pdf", holds="words")
def _script(text: str, rows: Rows) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        code = pdf.make_stream(f"app.alert('{text}')".encode())
        pdf.Root.OpenAction = {"/S": pikepdf.Name.JavaScript, "/JS": code}

    return _changed(change)


@place("PDF", "earlier revision", "pack.pdf")
def _earlier(text: str, rows: Rows) -> bytes:
    return written_pdf(text or INNOCENT, rows) + b"\n" + written_pdf(INNOCENT)


@place("PDF", "earlier revision of a file that is called one", "earlier revision 2.pdf")
def _earlier_by_name(text: str, rows: Rows) -> bytes:
    return _earlier(text, rows)


def _stream(kind: str = "", key: str = "/Remark") -> Callable[..., bytes]:
    def build(text: str, rows: Rows) -> bytes:
        said = (pasted(text, rows) or INNOCENT).encode()

        def change(pdf: pikepdf.Pdf) -> None:
            stream = pdf.make_stream(said)
            if kind:
                stream["/Type"] = pikepdf.Name(kind)
            pdf.Root[key] = stream

        return _changed(change)

    return build


place("PDF", "stream of a kind of its own", "pack.pdf")(_stream("/Private"))
place("PDF", "stream of no kind", "pack.pdf")(_stream())
place("PDF", "in place of a map of characters", "pack.pdf")(_stream("/CMap", "/ToUnicode"))
place("PDF", "in place of a font", "pack.pdf")(_stream(key="/FontFile2"))
place("PDF", "in place of glyph numbers", "pack.pdf")(_stream(key="/CIDToGIDMap"))


@place("PDF", "where a key would stand", "pack.pdf")
def _key(text: str, rows: Rows) -> bytes:
    return _changed(lambda pdf: pdf.Root.update({"/O": pasted(text, rows)}))


@place("PDF", "trailer", "pack.pdf")
def _trailer(text: str, rows: Rows) -> bytes:
    return _changed(lambda pdf: pdf.trailer.update({"/Remark": pasted(text, rows)}))


@place("PDF", "deep in lists", "pack.pdf", "limit", reason="lists deeper than any program writes")
def _deep(text: str, rows: Rows) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        inner: object = pikepdf.String(pasted(text, rows))
        for _ in range(25):
            inner = pikepdf.Array([inner])
        pdf.Root.Remark = inner

    return _changed(change)


@place("PDF", "before its beginning, without an end", "pack.pdf")
def _before_without_end(text: str, rows: Rows) -> bytes:
    said = (pasted(text, rows) or INNOCENT).encode()
    return said + b"\n" + written_pdf(INNOCENT).replace(b"%%EOF", b"")


@place("PDF", "behind its end", "pack.pdf")
def _behind(text: str, rows: Rows) -> bytes:
    return written_pdf(INNOCENT) + pasted(text, rows).encode()


@place("PDF", "scanned page", "pack.pdf")
def _scanned(text: str, rows: Rows) -> bytes:
    return as_pdf(picture_of_table(rows) if rows else picture((text or INNOCENT,)))


@place("PDF", "scanned page that lies on its side", "pack.pdf")
def _scanned_turned(text: str, rows: Rows) -> bytes:
    content = picture_of_table(rows) if rows else picture((text or INNOCENT,))
    with Image.open(io.BytesIO(content)) as image:
        return as_pdf(saved(image.rotate(90, expand=True), "PNG"))


def _undrawn(form: Callable[[pikepdf.Pdf, pikepdf.Pdf], None]) -> Callable[[str, Rows], bytes]:
    """A page with the words, of which `form` takes something that no page of another file shows."""

    def build(text: str, rows: Rows) -> bytes:
        with pikepdf.open(io.BytesIO(written_pdf(text or INNOCENT, rows))) as source:
            return _changed(lambda pdf: form(pdf, source))

    return build


def _removed_page(pdf: pikepdf.Pdf, source: pikepdf.Pdf) -> None:
    pdf.pages.append(source.pages[0])
    pdf.Root.Kept = pikepdf.Array([pdf.pages[1].obj])
    del pdf.pages[1]


def _removed_contents(pdf: pikepdf.Pdf, source: pikepdf.Pdf) -> None:
    _removed_page(pdf, source)
    pdf.Root.Kept = pikepdf.Array([pdf.Root.Kept[0].Contents])


def _unused_form(pdf: pikepdf.Pdf, source: pikepdf.Pdf) -> None:
    pdf.pages.append(source.pages[0])
    form = pdf.pages[1].as_form_xobject()
    del pdf.pages[1]
    pdf.pages[0].add_resource(form, pikepdf.Name.XObject)


place("PDF", "page that is in no list of pages", "pack.pdf")(_undrawn(_removed_page))
place("PDF", "contents of a page that is gone", "pack.pdf")(_undrawn(_removed_contents))
place("PDF", "drawing that no page shows", "pack.pdf")(_undrawn(_unused_form))


@place("PDF", "picture that no page shows", "pack.pdf")
def _unused_picture(text: str, rows: Rows) -> bytes:
    content = picture_of_table(rows) if rows else picture((text or INNOCENT,))

    def change(pdf: pikepdf.Pdf) -> None:
        with pikepdf.open(io.BytesIO(as_pdf(content))) as source:
            [shown] = source.pages[0].images.values()
            pdf.pages[0].add_resource(pdf.copy_foreign(shown), pikepdf.Name.XObject)

    return _changed(change)


@place("picture", "its pixels", "screen.png")
def _pixels(text: str, rows: Rows) -> bytes:
    return picture_of_table(rows) if rows else picture((text or INNOCENT,))


@place("picture", "comment", "photo.jpg")
def _comment(text: str, rows: Rows) -> bytes:
    return saved(Image.new("RGB", (90, 90)), "JPEG", comment=pasted(text, rows).encode())


@place("picture", "behind its end", "photo.png")
def _behind_picture(text: str, rows: Rows) -> bytes:
    return picture((INNOCENT,)) + pasted(text, rows).encode()
