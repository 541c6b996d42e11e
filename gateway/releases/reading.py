"""One reading of all files: the faults so far, and what was remembered of files that have none."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Generic, Iterable, Sequence, TypeVar

import orjson

from gateway.model.fault import Fault, Faults
from gateway.releases.compiled import Compiled, Remembered
from gateway.releases.consultation import Consultation
from gateway.releases.encoding import Encoding
from gateway.releases.entries import Sheet
from gateway.releases.many_hands import hands, shared_out
from gateway.yaml_lines import LineReader
from gateway.yaml_source import parse, read

T = TypeVar("T")
_MANY = 100
_FEW = 8


@dataclass(frozen=True, slots=True)
class Wanted(Generic[T]):
    """What is wanted of one file: `convert` makes it. `depends` is all that this looks at besides
    the file, but for the people whom it asks about in `people`; `fits` is whether what was read
    before still stands. `text` is read in place of the file."""

    encoding: Encoding[T]
    path: Path
    convert: Callable[[Sheet], T | None]
    depends: tuple[bytes, ...] = ()
    text: bytes | None = None
    fits: Callable[[T], bool] = lambda _: True
    people: Consultation | None = None

    def stands(self, known: Remembered) -> bool:
        """Whether what was remembered is what would be read now."""
        asked = known.asked
        if asked is not None and (self.people is None or not self.people.agrees(asked)):
            return False
        return self.fits(known.value)


class Reading:
    """`faults` are those of every file."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.faults: list[Fault] = []
        self._said: dict[Path, str] = {}
        self._lines = LineReader()

    def take(self, wanted: Wanted[T]) -> T | None:
        """What a file says; None where it cannot be read."""
        path = wanted.path
        self._said[path] = "unreadable"
        try:
            digest, raw = self._looked(wanted)
            key = self._key(wanted, digest)
            known = self.compiled.recall(key, wanted.encoding, wanted.stands)
            if known is not None:
                self._said[path] = known.digest
                value: T = known.value
                return value
            if raw is None:
                raw = read(path, str(path))
                key = self._key(wanted, _digest_of(raw))
            self._said[path] = f"faulty {key}"
            sheet = Sheet(parse(raw, str(path), self._lines))
        except Faults as found:
            self.faults += found.faults
            return None
        if wanted.people is not None:
            wanted.people.begin()
        fresh = wanted.convert(sheet)
        self.faults += sheet.faults
        if not sheet.faults:
            self._said[path] = said = _digest(sheet.document.value)
            if fresh is not None:
                asked = wanted.people.asked() if wanted.people is not None else None
                self.compiled.keep(key, wanted.encoding, Remembered(fresh, said, asked))
        return fresh

    def take_all(self, wanted: Iterable[Wanted[T]]) -> list[T]:
        """What files say, without those that cannot be read."""
        files = list(wanted)
        if len(files) >= _MANY and (count := hands()) > 1 and not self._known(files):
            self._share_out(files, count)
        found = (self.take(one) for one in files)
        return [one for one in found if one is not None]

    def _known(self, files: Sequence[Wanted[T]]) -> bool:
        """Whether any of a few of them is remembered."""
        for one in files[:: len(files) // _FEW]:
            try:
                key = self._key(one, self._looked(one)[0])
            except Faults:
                continue
            if self.compiled.recall(key, one.encoding) is not None:
                return True
        return False

    def _share_out(self, files: Sequence[Wanted[T]], count: int) -> None:
        """Have them read in several processes, and remember what these read."""

        def take(share: Sequence[Wanted[T]], compiled: Compiled) -> Compiled:
            reading = Reading(compiled)
            for one in share:
                reading.take(one)
            return compiled

        shared_out(
            files, count,
            lambda share: take(share, self.compiled),
            lambda share: take(share, self.compiled.apart()).packed(),
            lambda packed: self.compiled.unpack(packed, files[0].encoding),
        )  # fmt: skip

    def _key(self, wanted: Wanted[T], digest: bytes) -> str:
        return self.compiled.key(wanted.path.name.encode(), digest, *wanted.depends)

    def _looked(self, wanted: Wanted[T]) -> tuple[bytes, bytes | None]:
        """A digest of a file's bytes, and these as far as they had to be read: only where the file
        may have been touched."""
        if wanted.text is not None:
            return _digest_of(wanted.text), wanted.text
        path = wanted.path
        return self.compiled.looked(path, lambda: read(path, str(path)))

    def said(self, path: Path | None) -> bytes:
        """Names what was read of a file: another file may depend on it."""
        return self._said.get(path, "nothing").encode() if path is not None else b"nothing"

    def digest(self, *besides: Any) -> str:
        """Names this reading: the same contents give the same digest, wherever they are stored."""
        read_ = [(path.name, said) for path, said in self._said.items()]
        return _digest([read_, besides])


def _digest_of(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest()


def _digest(value: Any) -> str:
    written = orjson.dumps(value, default=str, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(written).hexdigest()
