"""Every field that a rule may ask about: its name, its type, the words it may be, what it means.

This one table checks rules as they are loaded, tells `decide` what there is to know, and is the
table of docs/rules.md; tests hold the three together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Mapping, get_args

from gateway.model.finding import Confidence, FindingKind
from gateway.model.indication import DIRECTIONS
from gateway.model.likeness import Likeness
from gateway.model.message import GapReason
from gateway.model.release import ReleaseState, Status

FieldType = Literal["text", "word", "number", "yes/no", "any"]
Role = Literal["body", "attachment", "inline"]
CLASSES = ("internal", "government", "partner", "media", "webmail", "unknown")
VERDICTS = ("microdata", "aggregate", "unsure", "not-a-table", "")
HOW = ("header", "banner", "link", "title", "subject-words")
BY_CONTENTS = ("material", "figures", "period", "indication")
PLACES = ("header", *get_args(Role))


@dataclass(frozen=True, slots=True)
class Field:
    """`words` are the only values of a `word` field; `nullable` fields may be null (unknown)."""

    name: str
    type: FieldType
    doc: str
    words: tuple[str, ...] = ()
    nullable: bool = False


def _text(name: str, doc: str, nullable: bool = False) -> Field:
    return Field(name, "text", doc, nullable=nullable)


def _number(name: str, doc: str, nullable: bool = False) -> Field:
    return Field(name, "number", doc, nullable=nullable)


def _flag(name: str, doc: str, nullable: bool = False) -> Field:
    return Field(name, "yes/no", doc, nullable=nullable)


def _word(name: str, doc: str, words: tuple[str, ...], nullable: bool = False) -> Field:
    return Field(name, "word", doc, words, nullable)


_PLACE = (
    _word("in", "the kind of part it stands in", PLACES),
    _text("name", "the attachment's file name", nullable=True),
    _text("where", 'the place inside the part: "subject", "body", "sheet Data"'),
)
_SYNTHETIC = _flag(
    "synthetic",
    "the file, or every file in the archive, is registered as synthetic, by digest, and not expired",
)
_FILE = (
    _text("name", "the file name", nullable=True),
    _text("extension", 'the end of the file name, lower case, without the dot; "" for none'),
    _text("type", "the content type that the sender declared"),
    _text("detected-type", "the content type that the bytes show"),
    _flag("type-mismatch", "the bytes show another type than was declared"),
    _number("size", "bytes after decoding"),
    _word("verdict", 'what its tables look like; "" where it has none', VERDICTS),
    _number("rows", "rows of its largest table"),
    _number("columns", "columns of its largest table"),
    _number("figures", "statistic-like numbers in it"),
    _flag("table", "it holds a table of any kind"),
    _text("sha256", "digest of the bytes, in hex"),
    _flag(
        "all-published", "its tables are of a registered export, and every period in them is out"
    ),
    _SYNTHETIC,
)
_WHO = (
    _text("address", "the normalised address"),
    _text("domain", "the part behind the @"),
    _word("class", "whose domain it is, by rules/domains.yaml", CLASSES),
)

VOCABULARY: Mapping[str, tuple[Field, ...]] = {
    "finding": (
        _word("kind", "what was found", get_args(FindingKind)),
        _word("confidence", "how sure the detector is", get_args(Confidence)),
        *_PLACE,
        _text("level", "marking: its level, e.g. official-sensitive", nullable=True),
        _text("scheme", "marking: whose scheme it belongs to", nullable=True),
        _text("descriptor", "marking: its descriptor, e.g. statistics", nullable=True),
        _text("until", "embargo-banner: the instant it names", nullable=True),
        _flag("expired", "embargo-banner: that instant is past", nullable=True),
        _word("verdict", "microdata: the verdict", VERDICTS, nullable=True),
        _number("rows", "microdata: rows of the table; register-rows: how many rows of the register "
                "are in it", nullable=True),
        _number("columns", "microdata: columns of the table", nullable=True),
        _word("visibility", "microdata: the sheet's state", ("visible", "hidden", "very-hidden"),
              nullable=True),
        _text("recipient", "added-recipient, lookalike-recipient: whom it is about", nullable=True),
        _word("likeness", "lookalike-recipient: how they resemble somebody or something on the list",
              get_args(Likeness), nullable=True),
        _text("resembles", "lookalike-recipient: the address, title, domain or release on the other "
              "side", nullable=True),
        _text("release", "lookalike-recipient: the release whose list it is; release-material, "
              "release-figures: the release whose material it is; unpublished-period, indication: the "
              "coming release that it is about", nullable=True),
        _text("register", "register-rows: the name of the register", nullable=True),
        _text("series", "unpublished-period: the id of the series", nullable=True),
        _word("direction", "indication: what it tells of the figures", DIRECTIONS, nullable=True),
        _number("matches", "release-material, release-figures: distinct phrases or figures that it "
                "shares with registered material", nullable=True),
        _flag("this-release", "its `release` is the one that is being decided about"),
        _flag("hidden", "it stood where a reader would not see it: in hidden text, or a hidden sheet"),
        _flag("notice-over-here", "in the same part stands the old notice of a release that is out"),
        _SYNTHETIC,
    ),
    "attachment": _FILE,
    "part": (_word("role", "what the sender meant it as", get_args(Role)), *_FILE),
    "gap": (
        _word("reason", "why it was not read", get_args(GapReason)),
        *_PLACE,
        _text("detected-type", "the content type that the bytes of what was not read show", nullable=True),
        _flag("structure", "it is about how the message is built, not about one of its parts"),
    ),
    "mention": (
        _text("release", "the release's id"),
        _word("how", "what names the release", HOW),
        _number("figures", "statistic-like numbers in the same text"),
        _flag("this-release", "it names the release that is being decided about"),
        *_PLACE,
    ),
    "recipient": (
        *_WHO,
        _flag("listed", "may receive this release now; null where no embargoed release is involved",
              nullable=True),
        _word("status", "the reason for it", get_args(Status), nullable=True),
        _flag("on-a-near-list", "may now receive some embargoed release due within a week"),
        _flag("added", "was not on the message that this one answers or forwards; null where nobody "
              "knows who was", nullable=True),
        _flag("first-ever", "has never been written to by this sender; null where nothing is "
              "remembered of the sender", nullable=True),
        _flag("sender-own", "looks like the sender's own private mailbox"),
        _word("likeness", "how they may have been taken for somebody on the list of this release, the "
              "most telling way; null where they resemble nobody, or hardly", get_args(Likeness),
              nullable=True),
    ),
    "sender": (
        *_WHO,
        _flag("listed", "may have this release now; null where no embargoed release is involved",
              nullable=True),
        _word("status", "the reason for it", get_args(Status), nullable=True),
        _flag("null", "the null reverse-path <> of bounces and receipts"),
    ),
    "release": (
        _flag("tied", "the message belongs to a release or carries the banner of one"),
        _flag("known", "it is in the register"),
        _flag("embargoed", "it may not yet be seen by everyone"),
        _word("how", "what ties the message to it", (*HOW, *BY_CONTENTS, "instant", "unknown"), nullable=True),
        _text("id", "its id", nullable=True),
        _word("state", "its state in the register", get_args(ReleaseState), nullable=True),
        _flag("market-sensitive", "the register says so", nullable=True),
        _flag("links-only", "its material goes out as links, never attached", nullable=True),
        _flag("window-open", "inside its pre-release access window", nullable=True),
        _flag("marked-as-required", "the message carries the marking that its regime asks for; null "
              "where none is asked", nullable=True),
        _flag("worded-as-required", "the message carries the wording that its regime asks of a pack; "
              "null where none is asked", nullable=True),
        _flag("in-final-form", "its figures may be out among people: its window is open, or it is "
              "due within a day", nullable=True),
        _flag("near", "it is due within a week, or in its final form", nullable=True),
        _number("hours-to-release", "hours until its instant, negative after it", nullable=True),
    ),
    "message": (
        _number("size", "bytes of the whole message"),
        _flag("auto-submitted", "written by a machine (RFC 3834)"),
        _flag("reply", "it answers another message"),
        _flag("forward", "it forwards another message"),
        _flag("bulk", "mail of a list or a mass sender (Precedence, List-Id)"),
        _flag("has-figures", "three or more statistic-like numbers stand in it"),
        _number("figures", "statistic-like numbers in all its parts and header fields"),
        _number("attachments", "how many attachments"),
        _number("recipients", "how many envelope recipients"),
        _number("added", "how many recipients were not on the message that this one answers"),
        _flag("unusually-many", "ten recipients or more, and over three times the most that this "
              "sender has had; null where nothing is remembered of the sender", nullable=True),
        _number("findings", "how many findings"),
        _number("gaps", "how many parts or places were not read"),
        _flag("declares-release", "an X-Statistical-Release header names one"),
    ),
    "session": (
        _flag("tls", "the client used TLS"),
        _text("user", "the authenticated user", nullable=True),
        _text("client-address", "the client's network address"),
    ),
}  # fmt: skip

PLURAL = ("finding", "attachment", "part", "gap", "mention", "recipient")
SINGULAR = ("message", "sender", "release", "session")
ABOUTS = (
    *(f"{quantifier} {subject}" for subject in PLURAL for quantifier in ("any", "every", "no")),
    "this recipient",
    *SINGULAR,
)
FACT_PREFIX = "facts."
PLACEHOLDERS = ("release", "instant", "recipient-count", "marking", "wording")


def field_of(subject: str, name: str) -> Field | None:
    """The field, or None. Findings also take `facts.<key>` for what other detectors say."""
    for field in VOCABULARY[subject]:
        if field.name == name:
            return field
    if subject == "finding" and name.startswith(FACT_PREFIX) and len(name) > len(FACT_PREFIX):
        return Field(name, "any", "any other fact of the detector", nullable=True)
    return None
