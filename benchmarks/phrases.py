"""What it costs to compare texts with registered phrases, in processor time.

`python benchmarks/phrases.py` prints the cost of a 2.1 KB mail, of its header fields and of 20 MB of
text, beside a register of two million digests, and of registering 200 pages.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path
from time import process_time
from typing import TypeVar

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from benchmarks.messages import classes  # noqa: E402
from gateway.detect.material.phrase_prints import phrase_prints  # noqa: E402
from gateway.detect.material.phrases import PhraseMatcher  # noqa: E402
from gateway.model.content import Text  # noqa: E402
from gateway.model.keyed import DIGEST  # noqa: E402
from gateway.model.material import (  # noqa: E402
    FIGURE,
    PHRASE,
    Digesters,
    Document,
    Material,
    Prints,
    no_prints,
)
from gateway.model.message import Location  # noqa: E402

DIGESTS, RELEASES = 2_000_000, 80
T = TypeVar("T")
HERE = Location("1", None, "body")


def main() -> None:
    digesters = Digesters(b"k" * 32)
    source = random.Random(1)
    pages = _prose(source, 70_000)
    prints, seconds = _timed(lambda: phrase_prints([Text(HERE, pages)], digesters))
    print(f"registering {prints.words:,} words: {seconds * 1e3:.0f} ms, {len(prints.digests):,}")
    matcher = PhraseMatcher(_register(digesters, prints.digests, prints.entries))
    mail = message_from_bytes(classes()["a"]).get_payload(decode=True).decode()
    english = _prose(source, 330)
    for name, text in (("benchmark mail", mail), ("mail of prose", english)):
        print(f"{name}, {len(text):,} bytes: {_each(matcher, text) * 1e6:.0f} µs")
    print(
        f"a subject of seven words: {_each(matcher, 'Minutes of the board, item two') * 1e6:.1f} µs"
    )
    print(f"two sentences out of the document: {_each(matcher, pages[5000:5300]) * 1e6:.0f} µs")
    for name, text in (
        ("other prose", _prose(source, 3_300_000)),
        ("one phrase", "the committee noted seventeen remaining turbines " * 400_000),
        ("one phrase of the document", (pages[3000:3100] + " ") * 200_000),
        ("the document again and again", pages * 44),
    ):
        traces, seconds = _timed(lambda text=text: matcher.in_text(Text(HERE, text)))
        print(f"{len(text) / 1e6:.0f} MB of {name}: {seconds:.2f} s, {len(traces)} traces")


def _prose(source: random.Random, words: int) -> str:
    """Words of a vocabulary of 4,000, every second one short, as in English."""
    letters = "etaoinshrdlucmfwypvbgk"
    vocabulary = [
        "".join(source.choices(letters, k=source.choice((2, 3, 2, 3, 4, 6, 7, 8, 9))))
        for _ in range(4000)
    ]
    return " ".join(source.choices(vocabulary, k=words))


def _register(digesters: Digesters, digests: np.ndarray, entries: np.ndarray) -> Material:
    """`digests` among two million others of 80 releases with ten documents each."""
    noise = np.random.default_rng(1)
    every = np.concatenate((digests, noise.integers(0, 2**64, DIGESTS, np.uint64).astype(DIGEST)))
    others = np.zeros(DIGESTS, PHRASE)
    others["document"] = noise.integers(1, 10 * RELEASES, DIGESTS)
    order = np.argsort(every)
    prints = Prints(every[order], np.concatenate((entries, others))[order])
    documents = tuple(Document(f"r{n % RELEASES}", f"d{n}") for n in range(10 * RELEASES))
    figures = no_prints(FIGURE)
    return Material(
        digesters, documents, prints, figures, np.empty(0, np.uint32), lambda _: ("page",)
    )


def _each(matcher: PhraseMatcher, text: str, times: int = 2000) -> float:
    """Seconds a text, the least of five rounds."""
    content = Text(HERE, text)
    return (
        min(_timed(lambda: [matcher.in_text(content) for _ in range(times)])[1] for _ in range(5))
        / times
    )


def _timed(run: Callable[[], T]) -> tuple[T, float]:
    started = process_time()
    result = run()
    return result, process_time() - started


if __name__ == "__main__":
    main()
