"""Writes roles and appointments into the text of a release file, and leaves the rest as it stands.

Everything outside the two sections is kept letter by letter, remarks included.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import Any, Iterable, Mapping, Sequence

from gateway.releases.importing.draft import Draft, Raw
from gateway.releases.importing.suggestions import Suggestion
from gateway.yaml_source import Document

_PLAIN = re.compile(r"[A-Za-z][\w&'()./@+-]*(?: [\w&'()./@+-]+)*")
_OTHERS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}


def written(draft: Draft, suggestions: Mapping[str, tuple[Suggestion, ...]]) -> dict[str, str]:
    """The text of each section; `suggestions` are whom the directory has for a role, by its id."""
    sections = {"roles": "roles:\n" + "".join(_entry(role) for role in draft.roles)}
    asked = "".join(_asked(role, suggestions.get(role["id"], ())) for role in draft.open)
    if draft.appointments is not None:
        entries = "".join(
            _entry(entry, name) for entry, name in zip(draft.appointments, draft.names, strict=True)
        )
        sections["appointments"] = f"appointments:{'' if entries else ' []'}\n{entries}{asked}"
    elif asked:
        sections["roles"] += asked
    return sections


def replaced(text: str, document: Document, sections: Mapping[str, str]) -> str:
    """The text with these sections in place of its own, or at its end."""
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    starts = sorted(place[0] - 1 for path, place in document.places.items() if len(path) == 1)
    for name in sorted(sections, key=lambda name: -document.places.get((name,), (0, 0))[0]):
        if (name,) not in document.places:
            continue
        start = document.places[(name,)][0] - 1
        end = next((line for line in starts if line > start), len(lines))
        while end > start + 1 and _between(lines[end - 1]):
            end -= 1
        lines[start:end] = [sections[name]]
    for name, section in sections.items():
        if (name,) not in document.places:
            lines.append(f"\n{section}")
    return "".join(lines)


def with_authors(text: str, document: Document, authors: Sequence[str]) -> str | None:
    """The text with `changed_by` in its release; None where that is not written in lines."""
    lines = text.splitlines(keepends=True)
    said = document.places.get(("release", "changed_by"))
    release = document.places[("release",)]
    first = min(
        (place for path, place in document.places.items() if path[:1] == ("release",) and len(path) == 2),
        default=release,
    )  # fmt: skip
    if first[0] == release[0]:
        return None
    indent = " " * (first[1] - 1)
    line = f"{indent}changed_by: {_flow(authors if len(authors) > 1 else authors[0])}\n"
    if said:
        lines[said[0] - 1] = line
    else:
        lines.insert(first[0] - 1, line)
    return "".join(lines)


def _between(line: str) -> bool:
    """A blank line or a remark at the margin belongs to what comes after it."""
    return not line.strip() or line.startswith("#")


def _entry(raw: Raw, remark: str = "") -> str:
    told = []
    for key, value in raw.items():
        about = f"  # {_remark(remark)}" if remark and key in ("address", "person") else ""
        told.append(f"{key}: {_flow(value)}{about}")
    return "".join(
        f"  {'-' if number == 0 else ' '} {line}\n" for number, line in enumerate(told)
    )  # fmt: skip


def _asked(role: Raw, suggestions: Iterable[Suggestion]) -> str:
    many = role.get("count", 1)
    places = "1 place" if many == 1 else f"{many} places"
    told = [f"  # Nobody is named for {_remark(role['title'])} ({places}). To fill in:\n"]
    told += ["  # - role: " + _flow(role["id"]) + "\n"]
    found = list(suggestions)
    told += [
        f"  #   address: {one.address}   # {_remark(one.sentence)} Ask before you name them.\n"
        for one in found
    ] or ['  #   address: ""\n']
    return "".join(told)


def _remark(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _flow(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_flow, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_flow(inner)}' for key, inner in value.items())}}}"
    if isinstance(value, str):
        plain = _PLAIN.fullmatch(value) and value.casefold() not in _OTHERS
        return value if plain else json.dumps(value, ensure_ascii=False)
    return str(value)
