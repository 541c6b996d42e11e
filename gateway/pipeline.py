"""inspect(): parse > extract > detect > decide; what happens to one message.

Contents never leave the process that read them: a `PartReader` runs in the worker for plain text
and in a sandboxed child for everything else, and both give only a `PartReport` (law 8). Whatever
goes wrong while reading one part is a Gap of that part (law 3).
"""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from time import perf_counter
from typing import Generator, Iterator, Protocol

from gateway.concluding import named, with_material, with_signs
from gateway.decide import decide
from gateway.decide.delta import with_added
from gateway.decide.likeness import Lookalikes
from gateway.decide.unread_material import with_unread_material
from gateway.detect import Context, Detected, Detectors, DetectorSpec
from gateway.detect.address_list import address_in, named_in
from gateway.detect.thread import answered, earlier_people, kind_of_subject
from gateway.extract import SandboxNeeded, detect_type, inline_cost, read_nested
from gateway.extract.mail.header_texts import header_texts
from gateway.extract.mail.message import Parse
from gateway.extract.sandbox import SandboxFailure
from gateway.known_parts import Key, KnownParts
from gateway.model.acquaintance import ASKED_OF_HISTORY, History
from gateway.model.address import is_usable, normalise_address
from gateway.model.content import Content, Text
from gateway.model.file_digest import FileDigest
from gateway.model.finding import PartFacts, PartReport
from gateway.model.limits import ParseLimits, ReadLimits
from gateway.model.message import Gap, Message, Part
from gateway.model.register import Register
from gateway.model.rule import Rulebook
from gateway.model.session import Envelope, Session
from gateway.model.trace import MaterialSource, unread_material
from gateway.model.unit_source import UnitRegisterSource
from gateway.model.verdict import Case, MessageFacts, Verdict
from gateway.parse import parse_message
from gateway.releases.material import MaterialUnavailable, open_material
from gateway.releases.unit_registers import open_unit_registers

_BLOCKING_BYTES = 262_144
Packed = tuple[FileDigest, ...]


@dataclass(frozen=True, slots=True)
class ReaderSpec:
    """All that a process needs to read parts; picklable, sent to each sandboxed child once.
    `material` is where it finds the registered material, `registers` the registers of units; None:
    there is none."""

    detectors: DetectorSpec
    limits: ReadLimits
    structure: ParseLimits = field(default_factory=ParseLimits)
    material: MaterialSource | None = None
    registers: UnitRegisterSource | None = None


class PartReader:
    """Reads parts and reports on them; one per process."""

    def __init__(self, spec: ReaderSpec) -> None:
        self._limits = spec.limits
        self._parse = partial(parse_message, limits=spec.structure)
        material = None
        self._unread: tuple[Gap, ...] = ()
        try:
            material = open_material(spec.material)
        except MaterialUnavailable as error:
            self._unread = (unread_material(str(error)),)
        registers = open_unit_registers(spec.registers)
        self._detectors = Detectors(spec.detectors, material, registers)

    def report(
        self, part: Part, context: Context, sha256: str = "", in_worker: bool = False,
        kind: str = "",
    ) -> PartReport:  # fmt: skip
        """Extract and detect. Never raises for anything that the part contains, but SandboxNeeded
        in the worker. `kind` is the detected type, where it is known."""
        kind = kind or detect_type(part)
        reading = _Reading()
        contents = reading.watch(_contained(part, self._limits, self._parse, in_worker, kind))
        started = perf_counter()
        found = self._detectors.inspect(contents, context)
        if self._unread:
            found = replace(found, gaps=found.gaps + self._unread)
        total = (perf_counter() - started) * 1000
        times = reading.ms, total - reading.ms
        return _report(part, found, sha256, kind, reading.packed, times)

    def texts(self, texts: list[Text], context: Context) -> Detected:
        """What the detectors say of header fields."""
        return self._detectors.inspect(texts, context)


def _contained(
    part: Part, limits: ReadLimits, parse: Parse, in_worker: bool, kind: str
) -> Generator[Content, None, Packed]:
    """A crash between readers is a Gap as one inside a reader is."""
    try:
        return (yield from read_nested(part, limits, parse, in_worker, kind))
    except SandboxNeeded:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it was, the part was not read
        yield Gap(part.location, "crashed", f"the reader failed ({type(error).__name__})")
        return ()


def build_reader(spec: ReaderSpec) -> PartReader:
    """What a sandboxed child builds once, when it starts."""
    return PartReader(spec)


def read_job(reader: PartReader, job: tuple[Part, Context]) -> PartReport:
    """What a sandboxed child does for each part."""
    return reader.report(*job)


