"""The records behind a pivot table: the full source rows, though no sheet may show them."""

from __future__ import annotations

from itertools import zip_longest
from typing import Iterable, Iterator

from lxml import etree

from gateway.extract.element_names import local
from gateway.extract.office.office_xml import attribute, children
from gateway.extract.office.sheet_walk import ChunkStream
from gateway.model.content import Content, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Location


def read_pivot_cache(
    location: Location, definition: etree._Element, chunks: Iterable[bytes], limits: ReadLimits
) -> Iterator[Content]:
    """One hidden Table: field names, then a row a record (ECMA-376 part 1, section 18.10.1)."""
    names: list[str] = []
    shared: list[list[str]] = []
    for field in children(definition, "cacheField"):
        names.append(attribute(field, "name"))
        items = [item for child in field if local(child) == "sharedItems" for item in child]
        shared.append([attribute(item, "v") for item in items])
    rows: list[list[str]] = [names]
    total, cells, cut = 1, 0, ""
    events = etree.iterparse(
        ChunkStream(chunks), events=("end",), resolve_entities=False, load_dtd=False,
        no_network=True, huge_tree=True,
    )  # fmt: skip
    try:
        for _, record in events:
            if local(record) != "r":
                continue
            total += 1
            if not cut:
                row = [_value(item, index, shared) for index, item in enumerate(record)]
                cells += len(row)
                cut = f"more than {limits.cells} cells" if cells > limits.cells else ""
                rows.append(row[: limits.columns])
            record.clear()
            parent = record.getparent()
            while parent is not None and record.getprevious() is not None:
                del parent[0]
    except etree.XMLSyntaxError as error:
        yield Gap(location, "unreadable", f"damaged XML ({type(error).__name__})")
    yield Table(location, rows, "hidden", total, "workbook")
    if cut:
        yield Gap(location, "limit", cut)


def shared_items(location: Location, definition: etree._Element) -> Iterator[Content]:
    """One hidden Table: the values that each field has, where no records are kept."""
    columns = [
        [attribute(field, "name")]
        + [
            attribute(item, "v")
            for child in field
            if local(child) == "sharedItems"
            for item in child
        ]
        for field in children(definition, "cacheField")
    ]
    rows = [list(row) for row in zip_longest(*columns, fillvalue="")]
    if len(rows) > 1:
        yield Table(location, rows, "hidden", len(rows), "workbook")


def _value(item: etree._Element, index: int, shared: list[list[str]]) -> str:
    value = attribute(item, "v")
    if local(item) == "x" and value.isdigit() and index < len(shared):
        items = shared[index]
        return items[int(value)] if int(value) < len(items) else value
    return value
