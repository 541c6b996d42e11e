"""Registers documents for tests of phrases, without files: what the index would hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gateway.detect.material.phrase_prints import phrase_prints
from gateway.detect.material.phrases import PhraseMatcher
from gateway.model.content import Content, Text
from gateway.model.material import FIGURE, Digesters, Document, Material, Prints, no_prints
from gateway.model.message import Location
from gateway.model.trace import Trace

KEY = b"k" * 32


@dataclass(frozen=True, slots=True)
class Registered:
    """A document to be registered."""

    release: str
    name: str
    contents: tuple[Content, ...]
    public: bool = False


def document(
    text: str, release: str = "herons", name: str = "", public: bool = False
) -> Registered:
    """One of a single text."""
    named = name or ("last year.docx" if public else "bulletin.docx")
    return Registered(release, named, (Text(Location("1"), text),), public)


def material(*documents: Registered, key: bytes = KEY) -> Material:
    """All of them, merged as the index has them."""
    digesters = Digesters(key)
    prints = [phrase_prints(each.contents, digesters) for each in documents]
    for number, one in enumerate(prints):
        one.entries["document"] = number
    digests = np.concatenate([one.digests for one in prints])
    entries = np.concatenate([one.entries for one in prints])
    order = np.argsort(digests, kind="stable")
    return Material(
        digesters,
        tuple(Document(each.release, each.name, each.public) for each in documents),
        Prints(digests[order], entries[order]),
        no_prints(FIGURE),
        np.empty(0, np.uint32),
        lambda number: prints[number].places,
    )


def matcher(*documents: Registered) -> PhraseMatcher:
    """What finds them again."""
    return PhraseMatcher(material(*documents))


def said(text: str, where: str = "body") -> Text:
    """A text of a message."""
    return Text(Location("1", None, where), text)


def bits(traces: list[Trace], release: str = "herons") -> float:
    """What they prove of one release, each shared thing counted once."""
    return sum({trace.mark: trace.bits for trace in traces if trace.release == release}.values())