class Children(Protocol):
    """The sandbox, as far as the pipeline knows it."""

    async def run(self, job: tuple[Part, Context]) -> PartReport:
        """Raises SandboxFailure with the reason of the Gap."""
        ...


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds; `extract` and `detect` are summed over parts, also where children ran at once."""

    parse: float
    extract: float
    detect: float
    decide: float


@dataclass(frozen=True, slots=True)
class Inspection:
    """The verdict and everything it rests on."""

    case: Case
    verdict: Verdict
    parts: int
    ms: Timings


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the department knows and wants, as loaded at one moment."""

    register: Register
    rulebook: Rulebook
    zone: str
    material: MaterialSource | None = None
    registers: UnitRegisterSource | None = None


class Inspector:
    """Judges messages against one reading of rules and register; replaced whole on reload."""

    def __init__(
        self, knowledge: Knowledge, reader: PartReader, children: Children,
        parse_limits: ParseLimits, read_limits: ReadLimits, history: History | None = None,
    ) -> None:  # fmt: skip
        self.knowledge = knowledge
        self._lookalikes = Lookalikes(knowledge.register)
        self._history = history
        self._asks_for_habits = any(
            test.field in ASKED_OF_HISTORY
            for rule in knowledge.rulebook.rules
            for selection in rule.select
            for test in selection.tests
        )
        self._reader = reader
        self._children = children
        self._known = KnownParts(read_limits.known_parts)
        self._parse_limits = parse_limits
        self._read_limits = read_limits

    async def inspect(
        self, session: Session, envelope: Envelope, content: bytes, now: datetime,
        arrived: datetime | None = None,
    ) -> Inspection:  # fmt: skip
        """Decide about one message for every envelope recipient. `now` is zone-aware; `arrived`
        is given where the message came earlier than now: a hold that is decided again."""
        started = perf_counter()
        message = await self._parse(content)
        parsed = perf_counter()
        facts = _message_facts(message)
        follows = facts.reply or facts.forward
        context = Context(now, message.date, self.knowledge.zone, arrived, follows)
        heads = self._reader.texts(header_texts(message.headers), context)
        context = replace(context, about=named(heads.signs))
        read = perf_counter()
        reports = await self._reports(message, context)
        register = self.knowledge.register
        case = _case(session, envelope, facts, message, heads, reports)
        deciding = perf_counter()
        parts: list[Detected | PartReport] = [heads, *reports]
        case = with_material(case, [trace for part in parts for trace in part.traces], register)
        case = with_signs(case, [sign for part in parts for sign in part.signs], register, now)
        case = with_unread_material(case, self.knowledge.material, register, now)
        case = with_added(self._remembered(case), register.directory)
        case = self._lookalikes.with_findings(case, now)
        verdict = decide(case, register, self.knowledge.rulebook, now)
        timings = Timings(
            (parsed - started) * 1000,
            sum(report.ms_extract for report in reports),
            (read - parsed) * 1000 + sum(report.ms_detect for report in reports),
            (perf_counter() - deciding) * 1000,
        )
        return Inspection(case, verdict, len(message.parts), timings)

    def remember(self, inspection: Inspection, at: datetime) -> None:
        """Once a message has been taken: it went to those whom the verdict let it go to. Others in
        its header were on it too, but for those who are held."""
        case = inspection.case
        sender = normalise_address(case.envelope.sender)
        passed = [normalise_address(each) for each in inspection.verdict.addresses("pass")]
        if self._history is None or not is_usable(sender) or not passed:
            return
        stopped = {
            normalise_address(d.address)
            for d in inspection.verdict.decisions
            if d.disposition != "pass"
        }
        others = [address for address in case.named if address not in stopped]
        message_id = answered(case.message.message_id, "")
        self._history.remember(sender, passed, others, message_id, at)

    def _remembered(self, case: Case) -> Case:
        """With what the history knows of the sender, under every address of the recipients."""
        sender = normalise_address(case.envelope.sender)
        follows = case.message.reply or case.message.forward
        if self._history is None or not is_usable(sender):
            return case
        if not follows and not self._asks_for_habits:
            return case
        directory = self.knowledge.register.directory
        whom = [normalise_address(recipient.address) for recipient in case.envelope.recipients]
        aliases = dict.fromkeys(alias for address in whom for alias in directory.aliases(address))
        known = self._history.recall(sender, tuple(aliases), case.message.answers)
        return replace(case, known=known)

    async def _parse(self, content: bytes) -> Message:
        if len(content) > _BLOCKING_BYTES:
            return await asyncio.to_thread(parse_message, content, self._parse_limits)
        return parse_message(content, self._parse_limits)

    async def _reports(self, message: Message, context: Context) -> list[PartReport]:
        reports: dict[int, PartReport] = {}
        waiting: list[int] = []
        digests: dict[int, str] = {}
        keys: dict[int, Key] = {}
        inline_left = self._read_limits.inline_bytes
        for index, part in enumerate(message.parts):
            if index:
                await asyncio.sleep(0)  # other sessions' turn between the parts
            # Logos come in every mail of a sender; texts hardly ever twice.
            if part.role == "attachment" or part.content_type.startswith("image/"):
                digests[index] = hashlib.sha256(part.content).hexdigest()
                keys[index] = KnownParts.key(part, digests[index], context.about)
                known = self._known.recall(keys[index])
                if known is not None:
                    reports[index] = replace(known, ms_extract=0.0, ms_detect=0.0)
                    continue
            kind = detect_type(part)
            cost = inline_cost(part, self._read_limits, kind)
            if cost is not None and cost <= inline_left:
                inline_left -= cost
                with suppress(SandboxNeeded):
                    digest = digests.get(index, "")
                    reports[index] = self._reader.report(part, context, digest, True, kind)
            if index not in reports:
                waiting.append(index)
            elif reports[index].signs:  # what a text names, attachments may show
                context = replace(context, about=context.about | named(reports[index].signs))
        if waiting:
            until = asyncio.get_running_loop().time() + self._read_limits.message_seconds
            jobs = (self._in_sandbox(message.parts[index], context, until) for index in waiting)
            reports |= zip(waiting, await asyncio.gather(*jobs), strict=True)
        for index, key in keys.items():
            if index not in waiting or key[-1] == context.about:
                self._known.remember(key, reports[index])
        return [reports[index] for index in range(len(message.parts))]

    async def _in_sandbox(self, part: Part, context: Context, until: float) -> PartReport:
        """`until` is the whole message's deadline, on the loop's clock."""
        try:
            async with asyncio.timeout_at(until):
                return await self._children.run((part, context))
        except SandboxFailure as failure:
            gap = Gap(part.location, failure.reason, failure.detail)
        except TimeoutError:
            gap = Gap(part.location, "timeout", "the whole message took too long to read")
        return _report(part, Detected((), (), (gap,), "", 0, 0), "", detect_type(part))


