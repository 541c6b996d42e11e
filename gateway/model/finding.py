"""What a detector says about contents.

Evidence never repeats the leak (law 8): `facts` and `snippet` carry kinds, counts, positions and
masked text, never values from the message.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Mapping, Union

from gateway.model.acquaintance import Participants
from gateway.model.file_digest import FileDigest
from gateway.model.message import Gap, Location
from gateway.model.sign import Sign
from gateway.model.trace import Trace

Json = Union[None, bool, int, float, str, list["Json"], dict[str, "Json"]]

FindingKind = Literal[
    "marking", "embargo-banner", "microdata", "identifiers", "release-material",
    "release-figures", "register-rows", "indication", "unpublished-period",
    "lookalike-recipient", "added-recipient",
]  # fmt: skip
Confidence = Literal["high", "medium", "low"]
_UNSEEN = ("hidden", "very-hidden")


@dataclass(frozen=True, slots=True)
class Finding:
    """One observation. `facts` holds JSON values only; which keys, each detector documents."""

    kind: FindingKind
    location: Location
    confidence: Confidence
    facts: Mapping[str, Json] = field(default_factory=dict)
    snippet: str = ""

    @property
    def hidden(self) -> bool:
        """Whether it stood where somebody who opens the document would not see it."""
        return self.facts.get("hidden") is True or self.facts.get("visibility") in _UNSEEN


@dataclass(frozen=True, slots=True)
class Mention:
    """A release named in the message: by `title`, `subject-words`, `banner`, `header`, or by a
    `link` to where its documents lie.

    `figures` counts statistic-like numbers (percentages, grouped thousands, decimals) in the
    same text; a mention beside figures is a different thing from a diary entry.
    """

    release: str
    how: Literal["header", "banner", "link", "title", "subject-words"]
    location: Location
    figures: int = 0


@dataclass(frozen=True, slots=True)
class PartFacts:
    """What rules may ask of one part. `verdict` is the microdata verdict ("" for no table).

    `detected_type` comes from the content; what contradicts `content_type` is a mismatch (`media_type`).
    `figures` counts statistic-like numbers (cells of tables too), wherever the release they
    belong to is named; 50 means "or more". `packed` are the files of an archive that holds
    nothing else. `all_published`: its tables are those of a registered export, and every period in
    them is out.
    """

    number: str
    name: str | None
    role: Literal["body", "attachment", "inline"]
    content_type: str
    detected_type: str
    size: int
    sha256: str
    verdict: str = ""
    rows: int = 0
    columns: int = 0
    figures: int = 0
    packed: tuple[FileDigest, ...] = ()
    all_published: bool = False

    @property
    def digest(self) -> FileDigest:
        return FileDigest(self.sha256, self.packed)


@dataclass(frozen=True, slots=True)
class PartReport:
    """Everything that leaves the process that read a part: no content. `quoted` are the people of
    the message that a body quotes first, `traces` what it shares with registered material, `signs`
    what the register and the clock are still to judge."""

    facts: PartFacts
    findings: tuple[Finding, ...] = ()
    mentions: tuple[Mention, ...] = ()
    gaps: tuple[Gap, ...] = ()
    ms_extract: float = 0.0
    ms_detect: float = 0.0
    quoted: Participants | None = None
    traces: tuple[Trace, ...] = ()
    signs: tuple[Sign, ...] = ()
