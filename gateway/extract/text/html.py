"""text/html to the text a reader sees, the text a reader does not see, and its tables.

An lxml target parser: no tree is built, so depth and size do not matter. Hidden means
display:none, visibility:hidden, tiny or background-coloured type, off-screen, the `hidden`
attribute, comments, title and alternative texts. Conditional comments are shown by Outlook and
count as visible.
"""

from __future__ import annotations

import re
from typing import Iterator
from urllib.parse import unquote

from lxml import etree

from gateway.extract.text.charset import decode
from gateway.extract.text.encoded_runs import data_uris, encoded_runs
from gateway.extract.text.html_drawing import BREAK, TAGS, Drawing, drawn_as, drawn_selectors
from gateway.extract.text.html_links import PageLinks
from gateway.extract.text.html_style import hidden_selectors, hides, style_texts
from gateway.extract.text.html_values import TagValues
from gateway.extract.text.joined_fields import with_joined
from gateway.extract.text.pasted import tables_in_text
from gateway.extract.text.plain import PGP, bounded_text
from gateway.extract.text.scripts import records_in_scripts
from gateway.model.content import Content, Links, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

BLOCKS = frozenset(
    ("address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "div",
     "dl", "dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
     "header", "hr", "html", "legend", "li", "main", "nav", "ol", "option", "p", "pre", "section",
     "select", "table", "tbody", "text", "tfoot", "thead", "title", "tr", "ul")
)  # fmt: skip
VOID = frozenset(
    ("area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input",
     "keygen", "link", "meta", "param", "source", "track", "wbr")
)  # fmt: skip
UNSEEN = frozenset(("head", "title", "script", "noscript", "template", "noframes", "object"))
SPOKEN = frozenset(
    ("alt", "title", "value", "placeholder", "aria-label", "summary", "label", "content", "srcdoc")
)
# Browsers skip blanks and controls before and inside the scheme.
_EMBEDDED = re.compile(r"[\0- ]*d[\t\r\n]?a[\t\r\n]?t[\t\r\n]?a[\t\r\n]?:", re.I)
_IN_STYLE = re.compile(r"data:[^\"')\s]{1,10000000}", re.I)
_META = re.compile(rb"<meta[^>]{0,300}charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.I)
_XML_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,100}encoding\s*=\s*[\"']([A-Za-z0-9_:.-]+)")
_CONDITIONAL = re.compile(r"\s*\[if[^\]]*\]>", re.I)
# Most blanks are single ones and may stay.
_SPACES = re.compile(r"[ \t\r\n\f]{2,}|[\t\r\n\f]")
_WIDE = re.compile(r"\t| {2,}")
# Neither goes past the next bracket: a page of nothing but brackets is read in one pass.
_TAG = re.compile(r"<[^<>]*>")
_MARKUP = re.compile(r"<[^<>]*>?")
_WORD = re.compile(r"[^\W\d_]{4,}")
_ENTITY = re.compile(r"&[#\w]{1,30};?")
_END = 150
# Attributes that hold several words of a program's; longer ones are read all the same.
_DRY_VALUES = frozenset(("class", "style", "face", "rel", "sizes", "srcset", "media", "id", "href", "src",
                         "xmlns", "viewbox", "points", "d", "transform", "background", "data"))  # fmt: skip
DRY_VALUE = 60
MAX_SCRIPTS = 500
LONG_VALUE = 200
MAX_CONDITIONAL = 100


