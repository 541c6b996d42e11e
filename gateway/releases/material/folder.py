"""The folder of registered material: `RELEASE/ID.document` for each document, and one `.index`.

- Documents are the truth, the index is made of them; the two are exchanged together, so that a crash
  in between leaves what the next change completes (`settle`).
- Whoever changes anything holds the lock; readers never wait, and keep the index that they have open.
- Which releases have material can be seen without the key.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway.key_file import sync_folder
from gateway.model.material import DocumentPrints
from gateway.releases.material.document import Registered, SealedDocument, seal_document
from gateway.releases.material.index import Index, build, open_index
from gateway.releases.material.sealing import MaterialKey
from gateway.releases.material.unavailable import MaterialUnavailable, NotRegistered

_ENDING, _REMOVED, _INDEX, _LOCK = ".document", ".removed", ".index", ".lock"


@dataclass(frozen=True, slots=True)
class Standing:
    """What lies in the folder: documents by release and id, and those that are being removed.
    `edition` changes with every file."""

    documents: frozenset[tuple[str, str]]
    leaving: frozenset[tuple[str, str]]
    edition: str

    @property
    def releases(self) -> frozenset[str]:
        return frozenset(release for release, _ in self.documents)


class MaterialFolder:
    """Raises MaterialUnavailable where something in it cannot be read or is not what was written,
    OSError where it cannot be written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.index = path / _INDEX

    def standing(self, *others: Path) -> Standing | None:
        """What lies there; None where nothing does. `others` count for the edition, too."""
        found: dict[str, set[tuple[str, str]]] = {_ENDING: set(), _REMOVED: set()}
        state = hashlib.blake2b(digest_size=8)
        try:
            if not self.path.is_dir():
                return None
            paths = sorted(self.path.glob(f"*/*{_ENDING}")) + sorted(
                self.path.glob(f"*/*{_REMOVED}")
            )
            for path in (self.index, *paths, *others):
                state.update(f"{path}\0{_identity(path)}\0".encode())
        except OSError as error:
            raise MaterialUnavailable(f"the folder cannot be read: {error.strerror}") from None
        for path in paths:
            if not path.parent.name.startswith("."):
                found[path.suffix].add((path.parent.name, path.stem))
        if not paths and not self.index.exists():
            return None
        return Standing(frozenset(found[_ENDING]), frozenset(found[_REMOVED]), state.hexdigest())

    def documents(self, key: MaterialKey) -> tuple[Registered, ...]:
        """What is known of every document, by release and name."""
        standing = self.standing()
        if standing is None:
            return ()
        every = [self._sealed(*one, key).about() for one in standing.documents]
        return tuple(sorted(every, key=lambda one: (one.release, one.name, one.id)))

    def check(self, key: MaterialKey) -> None:
        """Read everything. Raises MaterialUnavailable with the first thing that is wrong."""
        standing = self.standing()
        if standing is None:
            return
        index = self._open(key)
        index.check()
        for one in sorted(standing.documents):
            self._sealed(*one, key).prints()
        self._compare(standing, index)

    def settle(self, key: MaterialKey) -> None:
        """Complete a change that a crash broke off; nothing happens where there is none."""
        standing = self.standing()
        if standing is None or not self._broken_off(standing, key):
            return
        with self._locked():
            if (now := self.standing()) is not None and self._broken_off(now, key):
                self.rebuild(key, held=True)

    def add(self, documents: Sequence[tuple[Registered, DocumentPrints]], key: MaterialKey) -> None:
        """Register documents, all or none. Raises NotRegistered where one of a release has the
        same bytes as one that it has already."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._locked():
            known = {(one.release, one.id): one for one in self._known(key)}
            doubled = [
                f"{about.name}: registered for {about.release} already, as {known[place].name}"
                + (", public" if known[place].public else "")
                for about, _ in documents
                if (place := (about.release, about.id)) in known
            ]
            if doubled:
                raise NotRegistered(*doubled)
            kept = [(known[place], self._sealed(*place, key).prints()) for place in known]
            drafts = []
            try:
                for about, prints in documents:
                    (self.path / about.release).mkdir(mode=0o700, exist_ok=True)
                    draft = self._draft([seal_document(about, prints, key)])
                    drafts.append((draft, self._document(about.release, about.id)))
                self._exchange(drafts, [*kept, *documents], key)
            except OSError:
                self._sweep()
                raise

    def remove(self, documents: Iterable[tuple[str, str]], key: MaterialKey) -> None:
        """Take out documents by release and id; what is not there is left out."""
        gone = set(documents)
        with self._locked():
            left = [
                (one, self._sealed(one.release, one.id, key).prints())
                for one in self._known(key, besides=gone)
            ]
            for release, id in gone:
                path = self._document(release, id)
                if path.exists():
                    os.replace(path, path.with_suffix(_REMOVED))
            self._exchange([], left, key)
            self._sweep()

    def rebuild(self, key: MaterialKey, held: bool = False) -> None:
        """Make the index anew from the documents that are there; `held`: by us."""
        if not held:
            with self._locked():
                self.rebuild(key, held=True)
            return
        every = [(one, self._sealed(one.release, one.id, key).prints()) for one in self._known(key)]
        self._exchange([], every, key)
        self._sweep()

    # -- inside ---------------------------------------------------------------------------------

    def _exchange(
        self, drafts: list[tuple[Path, Path]], all_: list[tuple[Registered, DocumentPrints]],
        key: MaterialKey,
    ) -> None:  # fmt: skip
        """The index is ready before the first document takes its name."""
        all_.sort(key=lambda one: (one[0].release, one[0].id))
        index = self._draft(build(all_, key)) if all_ else None
        for draft, final in drafts:
            os.replace(draft, final)
        if index is None:
            self.index.unlink(missing_ok=True)
        else:
            os.replace(index, self.index)
        for folder in {self.path, *(final.parent for _, final in drafts)}:
            sync_folder(folder)

    def _draft(self, pieces: list[bytes]) -> Path:
        draft = self.path / f".draft-{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with open(descriptor, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        return draft

    def _sweep(self) -> None:
        """What is left of removals, and of changes that were broken off."""
        for path in (*self.path.glob(f"*/*{_REMOVED}"), *self.path.glob(".draft-*")):
            path.unlink(missing_ok=True)
        for folder in self.path.iterdir():
            if folder.is_dir() and folder.name[0] != "." and not any(folder.iterdir()):
                folder.rmdir()

    def _known(
        self, key: MaterialKey, besides: Iterable[tuple[str, str]] = ()
    ) -> list[Registered]:  # fmt: skip
        standing = self.standing()
        if standing is None:
            return []
        if self.index.exists():
            missing = self._missing(standing, self._open(key)) - set(besides)
            if missing:
                raise MaterialUnavailable(_lost(missing))
        wanted = sorted(standing.documents - set(besides))
        return [self._sealed(*one, key).about() for one in wanted]

    def _broken_off(self, standing: Standing, key: MaterialKey) -> bool:
        """Whether a document came without the index, or is half gone."""
        if standing.leaving:
            return True
        return (
            bool(standing.documents)
            and self.index.exists()
            and bool(standing.documents - set(self._open(key).documents))
        )

    def _compare(self, standing: Standing, index: Index) -> None:
        if missing := self._missing(standing, index):
            raise MaterialUnavailable(_lost(missing))
        if standing.documents - set(index.documents):
            raise MaterialUnavailable("the index lacks a document")

    @staticmethod
    def _missing(standing: Standing, index: Index) -> set[tuple[str, str]]:
        return set(index.documents) - standing.documents - standing.leaving

    def _open(self, key: MaterialKey) -> Index:
        return open_index(self.index, key)

    def _sealed(self, release: str, id: str, key: MaterialKey) -> SealedDocument:
        path = self._document(release, id)
        try:
            return SealedDocument(release, id, path.read_bytes(), key)
        except MaterialUnavailable as error:
            raise MaterialUnavailable(f"{release}/{path.name}: {error}") from None
        except OSError as error:
            raise MaterialUnavailable(f"{release}/{path.name}: {error.strerror}") from None

    def _document(self, release: str, id: str) -> Path:
        return self.path / release / f"{id}{_ENDING}"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        descriptor = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _lost(missing: set[tuple[str, str]]) -> str:
    release, id = sorted(missing)[0]
    return f"{release}/{id}{_ENDING}: the document is missing, and nobody removed it"


def _identity(path: Path) -> str:
    try:
        status = path.stat()
    except FileNotFoundError:
        return "-"
    return f"{status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_mode}"
