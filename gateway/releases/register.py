"""A folder of release files, exclusions, synthetic files and domain classes -> `Register`.

It loads whole or not at all: a faulty list never leaves the others standing alone, and a file
that would be overlooked (wrong ending, subfolder) is a fault, because an overlooked release has
no embargo.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Iterable, Mapping

from gateway.model.address import normalise_domain
from gateway.model.fault import Fault, Faults
from gateway.model.likeness import LikeWords
from gateway.model.people import Directory
from gateway.model.register import Register, SyntheticFile
from gateway.model.release import Release
from gateway.model.roster import Exclusion
from gateway.releases import values
from gateway.releases.entries import Entry, Sheet
from gateway.releases.holders import Known
from gateway.releases.laws import LawFiles, read_laws
from gateway.releases.likeness_file import read_likeness
from gateway.releases.people_file import read_people
from gateway.releases.release_file import read_release
from gateway.releases.roster_file import read_exclusions
from gateway.releases.synthetic import read_synthetic
from gateway.yaml_source import load, parse, read

CLASSES = ("internal", "government", "webmail", "media", "partner")
LIKENESS = "likeness.yaml"
_EXCLUSIONS = "_exclusions.yaml"
_PEOPLE = "_people.yaml"
_SYNTHETIC = "_synthetic.yaml"
_NO_RELEASES = (_EXCLUSIONS, _PEOPLE, _SYNTHETIC)
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def load_register(
    directory: Path, domains: Path | None, zone: str, own: Iterable[str] = (),
    versions: Mapping[str, bytes] | None = None, laws: LawFiles | None = None,
) -> Register:  # fmt: skip
    """Read everything. `zone` is the department's, `own` its domains, which are internal;
    `versions` are texts to read in place of the folder's files, by names without the ending.
    `laws` are the regimes that releases may name; without them, those beside `directory`, where
    the file of what people take for one another may be, too.

    Raises Faults with every fault of every file.
    """
    faults: list[Fault] = []
    sheets: list[Sheet] = []
    regimes = read_laws(laws or LawFiles.beside(directory), sheets, faults)
    releases: dict[str, Release] = {}
    exclusions: tuple[Exclusion, ...] = ()
    synthetic: dict[str, SyntheticFile] = {}
    paths = _files(directory, faults) if versions is None else _named(directory, versions)
    ids = frozenset(path.stem for path in paths if path.name not in _NO_RELEASES)
    known = Known(Directory(), ids)
    # Everything else may refer to people, so that they are read first.
    for path in sorted(paths, key=lambda path: path.name != _PEOPLE):
        sheet = _sheet(path, faults, versions)
        if sheet is None:
            continue
        sheets.append(sheet)
        if path.name == _PEOPLE:
            known = Known(read_people(sheet, ids), ids)
        elif path.name == _EXCLUSIONS:
            exclusions = read_exclusions(_for_all(sheet, "exclusions"), known.directory)
        elif path.name == _SYNTHETIC:
            synthetic = read_synthetic(_for_all(sheet, "synthetic"))
        elif release := read_release(sheet, path.stem, zone, regimes, known):
            releases[release.id] = release
    classes: dict[str, str] = {}
    if domains is not None and (sheet := _sheet(domains, faults)):
        sheets.append(sheet)
        classes = _classes(sheet)
    like, likeness = LikeWords(), directory.parent / LIKENESS
    if likeness.exists() and (sheet := _sheet(likeness, faults)):
        sheets.append(sheet)
        like = read_likeness(sheet)
    classes |= {name: "internal" for name in map(normalise_domain, own) if name}
    faults += [fault for sheet in sheets for fault in sheet.faults]
    if faults:
        raise Faults(faults)
    digest = _digest(sheets, classes)
    return Register(
        releases, exclusions, classes, digest, synthetic, zone, known.directory, regimes.regimes,
        like,
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
        entries = sorted(directory.iterdir())
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


def _for_all(sheet: Sheet, key: str) -> Entry:
    """A file of one list that holds for every release."""
    root = sheet.root((key, "changed_by"))
    root.maybe("changed_by", values.authors)
    return root


def _sheet(
    path: Path, faults: list[Fault], versions: Mapping[str, bytes] | None = None
) -> Sheet | None:
    try:
        return Sheet(load(path) if versions is None else parse(versions[path.stem], str(path)))
    except Faults as found:
        faults += found.faults
        return None


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


def _digest(sheets: Iterable[Sheet], classes: dict[str, str]) -> str:
    """Names this reading: the same contents give the same digest, wherever they are stored."""
    read = [(Path(sheet.document.file).name, sheet.document.value) for sheet in sheets]
    text = json.dumps([read, classes], default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
