"""Registered documents of invented releases, as a process has them open, and what is asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from gateway.detect.material.conclude import conclude
from gateway.detect.material.figure_prints import FigurePrints, figure_prints
from gateway.detect.material.figures import FigureMatcher
from gateway.model.content import Table, Text
from gateway.model.finding import Finding
from gateway.model.keyed import DIGEST
from gateway.model.material import (
    CONTEXT,
    FIGURE,
    PHRASE,
    Digesters,
    Document,
    Material,
    Prints,
    no_prints,
)
from gateway.model.message import Location
from gateway.model.trace import Trace

KEY = bytes(range(32))
BODY = Location("1", None, "body")


def text(words: str, where: str = "body") -> Text:
    return Text(Location("1", None, where), words)


def table(rows: Iterable[str], where: str = "sheet Table_1") -> Table:
    """Cells are separated by bars."""
    cells = [[cell.strip() for cell in row.split("|")] for row in rows]
    return Table(Location("2", "tables.xlsx", where), cells)


def prints_of(*contents: Text | Table, key: bytes = KEY) -> FigurePrints:
    return figure_prints(contents, Digesters(key))


def registered(
    *documents: tuple[Document, Sequence[Text | Table]], key: bytes = KEY
) -> FigureMatcher:
    """A matcher that knows these documents, merged as the index merges them."""
    digests, entries, contexts, places, start = [], [], [], [], 0
    for number, (_, contents) in enumerate(documents):
        found = figure_prints(contents, Digesters(key))
        rows = np.frombuffer(found.entries, FIGURE).copy()
        rows["document"] = number
        rows["context"] += np.uint32(start)
        context = np.frombuffer(found.context, CONTEXT)
        start += len(context)
        digests.append(np.frombuffer(found.digests, DIGEST))
        entries.append(rows)
        contexts.append(context)
        places.append(found.places)
    joined = np.concatenate(digests)
    order = np.argsort(joined, kind="stable")
    figures = Prints(joined[order], np.concatenate(entries)[order])
    names = tuple(document for document, _ in documents)
    return FigureMatcher(
        Material(
            Digesters(key), names, no_prints(PHRASE), figures, np.concatenate(contexts),
            lambda number: places[number],
        )
    )  # fmt: skip


def shown(matcher: FigureMatcher, *contents: Text | Table) -> list[Trace]:
    """What all parts of a message show."""
    traces: list[Trace] = []
    for content in contents:
        traces += (
            matcher.in_table(content) if isinstance(content, Table) else matcher.in_text(content)
        )
    return traces


def found(matcher: FigureMatcher, *contents: Text | Table | str) -> tuple[Finding, ...]:
    """What a message of these contents is found to be."""
    read = [text(each) if isinstance(each, str) else each for each in contents]
    return conclude(shown(matcher, *read), {})
