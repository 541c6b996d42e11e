"""Where plain text, delimited files and markup typed by hand can hold something."""

from __future__ import annotations

import base64
import binascii
import csv
import io
import zlib
from typing import Callable

from formats.planting import INNOCENT, INNOCENT_ROWS, Rows, lines, pasted, place
from support.encoded_text import hexdump, uuencoded, xxencoded, yencoded

PROSE = "Dear all,\n\nas we agreed yesterday.\n\n"


def _either(text: str, rows: Rows) -> str:
    return pasted(text, rows) or INNOCENT


def _plain(where: str, write: Callable[[str], str | bytes], name: str = "note.txt") -> None:
    """A text around the words, or an encoding of them."""

    def build(text: str, rows: Rows) -> bytes:
        written = write(_either(text, rows))
        return written if isinstance(written, bytes) else written.encode()

    place("plain text", where, name)(build)


def _around(inner: str) -> str:
    return f"{PROSE}{inner}\n\nKind regards,\nA. Field\n"


_plain("its lines", _around)
_plain("quoted lines", lambda t: PROSE + "\n".join(f"> {line}" for line in t.split("\n")) + "\n")
_plain("twice quoted lines", lambda t: PROSE + "\n".join(f"> > {x}" for x in t.split("\n")) + "\n")
_plain("behind a form feed", lambda t: f"{PROSE}\f{t}\n")
_plain("behind a thousand blank lines", lambda t: PROSE + "\n" * 1000 + t)
_plain("behind a zero byte", lambda t: f"{PROSE}\0{t}")
_plain("behind an end-of-file mark", lambda t: f"{PROSE}\x1a{t}")
_plain("UTF-16", lambda t: _around(t).encode("utf-16"))
_plain("UTF-16 without a mark", lambda t: _around(t).encode("utf-16-be"))
_plain("UTF-32", lambda t: _around(t).encode("utf-32"))
_plain("UTF-7", lambda t: PROSE.encode() + t.encode("utf-7"))
_plain("lines that end in a carriage return only", lambda t: _around(t).replace("\n", "\r"))
_plain("base64", lambda t: _around(base64.encodebytes(t.encode() * 3).decode()))
_plain("base64 of packed data",
       lambda t: _around(base64.encodebytes(zlib.compress(t.encode() + bytes(range(256)) * 2)).decode()))  # fmt: skip
_plain("uuencode", lambda t: _around(uuencoded(t.encode())))
_plain("xxencode", lambda t: _around(xxencoded(t.encode())))
_plain("yEnc", lambda t: PROSE.encode() + yencoded(t.encode()) + b"\r\nRegards\r\n")
_plain("hexadecimal digits", lambda t: _around(binascii.hexlify(t.encode() * 2).decode()))
_plain("a dump of bytes", lambda t: _around(hexdump(t.encode())))
_plain("quoted-printable", lambda t: _around(binascii.b2a_qp(t.encode() + b" =").decode()))
_plain("under the name of a picture", _around, "logo.png")
_plain("under the name of a workbook", _around, "firms.xlsx")


@place("plain text", "fixed columns", "extract.txt", holds="rows")
def _fixed(text: str, rows: Rows) -> bytes:
    shown = rows or INNOCENT_ROWS
    widths = [max(map(len, column)) + 2 for column in zip(*shown, strict=True)]
    return "".join(
        "".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n"
        for row in shown
    ).encode()


@place("plain text", "fixed columns behind prose", "letter.txt", holds="rows")
def _fixed_behind(text: str, rows: Rows) -> bytes:
    return PROSE.encode() + _fixed(text, rows)


@place("plain text", "a box drawn with lines", "letter.txt", holds="rows")
def _box(text: str, rows: Rows) -> bytes:
    shown = rows or INNOCENT_ROWS
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    rule = "+" + "+".join("-" * (width + 2) for width in widths) + "+\n"
    drawn = "".join(
        "|" + "|".join(f" {c.ljust(w)} " for c, w in zip(row, widths, strict=True)) + "|\n" + rule
        for row in shown
    )
    return f"{PROSE}{rule}{drawn}".encode()


@place("plain text", "one field a line", "letter.txt", holds="rows")
def _fields(text: str, rows: Rows) -> bytes:
    head, *body = rows or INNOCENT_ROWS
    blocks = (
        "\n".join(f"{name}: {cell}" for name, cell in zip(head, row, strict=True)) for row in body
    )
    return (PROSE + "\n\n".join(blocks) + "\n").encode()


def _laid_out(where: str, write: Callable[[Rows], str], name: str = "letter.txt") -> None:
    """Rows in a letter, not as rows of cells."""
    place("plain text", where, name, holds="rows")(
        lambda text, rows: _around(write(rows or INNOCENT_ROWS)).encode()
    )


def _in_words(rows: Rows) -> str:
    head, *body = rows
    pairs = ((f"{h.title()} {c}" for h, c in zip(head, row, strict=True)) for row in body)
    return "\n".join("; ".join(said) + "." for said in pairs)


