"""XML parts of office documents: parsed without DTDs and entities, their words collected.

Every text node counts, and every attribute that people can fill with words. What is not safe or
not well-formed raises ContainerFault.
"""

from __future__ import annotations

import re
from typing import Any, Iterator

from lxml import etree

from gateway.extract.element_names import local
from gateway.extract.fault import ContainerFault

_DECLARED = re.compile(rb"<\?xml[^>]{0,200}encoding\s*=\s*[\"']([^\"']{1,40})")
_ENCODINGS = frozenset(
    (b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252")
)
# Attributes in which office programs keep what people wrote.
_WORDY = frozenset(
    ("name", "displayName", "title", "descr", "alt", "caption", "uniqueName", "prompt",
     "promptTitle", "error", "errorTitle", "tooltip", "display", "location", "author",
     "userId", "comment", "description", "customMenu", "help", "statusBar", "connection", "command",
     "sourceFile", "dataField", "string", "totalsRowLabel", "codeName", "macro", "refersTo", "text")
)  # fmt: skip
# Elements whose value is what people typed, though elsewhere an attribute of that name is a setting.
_TYPED = {"val": frozenset(("filter", "customFilter", "inputCells", "sheetName")),
          "v": frozenset(("s",))}  # fmt: skip
_PARAGRAPHS = frozenset(("p", "si", "comment", "text", "threadedComment", "definedName"))
_RUNS = frozenset(("t", "r", "rPr", "b", "i", "u", "tab"))


def refuse_dtd(data: bytes) -> None:
    """A document type declaration is never needed and always a trap."""
    head = data.replace(b"\0", b"") if b"\0" in data[:64] else data
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise ContainerFault("unreadable", "XML with a document type declaration")
    declared = _DECLARED.search(head[:300])
    if declared and declared[1].lower() not in _ENCODINGS:
        raise ContainerFault("unreadable", "XML in an unusual encoding")


def parse_xml(data: bytes) -> etree._Element:
    """The root element; raises ContainerFault."""
    refuse_dtd(data)
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True,
        remove_comments=False, remove_pis=True,
    )  # fmt: skip
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ContainerFault("unreadable", f"damaged XML ({type(error).__name__})") from None


def attribute(element: Any, name: str) -> str:
    """An attribute by its local name, whatever its namespace."""
    value = element.get(name)
    if value is None:
        for key, other in element.attrib.items():
            if key.rpartition("}")[2] == name:
                return str(other)
        return ""
    return str(value)


def words(root: etree._Element) -> str:
    """All text below `root`: runs joined, paragraphs on lines of their own."""
    out: list[str] = []
    for element in root.iter():
        tag = local(element)
        if tag in _PARAGRAPHS or (tag and tag not in _RUNS):
            out.append("\n")
        if element.text and not element.text.isspace():
            out.append(element.text)
        for key, value in element.attrib.items():
            name = key.rpartition("}")[2]
            known = name in _WORDY or (name in _TYPED and tag in _TYPED[name])
            if known and value and not value.isspace():
                out.append(f"\n{value}\n")
        if element.tail and not element.tail.isspace():
            out.append(element.tail)
    return "\n".join(line for line in "".join(out).split("\n") if line.strip())


def children(root: etree._Element, name: str) -> Iterator[Any]:
    """Descendants by local name."""
    return (element for element in root.iter() if local(element) == name)
