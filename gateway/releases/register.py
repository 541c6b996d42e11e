"""A folder of release files, exclusions, synthetic files and domain classes -> `Register`.

It loads whole or not at all: a faulty list never leaves the others standing alone, and a file
that would be overlooked (wrong ending, subfolder) is a fault, because an overlooked release has
no embargo.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Iterable, Mapping, TypeVar

from gateway.model.address import normalise_domain
from gateway.model.fault import Fault, Faults
from gateway.model.indication import NO_WORDS, IndicationWords
from gateway.model.likeness import LikeWords
from gateway.model.people import Delegation, Directory, Group
from gateway.model.register import Register, SyntheticFile
from gateway.model.release import Release
from gateway.model.roster import Exclusion
from gateway.releases import values
from gateway.releases.compiled import Compiled
from gateway.releases.consultation import Consultation
from gateway.releases.encoding import DirectoryEncoding, Encoding, ReleaseEncoding, told
from gateway.releases.entries import Entry, Sheet
from gateway.releases.holders import Known
from gateway.releases.indication_file import indication_file, read_indication
from gateway.releases.laws import LawFiles, Laws, read_laws
from gateway.releases.likeness_file import likeness_file, read_likeness
from gateway.releases.mailboxes import read_groups
from gateway.releases.people_file import read_people
from gateway.releases.reading import Reading, Wanted
from gateway.releases.release_file import read_release
from gateway.releases.roster_file import read_exclusions
from gateway.releases.series_file import read_all as read_all_series
from gateway.releases.series_file import series_folder
from gateway.releases.synthetic import read_synthetic
from gateway.yaml_source import read

T = TypeVar("T")
CLASSES = ("internal", "government", "webmail", "media", "partner")
_EXCLUSIONS = "_exclusions.yaml"
_PEOPLE = "_people.yaml"
_SYNTHETIC = "_synthetic.yaml"
_GROUPS = "_groups.yaml"
_NO_RELEASES = (_EXCLUSIONS, _PEOPLE, _SYNTHETIC, _GROUPS)
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_RELEASE = ReleaseEncoding()
_HERE = Path()
_DIRECTORY = DirectoryEncoding()
_LISTS = Encoding[dict[str, Group]](dict[str, Group])
_BARRED = Encoding[tuple[Exclusion, ...]](tuple[Exclusion, ...])
_INVENTED = Encoding[dict[str, SyntheticFile]](dict[str, SyntheticFile])
_DOMAINS = Encoding[dict[str, str]](dict[str, str])
_LIKENESS = Encoding[LikeWords](LikeWords)
_HINTS = Encoding[IndicationWords](IndicationWords)


def load_register(
    directory: Path, domains: Path | None, zone: str, own: Iterable[str] = (),
    versions: Mapping[str, bytes] | None = None, laws: LawFiles | None = None,
    compiled: Compiled | None = None,
) -> Register:  # fmt: skip
    """Read everything. `zone` is the department's, `own` its domains, which are internal;
    `versions` are texts to read in place of the folder's files, by names without the ending.
    `laws` are the regimes that releases may name; without them, those beside `directory`, where
    the department's own file of what people take for one another may be, too. `compiled` is what
    earlier readings remember, and remembers this one.

    Raises Faults with every fault of every file.
    """
    reading = Reading(compiled or Compiled())
    regimes = read_laws(laws or LawFiles.beside(directory), reading)
    paths = _files(directory, reading.faults) if versions is None else _named(directory, versions)
    folder = _Folder(reading, paths, versions or {})
    people = folder.people()
    releases = folder.releases(zone, regimes, people)
    exclusions, synthetic = folder.exclusions(people), folder.synthetic()
    listed = reading.take(Wanted(_DOMAINS, domains, _classes)) if domains is not None else None
    likeness = likeness_file(directory)
    like = (
        reading.take(Wanted(_LIKENESS, likeness, read_likeness)) if likeness is not None else None
    )
    series = read_all_series(series_folder(directory), reading)
    indication = indication_file(directory)
    hints = reading.take(Wanted(_HINTS, indication, read_indication)) if indication else None
    internal = {name: "internal" for name in map(normalise_domain, own) if name}
    classes = (listed or {}) | internal
    if reading.faults:
        raise Faults(reading.faults)
    return Register(
        releases, exclusions, classes, reading.digest(classes), synthetic, zone, people,
        regimes.regimes, like or LikeWords(), series=series, indication=hints or NO_WORDS,
    )  # fmt: skip


def read_versions(directory: Path) -> dict[str, bytes]:
    """The texts of the folder's files as they are, by their names without the ending. Raises
    Faults where one cannot be read or would be overlooked."""
    faults: list[Fault] = []
    texts: dict[str, bytes] = {}
    for path in _files(directory, faults):
        try:
            texts[path.stem] = read(path, str(path))
        except Faults as found:
            faults += found.faults
    if faults:
        raise Faults(faults)
    return texts


def _files(directory: Path, faults: list[Fault]) -> list[Path]:
    """The files to read, in order of their names; what would be overlooked is a fault."""
    try:
        entries = sorted(directory.iterdir(), key=lambda path: path.name)
    except OSError as error:
        reason = error.strerror or "cannot be read"
        faults.append(Fault(str(directory), 0, 0, reason, "releases need a folder of their own"))
        return []
    found = []
    for path in entries:
        if path.name.startswith(".") or path.suffix in (".md", ".txt"):
            continue
        named = path.name in _NO_RELEASES or (path.suffix == ".yaml" and _ID.fullmatch(path.stem))
        if named and not path.is_dir():
            found.append(path)
            continue
        hint = "name it like cla-2018.yaml: small letters, digits and hyphens"
        if path.is_dir():
            hint = "put release files straight into the folder of releases"
        faults.append(Fault(str(path), 0, 0, "would be overlooked: not a release file", hint))
    return found


def _named(directory: Path, versions: Mapping[str, bytes]) -> list[Path]:
    return [directory / f"{stem}.yaml" for stem in sorted(versions)]


class _Folder:
    """The files of the folder of releases; `versions` are read in place of what they say."""

    def __init__(
        self, reading: Reading, paths: Iterable[Path], versions: Mapping[str, bytes]
    ) -> None:
        self._reading = reading
        self._paths = {path.name: path for path in paths}
        self._versions = versions
        self._releases = [path for name, path in self._paths.items() if name not in _NO_RELEASES]
        self._ids = frozenset(path.stem for path in self._releases)

    def people(self) -> Directory:
        found = self._take(
            _PEOPLE, Wanted(
                _DIRECTORY, _HERE, lambda sheet: read_people(sheet, self._ids),
                fits=lambda known: self._refer(known.delegations),
            ),
        )  # fmt: skip
        return self._with_groups(Directory() if found is None else found)

    def _with_groups(self, people: Directory) -> Directory:
        """The same with the lists of a file of their own."""

        def convert(sheet: Sheet) -> dict[str, Group]:
            return read_groups(_for_all(sheet, "groups"), people, _GROUPS)

        if _GROUPS not in self._paths:
            return people
        found = self._take(_GROUPS, Wanted(_LISTS, _HERE, convert, self._who())) or {}
        return replace(people, groups={**people.groups, **found})

    def releases(self, zone: str, laws: Laws, people: Directory) -> dict[str, Release]:
        depends = zone.encode(), told(laws)
        asked = Consultation(people, *self._who())
        known = Known(asked.directory, self._ids)

        def fits(release: Release) -> bool:
            return self._refer(release.roster.delegations)

        found = self._reading.take_all(
            Wanted(
                _RELEASE, path, partial(_release, path.stem, zone, laws, known), depends,
                self._text(path), fits, asked,
            )
            for path in self._releases
        )  # fmt: skip
        return {release.id: release for release in found}

    def exclusions(self, people: Directory) -> tuple[Exclusion, ...]:
        asked = Consultation(people, *self._who())

        def convert(sheet: Sheet) -> tuple[Exclusion, ...]:
            return read_exclusions(_for_all(sheet, "exclusions"), asked.directory)

        return self._take(_EXCLUSIONS, Wanted(_BARRED, _HERE, convert, people=asked)) or ()

    def synthetic(self) -> dict[str, SyntheticFile]:
        def convert(sheet: Sheet) -> dict[str, SyntheticFile]:
            return read_synthetic(_for_all(sheet, "synthetic"))

        return self._take(_SYNTHETIC, Wanted(_INVENTED, _HERE, convert)) or {}

    def _who(self) -> tuple[bytes, ...]:
        """What is known so far of people and lists, by the digests of their files."""
        return tuple(self._reading.said(self._paths.get(name)) for name in (_PEOPLE, _GROUPS))

    def _refer(self, delegations: Iterable[Delegation]) -> bool:
        """Whether they name only releases that there still are."""
        return all(one.releases <= self._ids for one in delegations)

    def _text(self, path: Path) -> bytes | None:
        return self._versions.get(path.stem)

    def _take(self, name: str, wanted: Wanted[T]) -> T | None:
        """What the file of this name says; None where there is none."""
        path = self._paths.get(name)
        if path is None:
            return None
        return self._reading.take(replace(wanted, path=path, text=self._text(path)))


def _release(stem: str, zone: str, laws: Laws, known: Known, sheet: Sheet) -> Release | None:
    return read_release(sheet, stem, zone, laws, known)


def _for_all(sheet: Sheet, key: str) -> Entry:
    """A file of one list that holds for every release."""
    root = sheet.root((key, "changed_by"))
    root.maybe("changed_by", values.authors)
    return root


def _classes(sheet: Sheet) -> dict[str, str]:
    classes: dict[str, str] = {}
    root = sheet.root(CLASSES)
    for class_ in CLASSES:
        for number, domain in enumerate(root.each(class_, values.domain)):
            if domain in classes:
                place = (class_, number)
                sheet.fault(
                    place, f"'{domain}' is {classes[domain]} already", "keep one of the two"
                )
            else:
                classes[domain] = class_
    return classes