def _across(rows: Rows) -> str:
    return "\n".join(f"{name}: {', '.join(cells)}" for name, *cells in zip(*rows, strict=True))


_CHANGING = (",", ";", "|", "\t", " / ", "~", "^", " - ", "#", "::")
_TALK = "\n".join(("We met on Monday and spoke of lunch.", "Nobody minded the rain at all there.",
                   "There will be cake again on Friday.", "The soup was very good this time.",
                   "Please bring your own cups and plates.", "Thanks to all who helped."))  # fmt: skip
_laid_out("one cell a line", lambda r: "\n".join("\n".join(row) for row in r))
_laid_out("one cell a line, a rule between records", lambda r: "\n---\n".join(map("\n".join, r)))
_laid_out("bullets in bullets", lambda r: "\n".join("* " + "\n  - ".join(row) for row in r))
_laid_out("another delimiter in each line", lambda r: "\n".join(_CHANGING[i % 10].join(row) for i, row in enumerate(r)))  # fmt: skip
_laid_out("six lines of prose between the rows", lambda r: "\n".join(f"{','.join(row)}\n{_TALK}" for row in r))  # fmt: skip
_laid_out("all rows in one line", lambda r: " | ".join(map(",".join, r)))
_laid_out("two lines a record", lambda r: "\n".join(f"{','.join(x[:4])}\n{','.join(x[4:])}" for x in r[1:]))  # fmt: skip
_laid_out("words and values in turn", _in_words)
_laid_out("a line for each variable", _across)
_laid_out("names and values as a form is sent", lambda r: "\n".join("&".join(f"{h}={c}" for h, c in zip(r[0], x, strict=True)) for x in r[1:]))  # fmt: skip
_laid_out("lists in YAML", lambda r: "data:\n" + "\n".join("- - " + "\n  - ".join(row) for row in r), "x.yaml")  # fmt: skip
_laid_out("mappings in YAML", lambda r: "data:\n" + "\n".join(f"  - {{{', '.join(f'{h}: {c}' for h, c in zip(r[0], x, strict=True))}}}" for x in r[1:]), "x.yaml")  # fmt: skip
_laid_out("tables in TOML", lambda r: "p = [\n" + ",\n".join(f"  {{{', '.join(f'{h} = {c!r}' for h, c in zip(r[0], x, strict=True))}}}" for x in r[1:]) + "\n]", "x.toml")  # fmt: skip


DELIMITERS = {
    "commas": (",", "extract.csv"),
    "tabs": ("\t", "extract.tsv"),
    "semicolons": (";", "extract.csv"),
    "bars": ("|", "extract.psv"),
    "carets": ("^", "extract.dat"),
    "control characters": ("\x1f", "extract.dat"),
}


def _delimited(where: str, delimiter: str, name: str) -> None:
    def cells(text: str, rows: Rows) -> bytes:
        out = io.StringIO()
        shown = rows or [*INNOCENT_ROWS[:-1], [text or "Total", "50"]]
        csv.writer(out, delimiter=delimiter).writerows(shown)
        return out.getvalue().encode()

    place("delimited text", f"cells between {where}", name)(cells)


for _where, (_delimiter, _name) in DELIMITERS.items():
    _delimited(_where, _delimiter, _name)


def _table(where: str, write: Callable[[str, str], str | bytes], name: str = "extract.csv") -> None:
    """Words in `write(words, innocent lines)`; rows as lines at the same place."""

    def build(text: str, rows: Rows) -> bytes:
        written = write(_either(text, rows), lines(INNOCENT_ROWS))
        return written if isinstance(written, bytes) else written.encode()

    place("delimited text", where, name)(build)


_table("titles above the table", lambda t, table: f"{t}\n\n{table}\n")
_table("notes below the table", lambda t, table: f"{table}\n\n\n{t}\n")
_table("a remark after a hash", lambda t, table: "\n".join(f"# {x}" for x in t.split("\n")) + f"\n{table}\n")  # fmt: skip
_table("a cell far to the right", lambda t, table: table + "\n" + "\n".join("," * 300 + x for x in t.split("\n")))  # fmt: skip
_table("a cell of several lines", lambda t, table: f'{table}\nnote,"{t}"\n')
_table("behind a quotation mark that never ends", lambda t, table: f'{table}\nnote,"\n{t}\n')
_table("behind many blank lines", lambda t, table: table + "\n" * 5000 + t)
_table("UTF-16", lambda t, table: f"{table}\n\n{t}\n".encode("utf-16"))
_table("behind a zero byte", lambda t, table: f"{table}\n\0{t}\n")
_table("the line that names the delimiter", lambda t, table: f"sep=,\n{table}\n{t}\n")


@place("delimited text", "names of columns", "extract.csv", holds="words")
def _head(text: str, rows: Rows) -> bytes:
    return lines([["Month", text or "Lunches"], *INNOCENT_ROWS[1:]]).encode()


