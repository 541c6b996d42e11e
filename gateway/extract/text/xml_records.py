"""XML to tables of records and words: no DTD, no entities, no network, bounded depth.

Elements become nested values, so that repeated siblings are records whether their values stand
in attributes or in elements; comments and processing instructions are hidden text.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Any, Iterator

from lxml import etree

from gateway.extract.element_names import local
from gateway.extract.text.charset import decode
from gateway.extract.text.encoded_runs import encoded_runs, holds_letters
from gateway.extract.text.nested_values import Members
from gateway.extract.text.pasted import tables_in_text
from gateway.extract.text.plain import bounded_text
from gateway.extract.text.sdmx import is_sdmx, read_sdmx
from gateway.extract.text.value_tree import contents_of
from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

_DECLARATION = re.compile(r"<\?xml[^>]{0,300}\?>")
_ENCODING = re.compile(rb"\s*<\?xml[^>]{0,200}encoding\s*=\s*[\"']([A-Za-z0-9_:.-]{1,40})")
_TAG = re.compile(r"<[^<>]*>")
# What is said in a tag: the values in quotes.
_QUOTED = re.compile(r"\"([^\"<]*)\"|'([^'<]*)'")
# Attributes that name the column of a cell (database dumps, Solr, spreadsheets).
_NAMING = frozenset(("name", "key", "column", "col", "field", "var", "variable", "concept", "n"))
_VALUED = frozenset(("value", "val", "v", "type", "nil", "null"))
# What an attribute says of a cell beside its value.
_TYPE = re.compile(
    r"(?:xsd?:)?(?:string|str|text|char|varchar|int|integer|long|short|byte|float|double|real|decimal"
    r"|number|numeric|bool|boolean|date|datetime|time|timestamp|true|false|[bdns01])",
    re.I,
)
# Schemas and the metadata of content types describe records and hold none.
_NAMESPACE = re.compile(
    r"\{http://(?:www\.w3\.org/2001/XMLSchema|schemas\.microsoft\.com/(?:office|sharepoint)/[^}]*"
    r"|relaxng\.org/[^}]*)\}"
)
_ATTRIBUTES, _LONG_TAG = 2_000, 8_000
_LONG_TAGS = re.compile(rf"<[^<>]{{{_LONG_TAG},}}")
_DEEP = re.compile("depth", re.I)


def read_xml(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Tables of records, the words of everything else; SDMX-ML as one table of observations."""
    declared = _ENCODING.match(part.content[:300])
    decoded = decode(part.content, part.charset or (declared[1].decode() if declared else ""))
    if decoded.fault:
        yield Gap(part.location, "unreadable", decoded.fault)
    text = decoded.text
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        yield Gap(part.location, "unreadable", "XML with a document type declaration")
        yield from _without_markup(part, text, limits)
        return
    if _crowded(text):
        yield Gap(part.location, "limit", f"more than {_ATTRIBUTES} attributes in a tag")
        yield from _without_markup(part, text, limits)
        return
    raw = _DECLARATION.sub("", text, count=1).lstrip().encode("utf-8", "replace")
    root, fault = _parse(raw)
    if fault:
        deep = _DEEP.search(fault)
        reason = "nested too deeply" if deep else "damaged XML"
        yield Gap(part.location, "limit" if deep else "unreadable", reason)
        yield from _without_markup(part, text, limits)
    if root is None:
        return
    yield from _remarks(part, root, limits)
    if _NAMESPACE.match(str(root.tag)):
        yield from _without_markup(part, text, limits)
        return
    if is_sdmx(root):
        yield from read_sdmx(part, root, limits)
    yield from contents_of(part, _Converter(root).value(root), limits)
    if holds_letters(text):
        yield from encoded_runs(part, text, limits)


def _crowded(text: str) -> bool:
    """Has a tag so many attributes that telling them apart takes too long?"""
    if len(text) < _LONG_TAG:
        return False
    return any(tag[0].count("=") > _ATTRIBUTES for tag in _LONG_TAGS.finditer(text))


