"""Protective markings: a fixed form of words in a marking's place, never marking words in prose.

Finding `marking`, facts: `scheme` (uk-gsc, uk-gpms, statistics, budget, pra, draft, au, msip),
`level`, `descriptor` (from a fixed list, "" for none, "other"), `form` (line, inline, subject,
header, property). The place decides: a line of its own, a tag, the head or tail of a line or
subject; in running text only what points at the message itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterator

from gateway.detect import wording
from gateway.detect.effort import Effort
from gateway.detect.passage import Passage
from gateway.model.finding import Confidence, Finding
from gateway.model.message import Location

DESCRIPTORS = (
    "commercial", "locsen", "personal", "statistics", "budget", "market sensitive", "staff",
    "policy", "medical", "management", "investigations", "appointments", "honours", "contracts",
    "legal", "legal privilege", "legislative secrecy", "personal privacy", "national cabinet",
    "cabinet", "private", "hmg", "for official use only", "ystadegau", "recipients only",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marking:
    """`loose` markings count in any case on a line of their own; others in capitals only."""

    name: str
    scheme: str
    level: str
    pattern: re.Pattern[str]
    loose: bool = False
    title: bool = False


def _marking(name: str, scheme: str, level: str, pattern: str, *, loose: bool = False, title: bool = False) -> Marking:  # fmt: skip
    return Marking(name, scheme, level, re.compile(pattern, re.IGNORECASE), loose, title)


_JOIN = r"['\"\])]*\s*[-:/_]*\s*['\"(\[]*\s*"
MARKINGS = (
    _marking("OFFICIAL-SENSITIVE", "uk-gsc", "official-sensitive", rf"\b(?:of+i[cs]?[ic]*(?:ia|ai|a|i)l+)\b{_JOIN}sensitiv(?:e|ity)?\b|\bofficialsensitive\b", loose=True),
    _marking("SWYDDOGOL-SENSITIF", "uk-gsc", "official-sensitive", rf"\bswyddogol{_JOIN}sensiti(?:f|v|fol)\b", loose=True),
    _marking("TOP SECRET", "uk-gsc", "top-secret", r"\btop[\s-]+secret\b"),
    _marking("RESTRICTED STATISTICS", "statistics", "restricted", r"\brestricted\s*[-:]?\s*statistics\b|\bstatistics\s*[-:]\s*restricted\b", title=True),
    _marking("CONFIDENTIAL STATISTICS", "statistics", "confidential", r"\bconfidential\s*[-:]?\s*statistics\b|\bstatistics\s*[-:]\s*confidential\b", title=True),
    _marking("STATISTICS IN CONFIDENCE", "statistics", "confidential", r"\bstatistics\s*[-:]?\s*in[\s-]+confidence\b", title=True),
    _marking("MARKET SENSITIVE", "budget", "market-sensitive", r"\b(?:budget\s*[-:]?\s*)?market[\s-]+sensitive\b", title=True),
    _marking("PRA ONLY", "pra", "pre-release", r"\bpra[\s-]+only\b|\bpre-?\s?release\s+access\s+(?:recipients\s+)?only\b", title=True),
    _marking("SECRET", "uk-gsc", "secret", r"(?<!top )(?<!top-)\bsecret\b"),
    _marking("CONFIDENTIAL", "uk-gpms", "confidential", r"\bconfidential\b"),
    _marking("RESTRICTED", "uk-gpms", "restricted", r"\brestricted\b"),
    _marking("PROTECT", "uk-gpms", "protect", r"\bprotect\b"),
    _marking("OFFICIAL", "uk-gsc", "official", r"\b(?:official|swyddogol)\b"),
)  # fmt: skip

_AUSTRALIAN = re.compile(
    r"\[\s*sec\s?[=:]\s?(?P<level>[A-Z]+(?:\s[A-Z]+)?)(?:\s?:\s?(?P<caveat>[A-Z -]+))?[^\]\n]{0,80}\]",
    re.IGNORECASE,
)
_NOT_FOR = re.compile(
    r"\bnot\s+(?:yet\s+)?for\s+(?:(?:onward|further|wider|general|public|external|media|press|any|open)\s+)*"
    r"(?:circulation|distribution|dissemination|sharing|transmission|publication|release|disclosure|citation|quotation|attribution|forwarding|broadcast|quoting|citing)\b"
    r"|\bnot\s+to\s+be\s+(?:circulated|quoted|cited|distributed|disseminated|published|released|forwarded|shared|reproduced)\b"
    r"|\bdo\s+not\s+(?:circulate|quote|cite|disseminate|distribute|forward|publish|release)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^[\W_]*(?:(?:re|fw|fwd|aw|sv|wg|tr)\s*:\s*)*[\W_]*(?:(?:this\s+document\s+is\s+)?(?:protective\s+marking|security\s+(?:classification|marking|level)|government\s+security\s+classification|"
    r"classification|classified(?:\s+as)?|marking|handling(?:\s+(?:instructions?|caveat))?|sensitivity(?:\s+label)?|status|security|gsc|gpms|uk)\s*[:=-]*)?[\W_]*(?:strictly\s+|highly\s+)?$",
    re.IGNORECASE,
)
_TRAILER = re.compile(
    r"^[\W_]*(?:(?:and\s+)?[A-Z][A-Za-z]*(?:[\s/&,-]+[A-Z][A-Za-z]*){0,5}|\(?\s*when\s+complete[d]?\s*\)?|page\s+\d+(?:\s+of\s+\d+)?|\d{1,4}|v(?:ersion)?\s?\d[\d.]*|draft)?[\W_]*$"
)
_DELIMITED = re.compile(
    r"^\s*['\"\])]*\s*[-:|,./\])]|^['\"\])]|^\s{2,}|^\s*$|^\s+unt?il\b", re.IGNORECASE
)
_TAIL_DELIMITER = re.compile(r"(?:\s-+\s*|[(\[|/:]\s*|[,.]\s+|\s{2,}|['\"]\s*)$")
_HERE = re.compile(
    r"\b(?:this|these|the\s+(?:attached|enclosed|following)|attached|enclosed|please)\b[^.\n]{0,60}\b(?:is|are|as|marked|classified|handled?|treat(?:ed)?)\b[^.\n]{0,25}$",
    re.IGNORECASE,
)
_DRAFT = re.compile(r"\bdraft\b", re.IGNORECASE)
_NEXT_WORD = re.compile(
    r"^\W*(?:before|until|till|prior|ahead|pending|in\s+advance)", re.IGNORECASE
)


def find(passage: Passage, location: Location, effort: Effort) -> Iterator[Finding]:
    """The markings in one passage, in whatever text it stands."""
    text = passage.text
    subject = location.where == "subject"
    for tag in _AUSTRALIAN.finditer(text, max(0, passage.start - 8)):
        level = " ".join(tag["level"].lower().split())
        caveat = (tag["caveat"] or "").strip().lower()
        yield australian(
            level, caveat, passage.place(location, tag.start()), "subject" if subject else "line"
        )
    taken: list[tuple[int, int]] = [m.span() for m in _AUSTRALIAN.finditer(text)]
    for marking in MARKINGS:
        for match in marking.pattern.finditer(text, passage.start, passage.stop + 24):
            if match.start() >= passage.stop or any(a <= match.start() < b for a, b in taken):
                continue
            if not effort.marking():
                return
            taken.append(match.span())
            finding = _place(marking, match, text, passage.place(location, match.start()), subject)
            if finding:
                yield finding
    for match in _NOT_FOR.finditer(text, passage.start, passage.stop + 40):
        if match.start() < passage.stop:
            if not effort.marking():
                return
            finding = _draft(match, passage, location)
            if finding:
                yield finding
                return


def australian(level: str, caveat: str, location: Location, form: str) -> Finding:
    """[SEC=OFFICIAL:Sensitive] and its relatives (Australian PSPF, e-mail protective marking)."""
    sensitive = level == "official" and caveat.startswith("sensitive")
    known = level in ("unofficial", "official", "protected", "secret", "top secret", "unclassified")
    name = "official-sensitive" if sensitive else level.replace(" ", "-") if known else "other"
    low = name in ("unofficial", "unclassified", "official")
    rest = caveat.removeprefix("sensitive").strip(" -:") if sensitive else caveat
    facts = {"scheme": "au", "level": name, "descriptor": _descriptor(rest), "form": form}
    return Finding("marking", location, "low" if low else "high", facts, name.upper())


def _place(
    m: Marking, match: re.Match[str], text: str, location: Location, subject: bool
) -> Finding | None:
    begin = text.rfind("\n", 0, match.start()) + 1
    end = text.find("\n", match.end())
    # A sheet's cells stand between tabs, each a line of its own.
    begin = max(begin, text.rfind("\t", begin, match.start()) + 1)
    before, after = text[begin : match.start()], text[match.end() : end if end >= 0 else len(text)]
    words = match[0]
    letters = re.findall(r"[A-Za-z]+", words)
    capitals = words.upper() == words
    titled = all(w[0].isupper() for w in letters) or (m.loose and any(w.isupper() for w in letters))
    starts = bool(_LABEL.match(before))
    closes = bool(_TRAILER.match(after))
    if closes and not (m.loose or m.title):  # "SECRET TYPES" is a heading, "SECRET - STAFF" is not
        closes = not after[:2].strip().isalnum() or _descriptor(after) not in ("", "other")
    delimited = bool(_DELIMITED.match(after)) or (m.loose and (capitals or titled))
    tailed = bool(_TAIL_DELIMITER.search(before)) and closes
    confidence: Confidence | None = None
    form = "subject" if subject else "line"
    if starts and closes:
        if capitals or (titled and (m.title or m.loose)):
            confidence = "high"
        elif m.loose or (titled and subject):
            confidence = "medium"
        elif titled:
            confidence = "low"
    elif (starts and delimited) or tailed:
        if capitals or (titled and (m.title or m.loose)):
            confidence = "high" if m.loose or m.title else "medium"
            if wording.QUOTED.search(before[-60:]):
                confidence = "low"
        elif m.loose and re.search(r"[\[('\"]\s*$", before) and starts:
            confidence = "medium"
    elif (capitals and (len(letters) > 1 or m.scheme in ("uk-gpms", "uk-gsc"))) or (
        titled and m.loose
    ):
        form = "subject" if subject else "inline"
        if _HERE.search(before) and (len(letters) > 1 or closes):
            confidence = "medium"
        elif len(letters) > 1:
            confidence = "medium" if subject or (m.level == "pre-release") else "low"
    if confidence is None:
        return None
    if m.level == "official":
        confidence = "low"
    facts = {"scheme": m.scheme, "level": m.level, "descriptor": _descriptor(after), "form": form}
    return Finding("marking", location, confidence, facts, m.name)


def _draft(match: re.Match[str], passage: Passage, location: Location) -> Finding | None:
    """ "Draft - not for onward circulation", where no instant follows (that is a banner)."""
    text = passage.text
    around = wording.clause(text, match.start(), match.end(), passage.whole)
    if _NEXT_WORD.match(text[match.end() :]) or wording.is_disclaimer(around):
        return None
    begin = text.rfind("\n", 0, match.start()) + 1
    line_end = text.find("\n", match.end())
    line = text[begin : line_end if line_end >= 0 else len(text)]
    short = len(around.right.strip()) <= 60
    imperative = match[0].lower().startswith("do")
    score = wording.form_score(around)
    if _DRAFT.search(line):
        score += 1.0
    if short:
        score += 0.5
    if imperative and not around.capitals:
        score -= 1.0
    if score < 1.0:
        return None
    confidence: Confidence = "medium" if score >= 2.0 else "low"
    form = "subject" if location.where == "subject" else "line" if around.opens else "inline"
    facts = {"scheme": "draft", "level": "not-for-circulation", "descriptor": "", "form": form}
    return Finding(
        "marking", passage.place(location, match.start()), confidence, facts, "NOT FOR CIRCULATION"
    )


def _descriptor(after: str) -> str:
    words = " ".join(re.findall(r"[a-z]+", after.lower())[:6])
    if not words:
        return ""
    known = max((d for d in DESCRIPTORS if words.startswith(d)), key=len, default="")
    return known or ("other" if after.lstrip()[:1] in ":-[" else "")
