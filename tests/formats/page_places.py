"""Where an HTML page can hold something, as a file and as the body of a message."""

from __future__ import annotations

import base64
import json
from html import escape
from typing import Callable, Literal
from urllib.parse import quote

from formats.planting import INNOCENT, INNOCENT_ROWS, Rows, lines, pasted, place
from support.pictures import picture, picture_of_table

PAGE = "<!DOCTYPE html>\n<html><head><title>Minutes</title>%s</head>\n<body><p>Dear all</p>%s</body></html>"


def grid(rows: Rows, attributes: str = "") -> str:
    shown = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n" for row in rows
    )
    return f"<table{attributes}>{shown}</table>"


def both(text: str, rows: Rows) -> str:
    return f"<p>{escape(text or INNOCENT)}</p>{grid(rows or INNOCENT_ROWS)}"


def _shown(where: str, around: str) -> None:
    """A paragraph and a table, inside something."""
    place("HTML", where, "page.html")(lambda text, rows: (PAGE % ("", around % both(text, rows))).encode())  # fmt: skip


def _generated(text: str) -> str:
    said = text.replace("\n", "\\a ")
    return f'<style>p:before {{content: "{said}"}}</style>'


_shown("paragraph and table", "%s")
_shown("display: none", '<div style="display:none">%s</div>')
_shown("visibility: hidden", '<div style="visibility:hidden">%s</div>')
_shown("white on white", '<div style="color:#fff;background:#ffffff">%s</div>')
_shown("letters of no size", '<div style="font-size:0">%s</div>')
_shown("outside the window", '<div style="position:absolute;left:-9999px">%s</div>')
_shown("no opacity", '<div style="opacity:0">%s</div>')
_shown("a hidden element", "<div hidden>%s</div>")
_shown("for old Outlook only", "<!--[if mso]>%s<![endif]-->")
_shown("for all but old Outlook", "<!--[if !mso]><!-->%s<!--<![endif]-->")
_shown("where scripts are off", "<noscript>%s</noscript>")
_shown("template", "<template>%s</template>")
_shown("details", "<details><summary>x</summary>%s</details>")
_shown("inline frame", "<iframe>%s</iframe>")
_shown("selection", "<select><option>x</option></select><object>%s</object>")
_shown("a cell of another table", "<table><tr><td>menu</td><td>%s</td></tr></table>")
_shown("drawing in SVG", "<svg><foreignObject>%s</foreignObject></svg>")
_shown("a hundred elements deep", "<div>" * 100 + "%s" + "</div>" * 100)


def _said(
    where: str, write: Callable[[str], str], head: bool = False, holds: Literal["both", "words", "rows"] = "both",
    name: str = "page.html",
) -> None:  # fmt: skip
    """Words, and rows as pasted lines."""

    def build(text: str, rows: Rows) -> bytes:
        inside = write(pasted(text, rows) or INNOCENT)
        return (PAGE % ((inside, "") if head else ("", inside))).encode()

    place("HTML", where, name, holds=holds)(build)


_said("preformatted text", lambda t: f"<pre>{escape(t)}</pre>")
_said("lines broken by hand", lambda t: f"<p>{escape(t).replace(chr(10), '<br>')}</p>")
_said("a paragraph for each line", lambda t: "".join(f"<p>{escape(x)}</p>" for x in t.split("\n")))
_said("comment", lambda t: f"<!-- {t} -->")
_said("text field", lambda t: f"<form><textarea>{escape(t)}</textarea></form>")
_said("hidden field", lambda t: f'<form><input type="hidden" value="{escape(t)}"></form>')
_said("alternative text of a picture", lambda t: f'<img src="cid:x" alt="{escape(t)}">')
_said("title of an element", lambda t: f'<p title="{escape(t)}">x</p>')
_said("attribute of a program's own", lambda t: f'<p data-note="{escape(t)}">x</p>')
_said("link", lambda t: f'<a href="mailto:a@dept.example?body={quote(t)}">write</a>')
_said("link that holds a file", lambda t: f'<a href="data:text/plain;base64,{base64.b64encode(t.encode()).decode()}">x</a>')  # fmt: skip
_said("link that holds a text", lambda t: f'<a href="data:text/plain,{quote(t)}">x</a>')
_said("page in an inline frame", lambda t: f'<iframe srcdoc="{escape("<pre>" + t + "</pre>")}"></iframe>')  # fmt: skip
_said("script", lambda t: f"<script>/* {t} */ start();</script>")
_said("style sheet", lambda t: f"<style>p {{color: red}} /* {t} */</style>", head=True)
_said("contents that a style sheet adds", _generated, head=True, holds="words")  # fmt: skip
_said("title of the page", lambda t: f"<title>{escape(t)}</title>", head=True)
_said("description of the page", lambda t: f'<meta name="description" content="{escape(t)}">', head=True)  # fmt: skip
_said("caption of a table", lambda t: f"<table><caption>{escape(t)}</caption><tr><td>a</td><td>b</td></tr></table>")  # fmt: skip
_said("letters as numbers", lambda t: "<pre>" + "".join(f"&#{ord(c)};" for c in t) + "</pre>")
_said("invisible characters between the letters", lambda t: f"<p>{'&#8203;'.join(t)}</p>", holds="words")  # fmt: skip
_said("each letter in an element", lambda t: "<p>" + "".join(f"<b>{c}</b>" for c in t) + "</p>", holds="words")  # fmt: skip


