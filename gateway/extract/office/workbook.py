"""XLSX and XLSM workbooks: every sheet as a Table, every other entry as text, or a Gap for it.

Hidden sheets, pivot caches, comments, headers, text boxes, links, properties and leftover shared
strings are all read; an entry that no branch here knows is read as one of any package (law 3).
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import Iterator, Literal

from lxml import etree

from gateway.extract.fault import ContainerFault
from gateway.extract.office.office_xml import attribute, children, parse_xml, words
from gateway.extract.office.pivot_cache import read_pivot_cache, shared_items
from gateway.extract.office.sheet_rows import read_sheet
from gateway.extract.office.sheet_values import Values, read_styles
from gateway.extract.office.story import aside_words
from gateway.extract.office.string_table import read_strings
from gateway.extract.office.unstored_results import UnstoredResults
from gateway.extract.office.workbook_caches import lines_in_one_column
from gateway.extract.office.workbook_package import WorkbookPackage, read_packaged
from gateway.extract.text.delimited import longest_stretches
from gateway.model.content import Content, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

Visibility = Literal["visible", "hidden", "very-hidden"]
_STATES: dict[str, Visibility] = {"hidden": "hidden", "veryHidden": "very-hidden"}
_SHEETS = re.compile(r"xl/(?:work|macro|dialog|chart)sheets/[^/]+\.xml$")
_PIVOTS = re.compile(r"xl/pivotcache/pivotcachedefinition[^/]*\.xml$")
_CODES = re.compile(r"&(?:&|[LCR]|\d{1,3}|\"[^\"&]{0,100}\"|K[0-9A-Fa-f]{6}|[BIUSXYEDTFAGPNZHO])")


def read_workbook(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Contents in reading order; damage of one entry costs that entry."""
    yield from read_packaged(part, limits, lambda package: _Workbook(package).contents())


def sheet_entries(package: WorkbookPackage) -> list[tuple[str, str]]:
    """(name, entry) of each sheet, hidden ones too."""
    book = _Workbook(package)
    main = book.main_part()
    book.related = package.targets(main)
    return [(sheet.name, sheet.entry) for sheet in book.sheets(package.peek(main), main)]


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    entry: str
    visibility: Visibility


