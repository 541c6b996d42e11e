"""SDMX-ML: embargo dates of data messages, and constraints that are valid from an instant.

A message's header has `EmbargoDate`, before which its data are not public. A constraint that says
what data there are (`type="Actual"`) has `validFrom`, the publication of what it describes. A
`ReleaseCalendar` gives periods and offsets and no dates, so that it confirms nothing.
"""

from __future__ import annotations

from typing import Any, Iterator

from lxml import etree

from gateway.releases.calendars.listing import Listing, NotACalendar
from gateway.releases.calendars.local_time import Moment, written
from gateway.releases.entries import Unfit

_CONSTRAINTS = ("ContentConstraint", "DataConstraint")


def read_sdmx(content: bytes, listing: Listing) -> None:
    """Raises NotACalendar."""
    root = _parsed(content)
    found = [*_named(root, "Header"), *(c for name in _CONSTRAINTS for c in _named(root, name))]
    for _, element in listing.entries(found):
        if etree.QName(element).localname == "Header":
            _add_message(listing, element)
        else:
            _add_constraint(listing, element)


def _parsed(content: bytes) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        raise NotACalendar(f"not XML: line {line}", "only SDMX-ML is read") from None
    if root.getroottree().docinfo.doctype:
        raise NotACalendar("it has a document type, which SDMX-ML never has")
    if "sdmx" not in (etree.QName(root).namespace or "").lower():
        raise NotACalendar("not SDMX-ML", "its root is of one of the namespaces of sdmx.org")
    return root


def _named(root: Any, name: str) -> Iterator[Any]:
    yield from root.iter(f"{{*}}{name}")


def _child(element: Any, name: str) -> str:
    """The text of a child; of several languages the English one."""
    found = [child for child in element if etree.QName(child).localname == name]
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    found.sort(key=lambda child: not (child.get(language) or "en").lower().startswith("en"))
    return "".join(found[0].itertext()).strip() if found else ""


def _add_message(listing: Listing, header: Any) -> None:
    said = _child(header, "EmbargoDate")
    if not said:
        return
    key, line = _child(header, "DataSetID") or _child(header, "ID"), header.sourceline
    place = f"message “{key[:60]}”"
    if _child(header, "Test").lower() in ("true", "1"):
        listing.note(f"{place}: only a test; it is left out")
        return
    moment = listing.dated(place, _day, said, listing.zone, line=line)
    listing.add(place, key, _child(header, "Name") or key, moment, "confirmed", line=line)


def _add_constraint(listing: Listing, element: Any) -> None:
    said, line = element.get("validFrom", ""), element.sourceline
    periods = any(True for _ in element.iter("{*}ReleaseCalendar"))
    allowed = (element.get("type") or element.get("role") or "Actual").lower() == "allowed"
    if not periods and (allowed or not said):
        return  # it says what may be, and nothing of when
    key = f"{element.get('agencyID', '')}:{element.get('id', '')}({element.get('version', '1.0')})"
    place = f"constraint “{key[:80]}”"
    read = _period if periods else _day
    moment = listing.dated(place, read, said, listing.zone, line=line)
    listing.add(place, key, _child(element, "Name") or key, moment, "confirmed", line=line)


def _period(*_: str) -> Moment:
    raise Unfit("a ReleaseCalendar gives periods, no dates", "use validFrom, or another form")


def _day(said: str, zone: str) -> Moment | None:
    """`EmbargoDate` may be a month or a year, which names no day."""
    if len(said) in (4, 7) and said.replace("-", "").isdigit():
        return None
    return written(said, zone)
