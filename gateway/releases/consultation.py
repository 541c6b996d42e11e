"""Whom a file asks the directory about, so that it is read again only where an answer is another.

- What is asked in a way that this cannot note is not there to be asked.
- Looking through everybody depends on everybody.
"""

from __future__ import annotations

import hashlib
from typing import Any, Iterator, Mapping, NamedTuple, TypeVar, cast

from gateway.model.people import Delegation, Directory
from gateway.releases.encoding import told

V = TypeVar("V")
_FIELDS = ("people", "person_of", "mailboxes", "groups", "absent")


class Asked(NamedTuple):
    """What one file asked: names by the mappings of a directory, or looked through (`all`); a
    digest of the `answers`; and one of the `files` of people, which gave them."""

    names: dict[str, list[str]]
    all: bool
    answers: str
    files: str


class Consultation:
    """A directory that files ask one after another. `files` names the files it was read from."""

    def __init__(self, people: Directory, *files: bytes) -> None:
        self._people = people
        self._files = hashlib.sha256(repr(files).encode()).hexdigest()
        self._noted = _Noted(people)
        self.directory = cast(Directory, self._noted)

    def begin(self) -> None:
        """Another file asks from here on."""
        self._noted.forget()

    def asked(self) -> Asked:
        """What was asked since then."""
        names = {name: sorted(keys) for name, keys in self._noted.names.items() if keys}
        answers = self._answers(names, self._noted.all)
        return Asked(names, self._noted.all, answers, self._files)

    def agrees(self, asked: Asked) -> bool:
        """Whether everything that was asked then has the same answer now."""
        if asked.files == self._files:
            return True
        return self._answers(asked.names, asked.all) == asked.answers

    def _answers(self, names: Mapping[str, list[str]], all_: bool) -> str:
        if all_:
            return self._files
        found = [
            [name, key, getattr(self._people, name).get(key)]
            for name in _FIELDS
            for key in names.get(name, ())
        ]
        return hashlib.sha256(told(found)).hexdigest()


class _Noted:
    """As much of a directory as files of releases ask."""

    def __init__(self, people: Directory) -> None:
        self.all = False
        self.names: dict[str, set[str]] = {name: set() for name in _FIELDS}
        self.people = _Mapping(people.people, self, "people")
        self.person_of = _Mapping(people.person_of, self, "person_of")
        self.mailboxes = _Mapping(people.mailboxes, self, "mailboxes")
        self.groups = _Mapping(people.groups, self, "groups")
        self.absent = _Mapping(people.absent, self, "absent")
        self._aliases = people.aliases
        self._delegations = people.delegations

    @property
    def delegations(self) -> tuple[Delegation, ...]:
        self.all = True
        return self._delegations

    def aliases(self, address: str) -> tuple[str, ...]:
        self.names["person_of"].add(address)
        return self._aliases(address)

    def forget(self) -> None:
        self.all = False
        for names in self.names.values():
            names.clear()


class _Mapping(Mapping[str, V]):
    def __init__(self, known: Mapping[str, V], noted: _Noted, name: str) -> None:
        self._known = known
        self._noted = noted
        self._names = noted.names[name]

    def get(self, key: str, default: Any = None) -> Any:
        self._names.add(key)
        return self._known.get(key, default)

    def __getitem__(self, key: str) -> V:
        self._names.add(key)
        return self._known[key]

    def __contains__(self, key: object) -> bool:
        self._names.add(str(key))
        return key in self._known

    def __iter__(self) -> Iterator[str]:
        self._noted.all = True
        return iter(self._known)

    def __len__(self) -> int:
        self._noted.all = True
        return len(self._known)
