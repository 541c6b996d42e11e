"""Sends the letters through the real inspection before publication, and counts what was found.

- Packs are read and kept as `gateway releases material add` reads and keeps them.
- A leak is found when a finding of registered material names its release; an innocent letter is
  flagged when one names any.
- Nothing of a letter is ever printed but its file and id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from corpus.material.crowd import crowd
from corpus.material.letters import COLLEAGUE, Letter, Split, as_bytes, letters
from corpus.material.packs import Pack, packs

from gateway.act.material_reading import read_documents
from gateway.config import Config
from gateway.config_reading import load_config
from gateway.key_file import make_key
from gateway.live import opened_inspector
from gateway.model.session import Envelope, Recipient, Session
from gateway.releases.material.document import Registered
from gateway.releases.material.folder import MaterialFolder
from gateway.releases.material.sealing import MaterialKey

ROOT = Path(__file__).resolve().parents[3]
PUBLICATION = datetime(2027, 3, 18, 9, 30, tzinfo=ZoneInfo("Europe/London"))
EVENING_BEFORE = PUBLICATION - timedelta(hours=14)
KINDS = ("release-material", "release-figures")
FIGURES, LEVEL, PASSAGE, INNOCENT = (
    "two or more figures", "one level", "one figure or a passage", "innocent",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """A letter, the releases whose material was found in it, and whether it is kept from the
    colleague."""

    letter: Letter
    releases: frozenset[str]
    held: bool

    @property
    def right(self) -> bool:
        if self.letter.leaks:
            return self.letter.release in self.releases
        return not self.releases

    @property
    def standard(self) -> str:
        """Which promise it is measured by."""
        if not self.letter.leaks:
            return INNOCENT
        if self.letter.figures >= 2:
            return FIGURES
        return LEVEL if self.letter.kind == "headline" else PASSAGE


def configured(folder: Path, packs: Iterable[Pack]) -> Config:
    """A gateway with these releases and the shipped policy."""
    releases = folder / "releases"
    releases.mkdir()
    for pack in packs:
        (releases / f"{pack.id}.yaml").write_text(_release_file(pack))
    path = folder / "config.yaml"
    path.write_text(
        "next_hop: {port: 2525, tls: never}\n"
        f"rules: {{policy: {ROOT}/rules/policy, releases: {releases},"
        f" domains: {ROOT}/rules/domains.yaml, watch: false}}\n"
        "store: {path: store/gateway.sqlite, key_file: store/gateway.key}\n"
    )
    return load_config(path)


def _release_file(pack: Pack) -> str:
    """Nobody is on the list, so that the colleague is not."""
    return (
        f'release:\n  title: "{pack.title}"\n'
        f"  instant: {PUBLICATION:%Y-%m-%dT%H:%M:%S}\n  zone: Europe/London\n  window: PT24H\n"
        f"  state: confirmed\n  market_sensitive: {str(pack.market_sensitive).lower()}\n"
        "roles: []\nappointments: []\n"
    )


async def register(config: Config, packs: Iterable[Pack]) -> None:
    """Everything that is to come, and what is out of it. Raises ValueError where a document was
    not read whole. One sandbox reads all of them, to save its start."""
    make_key(config.material_key)
    key = MaterialKey.load(config.material_key)
    named = [
        (pack.id, public, *file)
        for pack in packs
        for files, public in ((pack.files, False), (pack.public, True))
        for file in files
    ]
    every = await read_documents([(name, content) for *_, name, content in named], config, key)
    documents = []
    for (release, public, name, content), prints in zip(named, every, strict=True):
        if prints.gaps:
            raise ValueError(f"{name}: {prints.gaps[0]}")
        about = Registered(
            release, key.document(content), name, public, "a.producer@dept.example",
            EVENING_BEFORE, prints.words, prints.figure_count,
        )  # fmt: skip
        documents.append((about, prints))
    MaterialFolder(config.material_folder).add(documents, key)


async def evaluated(
    folder: Path, split: Split, others: int = 0, editions: bool = True
) -> list[Outcome]:
    """Everything of one split, with a gateway of its own in this empty folder, where as many other
    releases are registered as well; without `editions` nothing is registered that is public."""
    known = [
        pack if editions else replace(pack, public=()) for pack in (*packs(split), *crowd(others))
    ]
    config = configured(folder, known)
    await register(config, known)
    return await inspected(config, letters(split))


async def inspected(config: Config, letters: Iterable[Letter]) -> list[Outcome]:
    """What is found in each, fourteen hours before publication."""
    outcomes = []
    async with opened_inspector(config) as inspector:
        for letter in letters:
            content = as_bytes(letter, EVENING_BEFORE)
            envelope = Envelope("someone@dept.example", (Recipient(COLLEAGUE),))
            inspection = await inspector.inspect(
                Session("192.0.2.1"), envelope, content, EVENING_BEFORE
            )
            found = frozenset(
                str(finding.facts["release"])
                for finding in inspection.case.findings
                if finding.kind in KINDS
            )
            (decision,) = inspection.verdict.decisions
            outcomes.append(Outcome(letter, found, decision.disposition != "pass"))
    return outcomes


@dataclass(frozen=True, slots=True)
class Score:
    """How many of `of` letters were judged rightly."""

    right: int
    of: int

    @property
    def share(self) -> float:
        return self.right / self.of if self.of else 1.0


def score(outcomes: Iterable[Outcome], standard: str) -> Score:
    judged = [outcome.right for outcome in outcomes if outcome.standard == standard]
    return Score(sum(judged), len(judged))


def by_kind(outcomes: Iterable[Outcome]) -> Iterator[tuple[str, str, Score]]:
    """Standard, kind and score, in the order of the standards."""
    groups: dict[tuple[str, str], list[bool]] = {}
    for outcome in outcomes:
        groups.setdefault((outcome.standard, outcome.letter.kind), []).append(outcome.right)
    order = (FIGURES, LEVEL, PASSAGE, INNOCENT)
    for standard, kind in sorted(groups, key=lambda key: (order.index(key[0]), key[1])):
        judged = groups[standard, kind]
        yield standard, kind, Score(sum(judged), len(judged))


def misses(outcomes: Iterable[Outcome]) -> list[str]:
    return [outcome.letter.name for outcome in outcomes if not outcome.right]