def read_html(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Visible Text, hidden Text, Tables; a Gap where the parser gave up or a limit cut."""
    declared = part.charset
    if not declared:
        head = part.content[:2048]
        match = _XML_DECLARED.match(head) or _META.search(head)
        declared = match[1].decode("ascii").lower() if match else ""
    decoded = decode(part.content, declared)
    if decoded.fault:
        yield Gap(part.location, "unreadable", decoded.fault)
    source = decoded.text
    target = _Target(limits)
    target.keeps_markup = part.role != "body"
    try:
        _feed(source, target)
    except (etree.LxmlError, RecursionError, ValueError) as error:
        yield Gap(part.location, "unreadable", f"HTML parser gave up ({type(error).__name__})")
        yield from bounded_text(part, _TAG.sub(" ", source), "markup", limits, hidden=True)
    where = "body" if part.role == "body" else ""
    seen, unseen = target.text(), target.hidden_text()
    yield from bounded_text(part, seen, where, limits)
    yield from tables_in_text(part, target.spaced_text()[: limits.text_chars], where)
    yield from tables_in_text(part, target.told()[: limits.text_chars], "hidden text")
    yield from target.tag_values.tables(part)
    if part.role != "body":
        # Whoever saves the file sees its lines as they are.
        yield from tables_in_text(part, source[: limits.text_chars], "source")
    yield from bounded_text(part, unseen, "hidden text", limits, hidden=True)
    if target.keeps_markup:
        tags = "\n".join(_MARKUP.findall(source[: limits.text_chars]))
        yield from bounded_text(part, tags, "markup", limits, hidden=True)
    if _loses_its_end(source, seen, unseen):
        # A quotation mark that is never closed swallows what follows it, and programs differ.
        yield from bounded_text(part, source, "source", limits, hidden=True)
        unseen = f"{unseen}\n{source}"
    for index, (rows, hidden) in enumerate(with_joined(target.drawing.tables), 1):
        location = part.location.at(f"table {index}")
        yield Table(location, rows, "hidden" if hidden else "visible", total_rows=len(rows))
    if addresses := target.links.addresses:
        yield Links(part.location.at("links"), addresses)
    for text in target.linked[:MAX_SCRIPTS]:
        yield from tables_in_text(part, text, "links")
    if len(target.linked) > MAX_SCRIPTS:
        yield Gap(part.location, "limit", f"more than {MAX_SCRIPTS} links that hold lines of text")
    if PGP in seen:
        yield Gap(part.location, "encrypted", "an OpenPGP message inside the text")
    yield from encoded_runs(part, f"{seen}\n{unseen}", limits)
    if target.embedded:
        yield from data_uris(part, target.embedded, limits)
    if target.scripts:
        yield from records_in_scripts(part, target.scripts)
    if target.cut or target.drawing.cut:
        yield Gap(part.location, "limit", "more table cells than are kept apart")


def _loses_its_end(source: str, seen: str, unseen: str) -> bool:
    """Are the last words of the source nowhere in what was read?"""
    end = source[-_END:]
    if 0 <= end.find(">") < end.find("<") or "<" not in end:
        end = end[end.find(">") + 1 :]
    end = _TAG.sub(" ", end) if "<" in end else end
    words = _WORD.findall(_ENTITY.sub(" ", end) if "&" in end else end)[-3:]
    return any(word not in seen and word not in unseen for word in words)


def _feed(source: str, target: _Target) -> None:
    parser = etree.HTMLParser(target=target, huge_tree=True, encoding="utf-8", no_network=True)
    raw = source.encode("utf-8", "replace")
    for start in range(0, len(raw), 1 << 20):
        parser.feed(raw[start : start + (1 << 20)])
    if raw:
        parser.close()


class _Target:
    """Receives the parser's events; `text()` and `hidden_text()` afterwards."""

    def __init__(self, limits: ReadLimits) -> None:
        self.drawing = Drawing(limits.cells, limits.columns)
        self.cut = self.keeps_markup = False
        self.embedded: list[str] = []
        self.scripts: list[list[str]] = []
        self.linked: list[str] = []
        self.links = PageLinks()
        self.tag_values = TagValues()
        self._code: list[str] = []
        self._seen: list[str] = []
        self._unseen: list[str] = []
        self._stack: list[tuple[str, bool, str, str]] = []
        self._hidden = False
        self._background = "#ffffff"
        self._selectors: frozenset[str] = frozenset()
        self._style: list[str] | None = None
        self._drawn: dict[str, str] = {}
        self._conditional_left = MAX_CONDITIONAL
        self._nested = False
        self._pre = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        hidden, background = self._hidden, self._background
        if attributes or tag in UNSEEN:
            verdict, background = hides(tag, attributes, background, self._selectors)
            hidden = hidden or verdict or tag in UNSEEN
            self._values(tag, attributes)
            self.tag_values.add(tag, attributes)
        role = TAGS.get(tag, "")
        if not role and (attributes or self._drawn or self.drawing.boxed):
            role = drawn_as(tag, attributes, self._drawn)
            role = role or self.drawing.cell_of_boxes(len(self._stack))
        if tag == "style":
            self._style = []
        elif tag == "script":
            self.scripts.append([])
        if hidden and not self._hidden:
            self._unseen.append(" ")
        self._pre += tag == "pre"
        if role:
            self.drawing.start(role, attributes, hidden, len(self._stack))
        if tag not in VOID:
            self._stack.append((tag, self._hidden, self._background, role))
            self._hidden, self._background = hidden, background
        if tag in BLOCKS:
            self._break("\n")

    def end(self, tag: str) -> None:
        if tag in VOID:
            return
        role = tag
        if self._stack and self._stack[-1][0] == tag:
            _, self._hidden, self._background, role = self._stack.pop()
        self._pre -= tag == "pre" and self._pre > 0
        if tag == "style" and self._style is not None:
            css = "".join(self._style)
            self._selectors |= hidden_selectors(css)
            self._drawn |= drawn_selectors(css)
            self._in_style(css)
            self._unseen.extend(style_texts(css))
            self._code.extend([css, "\n"] if self.keeps_markup else [])
            self._style = None
        if tag in BLOCKS:
            self._break("\n")
        elif tag in ("td", "th"):
            self._break("\t")
        elif tag == "span":
            (self._unseen if self._hidden else self._seen).append("\ue002")
        if self.drawing.open:
            self.drawing.end(role, len(self._stack))

    def data(self, text: str) -> None:
        if self._style is not None:
            self._style.append(text)
            return
        if self._stack and self._stack[-1][0] == "script" and self.scripts:
            self._code.append(text)
            self.scripts[-1].append(text)
            return
        if self._pre:
            text = _WIDE.sub("\ue003", text.replace("\n", "\ue000"))
        (self._unseen if self._hidden else self._seen).append(text)
        if self.drawing.open:
            self.drawing.write(text)

    def comment(self, text: str) -> None:
        conditional = _CONDITIONAL.match(text)
        if conditional and not self._nested and self._conditional_left > 0:
            self._conditional_left -= 1
            shown = text[conditional.end() :].rstrip().removesuffix("<![endif]")
            inner = _Target(ReadLimits(cells=self.drawing.cells_left, columns=self.drawing.columns))
            inner._nested, inner._selectors = True, self._selectors
            inner.linked, inner.tag_values = self.linked, self.tag_values
            try:
                _feed(shown, inner)
            except (etree.LxmlError, ValueError):
                self._unseen.append(f"\n{shown}\n")
            self._seen += ["\n", *inner._seen, "\n"]
            self._unseen += ["\n", *inner._unseen, "\n"]
            self._code += inner._code
            self.drawing.tables += inner.drawing.tables
            self.embedded += inner.embedded
            self.scripts += inner.scripts
            self.links.take(inner.links)
            self.cut = self.cut or inner.cut or inner.drawing.cut
        elif text.strip():
            self.cut = self.cut or bool(conditional)
            self._unseen.append(f"\ue000{text}\ue000")

    def pi(self, target: str, data: str | None = None) -> None:
        if data and not target.startswith("xml"):
            self._unseen.append(f"\n{data}\n")

    def close(self) -> None:
        self.drawing.close()

    def text(self) -> str:
        return _tidy("".join(self._seen))

    def spaced_text(self) -> str:
        """As `text`, but spans are columns and table cells are not: those are Tables already."""
        text = "".join(self._seen)
        return _tidy(text.replace("\ue001", " ").replace("\ue002", "\ue003"))

    def hidden_text(self) -> str:
        return _tidy("".join([*self._unseen, "\n", *self._code]))

    def told(self) -> str:
        """What is hidden and no program: remarks, values of attributes, elements out of sight."""
        text = "".join(self._unseen)
        return _tidy(text.replace("\ue001", " ").replace("\ue002", "\ue003"))

    def _break(self, mark: str) -> None:
        # Private-use marks survive the collapsing of blanks and become what they stand for.
        (self._unseen if self._hidden else self._seen).append(
            "\ue000" if mark == "\n" else "\ue001"
        )
        if self.drawing.open:
            self.drawing.write(BREAK)

    def _values(self, tag: str, attributes: dict[str, str]) -> None:
        """Words in attributes, files in links, and whatever is too long to be either."""
        for name, value in attributes.items():
            if not value:
                continue
            self.links.add(tag, name, value)
            if name in ("href", "src") and "%20" in value and len(value) <= LONG_VALUE:
                self._unseen.append(f"\ue000{unquote(value)}\ue000")
            if name in SPOKEN:
                named = attributes.get("name") if name in ("value", "content") else ""
                if not value.isspace():
                    self._unseen.append(
                        f"\ue000{named}: {value}\ue000" if named else f"\ue000{value}\ue000"
                    )
            elif len(value) > DRY_VALUE or " " in value or "[" in value:
                self._long(name, value)
            elif name == "href" and value[:7].lower() == "mailto:" and "?" in value:
                self._unseen.append(f"\ue000{unquote(value)}\ue000")
            if "%0" in value and (text := unquote(value)).count("\n") > 3:
                self.linked.append(text)
            if ":" in value[:40] and _EMBEDDED.match(value[:80]):
                self.embedded.append(value)
            elif name == "style" or name == "srcset":
                self._in_style(value)

    def _long(self, name: str, value: str) -> None:
        if name == "style" or _EMBEDDED.match(value[:80]):
            return
        if name in _DRY_VALUES:
            if len(value) <= (DRY_VALUE if name in ("class", "id") else LONG_VALUE):
                return
            value = unquote(value)
        self._unseen.append(f"\ue000{value}\ue000")
        if name[:5] == "data-":
            self.scripts.append([value])

    def _in_style(self, css: str) -> None:
        self.links.style(css)
        if "data:" in css or "DATA:" in css:
            self.embedded += _IN_STYLE.findall(css)


def _tidy(text: str) -> str:
    """Blanks collapsed as a browser does; breaks and cells become line feeds and tabs."""
    text = _SPACES.sub(" ", text.replace("\ue002", "") if "\ue002" in text else text)
    text = text.replace("\ue001", "\t").replace("\ue000", "\n").replace("\ue003", "\t")
    lines = (line.strip(" ") for line in text.replace("\t\n", "\n").split("\n"))
    return "\n".join(filter(None, lines)).strip()