class _Reading:
    """One part while it is read: the time that its reader takes, apart from what its consumer
    takes, and at the end which files it packs."""

    def __init__(self) -> None:
        self.ms = 0.0
        self.packed: Packed = ()

    def watch(self, contents: Generator[Content, None, Packed]) -> Iterator[Content]:
        while True:
            started = perf_counter()
            try:
                content = next(contents)
            except StopIteration as end:
                self.packed = end.value
                return
            finally:
                self.ms += (perf_counter() - started) * 1000
            yield content


def _report(
    part: Part, found: Detected, sha256: str, kind: str, packed: Packed = (),
    times: tuple[float, float] = (0.0, 0.0),
) -> PartReport:  # fmt: skip
    """`times` are the milliseconds of reading and of detecting."""
    facts = PartFacts(
        part.number, part.name, part.role, part.content_type, kind, len(part.content),
        sha256 or hashlib.sha256(part.content).hexdigest(), found.verdict, found.rows, found.columns,
        found.figures, packed,
    )  # fmt: skip
    return PartReport(
        facts, found.findings, found.mentions, found.gaps, *times, quoted=found.quoted,
        traces=found.traces, signs=found.signs,
    )  # fmt: skip


def _case(
    session: Session,
    envelope: Envelope,
    facts: MessageFacts,
    message: Message,
    heads: Detected,
    reports: list[PartReport],
) -> Case:
    return Case(
        session,
        envelope,
        replace(facts, figures=heads.figures),
        tuple(report.facts for report in reports),
        heads.findings + tuple(finding for report in reports for finding in report.findings),
        heads.mentions + tuple(mention for report in reports for mention in report.mentions),
        message.gaps + heads.gaps + tuple(gap for report in reports for gap in report.gaps),
        named_in(message.headers),
        earlier_people(
            message.headers, [(report.facts.number, report.quoted) for report in reports]
        )
        if facts.reply or facts.forward
        else None,
    )


def _message_facts(message: Message) -> MessageFacts:
    first: dict[str, str] = {}
    for header in message.headers:
        if header.part != "0":
            break
        first.setdefault(header.name.lower(), header.value)
    precedence = first.get("precedence", "").strip().lower()
    kind = kind_of_subject(message.subject)
    return MessageFacts(
        message.sha256,
        message.size,
        message.message_id,
        first.get("x-statistical-release"),
        address_in(first.get("from", "")),
        not first.get("auto-submitted", "no").strip().lower().startswith("no"),
        "in-reply-to" in first or "references" in first or kind == "answer",
        kind == "forward",
        precedence.startswith(("bulk", "list", "junk")) or "list-id" in first,
        answers=answered(first.get("in-reply-to", ""), first.get("references", "")),
    )
