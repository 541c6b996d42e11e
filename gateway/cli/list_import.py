"""A list that is brought in -> the new text of a release file, checked with the whole register.

The file keeps everything but its roles and appointments, letter by letter. Faults in what was
brought in are said of the row that they came from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from gateway.cli.list_versions import Version, compared
from gateway.config import Config
from gateway.model.fault import Fault, Faults
from gateway.model.people import Directory
from gateway.releases.importing.draft import Draft, draft
from gateway.releases.importing.entry import Listing
from gateway.releases.importing.sections import replaced, with_authors, written
from gateway.releases.importing.suggestions import suggestions
from gateway.yaml_source import Document, parse


def as_sections(listing: Listing, directory: Directory, today: date) -> str:
    """Roles and appointments as a new release file would have them. Raises Faults."""
    return "\n".join(_sections(draft(listing, {}, directory), directory, today).values())


def brought_in(
    config: Config, directory: Directory, texts: Mapping[str, bytes], into: str, authors: Sequence[str],
    listing: Listing, today: date,
) -> tuple[str, tuple[str, ...]]:  # fmt: skip
    """The new text of the release `into`, and what is different in it. Raises Faults."""
    old = texts[into]
    document = parse(old, str(config.rules.releases / f"{into}.yaml"))
    drafted = draft(listing, document.value or {}, directory)
    if orphans := _orphans(document, drafted):
        raise Faults(orphans)
    text = replaced(old.decode("utf-8-sig"), document, _sections(drafted, directory, today))
    if authors:
        text = _signed(text, document, authors)
    after = parse(text.encode(), document.file)
    _unharmed(document, after)
    try:
        return text, compared(config, texts, Version(into, old), Version(into, text.encode()))
    except Faults as found:
        raise Faults(
            _at_source(fault, document, after, drafted) for fault in found.faults
        ) from None


def _sections(drafted: Draft, directory: Directory, today: date) -> dict[str, str]:
    asked = {
        role["id"]: suggestions(directory, role["title"], str(role.get("organisation", "")), today)
        for role in drafted.open
    }
    return written(drafted, asked)


def _orphans(document: Document, drafted: Draft) -> list[Fault]:
    """Roles that a list of titles leaves out although people hold them."""
    if drafted.appointments is not None:
        return []
    kept = {role["id"] for role in drafted.roles}
    value = document.value or {}
    held = {one.get("role") for one in value.get("appointments") or []}
    return [
        document.fault(
            ("roles", number),
            f"'{role['title']}' is not in the list of titles, and people hold this role",
            "take out or end their appointments first, or correct the title",
        )
        for number, role in enumerate(value.get("roles") or [])
        if role["id"] in held - kept
    ]


def _signed(text: str, document: Document, authors: Sequence[str]) -> str:
    now = parse(text.encode(), document.file)
    signed = with_authors(text, now, authors)
    if signed is None:
        message = "'release' stands in one line, so that who changed it cannot be added"
        raise Faults([document.fault(("release",), message, "write each of its keys on a line")])
    return signed


def _unharmed(before: Document, after: Document) -> None:
    """Whatever is not brought in has to say what it said. Raises Faults."""
    rest = [_rest(document.value) for document in (before, after)]
    if rest[0] != rest[1]:
        message = "the list cannot be put in without changing other things in the file"
        hint = "write 'roles:' and 'appointments:' at the margin, each on lines of its own"
        raise Faults([Fault(before.file, 0, 0, message, hint)])


def _rest(value: Any) -> Any:
    rest = {key: said for key, said in value.items() if key not in ("roles", "appointments")}
    release = rest.get("release")
    if isinstance(release, dict):
        rest["release"] = {key: said for key, said in release.items() if key != "changed_by"}
    return rest


def _at_source(fault: Fault, before: Document, after: Document, drafted: Draft) -> Fault:
    """A fault in what was brought in is said of the row that it came from, and any other of the
    place that it has in the file as it is."""
    if fault.file != after.file:
        return fault
    sources: dict[tuple[str | int, ...], tuple[str, int]] = {
        **{("roles", n): place for n, place in enumerate(drafted.role_places)},
        **{("appointments", n): place for n, place in enumerate(drafted.places)},
    }
    paths = [path for path, place in after.places.items() if place == (fault.line, fault.column)]
    for path in paths:
        if path[:2] in sources:
            file, row = sources[path[:2]]
            return replace(fault, file=file, line=row, column=0)
    line, column = next((before.places[path] for path in paths if path in before.places), (0, 0))
    return replace(fault, line=line, column=column)
