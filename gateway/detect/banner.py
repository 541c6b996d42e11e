"""Embargo banners: wording that keeps something back until an instant or an event.

Finding `embargo-banner`, facts: `until` (ISO instant with offset, or null where none is stated or
none can be read), `expired` (the instant has come), `warnings` (fixed sentences), `form`. A
banner without an instant never expires. Each head names a family of openings; what may follow is
read by `timewords`, how it is meant is weighed by `wording`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Iterator

from gateway.detect import wording
from gateway.detect.context import Context
from gateway.detect.effort import Effort
from gateway.detect.instant import Reading, read_late, read_stamp
from gateway.detect.normalise import fold
from gateway.detect.passage import Passage
from gateway.detect.timewords import Words, scan
from gateway.model.content import Table
from gateway.model.finding import Confidence, Finding, Json
from gateway.model.message import Location

_X = re.IGNORECASE | re.VERBOSE
_UNTIL = r"""(?:unt?ill?|unitl|'?till?|up\s+(?:to|until)|tan|jusqu(?:'?\s?(?:a|au|aux|en)\b|')|bis\b(?:\s+zu[mr])?
    |tot\b(?:\s+en\s+met)?|hasta|fino\s+(?:al?|alle|alla|ad)\b|ate\b(?:\s+[ao]s?\b)?|go\s+dti)"""
_BEFORE = r"(?:before|prior\s+to|ahead\s+of|in\s+advance\s+of|earlier\s+than|pending|avant|vor\b|voor\b|antes\s+d[aeo]s?l?\b|prima\s+d\w+|cyn\b)"
_SOON = rf"(?:\b(?:{_UNTIL}|{_BEFORE}))"
_ACT = r"""(?:publi(?:c(?:ation)?|sh(?:ed|ing)?)|releas(?:e|ed|ing)|broadcast(?:ing)?|circulat(?:e|ed|ion|ing)|
    (?:re-?)?distribut(?:e|ed|ion|ing)|disseminat(?:e|ed|ion|ing)|transmi(?:t|tted|ssion)|disclos(?:e|ed|ure|ing)|quot(?:e|ed|ation|ing)|
    cit(?:e|ed|ation|ing)|shar(?:e|ed|ing)|forward(?:ed|ing)?|report(?:ed|ing)?|announc(?:e|ed|ement)|tweet(?:ed)?|us(?:e|ed)|print(?:ed)?|
    communicat(?:e|ed|ion)|cop(?:y|ied)|discuss(?:ed)?|post(?:ed)?|pass(?:ed)?|made?|make|open(?:ed)?|brief(?:ed)?|send|sent|show[n]?|
    reveal(?:ed)?|upload(?:ed)?|mention(?:ed)?|divulged|reproduced|attribut(?:ion|ed)|onward|further|wider|general|public|external|media|press)"""
_MORE = rf"(?:[\s,/&()]++(?!(?:{_UNTIL}|{_BEFORE})\b)[\w'-]++){{0,14}}?\s*[,:()-]*\s*"

_EMBARGO = re.compile(
    rf"""\b(?P<lead>(?:(?:strict(?:ly)?|under|an?|full|total(?:ly)?|press|media|news|publication|release|completely|sous|dan|onder|bajo|sotto|sob|unter|faoi)[\s-]+){{0,4}})
    (?P<core>embarg(?:[o0](?:ed|'d)?|ad[oa]s?|at[oa]|oes)|sperrfrist|lanchosc)(?![a-z_](?<!embarg[o0]u)(?<!embarg[o0]edu))
    (?P<tail>["'\])]*(?:\s+(?:remains?|is|stays?)?\s*(?:in\s+(?:place|force|effect)|applies|holds|stands|remains))?)
    (?:[\s"'\]):;,(-]*(?P<until>{_UNTIL}|before|prior\s+to|pending)(?![a-z]))?""",
    _X,
)
_SECRECY = re.compile(
    rf"""\b(?P<core>(?:restricted|confidential)(?:\s*[-:]?\s*statistics)?|official\s*[-:]?\s*sensitive|private|secret|sensitive|classified|internal(?:\s+use)?(?:\s+only)?|privileged|unpublished|not\s+(?:yet\s+)?public|
    (?:in|strict(?:est)?)\s+confidence|vertraulich|gesperrt|confidentiel(?:le)?|vertrouwelijk|confidencial|cyfyngedig)["'\])]*
    [\s,:;(-]*(?P<until>{_UNTIL}|before|prior\s+to|pending)(?![a-z])""",
    _X,
)
_NOT_FOR = re.compile(
    rf"\b(?:not\s+(?:yet\s+)?(?:for|to\s+be)|no)\s+{_ACT}\b{_MORE}(?P<until>{_SOON})(?![a-z])", _X
)
_DO_NOT = re.compile(
    rf"""\b(?:please\s+)?(?P<mood>do\s+not|don'?t|never|(?:must|may|should|can|could|shall|will)\s?(?:not|never)(?:\s+be)?|ni\s+ddylid|peidiwch\s+a|ne\s+pas|no|non|nao|niet|nicht)\s+
    (?:{_ACT}|diffuser|publier|communiquer|divulguer|zur\s+veroffentlichung|publicar|difundir|divulgar|diffondere|pubblicare|publiceren|verspreiden|cyhoeddi|chyhoeddi|rannu)\b
    {_MORE}(?P<until>{_SOON})(?![a-z])""",
    _X,
)
_FOREIGN_NOT = re.compile(
    r"\b(?:nicht|niet\s+voor|ddim\s+i'?w\s+(?:gyhoeddi|rannu))\b[^.\n]{0,40}?(?P<until>\bvor\b|\bvoor\b|\bcyn\b|\btan\b)",
    _X,
)
_NOTHING = re.compile(
    rf"""\b(?P<mood>nothing|none\s+of|no\s+(?:part|details))\b[^.\n]{{0,60}}?\b(?:(?:may|should|must|can)\s+be|to\s+be)\s+
    {_ACT}\b{_MORE}{_SOON}(?![a-z])""",
    _X,
)
_HOLD = re.compile(
    r"\bhold(?:\s+(?:this|these|publication|release|distribution|off|it|them|the\s+\w+)){0,2}(?:\s+for\s+(?:release|publication))?\s*[,:-]?\s*(?:unt?ill?|'?till?)\b|\bhold\s+for\s+(?:release|publication)\b",
    _X,
)
_FOR_RELEASE = re.compile(
    r"\bfor\s+(?:general\s+|public\s+)?(?:release|publication|use|broadcast)\b(?!\s+until)", _X
)
_OTHER_TRADES = re.compile(
    r"\b(?:trade|arms|oil|weapons?|export|import|economic|partial|total|grain|fuel|energy|military|naval|un|eu|us|food|cuban?|travel|hiring)[\s-]+(?:trade\s+)?$",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"[\s:\"'\])-]*(?:none|no\b|n/?a\b|not\s+applicable|lifted|over\b|ended|expired|removed|without|free)",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"\s*(?:time\s+)?(?:is\s+)?(?:lifts?|lifting|ends?|expires?|will\s+(?:lift|end|expire|be\s+lifted)|date|time|:|for\s+(?:general\s+|public\s+)?(?:release|publication|use))",
    re.IGNORECASE,
)
_CLOSES = re.compile(
    r"[\"'\])*]*\s*(?:copy|material|version|release|report|content|information|document|draft|press\s+release|news\s+release|statistics|data|until\s+further\s+notice)?[\"'\])*]*\s*(?:$|\n|[:;,.!|)\]-])",
    re.IGNORECASE,
)
_THIS_TIME = re.compile(r"\s*(?:this|that|the\s+above|the\s+stated|then)\b", re.IGNORECASE)
_CLOCK_START = re.compile(
    r"\b(?:\d{1,2}[:.]\d\d|\d{4}\s?h|\d{1,2}\s?[ap]\.?m|noon|midnight|mon|tue|wed|thu|fri|\d{1,2}(?:st|nd|rd|th)?\s+[a-z]{3})",
    re.IGNORECASE,
)
_LEFT_OPEN = re.compile(r"[^\n\"]{0,60}?(?:\.{3}|_{3}|\]|>|\bx{2,})\s?[\"']", re.IGNORECASE)
_THIS_ONE = re.compile(r"\b(?:this|these|attached|enclosed|following|any\s+of)\b", re.IGNORECASE)
_OURSELVES = re.compile(r"\bwe\s+(?:\w+ly\s+)?$", re.IGNORECASE)
_RULE = re.compile(r"must|may|should|can|could|shall|will", re.IGNORECASE)
_TAGGED = re.compile(r"[\"'\])-]*\s+(?!on\b|against\b|of\b|and\b)(?=[^\n]{0,40}[a-z])")
_FROM = re.compile(r"\s*(?:by\s+)?(?:from|escrow)\b", re.IGNORECASE)

_COLUMNS = frozenset(("EMBARGO_TIME", "EMBARGO_DATE", "EMBARGODATE", "EMBARGOTIME", "EMBARGO"))
_HEAD_ROWS = 10
_DATES = 500


@dataclass(frozen=True, slots=True)
class _Candidate:
    words: Words
    score: float
    start: int
    around: wording.Clause


def find(
    passage: Passage, location: Location, context: Context, effort: Effort
) -> Iterator[Finding]:
    """The banners in one passage; several heads of one banner yield one finding."""
    best: list[_Candidate] = []
    for candidate in sorted(_candidates(passage, effort), key=lambda c: c.start):
        if candidate.score < wording.LOW:
            continue
        if best and candidate.start < best[-1].words.end:
            # "EMBARGO: not for release until 9.30": the same banner said twice.
            kept = best.pop()
            telling = max(kept, candidate, key=lambda c: (c.words.timed + c.words.dated, c.score))
            score = max(kept.score, candidate.score)
            best.append(_Candidate(telling.words, score, telling.start, telling.around))
        else:
            best.append(candidate)
    for candidate in best:
        yield _finding(candidate, passage, location, context)


def _finding(c: _Candidate, passage: Passage, location: Location, context: Context) -> Finding:
    reading = read_late(c.words, context.bases, context.zone) if c.words.end else Reading(None)
    confidence: Confidence = "low"
    if c.score >= wording.MEDIUM:
        confidence = "high" if c.score >= wording.HIGH else "medium"
    return Finding(
        "embargo-banner",
        passage.place(location, c.start),
        confidence,
        {
            "until": reading.until.isoformat() if reading.until else None,
            "expired": reading.until is not None and reading.until <= context.now,
            "warnings": list(reading.warnings),
            "form": "banner" if c.around.opens or c.around.capitals else "inline",
        },
        "EMBARGO UNTIL ***" if reading.until else "EMBARGO",
    )


def of_property(value: str, location: Location, context: Context) -> Finding:
    """The banner that a field `EmbargoDate` is (SDMX header): its instant read as late as it can
    be, in the department's zone where it names none; a value that cannot be read never expires."""
    reading = read_stamp(value, context.zone)
    if reading.until is None:
        words = scan(fold(value[:200]), 0, skip=0)
        if words.timed or words.dated:
            reading = read_late(words, context.bases, context.zone)
    facts: dict[str, Json] = {
        "until": reading.until.isoformat() if reading.until else None,
        "expired": reading.until is not None and reading.until <= context.now,
        "warnings": list(reading.warnings),
        "form": "property",
    }
    return Finding("embargo-banner", location, "high", facts, "EmbargoDate ***")


def in_columns(table: Table, context: Context) -> Iterator[Finding]:
    """The latest date of a column of embargo dates, as SDMX attributes carry them."""
    for at, row in enumerate(table.rows[:_HEAD_ROWS]):
        for column, cell in enumerate(row):
            if (
                cell[:7].upper() != "EMBARGO"
                or cell.partition(":")[0].strip().upper() not in _COLUMNS
            ):
                continue
            dates = {r[column].strip() for r in table.rows[at + 1 :] if len(r) > column} - {""}
            found = [of_property(d, table.location, context) for d in sorted(dates)[:_DATES]]
            stated = [f for f in found if f.facts["until"]]
            if stated:
                yield max(stated, key=lambda f: datetime.fromisoformat(str(f.facts["until"])))


def _specimen(text: str, head: re.Match[str]) -> bool:
    """A banner shown as an example: `marked "EMBARGOED UNTIL 9.30AM ON ..."`, its date left open."""
    line = text[text.rfind("\n", 0, head.start()) + 1 : head.start()]
    before = line.rstrip(" \"'")
    return (
        before != line
        and bool(wording.QUOTED.search(before[-60:]) and _LEFT_OPEN.match(text, head.end()))
        and not wording.points(before)
    )


def _candidates(passage: Passage, effort: Effort) -> Iterator[_Candidate]:
    lowered = passage.text.lower().replace("\n", " ")
    for family, weigh, needs in _FAMILIES:
        if not any(word in lowered for word in needs):
            continue
        for head in family.finditer(passage.text, passage.start):
            if head.start() >= passage.stop:
                break
            if weigh in _AT_THE_FRONT and not _may_open(passage.text, head):
                continue
            if not effort.head():
                return
            candidate = weigh(passage, head)
            if candidate:
                yield candidate


def _around(passage: Passage, head: re.Match[str]) -> wording.Clause:
    return wording.clause(passage.text, head.start(), head.end(), passage.whole)


def _embargo(passage: Passage, head: re.Match[str]) -> _Candidate | None:
    text, core, end = passage.text, head["core"].lower().replace("0", "o"), head.end("core")
    lead = head["lead"].lower()
    strict = 0.5 if "strict" in lead or "under" in lead else 0.0
    if core == "embargo" and _OTHER_TRADES.search(text[max(0, head.start() - 40) : head.start()]):
        return None
    if head["until"]:
        words = _scan_or_look_back(text, head)
        around = _around(passage, head)
        score = 0.5 + strict + wording.form_score(around) + wording.time_score(words, around.right)
        if _specimen(text, head):
            score = min(score, wording.LOW)
        return _Candidate(words, score, head.start(), around)
    if core == "embargoes" or _NONE.match(text, end):
        return None
    words = scan(text, end, skip=0)
    stated = words.timed or any(d.day for d in words.days) or words.relative
    shut = bool(_CLOSES.match(text, end))
    held = core == "embargoed" or "strict" in lead or "under" in lead
    if not (stated or shut or held or _TAGGED.match(text, end)):
        return None
    around = _around(passage, head)
    placed = around.opens or around.capitals or bool(_ENDS.match(text, end))
    placed = placed or (core == "embargoed" and words.timed and words.dated)
    if stated and placed and not words.duration:
        form = wording.form_score(around)
        score = 0.5 + strict + form + wording.time_score(words, around.right)
        return _Candidate(words, score, head.start(), around)
    tag = around.capitals and bool(_TAGGED.match(text, end))
    alone = around.capitals or bool(lead.strip()) or _own_line(text, head.start(), end)
    # "Embargo: a ban on trade" defines a word; "Embargoed:" and "EMBARGO" are tags.
    if (
        (alone or core != "embargo")
        and around.opens
        and (tag or (shut and head[0].strip()[:1].isupper()))
    ):
        score = 0.5 + strict + (1.0 if alone else 0.0) + wording.form_score(around)
        above = _look_back(text, head.start()) or Words()
        return _Candidate(above, score, head.start(), around)
    if held and wording.points_here(around) and (form := wording.form_score(around)) > 0.5:
        return _Candidate(Words(), 0.5 + strict + form, head.start(), around)
    return None


def _secrecy(passage: Passage, head: re.Match[str]) -> _Candidate | None:
    if _FROM.match(passage.text, head.end() + 9):
        return None
    words = scan(passage.text, head.end(), skip=4)
    around = _around(passage, head)
    known = wording.time_score(words, around.right)
    if known <= 0:
        return None
    score = 0.5 + wording.form_score(around) + known
    if wording.of_shares(around):
        score -= 3.0
    if not (
        words.days or words.event or around.opens or around.capitals or wording.points_here(around)
    ):
        score -= 0.5
    return _Candidate(words, score, head.start(), around)


def _not_for(passage: Passage, head: re.Match[str]) -> _Candidate | None:
    words, around = _scan_or_look_back(passage.text, head), _around(passage, head)
    score = 1.0 + wording.form_score(around) + max(wording.time_score(words, around.right), 0.5)
    if words.vague or words.duration:
        score -= 2.0
    return _Candidate(words, score, head.start(), around)


def _do_not(passage: Passage, head: re.Match[str]) -> _Candidate | None:
    words, around = _scan_or_look_back(passage.text, head), _around(passage, head)
    known = wording.time_score(words, around.right) or -0.5
    if not around.right.strip(" .:-\n"):
        known = 1.0  # "Ne pas diffuser avant": the instant stands elsewhere
    score = 0.5 + wording.form_score(around) + known
    if "please" in head[0].lower() and not around.opens:
        score += 0.5
    if _RULE.match(head["mood"]) and not wording.points_here(around) and not words.days:
        score -= 1.0  # "must not be shared before that time" states a rule, not a restriction
        if not (words.timed or words.dated or _THIS_ONE.search(head[0])):
            score -= 1.0
    if _OURSELVES.search(around.left) and not _RULE.match(head["mood"]) and not words.dated:
        score -= 3.0  # "We never brief before 9.30am" tells what we do
    return _Candidate(words, score, head.start(), around)


def _hold(passage: Passage, head: re.Match[str]) -> _Candidate | None:
    words, around = scan(passage.text, head.end(), skip=0), _around(passage, head)
    if not (around.opens or around.capitals):
        return None
    if not (words.timed or words.dated) and "for" not in head[0].lower():
        return None
    score = 0.5 + wording.form_score(around) + wording.time_score(words, around.right)
    return _Candidate(words, score, head.start(), around)


def _for_release(passage: Passage, head: re.Match[str]) -> _Candidate | None:
    words, around = scan(passage.text, head.end(), skip=0), _around(passage, head)
    if not words.timed or not (around.opens or around.capitals):
        return None
    score = wording.form_score(around) + wording.time_score(words, around.right) - 0.5
    return _Candidate(words, score, head.start(), around)


def _may_open(text: str, head: re.Match[str]) -> bool:
    """Could the head stand at the front of its clause, or is it in capitals?"""
    before = text[max(0, head.start() - 8) : head.start()].rstrip(" \t")
    return not before[-1:].isalnum() or head[0].isupper()


def _scan_or_look_back(text: str, head: re.Match[str]) -> Words:
    words = scan(text, head.end(), skip=4)
    if not words.timed and not words.dated and _THIS_TIME.match(text, head.end()):
        return _look_back(text, head.start()) or words
    return words


def _look_back(text: str, start: int) -> Words | None:
    """The instant that stands above or before "BEFORE THIS TIME"."""
    begin = max(0, start - 120)
    for place in _CLOCK_START.finditer(text, begin, start):
        words = scan(text, place.start(), skip=0)
        if words.timed and words.end <= start + 1:
            words.end = start + 1
            return words
    return None


def _own_line(text: str, start: int, end: int) -> bool:
    line_end = text.find("\n", end)
    rest = text[end : line_end if line_end >= 0 else len(text)]
    return not rest.strip(" .:!-*\"'])") and not text[text.rfind("\n", 0, start) + 1 : start].strip(
        " -*\"'[("
    )


_SOONISH = (
    *(
        "until",
        "till",
        "til ",
        "untill",
        "unitl",
        "before",
        "prior",
        "ahead",
        "advance",
        "earlier",
        "pending",
    ),
    *(" bis ", " tan ", "jusqu", " tot ", "hasta", "fino", " ate ", "go dti"),
    *("avant", "vor ", "voor ", "antes", "prima", "cyn "),
)
_FAMILIES = (
    # what opens a banner, how it is weighed, words without which it cannot be there
    (_EMBARGO, _embargo, ("embarg", "sperrfrist", "lanchosc")),
    (_SECRECY, _secrecy, _SOONISH),
    (_NOT_FOR, _not_for, _SOONISH),
    (_DO_NOT, _do_not, _SOONISH),
    (_NOTHING, _do_not, ("nothing", "none", "no part", "no details")),
    (_FOREIGN_NOT, _not_for, ("nicht", "niet", "ddim")),
    (_HOLD, _hold, ("hold",)),
    (_FOR_RELEASE, _for_release, ("for ",)),
)
_AT_THE_FRONT = (_hold, _for_release)
"""Families that count at the front of a clause only, cheaply told before they are weighed."""
