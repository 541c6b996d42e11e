"""XLSX and XLSM workbooks: every sheet as a Table, every other entry as text, or a Gap for it.

Hidden sheets, pivot caches, comments, headers, text boxes, links, properties and leftover shared
strings are all read; an entry that no branch here knows is a Gap (law 3).
"""

from __future__ import annotations

import html
import posixpath
import re
from dataclasses import dataclass
from typing import Iterator, Literal

from lxml import etree

from gateway.extract.office.container import Container, ContainerFault
from gateway.extract.office.embedded_pictures import is_preview
from gateway.extract.office.macro_signature import is_macro_signature
from gateway.extract.office.office_xml import attribute, children, local, parse_xml, words
from gateway.extract.office.package import SIGNIFICANT, is_foreign
from gateway.extract.office.pivot_cache import read_pivot_cache, shared_items
from gateway.extract.office.sheet_rows import read_sheet
from gateway.extract.office.sheet_values import Values, read_styles
from gateway.extract.office.story import attribute_words
from gateway.extract.office.string_table import read_strings
from gateway.extract.office.workbook_caches import cached_tables, lines_in_one_column
from gateway.extract.signatures import looks_like_text
from gateway.extract.text.delimited import longest_stretches
from gateway.extract.text.plain import bounded_text
from gateway.model.content import Content, Properties, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part
from gateway.model.picture import is_picture

Visibility = Literal["visible", "hidden", "very-hidden"]
_STATES: dict[str, Visibility] = {"hidden": "hidden", "veryHidden": "very-hidden"}
_SHEETS = re.compile(r"xl/(?:work|macro|dialog|chart)sheets/[^/]+\.xml$")
# Entries without words, and those that are read elsewhere: the order of calculation.
_DRY = re.compile(r"xl/calcchain\.xml$|\[content_types\]\.xml$")
# Dry where the bytes are what the place is for: pictures, printer settings, fonts.
_BINARY = re.compile(r".*/media/|docprops/thumbnail\.|xl/printersettings/|xl/fonts/")
_MACRO_SIGNATURE = re.compile(r"xl/vbaprojectsignature[a-z0-9]*\.bin$")
_MAX_PRINTER = 65_536
_WORDS_IN_XML = re.compile(r"\.(?:svg|xml|rels|vml)$")
# What people put in, XML or not: records may stand in it.
_FILES = re.compile(r"xl/embeddings/|customxml/item\d*\.xml$")
_HIDDEN_TEXT = re.compile(
    r"xl/(?:externallinks|pivot|metadata|connections|querytables|tables|customxml)"
)
_FORMATS = (b"wOFF", b"wOF2", b"\0\1\0\0\0", b"OTTO")  # fonts
# Windows metafiles and HD Photo.
_METAFILES = (b"\xd7\xcd\xc6\x9a", b"\1\0\x09\0", b"II\xbc\1")
_CODES = re.compile(r"&(?:&|[LCR]|\d{1,3}|\"[^\"&]{0,100}\"|K[0-9A-Fa-f]{6}|[BIUSXYEDTFAGPNZHO])")
MAX_TEXT_ENTRY = 64 << 20


