"""Packages of workbooks, XLSX and XLSB: entries that hold rows beside the sheets, and macros."""

from __future__ import annotations

import re
from typing import Callable, Iterator

from lxml import etree

from gateway.extract.element_names import local
from gateway.extract.fault import ContainerFault
from gateway.extract.office.container import Container
from gateway.extract.office.macro_signature import is_macro_signature
from gateway.extract.office.office_xml import words
from gateway.extract.office.package import Package
from gateway.extract.office.story import attribute_words
from gateway.extract.office.workbook_caches import cached_tables
from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

_SIGNATURE = re.compile(r"xl/vbaprojectsignature[a-z0-9]*\.bin$")
# What who looks at the sheets can see; everything else is out of sight.
_SHOWN = re.compile(r"xl/(?:comments|threadedcomments|drawings|charts|diagrams|slicers|timelines)")
# The order of calculation ([ECMA-376] part 1, section 18.6): places of cells, and nothing else.
_CALCULATION = re.compile(
    rb"\s*(?:<\?xml[\w\s.=\"'-]*\?>\s*)?<calcChain(?: xmlns=\"http://[\w./-]*\")?>\s*"
    rb"(?:<c(?: (?:r=\"[A-Z]{1,3}[0-9]{1,7}\"|[ilsta]=\"[0-9]{1,10}\")){1,6}\s*/>\s*)*"
    rb"</calcChain>\s*"
)


def read_packaged(
    part: Part, limits: ReadLimits, sheets: Callable[[WorkbookPackage], Iterator[Content]]
) -> Iterator[Content]:
    """A workbook's properties, what `sheets` gives of it, and every entry that was left."""
    try:
        package = WorkbookPackage(part, Container(part.content, limits), limits)
    except ContainerFault as fault:
        yield Gap(part.location, fault.reason, fault.detail)
        return
    yield from package.properties()
    yield from sheets(package)
    yield from package.rest()
    yield from package.around()


class WorkbookPackage(Package):
    """A package whose entries in XML may keep copies of rows."""

    def xml_entry(self, key: str, content: bytes) -> Iterator[Content]:
        if not _CALCULATION.fullmatch(content):
            yield from super().xml_entry(key, content)

    def tree(self, key: str, root: etree._Element) -> Iterator[Content]:
        yield from cached_tables(root, self.part.location.at(key), self.limits)
        if _SHOWN.match(key) and local(root) != "Relationships":
            text = "\n".join(dict.fromkeys([words(root), *attribute_words(root)]))
            yield from self.text(text, key, hidden=False)
        else:
            yield from super().tree(key, root)

    def binary_entry(self, key: str, content: bytes) -> Iterator[Content]:
        if key.endswith(".svg"):
            yield from self.xml_entry(key, content)  # its words as they stand: a table, often
        # A signature of the macros says who signed, and holds no more.
        elif not (_SIGNATURE.match(key) and is_macro_signature(content)):
            yield from super().binary_entry(key, content)
