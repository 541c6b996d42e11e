"""Reads documents that are to be registered, each in a sandboxed child; only prints come back.

The text and figures of a document never reach this process (law 8).
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from gateway.config import Config
from gateway.extract import read_nested
from gateway.extract.sandbox import Sandbox, SandboxFailure, SandboxUnavailable
from gateway.model.content import Content
from gateway.model.limits import ParseLimits, ReadLimits
from gateway.model.material import Digesters, DocumentPrints
from gateway.model.message import Gap, Part
from gateway.parse import parse_message
from gateway.releases.material.sealing import MaterialKey

_PATIENCE = 6
"""Registering makes more of a document than looking at it does, and nobody waits on the line."""


@dataclass(frozen=True, slots=True)
class RegisteringSpec:
    """All that a child needs to make prints; picklable."""

    digests: bytes
    limits: ReadLimits
    structure: ParseLimits


class DocumentReader:
    """What a sandboxed child builds once, when it starts."""

    def __init__(self, spec: RegisteringSpec) -> None:
        # Loaded before the child is confined.
        from gateway.detect.material.prints import prints

        self._prints = prints
        self._limits = spec.limits
        self._parse = partial(parse_message, limits=spec.structure)
        self._digesters = Digesters(spec.digests)

    def prints(self, part: Part) -> DocumentPrints:
        """Never raises for anything that the document contains."""
        return self._prints(self._contents(part), self._digesters)

    def _contents(self, part: Part) -> Iterator[Content]:
        reading: Generator[Content, None, object] = read_nested(part, self._limits, self._parse)
        try:
            yield from reading
        except Exception as error:  # noqa: BLE001 - whatever it was, the rest was not read
            yield Gap(part.location, "crashed", f"the reader failed ({type(error).__name__})")


def build_document_reader(spec: RegisteringSpec) -> DocumentReader:
    return DocumentReader(spec)


def document_job(reader: DocumentReader, part: Part) -> DocumentPrints:
    return reader.prints(part)


async def read_documents(
    files: Sequence[tuple[str, bytes]], config: Config, key: MaterialKey
) -> list[DocumentPrints]:
    """The prints of each file (name, bytes), in order. What could not be read is a Gap of it."""
    limits = config.limits.read
    limits = replace(limits, seconds=limits.seconds * _PATIENCE)
    spec = RegisteringSpec(key.digests, limits, config.limits.parse)
    sandbox = Sandbox(
        document_job, build_document_reader, spec, config.sandbox.processes, config.sandbox.jobs,
        limits,
    )  # fmt: skip
    try:
        return list(await asyncio.gather(*(_read(sandbox, *file) for file in files)))
    finally:
        await sandbox.close()


async def _read(sandbox: Sandbox, name: str, content: bytes) -> DocumentPrints:
    part = Part("1", "application/octet-stream", "attachment", content, name)
    try:
        found: DocumentPrints = await sandbox.run(part)
    except SandboxFailure as failure:
        return DocumentPrints(gaps=(Gap(part.location, failure.reason, failure.detail),))
    except SandboxUnavailable as failure:
        return DocumentPrints(gaps=(Gap(part.location, "crashed", str(failure)),))
    return found
