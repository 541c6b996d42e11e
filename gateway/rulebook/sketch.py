"""Reads an inline test: a message in a few lines, made into the Case that `decide` is given.

A sketch states what detectors would have found (`with`), or words for the real detectors to read
(`subject`, `text`); it never needs a real message, and holds no real name or address.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any

from gateway.model.acquaintance import NOTHING_KNOWN, Acquaintance
from gateway.model.address import normalise_address
from gateway.model.finding import Finding, Json, Mention, PartFacts
from gateway.model.message import Gap, Location
from gateway.model.rule import InlineTest
from gateway.model.session import Envelope, Recipient, Session
from gateway.model.verdict import Case, Disposition, MessageFacts
from gateway.model.vocabulary import VOCABULARY
from gateway.rulebook.reading import Reading, brief, suggestion
from gateway.rulebook.stage import MOMENT_HINT, RELEASE, STAGE, moment
from gateway.yaml_source import Path_

KEYS = (
    "name", "at", "from", "to", "message", "session", "history", "with", "subject", "text", "expect", "alert",
)  # fmt: skip
ITEMS = ("finding", "mention", "attachment", "inline", "gap")
_DISPOSITIONS: dict[str, Disposition] = {"pass": "pass", "hold": "hold", "reject": "reject"}
_ALERTS = ("near-miss", "breach", "none")
_MESSAGE = ("auto-submitted", "reply", "forward", "bulk", "size", "figures", "declares-release")
_SESSION = ("tls", "user", "client-address")
_FILE = ("type", "detected-type", "size", "verdict", "rows", "columns", "figures", "all-published")
_FACTS = tuple(
    field.name for field in VOCABULARY["finding"]
    if field.name not in ("kind", "confidence", "in", "name", "where", "notice-over-here", "synthetic",
                          "this-release")
)  # fmt: skip
_ITEM_KEYS = {
    "finding": ("confidence", "in", "where", *_FACTS),
    "mention": ("release", "figures", "in", "where"),
    "attachment": _FILE,
    "inline": _FILE,
    "gap": ("in", "where", "detected-type"),
}
_LEADING = {"finding": "kind", "mention": "how", "gap": "reason"}
_OF_A_RELEASE = ("release-material", "release-figures", "unpublished-period", "indication")
_TYPE = "application/octet-stream"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TYPES = {"pdf": "application/pdf", "docx": _WORD, "png": "image/png", "zip": "application/zip"}


def read_tests(reading: Reading, value: Any) -> tuple[InlineTest, ...]:
    """All inline tests that could be read; at least two of each kind, or a fault."""
    groups = reading.mapping(("tests",), value, ("hits", "near-misses"))
    found: list[InlineTest] = []
    for key in ("hits", "near-misses"):
        group = (groups or {}).get(key)
        entries = group if isinstance(group, list) else []
        if len(entries) < 2:
            place = ("tests", key) if groups and key in groups else ("tests",)
            reading.fault(
                place, f"a rule needs at least two {key}, this one has {len(entries)}",
                "a hit proves that the rule works, a near-miss that it leaves innocent mail alone",
            )  # fmt: skip
        for number, entry in enumerate(entries):
            test = _test(reading, ("tests", key, number), entry, key == "hits")
            if test is not None:
                found.append(test)
    names = [test.name for test in found]
    for test in found:
        if names.count(test.name) > 1:
            reading.fault(("tests",), f"two tests are called '{brief(test.name)}'")
            break
    return tuple(found)


def _test(reading: Reading, path: Path_, entry: Any, hit: bool) -> InlineTest | None:
    before = len(reading.faults)
    required = ("name", "to", "expect") if hit else ("name", "to")
    sketch = reading.mapping(path, entry, KEYS, required)
    if sketch is None or any(key not in sketch for key in required):
        return None
    name = reading.text((*path, "name"), sketch["name"])
    at = _moment(reading, (*path, "at"), sketch.get("at", "30 minutes before"))
    sender = sketch.get("from", "producer@dept.example")
    if not isinstance(sender, str):
        reading.fault((*path, "from"), "'from' must be one address, or '' for the null sender")
    to = sketch["to"] if isinstance(sketch["to"], list) else [sketch["to"]]
    if not to or not all(isinstance(address, str) and "@" in address for address in to):
        reading.fault((*path, "to"), "'to' must be an address or a list of addresses")
    texts = tuple(
        (place, reading.text((*path, key), sketch[key]) or "")
        for key, place in (("subject", "subject"), ("text", "body"))
        if key in sketch
    )
    expect = _expect(reading, (*path, "expect"), sketch.get("expect", {}), to)
    alert = sketch.get("alert", "")
    if alert:
        reading.choice((*path, "alert"), alert, _ALERTS)
    message = _plain(reading, (*path, "message"), sketch.get("message", {}), _MESSAGE)
    session = _plain(reading, (*path, "session"), sketch.get("session", {}), _SESSION)
    known = _history(reading, (*path, "history"), sketch.get("history"), to)
    contents = _Contents(reading, (*path, "with"), sketch.get("with", []))
    if len(reading.faults) > before or at is None:
        return None
    case = replace(contents.case(_session(session), sender, to, message, name or ""), known=known)
    return InlineTest(name or "", hit, case, at, expect, alert, texts, reading.line(path))


def _moment(reading: Reading, path: Path_, value: Any) -> datetime | None:
    at = moment(value) if isinstance(value, str) else None
    if isinstance(value, datetime) and value.tzinfo:  # YAML reads a plain ISO instant itself
        at = value
    if at is None:
        reading.fault(path, f"'{brief(value)}' is no moment", MOMENT_HINT)
    return at


def _expect(reading: Reading, path: Path_, value: Any, to: list[str]) -> dict[str, Disposition]:
    """hold, or {address: hold, others: pass}"""
    if isinstance(value, dict):
        others = value.get("others")
        for address, fate in value.items():
            if address != "others" and address not in to:
                reading.fault((*path, address), f"'{brief(address)}' is not in 'to'")
            reading.choice((*path, address), fate, _DISPOSITIONS)
        wanted = {address: value.get(address, others) for address in to}
    else:
        reading.choice(path, value, _DISPOSITIONS)
        wanted = dict.fromkeys(to, value)
    return {a: _DISPOSITIONS[fate] for a, fate in wanted.items() if fate in _DISPOSITIONS}


def _plain(reading: Reading, path: Path_, value: Any, known: tuple[str, ...]) -> dict[str, Any]:
    mapping = reading.mapping(path, value, known) or {}
    for key, entry in mapping.items():
        if key in known and isinstance(entry, (list, dict)):
            reading.fault((*path, key), f"'{key}' must be a single value")
    return mapping


def _history(reading: Reading, path: Path_, value: Any, to: list[str]) -> Acquaintance:
    """{known: [address], most: 4}: whom the sender has written to before, and to how many."""
    if value is None:
        return NOTHING_KNOWN
    given = reading.mapping(path, value, ("known", "most")) or {}
    known, most = given.get("known", []), given.get("most", 1)
    if not isinstance(known, list) or not all(isinstance(address, str) for address in known):
        reading.fault((*path, "known"), "'known' must be a list of addresses")
        return NOTHING_KNOWN
    if not isinstance(most, int):
        reading.fault((*path, "most"), "'most' must be a number of recipients")
        return NOTHING_KNOWN
    before = frozenset(map(normalise_address, known))
    return Acquaintance(frozenset(map(normalise_address, to)) - before, most)


def _session(given: dict[str, Any]) -> Session:
    return Session(
        str(given.get("client-address", "192.0.2.1")), tls=bool(given.get("tls", False)),
        user=given.get("user"),
    )  # fmt: skip


class _Contents:
    """The `with` list: parts first, because findings and gaps stand in them by name."""

    def __init__(self, reading: Reading, path: Path_, value: Any) -> None:
        self._reading = reading
        self._parts = [
            PartFacts("1", None, "body", "text/plain", "text/plain", 1000, _digest("body"))
        ]
        self._findings: list[Finding] = []
        self._mentions: list[Mention] = []
        self._gaps: list[Gap] = []
        if not isinstance(value, list):
            reading.fault(path, "'with' must be a list", _items_hint())
            return
        items = [self._item((*path, number), entry) for number, entry in enumerate(value)]
        good = [item for item in items if item is not None]
        for kind, where, item in good:
            if kind in ("attachment", "inline"):
                self._part(kind, where, item)
        for kind, where, item in good:
            if kind not in ("attachment", "inline"):
                self._observation(kind, where, item)

    def case(
        self, session: Session, sender: str, to: list[str], message: dict[str, Any], name: str
    ) -> Case:
        facts = MessageFacts(
            _digest(name), int(message.get("size", 20_000)),
            declared_release=message.get("declares-release"),
            auto_submitted=bool(message.get("auto-submitted")),
            reply=bool(message.get("reply")), forward=bool(message.get("forward")), bulk=bool(message.get("bulk")),
            figures=int(message.get("figures", 0)),
        )  # fmt: skip
        envelope = Envelope(sender, tuple(Recipient(address) for address in to))
        return Case(
            session, envelope, facts, tuple(self._parts), tuple(self._findings),
            tuple(self._mentions), tuple(self._gaps),
        )  # fmt: skip

    def _item(self, path: Path_, entry: Any) -> tuple[str, Path_, dict[str, Any]] | None:
        kinds = [key for key in entry if key in ITEMS] if isinstance(entry, dict) else []
        if len(kinds) != 1:
            self._reading.fault(path, "this is nothing that a message can have", _items_hint())
            return None
        kind = kinds[0]
        self._reading.mapping(path, entry, (kind, *_ITEM_KEYS[kind]))
        subject = "attachment" if kind == "inline" else kind
        good = True
        for key, value in entry.items():
            name = _LEADING.get(kind, "name") if key == kind else key
            good &= self._fits((*path, key), subject, name, value)
        return (kind, path, entry) if good else None

    def _fits(self, path: Path_, subject: str, name: str, value: Any) -> bool:
        """Whether a value is one that the vocabulary knows for that field."""
        if name == "until":
            return _moment(self._reading, path, value) is not None
        if name == "in":
            if isinstance(value, str):
                return True
            self._reading.fault(path, f"'{name}' must be text")
            return False
        field = next((f for f in VOCABULARY[subject] if f.name == name), None)
        if field is None:
            return True  # `mapping` has said so
        if field.type == "word" and value not in field.words:
            self._reading.fault(
                path, f"'{name}' cannot be '{brief(value)}'", suggestion(value, field.words)
            )
            return False
        types: dict[str, tuple[type, ...]] = {
            "number": (int, float),
            "yes/no": (bool,),
            "text": (str,),
        }
        if field.type in types and not isinstance(value, types[field.type]):
            self._reading.fault(path, f"'{name}' cannot be '{brief(value)}'", f"it is {field.type}")
            return False
        return True

    def _part(self, kind: str, _: Path_, item: dict[str, Any]) -> None:
        declared = item.get("type", _TYPES.get(item[kind].rpartition(".")[2].lower(), _TYPE))
        self._parts.append(
            PartFacts(
                str(len(self._parts) + 1), item[kind],
                "inline" if kind == "inline" else "attachment", declared,
                item.get("detected-type", declared), item.get("size", 10_000), _digest(item[kind]),
                item.get("verdict", ""), item.get("rows", 0), item.get("columns", 0),
                figures=item.get("figures", 0), all_published=item.get("all-published", False),
            )
        )  # fmt: skip

    def _observation(self, kind: str, path: Path_, item: dict[str, Any]) -> None:
        location = self._location(path, item)
        if kind == "gap":
            self._gaps.append(Gap(location, item[kind], "", item.get("detected-type", "")))
        elif kind == "mention":
            release = item.get("release", RELEASE)
            if release not in STAGE.releases:
                self._reading.fault(
                    (*path, "release"), f"no release '{brief(release)}' on the stage",
                    suggestion(release, STAGE.releases),
                )  # fmt: skip
                return
            self._mentions.append(Mention(release, item[kind], location, item.get("figures", 0)))
        else:
            facts: dict[str, Json] = {key: item[key] for key in _FACTS if key in item}
            if item[kind] in _OF_A_RELEASE:
                facts.setdefault("release", RELEASE)
            if "until" in facts:
                at = _moment(self._reading, (*path, "until"), facts["until"])
                facts["until"] = at.isoformat() if at else None
            self._findings.append(
                Finding(item[kind], location, item.get("confidence", "high"), facts)
            )

    def _location(self, path: Path_, item: dict[str, Any]) -> Location:
        place, where = item.get("in", "body"), item.get("where", "")
        if place == "header":
            return Location("0", None, where or "subject")
        if place == "body":
            return Location("1", None, where or "body")
        for part in self._parts[1:]:
            if part.name == place:
                return Location(part.number, part.name, where)
        names = [part.name or "" for part in self._parts[1:]]
        self._reading.fault(
            (*path, "in"), f"the test has no attachment '{brief(place)}'",
            suggestion(place, ("header", "body", *names)),
        )  # fmt: skip
        return Location("1")


def _items_hint() -> str:
    return "write e.g. {finding: microdata, in: list.csv}; known: " + ", ".join(ITEMS)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