class _Workbook:
    """One workbook while it is read."""

    def __init__(self, package: WorkbookPackage) -> None:
        self.package, self.limits = package, package.limits
        self.entries = package.container.entries
        self.gaps: list[Gap] = []
        self.cells_left = package.limits.cells
        self.formats = self.asides = ""
        self.related: dict[str, tuple[str, str]] = {}

    def gap(self, entry: str, fault: ContainerFault) -> None:
        self.gaps.append(self.package.gap(entry, fault.reason, fault.detail))

    def contents(self) -> Iterator[Content]:
        main, text = self.main_part(), self.package.text
        # Its words come with the rest of the package; damage does, too.
        book = self.package.peek(main)
        self.related = self.package.targets(main)
        sheets = self.sheets(book, main)
        if book is not None:
            names = "\n".join(s.name for s in sheets if s.visibility == "visible")
            unseen = "\n".join(s.name for s in sheets if s.visibility != "visible")
            yield from text(names, "sheet names", hidden=False)
            yield from text(unseen, "hidden sheet names")
            _leave_out_sheets(book)
        values = self.values(book)
        yield from text(self.formats, "number formats", hidden=False)
        for sheet in sheets:
            yield from self.sheet(sheet, values)
        yield from text("\n".join(values.unused()), "unused strings")
        yield from text(self.asides, "notes among the strings")
        yield from self.pivots()
        yield from self.gaps

    def main_part(self) -> str:
        """The entry that the package says is the workbook (ECMA-376 part 1, section 12.3.23)."""
        for kind, entry in self.package.targets("").values():
            if kind == "officeDocument" and entry in self.entries:
                return entry
        return "xl/workbook.xml"

    def sheets(self, book: etree._Element | None, main: str) -> list[_Sheet]:
        """In the order of the tabs; worksheets that no tab points at come last, very hidden."""
        found: list[_Sheet] = []
        if book is None:
            self.gap(main, ContainerFault("unreadable", "no workbook part"))
        else:
            for sheet in children(book, "sheet"):
                name = attribute(sheet, "name")
                _, entry = self.related.get(attribute(sheet, "id"), ("", ""))
                if entry not in self.entries:
                    self.gap(main, ContainerFault("unreadable", "a sheet without its part"))
                    continue
                found.append(_Sheet(name, entry, _STATES.get(attribute(sheet, "state"), "visible")))
        known = {sheet.entry for sheet in found}
        for entry in self.entries:
            if _SHEETS.match(entry) and entry not in known:
                found.append(_Sheet(posixpath.basename(entry), entry, "very-hidden"))
        return found

    def entry(self, kind: str, usual: str) -> str:
        """The entry that the workbook names for a purpose."""
        named = [target for given, target in self.related.values() if given == kind]
        return next((target for target in named if target in self.entries), usual)

    def values(self, book: etree._Element | None) -> Values:
        styles: list[int] = []
        root = self.package.peek(self.entry("styles", "xl/styles.xml"))
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
        if entry not in self.entries:
            return []
        try:
            data = self.package.read(entry)
            self.asides = "\n".join(aside_words(data))
            return read_strings(data)
        except ContainerFault as fault:
            self.gap(entry, fault)
            return []

    def sheet(self, sheet: _Sheet, values: Values) -> Iterator[Content]:
        self.package.done.add(sheet.entry)
        where = f"sheet {sheet.name}"
        hidden = sheet.visibility != "visible"
        unstored = UnstoredResults()
        try:
            read = read_sheet(
                lambda: unstored.watch(self.package.container.chunks(sheet.entry)),
                values,
                self.limits,
                self.cells_left,
            )
        except ContainerFault as fault:
            self.gap(where, fault)
            return
        self.cells_left = max(self.cells_left - read.cells, 0)
        location = self.package.part.location.at(where)
        if read.rows:
            yield Table(location, read.rows, sheet.visibility, read.total_rows, "workbook")
            yield from lines_in_one_column(
                self.package.part, Table(location, read.rows, sheet.visibility), self.limits
            )
            for first, end in longest_stretches(read.breaks, len(read.rows)):
                place = location.at(f"{where}, part from row {first + 1} of those filled")
                rows = read.rows[first:end]
                yield Table(place, rows, sheet.visibility, end - first, "workbook")
        rest = without_codes(read.rest)
        yield from self.package.text(rest, f"{where} around", hidden)
        formulas = "\n".join(sorted(read.formulas))
        yield from self.package.text(formulas, f"{where} formulas")
        if unstored.matter:
            detail = f"{unstored.count} formulas with figures or words, and no results stored"
            yield Gap(location, "unreadable", detail)
        if read.cut:
            reason: Literal["unreadable", "limit"] = (
                "unreadable" if read.cut.startswith("damaged") else "limit"
            )
            yield Gap(location, reason, read.cut)

    def pivots(self) -> Iterator[Content]:
        for entry in sorted(filter(_PIVOTS.match, self.entries)):
            try:
                definition = parse_xml(data := self.package.read(entry))
            except ContainerFault as fault:
                self.gap(entry, fault)
                continue
            where = posixpath.basename(entry)
            location = self.package.part.location.at(where)
            said = "\n".join([words(definition), *aside_words(data)])
            yield from self.package.text(said, where)
            records = [
                target for _, target in self.package.targets(entry).values()
                if target in self.entries and "records" in target
            ]  # fmt: skip
            if not records:
                yield from shared_items(location, definition)
            for target in records:
                self.package.done.add(target)
                chunks = self.package.container.chunks(target)
                try:
                    yield from read_pivot_cache(location, definition, chunks, self.limits)
                except ContainerFault as fault:
                    self.gap(target, fault)


def without_codes(text: str) -> str:
    """Header and footer text without its codes (ECMA-376 part 1, section 18.3.1.46)."""
    return _CODES.sub(_plain_code, text) if "&" in text else text


def _plain_code(match: re.Match[str]) -> str:
    code = match[0]
    return "&" if code == "&&" else "\n" if code[1:] in ("L", "C", "R") else ""


def _leave_out_sheets(book: etree._Element) -> None:
    """Their names are given apart; what is left are defined names, who shares the file and the like."""
    for sheets in list(children(book, "sheets")):
        parent = sheets.getparent()
        if parent is not None:
            parent.remove(sheets)
