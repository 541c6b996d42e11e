"""Embargo banners: wording that keeps something back until an instant or an event.

Finding `embargo-banner`, facts: `until` (ISO instant with offset, or null where none is stated or
none can be read), `expired` (the instant has come), `warnings` (fixed sentences), `form`. A
banner without an instant never expires. Each head names a family of openings; what may follow is
read by `timewords`, how it is meant is weighed by `wording`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterator

from gateway.detect import wording
from gateway.detect.context import Context
from gateway.detect.instant import Reading, read
from gateway.detect.passage import Passage
from gateway.detect.timewords import Words, scan
from gateway.model.finding import Confidence, Finding
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
_MORE = rf"(?:(?:\s*[,/&]\s*|\s+)(?:or\s+|and\s+|nor\s+)?(?:(?!(?:{_UNTIL}|{_BEFORE})\b)[\w'/()-]+)){{0,14}}?\s*[,:(-]*\s*"

_EMBARGO = re.compile(
    rf"""\b(?P<lead>(?:(?:strict(?:ly)?|under|an?|full|total(?:ly)?|press|media|news|publication|release|completely|sous|dan|onder|bajo|sotto|sob|unter|faoi)[\s-]+){{0,4}})
    (?P<core>embarg(?:o(?:ed|'d)?|ad[oa]s?|at[oa]|oes)|sperrfrist|lanchosc)(?![a-z_](?<!embargou)(?<!embargoedu))
    (?P<tail>["'\])]*(?:\s+(?:remains?|is|stays?)?\s*(?:in\s+(?:place|force|effect)|applies|holds|stands|remains))?)
    (?:[\s"'\]):;,(-]*(?P<until>{_UNTIL}|before|prior\s+to|pending)(?![a-z]))?""",
    _X,
)
_SECRECY = re.compile(
    rf"""\b(?P<core>restricted|confidential(?:ly|ity)?|private|secret|sensitive|classified|internal(?:\s+use)?(?:\s+only)?|privileged|unpublished|
    (?:in|strict(?:est)?)\s+confidence|vertraulich|gesperrt|confidentiel(?:le)?|vertrouwelijk|confidencial|cyfyngedig|statistics)["'\])]*
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
_HOLD = re.compile(
    r"\bhold(?:\s+for\s+(?:release|publication))?\s*[,:-]?\s*(?:unt?ill?|'?till?)\b|\bhold\s+for\s+(?:release|publication)\b",
    _X,
)
_FOR_RELEASE = re.compile(
    r"\bfor\s+(?:general\s+|public\s+)?(?P<until>release|publication)\b(?!\s+until)", _X
)
_NOT_NOUN = re.compile(
    r"\s*[-]?\s*(?:polic|period|system|rule|agreement|break|watch|breach|law|act\b|order\b|list|check|test|table|field|option|on\s|against|of\s+\w+\s+(?:goods|oil))",
    re.IGNORECASE,
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
    r"\s*(?:time\s+)?(?:is\s+)?(?:lifts?|lifting|ends?|expires?|will\s+(?:lift|end|expire|be\s+lifted)|date|time|:)",
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
_RULE = re.compile(r"must|may|should|can|could|shall|will", re.IGNORECASE)
_FROM = re.compile(r"\s*(?:by\s+)?(?:from|escrow)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Candidate:
    words: Words
    score: float
    start: int
    around: wording.Clause


def find(passage: Passage, location: Location, context: Context) -> Iterator[Finding]:
    """The banners in one passage; several heads of one banner yield one finding."""
    best: list[_Candidate] = []
    for candidate in sorted(_candidates(passage), key=lambda c: c.start):
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
    reading = read(c.words, context.base, context.zone) if c.words.end else Reading(None)
    confidence: Confidence = "low"
    if c.score >= wording.MEDIUM:
        confidence = "high" if c.score >= wording.HIGH else "medium"
    return Finding(
        "embargo-banner",
        location,
        confidence,
        {
            "until": reading.until.isoformat() if reading.until else None,
            "expired": reading.until is not None and reading.until <= context.now,
            "warnings": list(reading.warnings),
            "form": "banner" if c.around.opens or c.around.capitals else "inline",
        },
        "EMBARGO UNTIL ***" if reading.until else "EMBARGO",
    )


def _candidates(passage: Passage) -> Iterator[_Candidate]:
    text = passage.text
    for family, weigh in _FAMILIES:
        for head in family.finditer(text, passage.start):
            if head.start() >= passage.stop:
                break
            around = wording.clause(text, head.start(), head.end(), passage.whole)
            candidate = weigh(text, head, around)
            if candidate:
                yield candidate


def _embargo(text: str, head: re.Match[str], around: wording.Clause) -> _Candidate | None:
    strict = 0.5 if "strict" in head["lead"].lower() else 0.0
    if _OTHER_TRADES.search(around.left) and head["core"].lower() == "embargo":
        return None
    if head["until"]:
        words = _scan_or_look_back(text, head)
        score = 0.5 + strict + wording.form_score(around) + wording.time_score(words, around.right)
        return _Candidate(words, score, head.start(), around)
    end = head.end("core")
    if head["core"].lower() == "embargoes" or _NONE.match(text, end):
        return None
    words = scan(text, end, skip=0)
    form = wording.form_score(around)
    ends = bool(_ENDS.match(text, end))
    stated = (
        words.timed or any(d.day for d in words.days) or words.relative
    ) and not words.duration
    if stated and (around.opens or around.capitals or ends):
        score = 0.5 + strict + form + wording.time_score(words, around.right)
        return _Candidate(words, score, head.start(), around)
    if _NOT_NOUN.match(text, end):
        return None
    shut = bool(_CLOSES.match(text, end))
    titled = head[0].strip()[:1].isupper()
    if shut and around.opens and (around.capitals or titled):
        bonus = 1.0 if around.capitals or strict or _own_line(text, head.start(), end) else 0.0
        return _Candidate(
            _look_back(text, head.start()) or Words(),
            0.5 + strict + bonus + form,
            head.start(),
            around,
        )
    held = (
        "strict" in head["lead"].lower()
        or "under" in head["lead"].lower()
        or head["core"].lower() == "embargoed"
    )
    if held and wording.points_here(around) and form > 0.5:
        return _Candidate(Words(), 0.5 + strict + form, head.start(), around)
    return None


def _secrecy(text: str, head: re.Match[str], around: wording.Clause) -> _Candidate | None:
    if _FROM.match(text, head.end() + 9):
        return None
    words = scan(text, head.end(), skip=4)
    if not (words.event or words.timed or words.dated or words.blank):
        return None
    score = 0.5 + wording.form_score(around) + wording.time_score(words, around.right)
    if wording.of_shares(around):
        score -= 3.0
    return _Candidate(words, score, head.start(), around)


def _not_for(text: str, head: re.Match[str], around: wording.Clause) -> _Candidate | None:
    words = _scan_or_look_back(text, head)
    score = 1.0 + wording.form_score(around) + max(wording.time_score(words, around.right), 0.5)
    if words.vague or words.duration:
        score -= 2.0
    return _Candidate(words, score, head.start(), around)


def _do_not(text: str, head: re.Match[str], around: wording.Clause) -> _Candidate | None:
    words = _scan_or_look_back(text, head)
    known = wording.time_score(words, around.right) or -0.5
    score = 0.5 + wording.form_score(around) + known
    if "please" in head[0].lower() and not around.opens:
        score += 0.5
    if _RULE.match(head["mood"]) and not wording.points_here(around) and not words.days:
        score -= 1.0  # "must not be shared before that time" states a rule, not a restriction
    return _Candidate(words, score, head.start(), around)


def _hold(text: str, head: re.Match[str], around: wording.Clause) -> _Candidate | None:
    words = scan(text, head.end(), skip=0)
    if not (around.opens or around.capitals):
        return None
    if not (words.timed or words.dated) and "for" not in head[0].lower():
        return None
    score = 0.5 + wording.form_score(around) + wording.time_score(words, around.right)
    return _Candidate(words, score, head.start(), around)


def _for_release(text: str, head: re.Match[str], around: wording.Clause) -> _Candidate | None:
    words = scan(text, head.end(), skip=0)
    if not words.timed or not (around.opens or around.capitals):
        return None
    score = wording.form_score(around) + wording.time_score(words, around.right) - 0.5
    return _Candidate(words, score, head.start(), around)


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


_FAMILIES = (
    (_EMBARGO, _embargo),
    (_SECRECY, _secrecy),
    (_NOT_FOR, _not_for),
    (_DO_NOT, _do_not),
    (_FOREIGN_NOT, _not_for),
    (_HOLD, _hold),
    (_FOR_RELEASE, _for_release),
)