def element_values(text: str) -> Any:
    """The nested values of XML that stands in a text, mended where need be; None for none."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text or _crowded(text):
        return None
    root, _ = _parse(_DECLARATION.sub("", text).encode("utf-8", "replace"))
    return None if root is None else _Converter(root).value(root)


def _parse(raw: bytes) -> tuple[Any, str]:
    """The root, None where nothing can be made of it, and the fault."""
    options: dict[str, Any] = {
        "resolve_entities": False, "load_dtd": False, "no_network": True, "huge_tree": False,
    }  # fmt: skip
    try:
        return etree.fromstring(raw, etree.XMLParser(encoding="utf-8", **options)), ""
    except (etree.XMLSyntaxError, ValueError) as error:
        fault = str(error)
    if _DEEP.search(fault):
        return None, fault
    try:
        mending = etree.XMLParser(encoding="utf-8", recover=True, **options)
        return etree.fromstring(raw, mending), fault
    except (etree.XMLSyntaxError, ValueError):
        return None, fault


def _remarks(part: Part, root: Any, limits: ReadLimits) -> Iterator[Content]:
    """Comments and processing instructions, around the root too; and the names of elements."""
    nodes = [*root.itersiblings(preceding=True), *root.itersiblings()]
    nodes += root.iter(etree.Comment, etree.ProcessingInstruction)
    remarks = [f"{getattr(node, 'target', '')} {node.text or ''}".strip() for node in nodes]
    names = {local(e): None for e in root.iter(etree.Element)}
    spoken = [name.replace("_", " ") for name in names if len(name) > 20 or "_" in name]
    yield from bounded_text(part, "\n".join(remarks + spoken), "comments", limits, hidden=True)
    for remark in remarks:
        if remark.count("\n") >= 4:
            yield from tables_in_text(part, remark[: limits.text_chars], "comments")


def _without_markup(part: Part, text: str, limits: ReadLimits) -> Iterator[Content]:
    """The words of what cannot be parsed: text, and the values in tags."""

    def spoken(tag: re.Match[str]) -> str:
        if tag[0].startswith(("<!", "<?")):
            return f" {tag[0][2:-1].strip('-')} "
        return " ".join(["", *(a or b for a, b in _QUOTED.findall(tag[0])), ""])

    words = unescape(_TAG.sub(spoken, text))
    yield from bounded_text(part, words, "markup", limits)
    yield from tables_in_text(part, words[: limits.text_chars], "markup")


def _own_text(element: Any) -> str:
    """What stands in an element itself: in front of, between and behind what is in it."""
    text = element.text or ""
    if len(element):
        text += "".join(child.tail or "" for child in element)
    return text.strip()


def _is_type(value: Any) -> bool:
    return isinstance(value, str) and _TYPE.fullmatch(value) is not None


class _Converter:
    """Elements to nested values. A name that is repeated under some parent of a name is a list
    under each of them, so that a household of one is a household, too."""

    def __init__(self, root: Any) -> None:
        self._repeated: set[tuple[str, str]] = set()
        for parent in root.iter(etree.Element):
            if len(parent) > 1:
                seen: set[str] = set()
                for child in parent.iterchildren(etree.Element):
                    if child.tag in seen:
                        self._repeated.add((parent.tag, child.tag))
                    seen.add(child.tag)

    def value(self, element: Any) -> Any:
        below = list(element.iterchildren(etree.Element)) if len(element) else []
        text = _own_text(element)
        members = Members((key.rpartition("}")[2], value) for key, value in element.attrib.items())
        if not below:
            if not members:
                return text
            if text:
                members.append(("text", text))
            return members
        cells = self._cells(element, below)
        if cells is not None:
            if not members and not text:
                return cells
            members.append((local(below[0]), cells))
        else:
            self._children(element, below, members)
        if text:
            members.append(("text", text))
        return members

    def _cells(self, row: Any, below: list[Any]) -> Any:
        """Cells of a row: all of one name and without a structure; named ones are members."""
        tag = below[0].tag
        if len(below) < 2 or any(e.tag != tag or len(e) > 1 for e in below):
            return None
        if all(not e.attrib and next(e.iterchildren(etree.Element), None) is None for e in below):
            return [_own_text(e) for e in below]
        above = row.getparent()
        if above is None or (above.tag, row.tag) not in self._repeated:
            return None
        named = Members()
        for element in below:
            attributes = element.attrib
            if len(attributes) == 0 or len(attributes) > 2:
                return None
            key, *others = attributes
            if others and others[0].rpartition("}")[2].lower() not in _VALUED:
                return None
            if key.rpartition("}")[2].lower() not in _NAMING:
                return None
            values = [self.value(child) for child in element.iterchildren(etree.Element)]
            values.append(_own_text(element))
            values += [attributes[other] for other in others]
            if not others and values == [""] and not named:
                return None  # <child n="1"/> is a thing with a number, no cell
            value, *more = [value for value in values if value] or [""]
            named.append((attributes[key], value))
            # A cell holds one value; what else stands in it is a cell of its own.
            named += [(f"{attributes[key]} +", v) for v in more if not _is_type(v)]
        if len({name for name, _ in named}) * 2 <= len(named) or len(named) > 2000:
            return None
        return named

    def _children(self, parent: Any, below: list[Any], members: Members) -> None:
        places: dict[str, list[Any]] = {}
        for child in below:
            value = self.value(child)
            if (parent.tag, child.tag) in self._repeated:
                if child.tag in places:
                    places[child.tag].append(value)
                    continue
                value = places[child.tag] = [value]
            members.append((local(child), value))
