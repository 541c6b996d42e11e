"""What 80 releases of 200 pages and 2,000 figures cost: size on disk, memory, opening, adding.

    python -m benchmarks.material [--releases 80] [--phrases 25000] [--forms 40000]

Times are CPU time (process_time). The material is random digests, which is all that is ever kept;
how many of them a page or a figure yields is set by --phrases and --forms (each of a release).
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import numpy as np

from gateway.key_file import make_key
from gateway.model.keyed import DIGEST
from gateway.model.material import FIGURE, PHRASE, DocumentPrints
from gateway.releases.material import find_material, open_material
from gateway.releases.material.document import Registered
from gateway.releases.material.folder import MaterialFolder
from gateway.releases.material.sealing import MaterialKey

_WORDS_OF_CONTEXT = 8


def synthetic(
    release: str, number: int, phrases: int, forms: int, source: np.random.Generator
) -> tuple[Registered, DocumentPrints]:
    """A document of so many phrase digests, and so many digests of 2,000 figures."""
    words = np.zeros(phrases, PHRASE)
    words["place"], words["position"] = np.arange(phrases) % 400, np.arange(phrases) * 4
    figures = np.zeros(forms, FIGURE)
    figures["place"] = 400 + np.arange(forms) % 2000
    figures["context"] = (np.arange(forms) % 2000) * (_WORDS_OF_CONTEXT + 1)
    context = source.integers(0, 2**32, 2000 * (_WORDS_OF_CONTEXT + 1), np.uint32)
    context[:: _WORDS_OF_CONTEXT + 1] = _WORDS_OF_CONTEXT
    places = tuple(f"page {n // 2 + 1}, paragraph {n % 2 + 1}" for n in range(400))
    places += tuple(f"sheet Table_{n // 100 + 1}, C{n % 100 + 5}" for n in range(2000))
    prints = DocumentPrints(
        (source.integers(0, 2**64, phrases, np.uint64).astype(DIGEST).tobytes(), words.tobytes()),
        (source.integers(0, 2**64, forms, np.uint64).astype(DIGEST).tobytes(), figures.tobytes()),
        context.tobytes(), places, phrases * 4, 2000,
    )  # fmt: skip
    about = Registered(
        release, f"{number:024x}", f"pack {number}.xlsx", False, "a producer", datetime.now(UTC),
        phrases * 4, 2000,
    )  # fmt: skip
    return about, prints


def timed(what: str, work: Callable[[], object], times: int = 1) -> None:
    started = process_time()
    for _ in range(times):
        work()
    print(f"{what}: {(process_time() - started) * 1000 / times:.1f} ms")


def _resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--releases", type=int, default=80)
    parser.add_argument("--phrases", type=int, default=25_000)
    parser.add_argument("--forms", type=int, default=40_000)
    asked = parser.parse_args()
    source = np.random.default_rng(7)
    with tempfile.TemporaryDirectory() as name:
        key_file = Path(name) / "key"
        make_key(key_file)
        key, folder = MaterialKey.load(key_file), MaterialFolder(Path(name) / "material")
        documents = [
            synthetic(f"release-{n}", n, asked.phrases, asked.forms, source)
            for n in range(asked.releases)
        ]
        last = documents.pop()
        timed(f"register {len(documents)} documents at once", lambda: folder.add(documents, key))
        timed("add one more (reads, merges and writes all)", lambda: folder.add([last], key))
        sizes = [path.stat().st_size for path in folder.path.rglob("*.document")]
        index = (folder.index).stat().st_size
        print(f"on disk: {sum(sizes) / 2**20:.0f} MiB documents, {index / 2**20:.0f} MiB index")
        print(f"phrase digests: {asked.phrases * asked.releases:,}")
        print(f"figure digests: {asked.forms * asked.releases:,}")
        print(f"memory at most while registering: {_resident():.0f} MiB")
        timed("look through all of it", lambda: find_material(folder.path, key_file))
        found = find_material(folder.path, key_file)
        timed(
            "see that nothing has changed", lambda: find_material(folder.path, key_file, found), 9
        )
        timed("open it", lambda: open_material(found), 9)
        material = open_material(found)
        assert material is not None
        asked_for = np.sort(source.choice(material.phrases.digests, 40))
        material.phrases.find(asked_for)
        timed("40 look-ups", lambda: material.phrases.find(asked_for), 1000)
        timed("the places of a document, first time", lambda: material.places(3))
        timed("remove one", lambda: folder.remove([("release-3", f"{3:024x}")], key))


if __name__ == "__main__":
    main()