@place("delimited text", "cells of many spaces", "extract.csv", holds="rows")
def _spaced(text: str, rows: Rows) -> bytes:
    return lines([[f"   {c}   " for c in row] for row in rows or INNOCENT_ROWS], " , ").encode()


@place("delimited text", "every cell in quotation marks", "extract.csv", holds="rows")
def _quoted(text: str, rows: Rows) -> bytes:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(rows or INNOCENT_ROWS)
    return out.getvalue().encode()


def _markup(format: str, where: str, name: str, write: Callable[[str, Rows], str],
            holds: str = "both") -> None:  # fmt: skip
    def build(text: str, rows: Rows) -> bytes:
        return write(text, rows).encode()

    place(format, where, name, holds=holds)(build)  # type: ignore[arg-type]


def _bars(text: str, rows: Rows) -> str:
    head, *body = rows or INNOCENT_ROWS
    shown = [head, ["---"] * len(head), *body]
    return (
        f"# {text or INNOCENT}\n\n" + "\n".join("| " + " | ".join(r) + " |" for r in shown) + "\n"
    )


_markup("Markdown", "heading and table", "notes.md", _bars)
_markup("Markdown", "remark", "notes.md", lambda t, r: f"# Notes\n\n<!-- {pasted(t, r)} -->\n")
_markup("Markdown", "code block", "notes.md", lambda t, r: f"# Notes\n\n```\n{pasted(t, r)}\n```\n")
_markup("Markdown", "front matter", "notes.md", lambda t, r: f"---\ntitle: {t or INNOCENT}\n---\n\nText\n", "words")  # fmt: skip
_markup("Markdown", "link", "notes.md", lambda t, r: f'See [this](page "{t or INNOCENT}").\n', "words")  # fmt: skip


def _tabular(text: str, rows: Rows) -> str:
    shown = rows or INNOCENT_ROWS
    body = " \\\\\n".join(" & ".join(c.replace("_", "\\_") for c in row) for row in shown)
    return (
        "\\documentclass{article}\n\\begin{document}\n"
        f"\\section{{{text or INNOCENT}}}\n\\begin{{tabular}}{{{'l' * len(shown[0])}}}\n\\hline\n"
        f"{body} \\\\\n\\hline\n\\end{{tabular}}\n\\end{{document}}\n"
    )


_TEX = "\\documentclass{article}\n\\begin{document}\nText.\n%s\n\\end{document}\n%s\n"
_markup("LaTeX", "section and table", "paper.tex", _tabular)
_markup("LaTeX", "remark", "paper.tex", lambda t, r: _TEX % ("\n".join(f"% {x}" for x in pasted(t, r).split("\n")), ""))  # fmt: skip
_markup("LaTeX", "verbatim", "paper.tex", lambda t, r: _TEX % (f"\\begin{{verbatim}}\n{pasted(t, r)}\n\\end{{verbatim}}", ""))  # fmt: skip
_markup("LaTeX", "behind the end", "paper.tex", lambda t, r: _TEX % ("", pasted(t, r)))
_markup("LaTeX", "footnote", "paper.tex", lambda t, r: _TEX % (f"x\\footnote{{{t or INNOCENT}}}", ""), "words")  # fmt: skip


def _insert(rows: Rows) -> str:
    head, *body = rows or INNOCENT_ROWS
    values = (", ".join(f"'{cell}'" for cell in row) for row in body)
    return "\n".join(f"INSERT INTO t ({', '.join(head)}) VALUES ({value});" for value in values)


def _insert_once(rows: Rows) -> str:
    head, *body = rows or INNOCENT_ROWS
    values = ",\n".join("(" + ", ".join(f"'{cell}'" for cell in row) + ")" for row in body)
    return f"INSERT INTO t ({', '.join(head)}) VALUES\n{values};\n"


def _copied(rows: Rows) -> str:
    head, *body = rows or INNOCENT_ROWS
    return f"COPY t ({', '.join(head)}) FROM stdin;\n{lines(body, chr(9))}\n\\.\n"


_markup("SQL", "a statement for each row", "dump.sql", lambda t, r: f"-- {t or INNOCENT}\n{_insert(r)}\n")  # fmt: skip
_markup("SQL", "one statement for all rows", "dump.sql", lambda t, r: f"-- {INNOCENT}\n{_insert_once(r)}", "rows")  # fmt: skip
_markup("SQL", "copied rows", "dump.sql", lambda t, r: f"-- {INNOCENT}\n{_copied(r)}", "rows")
_markup("SQL", "remark of several lines", "dump.sql", lambda t, r: f"/* {pasted(t, r)} */\nSELECT 1;\n")  # fmt: skip
_markup("SQL", "a string", "dump.sql", lambda t, r: f"UPDATE t SET note = '{pasted(t, r)}';\n")
