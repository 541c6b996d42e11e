"""Registers and removes the material of releases, for commands, mail and the watched folder alike.

- All documents of a pack are registered or none; every reason against it is told at once.
- Each change is in the audit: who, which release, how much; never a name, a word or a figure.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches

from gateway.act.material_reading import read_documents
from gateway.config import Config
from gateway.decide.embargo import embargoed
from gateway.model.material import DocumentPrints
from gateway.model.register import Register
from gateway.releases.material.document import Registered
from gateway.releases.material.folder import MaterialFolder
from gateway.releases.material.sealing import MaterialKey
from gateway.releases.material.unavailable import MaterialUnavailable, NotRegistered
from gateway.store import Store, StoreError

REGISTERED, REMOVED, PURGED = "material registered", "material removed", "material purged"
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Pack:
    """What somebody wants to be recognised: files (name, bytes) of one release. `public` ones are
    out already: what stands in them proves nothing."""

    release: str
    files: tuple[tuple[str, bytes], ...]
    by: str
    public: bool = False


class MaterialRegister:
    """Raises NotRegistered, MaterialUnavailable and StoreError, and then nothing has changed."""

    def __init__(self, config: Config, store: Store) -> None:
        self._config = config
        self._store = store
        self.folder = MaterialFolder(config.material_folder)

    def key(self) -> MaterialKey:
        """The key of what is registered."""
        return MaterialKey.load(self._config.material_key)

    async def add(self, pack: Pack, register: Register, now: datetime) -> tuple[Registered, ...]:
        """Register a pack; what could not be read of it is in the `gaps` of its documents."""
        _check(pack, register, self._config.limits.decoded_bytes, now)
        key = await asyncio.to_thread(self._first_key)
        prints = await read_documents(pack.files, self._config, key)
        documents = [
            (_about(pack, name, content, one, key, now), one)
            for (name, content), one in zip(pack.files, prints, strict=True)
        ]
        empty = [_empty(about) for about, one in documents if not _recognisable(one)]
        twice = [
            f"{about.name}: the same file is in this pack twice"
            for number, (about, _) in enumerate(documents)
            if any(about.id == other.id for other, _ in documents[:number])
        ]
        if empty or twice:
            raise NotRegistered(*empty, *twice)
        await asyncio.to_thread(self._add, documents, key, pack, now)
        return tuple(about for about, _ in documents)

    def _add(
        self, documents: list[tuple[Registered, DocumentPrints]], key: MaterialKey, pack: Pack,
        now: datetime,
    ) -> None:  # fmt: skip
        try:
            self.folder.add(documents, key)
        except OSError as error:
            raise NotRegistered(f"{self.folder.path}: {error.strerror}") from None
        every = [about for about, _ in documents]
        facts = {"public": pack.public, **_counts(every)}
        try:
            self._store.note(pack.by, REGISTERED, f"release:{pack.release}", facts, now)
        except StoreError:
            # What nobody can account for is not kept.
            self.folder.remove(((about.release, about.id) for about in every), key)
            raise

    def documents(self) -> tuple[Registered, ...]:
        """Everything that is registered, by release and name."""
        if self.folder.standing() is None:
            return ()
        return self.folder.documents(self.key())

    def remove(
        self, documents: Sequence[Registered], by: str, now: datetime, action: str = REMOVED
    ) -> None:
        """Take documents out, audited for each release first."""
        key = self.key()
        for release in sorted({about.release for about in documents}):
            mine = [about for about in documents if about.release == release]
            self._store.note(by, action, f"release:{release}", _counts(mine), now)
        try:
            self.folder.remove(((about.release, about.id) for about in documents), key)
        except OSError as error:
            raise MaterialUnavailable(f"{self.folder.path}: {error.strerror}") from None

    def _first_key(self) -> MaterialKey:
        """The key; made where nothing is registered yet, and never in place of a lost one."""
        if self.folder.standing() is None:
            return MaterialKey.make(self._config.material_key)
        key = self.key()
        self.folder.settle(key)
        return key


def _check(pack: Pack, register: Register, largest: int, now: datetime) -> None:
    """Raises NotRegistered with everything that can be known before a file is read."""
    wrong: list[str] = []
    release = register.releases.get(pack.release)
    if release is None:
        near = get_close_matches(pack.release, register.releases, 1)
        wrong.append(
            f"there is no release {pack.release}" + (f"; did you mean {near[0]}?" if near else "")
        )
    elif not pack.public and not embargoed(release, now):
        wrong.append(
            f"{pack.release}: its embargo is over, and everybody may have it; what is public can be"
            " registered as public, so that it proves nothing"
        )
    if not pack.files:
        wrong.append("there is no file to register")
    for name, content in pack.files:
        if len(content) > largest:
            wrong.append(f"{name}: larger than {largest} bytes (limits.decoded_bytes)")
        elif not content:
            wrong.append(f"{name}: the file is empty")
    if wrong:
        raise NotRegistered(*wrong)


def _about(
    pack: Pack, name: str, content: bytes, prints: DocumentPrints, key: MaterialKey, now: datetime
) -> Registered:
    return Registered(
        pack.release, key.document(content), name, pack.public, pack.by, now, prints.words,
        prints.figure_count, tuple(replace(gap, detail=gap.detail[:200]) for gap in prints.gaps),
    )  # fmt: skip


def _recognisable(prints: DocumentPrints) -> bool:
    """Whether there is anything to find again; the letters that stand in unknown bytes are not."""
    unknown = any(
        gap.reason == "no-reader" and gap.location.part == "1" and not gap.location.where
        for gap in prints.gaps
    )
    return bool(prints.phrases[0] or prints.figures[0]) and not unknown


def _empty(about: Registered) -> str:
    """Why nothing of a document could be recognised again."""
    unread = "; ".join(f"{gap.reason}: {gap.detail}" for gap in about.gaps[:_SHOWN])
    why = f" ({unread})" if unread else ""
    return f"{about.name}: it holds neither sentences nor figures that could be recognised{why}"


def _counts(documents: Sequence[Registered]) -> dict[str, object]:
    return {
        "documents": [about.id for about in documents],
        "words": sum(about.words for about in documents),
        "figures": sum(about.figures for about in documents),
        "unread": sum(len(about.gaps) for about in documents),
    }