def read_workbook(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Contents in reading order; damage of one entry costs that entry."""
    try:
        container = Container(part.content, limits)
    except ContainerFault as fault:
        yield Gap(part.location, fault.reason, fault.detail)
        return
    for sentence in container.faults:
        yield Gap(part.location, "unreadable", sentence)
    yield from _Workbook(part, container, limits).contents()


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    entry: str
    visibility: Visibility


class _Workbook:
    """One workbook while it is read."""

    def __init__(self, part: Part, container: Container, limits: ReadLimits) -> None:
        self.part, self.container, self.limits = part, container, limits
        self.gaps: list[Gap] = []
        self.done: set[str] = set()
        self.cells_left = limits.cells
        self.formats = ""
        self.related: list[tuple[str, str, str]] = []

    def gap(self, entry: str, fault: ContainerFault) -> None:
        self.gaps.append(Gap(self.part.location.at(entry), fault.reason, fault.detail))

    def xml(self, entry: str) -> etree._Element | None:
        """An entry that may be absent; damage becomes a Gap."""
        if entry not in self.container.entries:
            return None
        self.done.add(entry)
        try:
            return parse_xml(self.container.read(entry, MAX_TEXT_ENTRY))
        except ContainerFault as fault:
            self.gap(entry, fault)
            return None

    def contents(self) -> Iterator[Content]:
        yield from self.properties()
        main = self.main_part()
        book = self.xml(main)
        self.related = self.relations(main)
        sheets = self.sheets(book, main)
        if book is not None:
            names = "\n".join(s.name for s in sheets if s.visibility == "visible")
            unseen = "\n".join(s.name for s in sheets if s.visibility != "visible")
            yield from bounded_text(self.part, names, "sheet names", self.limits)
            yield from bounded_text(self.part, unseen, "hidden sheet names", self.limits, True)
            yield from bounded_text(self.part, _book_words(book), "workbook", self.limits, True)
        values = self.values(book)
        yield from bounded_text(self.part, self.formats, "number formats", self.limits)
        for sheet in sheets:
            yield from self.sheet(sheet, values)
        unused = "\n".join(values.unused())
        yield from bounded_text(self.part, unused, "unused strings", self.limits, True)
        yield from self.pivots()
        yield from self.others()
        yield from self.gaps

    def properties(self) -> Iterator[Content]:
        for entry in ("docprops/core.xml", "docprops/app.xml", "docprops/custom.xml",
                      "docmetadata/labelinfo.xml"):  # fmt: skip
            root = self.xml(entry)
            if root is None:
                continue
            items: list[tuple[str, str]] = []
            for child in root:
                name = attribute(child, "name") or local(child)
                value = "\n".join(t for t in child.itertext() if t.strip())
                if entry.startswith("docmetadata"):
                    items += [(key.rpartition("}")[2], str(v)) for key, v in child.attrib.items()]
                if name and value:
                    items.append((name, value[: self.limits.text_chars]))
            if items:
                yield Properties(self.part.location.at(entry), tuple(items))

    def main_part(self) -> str:
        """The entry that the package says is the workbook (ECMA-376 part 1, section 12.3.23)."""
        try:
            root = parse_xml(self.container.read("_rels/.rels", MAX_TEXT_ENTRY))
        except (KeyError, ContainerFault):
            return "xl/workbook.xml"  # damage is reported with the entries that are left
        for relation in children(root, "Relationship"):
            entry = posixpath.normpath("/" + attribute(relation, "Target")).lstrip("/").lower()
            kind = attribute(relation, "Type").rpartition("/")[2]
            if kind == "officeDocument" and entry in self.container.entries:
                return entry
        return "xl/workbook.xml"

    def sheets(self, book: etree._Element | None, main: str) -> list[_Sheet]:
        """In the order of the tabs; worksheets that no tab points at come last, very hidden."""
        found: list[_Sheet] = []
        targets = {identifier: target for identifier, _, target in self.related}
        if book is None:
            fault = ContainerFault("unreadable", "no workbook part")
            self.gap(main, fault)
        else:
            for sheet in children(book, "sheet"):
                name = attribute(sheet, "name")
                entry = targets.get(attribute(sheet, "id"), "")
                if entry not in self.container.entries:
                    fault = ContainerFault("unreadable", "a sheet without its part")
                    self.gap(main, fault)
                    continue
                found.append(_Sheet(name, entry, _STATES.get(attribute(sheet, "state"), "visible")))
        known = {sheet.entry for sheet in found}
        for entry in self.container.entries:
            if _SHEETS.match(entry) and entry not in known:
                found.append(_Sheet(posixpath.basename(entry), entry, "very-hidden"))
        return found

    def relations(self, entry: str) -> list[tuple[str, str, str]]:
        """Identifiers, kinds and entries (ECMA-376 part 2, section 9.3)."""
        folder, name = posixpath.split(entry)
        root = self.xml(f"{folder}/_rels/{name}.rels".lstrip("/"))
        found: list[tuple[str, str, str]] = []
        for relation in children(root, "Relationship") if root is not None else ():
            target = attribute(relation, "Target")
            path = target if target.startswith("/") else f"{folder}/{target}"
            kind = attribute(relation, "Type").rpartition("/")[2]
            key = posixpath.normpath(path).lstrip("/").lower()
            found.append((attribute(relation, "Id"), kind, key))
        return found

    def entry(self, kind: str, usual: str) -> str:
        """The entry that the workbook names for a purpose."""
        named = [target for _, given, target in self.related if given == kind]
        return next((target for target in named if target in self.container.entries), usual)

    def values(self, book: etree._Element | None) -> Values:
        styles: list[int] = []
        root = self.xml(self.entry("styles", "xl/styles.xml"))
        if root is not None:
            styles = read_styles(root)
            self.formats = "\n".join(attribute(e, "formatCode") for e in children(root, "numFmt"))
        old_mac = any(
            attribute(pr, "date1904") in ("1", "true")
            for pr in (children(book, "workbookPr") if book is not None else ())
        )
        return Values(self.shared_strings(), styles, old_mac)

    def shared_strings(self) -> list[str]:
        entry = self.entry("sharedStrings", "xl/sharedstrings.xml")
        if entry not in self.container.entries:
            return []
        self.done.add(entry)
        try:
            data = self.container.read(entry)
            return read_strings(data)
        except ContainerFault as fault:
            self.gap(entry, fault)
            return []

    def sheet(self, sheet: _Sheet, values: Values) -> Iterator[Content]:
        self.done.add(sheet.entry)
        where = f"sheet {sheet.name}"
        hidden = sheet.visibility != "visible"
        try:
            read = read_sheet(
                lambda: self.container.chunks(sheet.entry), values, self.limits, self.cells_left
            )
        except ContainerFault as fault:
            self.gaps.append(Gap(self.part.location.at(where), fault.reason, fault.detail))
            return
        self.cells_left = max(self.cells_left - read.cells, 0)
        location = self.part.location.at(where)
        if read.rows:
            yield Table(location, read.rows, sheet.visibility, read.total_rows, "workbook")
            yield from lines_in_one_column(
                self.part, Table(location, read.rows, sheet.visibility), self.limits
            )
            for first, end in longest_stretches(read.breaks, len(read.rows)):
                place = location.at(f"{where}, part from row {first + 1} of those filled")
                rows = read.rows[first:end]
                yield Table(place, rows, sheet.visibility, end - first, "workbook")
        rest = without_codes(read.rest)
        yield from bounded_text(self.part, rest, f"{where} around", self.limits, hidden)
        formulas = "\n".join(sorted(read.formulas))
        yield from bounded_text(self.part, formulas, f"{where} formulas", self.limits, True)
        if read.cut:
            reason: Literal["unreadable", "limit"] = (
                "unreadable" if read.cut.startswith("damaged") else "limit"
            )
            yield Gap(location, reason, read.cut)

    def pivots(self) -> Iterator[Content]:
        for entry in sorted(self.container.entries):
            if not re.match(r"xl/pivotcache/pivotcachedefinition[^/]*\.xml$", entry):
                continue
            definition = self.xml(entry)
            if definition is None:
                continue
            where = posixpath.basename(entry)
            yield from bounded_text(self.part, words(definition), where, self.limits, True)
            kept = [r for _, _, r in self.relations(entry) if r in self.container.entries]
            if not any("records" in records for records in kept):
                yield from shared_items(self.part.location.at(where), definition)
            for records in kept:
                if "records" not in records:
                    continue
                self.done.add(records)
                try:
                    yield from read_pivot_cache(
                        self.part.location.at(where), definition,
                        self.container.chunks(records), self.limits,
                    )  # fmt: skip
                except ContainerFault as fault:
                    self.gap(records, fault)

    def others(self) -> Iterator[Content]:
        """Every entry that nothing above has taken."""
        for index, (key, entry) in enumerate(self.container.entries.items(), 1):
            if key in self.done or _DRY.match(key):
                continue
            try:
                if _BINARY.match(key) and not key.endswith((".xml", ".rels", ".vml", ".svg")):
                    yield from self.binary(key, entry.name, index)
                elif _WORDS_IN_XML.search(key) and not _FILES.match(key):
                    yield from self.text_entry(key, entry.name, index)
                elif _MACRO_SIGNATURE.match(key):
                    yield from self.signature(key, entry.name, index)
                else:  # whatever it is: a reader of its own, or a gap
                    yield self.embedded(key, entry.name, index)
            except ContainerFault as fault:
                self.gap(key, fault)

    def binary(self, key: str, name: str, index: int) -> Iterator[Content]:
        """Nothing where it is a preview, a font or a device's settings; else a file to be read."""
        content = self.container.read(key, MAX_TEXT_ENTRY)
        if key.startswith("docprops/") and is_preview(content):
            return
        if is_picture(content) or content.startswith(_METAFILES):
            yield self.embedded(key, name, index)
            return
        if content.startswith(_FORMATS) and not looks_like_text(content):
            return
        printer = key.startswith("xl/printersettings/") and len(content) <= _MAX_PRINTER
        if printer and _is_device_mode(content):
            return
        if looks_like_text(content):
            yield self.embedded(key, name, index)
        else:
            raise ContainerFault("unreadable", "an entry that is not what its place is for")

    def signature(self, key: str, name: str, index: int) -> Iterator[Content]:
        """Nothing where it is a signature of the macros: it says who signed, and holds no more."""
        if not is_macro_signature(self.container.read(key, MAX_TEXT_ENTRY)):
            yield self.embedded(key, name, index)

    def text_entry(self, key: str, name: str, index: int) -> Iterator[Content]:
        data = self.container.read(key, MAX_TEXT_ENTRY)
        if key.endswith(".rels"):
            root = parse_xml(data)
            links = [attribute(r, "Target") for r in children(root, "Relationship")
                     if attribute(r, "TargetMode") == "External"]  # fmt: skip
            yield from bounded_text(self.part, "\n".join(links), key, self.limits, True)
            return
        try:
            root = parse_xml(data)
            text = "\n".join(dict.fromkeys([words(root), *attribute_words(root)]))
            yield from cached_tables(root, self.part.location.at(key), self.limits)
            if len(data) > SIGNIFICANT and is_foreign(root):
                yield self.embedded(key, name, index)
        except ContainerFault:
            if not key.endswith(".vml"):
                raise
            # Legacy drawings are often no XML at all: their words are what stands between tags.
            text = html.unescape(re.sub(r"<[^>]*>", "\n", data.decode("utf-8", "replace")))
        hidden = bool(_HIDDEN_TEXT.match(key))
        yield from bounded_text(self.part, text, key, self.limits, hidden)

    def embedded(self, key: str, name: str, index: int) -> Content:
        number = f"{self.part.number}!{index}"
        if number.count("!") > self.limits.nested:
            raise ContainerFault("limit", f"nested more than {self.limits.nested} deep")
        content = self.container.read(key)
        return Part(
            number, "application/octet-stream", "attachment", content,
            posixpath.basename(name), "", self.part.depth + 1,
        )  # fmt: skip


def _is_device_mode(content: bytes) -> bool:
    """DEVMODEW ([MS-RPRN] 2.2.2.1): the device's name in UTF-16, versions, its own size."""
    size = int.from_bytes(content[68:70], "little")
    return 120 <= size <= len(content) and content[64:66] in (b"\x20\3", b"\0\4", b"\1\4")


def without_codes(text: str) -> str:
    """Header and footer text without its codes (ECMA-376 part 1, section 18.3.1.46)."""
    return _CODES.sub(_plain_code, text) if "&" in text else text


def _plain_code(match: re.Match[str]) -> str:
    code = match[0]
    return "&" if code == "&&" else "\n" if code[1:] in ("L", "C", "R") else ""


def _book_words(book: etree._Element) -> str:
    """Defined names, author of the file sharing note and the like; sheet names are given apart."""
    for sheets in list(children(book, "sheets")):
        parent = sheets.getparent()
        if parent is not None:
            parent.remove(sheets)
    return words(book)
