"""Two versions of a file of the releases folder, each read beside all the others, and compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gateway.config import Config
from gateway.lists import load_files
from gateway.model.fault import Faults
from gateway.model.people import Directory
from gateway.model.register import Register
from gateway.model.roster import Roster
from gateway.releases.comparison import differences
from gateway.releases.directory_comparison import common_differences

_EMPTY = Roster({}, (), frozenset())


@dataclass(frozen=True, slots=True)
class Version:
    """What a file of that name (without its ending) says; None: there is no such file."""

    id: str
    text: bytes | None


def compared(
    config: Config, texts: Mapping[str, bytes], old: Version, new: Version
) -> tuple[str, ...]:
    """What became different, one sentence each. `texts` are the files as they are. An old version
    that no longer loads is none. Raises Faults where the new one does not load."""
    after = _register(config, texts, new)
    try:
        before = _register(config, texts, old)
    except Faults:
        before = _register(config, texts, Version(old.id, None))
    return _told(before, old, after, new)


def all_compared(
    config: Config, texts: Mapping[str, bytes], after: Register,
    old: Mapping[str, bytes | None],
) -> dict[str, tuple[str, ...]]:  # fmt: skip
    """The same of many files that changed since `old`, with one reading for all of them; `after`
    is the register of `texts`. Raises Faults."""
    kept = {id: text for id, text in old.items() if text is not None}
    others = {id: text for id, text in texts.items() if id not in old}
    try:
        before = load_files(config, {**others, **kept})
    except Faults:
        return {
            id: compared(config, texts, Version(id, text), Version(id, texts.get(id)))
            for id, text in old.items()
        }
    return {
        id: _told(before, Version(id, text), after, Version(id, texts.get(id)))
        for id, text in old.items()
    }


def _told(before: Register, old: Version, after: Register, new: Version) -> tuple[str, ...]:
    if new.id.startswith("_"):
        return common_differences(before, after)
    one, other = before.releases.get(old.id), after.releases.get(new.id)
    if other is None:
        return ("The release is gone, and its embargo with it.",) if one else ()
    if one is None:
        first = differences(replace(other, roster=_EMPTY), other, after.directory)
        return ("It is the first version.", *first)
    return differences(one, other, _people(before, after))


def _people(before: Register, after: Register) -> Directory:
    """Everybody that either version knows."""
    return Directory(people={**before.directory.people, **after.directory.people})


def _register(config: Config, texts: Mapping[str, bytes], version: Version) -> Register:
    others = {name: text for name, text in texts.items() if name != version.id}
    mine = {} if version.text is None else {version.id: version.text}
    try:
        return load_files(config, {**others, **mine})
    except Faults:
        # Another file may fit one version alone, and what is compared is this one.
        return load_files(config, mine)