def _tagged(
    where: str, write: Callable[[Rows], str], head: bool = False, name: str = "page.html"
) -> None:
    """Rows as values in tags; nothing of them is shown."""

    def build(text: str, rows: Rows) -> bytes:
        inside = write(rows or INNOCENT_ROWS)
        return (PAGE % ((inside, "") if head else ("", inside))).encode()

    place("HTML", where, name, holds="rows")(build)


def _each(rows: Rows, around: str, between: str = "") -> str:
    """Every cell in `around`, the cells of a row beside each other."""
    return "\n".join(between.join(around % escape(cell) for cell in row) for row in rows)


def _named(rows: Rows, element: str, attribute: str, close: str = "") -> str:
    """An element for each row, its cells under their names."""
    head, *body = rows
    return "".join(
        f"<{element} " + " ".join(attribute % (h, escape(c)) for h, c in zip(head, row, strict=True)) + f">{close}"
        for row in body
    )  # fmt: skip


def _whole(rows: Rows, around: str) -> str:
    return "".join(around % escape(",".join(row)) for row in rows)


def _nested(rows: Rows) -> str:
    inner = ("".join(f"<li>{escape(cell)}</li>" for cell in row[1:]) for row in rows)
    return "<ul>" + "".join(f"<li>{r[0]}<ul>{i}</ul></li>" for r, i in zip(rows, inner, strict=True)) + "</ul>"  # fmt: skip


def _fields(rows: Rows) -> str:
    head, *body = rows
    form = "".join(f'<input type="hidden" name="{name}" value="%s">' for name in head)
    return "".join(f"<form>{form % tuple(map(escape, row))}</form>" for row in body)


def _drawn(rows: Rows) -> str:
    cells = (f'<text x="{60 * x}" y="{12 * y}">{escape(cell)}</text>'
             for y, row in enumerate(rows) for x, cell in enumerate(row))  # fmt: skip
    return f"<svg>{''.join(cells)}</svg>"


def _columns(rows: Rows) -> list[list[str]]:
    return [list(column) for column in zip(*rows, strict=True)]


_tagged("values of options, a row each", lambda r: f"<select>{_whole(r, '<option value=%s>x</option>'.replace('%s', chr(34) + '%s' + chr(34)))}</select>")  # fmt: skip
_tagged("values of options, a cell each", lambda r: f"<select>{_each(r, '<option value=' + chr(34) + '%s' + chr(34) + '>x</option>')}</select>")  # fmt: skip
_tagged("hidden fields, a cell each", _fields)
_tagged("attributes of a program's own, a cell each", lambda r: _named(r, "p", 'data-%s="%s"', "x</p>"))  # fmt: skip
_tagged("names of a class", lambda r: "".join(f'<p class="{escape(" ".join(c.replace(" ", "_") for c in row))}">x</p>' for row in r))  # fmt: skip
_tagged("comments, a row each", lambda r: _whole(r, "<!-- %s --><p>x</p>"))
_tagged("comments, a cell each", lambda r: _each(r, "<!--%s-->"))
_tagged("lists in lists", _nested)
_tagged("titles of elements, a cell each", lambda r: _each(r, '<b title="%s">.</b>'))
_tagged("descriptions of the page, a cell each", lambda r: "".join(f'<meta name="{h}" content="{escape(c)}">' for row in r[1:] for h, c in zip(r[0], row, strict=True)), head=True)  # fmt: skip
_tagged("texts of a drawing, a cell each", _drawn)
_tagged("contents that a style sheet adds, a cell each", lambda r: "<style>" + "".join(f'.r{i}c{j}:before {{content: "{c}"}}\n' for i, row in enumerate(r) for j, c in enumerate(row)) + "</style>", head=True)  # fmt: skip
_tagged("values of a style sheet's own", lambda r: "<style>:root {" + "".join(f'--r{i}: "{",".join(row)}";\n' for i, row in enumerate(r)) + "}</style>", head=True)  # fmt: skip
_tagged("what links ask for", lambda r: "".join('<a href="?' + "&amp;".join(f"{h}={quote(c)}" for h, c in zip(r[0], row, strict=True)) + '">x</a>' for row in r[1:]))  # fmt: skip
_tagged("lists in one row of a table", lambda r: "<table><tr>" + "".join(f"<td>{'<br>'.join(map(escape, column))}</td>" for column in _columns(r)) + "</tr></table>")  # fmt: skip
_tagged("a list for each variable in a script", lambda r: "<script>" + ";\n".join(f"var {name} = {json.dumps(cells)}" for name, *cells in _columns(r)) + "</script>")  # fmt: skip
_tagged("one object in a script", lambda r: f"<script>var d = {json.dumps({name: cells for name, *cells in _columns(r)})}</script>")  # fmt: skip
_tagged("one list of all cells in a script", lambda r: f"<script>var d = {json.dumps([c for row in r for c in row])}</script>")  # fmt: skip
_tagged("a string of several lines in a script", lambda r: f"<script>var d = {json.dumps(lines(r))}</script>")  # fmt: skip


@place("HTML", "behind the end", "page.html")
def _behind(text: str, rows: Rows) -> bytes:
    return (PAGE % ("", "") + "\n" + pasted(text, rows)).encode()


@place("HTML", "behind a zero byte", "page.html")
def _zero(text: str, rows: Rows) -> bytes:
    return (PAGE % ("", "\0" + both(text, rows))).encode()


@place("HTML", "UTF-16", "page.html")
def _wide(text: str, rows: Rows) -> bytes:
    return (PAGE % ("", both(text, rows))).encode("utf-16")


@place("HTML", "records in a script", "page.html", holds="rows")
def _records(text: str, rows: Rows) -> bytes:
    head, *body = rows or INNOCENT_ROWS
    found = json.dumps([dict(zip(head, row, strict=True)) for row in body])
    return (PAGE % ("", f"<script>var rows = {found};</script>")).encode()


@place("HTML", "boxes drawn as a table", "page.html", holds="rows")
def _boxes(text: str, rows: Rows) -> bytes:
    drawn = "".join(
        '<div style="display:flex">' + "".join(f"<div>{escape(c)}</div>" for c in row) + "</div>"
        for row in rows or INNOCENT_ROWS
    )
    return (PAGE % ("", drawn)).encode()


@place("HTML", "list of terms", "page.html", holds="rows")
def _terms(text: str, rows: Rows) -> bytes:
    head, *body = rows or INNOCENT_ROWS
    lists = (
        "<dl>"
        + "".join(f"<dt>{h}<dd>{escape(c)}" for h, c in zip(head, row, strict=True))
        + "</dl>"
        for row in body
    )
    return (PAGE % ("", "".join(lists))).encode()


@place("HTML", "picture inside the page", "page.html")
def _picture(text: str, rows: Rows) -> bytes:
    shown = picture_of_table(rows) if rows else picture((text or INNOCENT,))
    coded = base64.b64encode(shown).decode()
    return (PAGE % ("", f'<img src="data:image/png;base64,{coded}">')).encode()


@place("SVG", "text", "plan.svg", holds="words")
def _svg_text(text: str, rows: Rows) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg"><text>{text or INNOCENT}</text></svg>'.encode()


@place("SVG", "title, description and metadata", "plan.svg")
def _svg_metadata(text: str, rows: Rows) -> bytes:
    said = escape(pasted(text, rows) or INNOCENT)
    return f"<svg><title>x</title><metadata>{said}</metadata><desc>y</desc></svg>".encode()
