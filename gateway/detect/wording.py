"""Tells a banner from talk about banners: cues of form, subject, mood and tense, each weighed.

A restriction that somebody puts on *this* material is verbless or says what is the case now
("EMBARGOED UNTIL ...", "the tables are embargoed until ..."); talk about restrictions has modal
verbs, past tense, conditions, quantifiers, plural or indefinite subjects. The sum of the cues
decides; the constants are the whole model, so that it can be read and argued with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.detect.timewords import Words
from gateway.detect.topic import WEIGHTS, topics

HIGH, MEDIUM, LOW = 4.0, 2.0, 1.0

_I = re.IGNORECASE
_BOUNDARY = re.compile(
    r"[.!?;|\[\](){}\"/]\s*|:\s+|\s-+\s|(?<=\w)'\s+|\n\s*\n|--+|\n(?=\s*[-#=+*])"
)
_CONJUNCTION = re.compile(r",\s+(?:and|but|so|yet)\s+|\s+(?:because|so\s+that)\s+", _I)
_LINE_END = re.compile(r"\n\s*")
_NEXT = re.compile(r"[.!?](?=\s+[A-Z\"'(]|\s*$)|\n\s*\n|;")
_FUNCTION_WORDS = frozenset(
    "the a an is are was were be been being has have had will would to of that which who we i you they he she it "
    "this these those not in on by for with from at as and or but if when must should may can could all any "
    "each every some most no there do does did about under after before into than its im theyre thats were".split()
)  # fmt: skip
_ADVERBS = frozenset(
    "now not still also all both hereby currently it them then only instead originally an a very so".split()
)
_STATES = frozenset("is are remain remains stay stays kept held keep being".split())
_PASTS = frozenset("was were remained stayed got".split())
_AUXILIARIES = frozenset("be been remain stay keep have put place request set".split())
_MODALS = frozenset("must should can could may might would shall cannot to".split())
_CONDITIONS = frozenset("if when whenever whether unless where suppose how why what".split())
_RELATIVES = frozenset("that which who".split())
_TELLERS = frozenset(
    "said says told tells reported claimed claims agree agreed agrees decided argued explained explains wrote imposed lifted "
    "broke breached breaches violate violated ignored honoured honored respected requested asked wanted accept accepted accepts "
    "learned heard thought saw received argues mean means define defined defines refers describes recommend recommends "
    "recommended propose proposed proposes require required requires allow allowed allows".split()
)
_POINTERS = frozenset(
    "this these attached enclosed following herewith herein below above content contents copy our today's tomorrow's your nb "
    "reminder note".split()
)
_MATERIAL = re.compile(
    r"\b(?:data|datasets?|results?|figures|findings|weights|tables|labels|files|details|slides|numbers|estimates|materials?|documents|"
    r"winners|names|images|photos|photographs|videos|scores|answers|records|interviews|transcripts|drafts|chapters|specs|specifications)\W+(?:\w+\s+){0,2}$",
    _I,
)
_MILESTONE = re.compile(
    r"^\W*(?:(?!(?:and|or|but|if)\b)[\w'-]+\s+){0,6}?(?:deadline|acceptance|accepted|conference|ceremony|challenge|judge?ment|hearing|trial|filing|filed|patent|papers?|preprint|"
    r"summit|event|premiere|deal|merger|election|vote|campaign|defen[cs]e|exams?|board|ministers?|parliament|court|journal|project|speech|report|review|committee|"
    r"chancellor|inquiry|competition|contest|show|meeting|launch|investigation|embargo|workshop|talk|lecture|session|sitting|start|beginning|end(?!\s+of\s+(?:the\s+|this\s+)?(?:month|week|year|day|quarter))|close|opening)\b",
    _I,
)
_TOKEN = re.compile(r"[a-z][a-z']*")
_DETERMINED = r"(?:the|this|these|those|our|your|my|his|her|its|their|both|attached|enclosed)"
_QUANTIFIED = re.compile(
    rf"^\W*(?:\w+,\s+)?(?:(?:all|each|every|any|most|many|some|such|certain|other|no|various|several)\s+(?!{_DETERMINED}\b|of\b)|an?\s+)\w+", _I)  # fmt: skip
_BARE_PLURAL = re.compile(
    rf"^\W*(?:[\w-]+,\s+)?(?!{_DETERMINED}\b)(?:[\w'-]+\s+){{0,3}}?[a-z][\w'-]*(?:s|data|media|people)\s+(?:\(?\w+\)?\s+)?(?:are|remain|stay|must|should|may|can|cannot|will|were|have|had|do)\b", _I)  # fmt: skip
_QUOTING = re.compile(
    r"\b(?:marked|labell?ed|stamped|headed|entitled|titled|saying|say|says|words?|wording|phrases?|terms?|text|banner|notice|line|like|called|reads?|reading|tag(?:ged)?|caption|expression|as)\W*$", _I)  # fmt: skip
_PRESCRIBED = re.compile(
    r"\b(?:should|must|to|will|would|could|can)\s+(?:read|say|state|carry|include|bear|show)\b|\b(?:words?|wording|phrases?|expressions?)\b",
    _I,
)
_BROKEN = re.compile(
    r"\b(?:break(?:s|ing)?|broke|broken|breach\w*|jump(?:ed|ing)|leaked|honou?r(?:ed|ing)?|obey\w*|respect(?:ed)?)\b",
    _I,
)
_SHARES = re.compile(
    r"\b(?:shares?|stocks?|buildings?|roads?|streets?|traffic|travel|entry|units?|awards?|options|securities|vest\w*|parking|area|zone|airspace|account|visas?|feature)\b",
    _I,
)
_THAT_DAY = re.compile(
    r"\bon\s+(?:the|its|their)\s+(?:\w+\s+)?(?:day|morning|date)\b(?!\s+of\s+(?:mon|tue|wed|thu|fri|\d))",
    _I,
)
QUOTED = _QUOTING


@dataclass(frozen=True, slots=True)
class Clause:
    """What stands around a head: `left` from the last boundary, `right` to the sentence's end.
    `quoted`: put in quotation marks within a sentence, hence spoken about."""

    left: str
    right: str
    sentence: str
    opens: bool
    capitals: bool
    quoted: bool = False


def clause(text: str, start: int, end: int, whole: bool) -> Clause:
    """The clause around `text[start:end]`."""
    begin = max(0, start - 220)
    far = text[begin:start]
    cut = 0
    for mark in _BOUNDARY.finditer(far):
        cut = mark.end()
    for mark in _LINE_END.finditer(far, cut):
        previous = far[far.rfind("\n", 0, mark.start()) + 1 : mark.start()].rstrip()
        # A full line that does not end its sentence was wrapped; anything else ended here.
        if len(previous) < 45 or not (previous[-1].isalnum() or previous[-1] in ",'"):
            cut = mark.end()
    left = far[cut:]
    following = _NEXT.search(text, end)
    stop = following.end() if following else len(text)
    right = text[end : min(stop, end + 300)]
    sentences = [m.end() for m in _NEXT.finditer(far)]
    sentence = far[sentences[-1] if sentences else 0 :] + text[start:end] + right
    opens = not left.strip(" \t\n'\"*-#=<>,_~+") and (cut > 0 or begin > 0 or whole)
    words = [
        w for w in re.findall(r"[A-Za-z]{2,}", text[start:end]) if w.lower() not in ("am", "pm")
    ]
    capitals = bool(words) and all(w.isupper() for w in words)
    line = text[text.rfind("\n", 0, start) + 1 : start].rstrip()
    quoted = line[-1:] in ("'", '"') and len(line.split()) > 1
    return Clause(left, right, sentence, opens, capitals, quoted)


def form_score(around: Clause) -> float:
    """How much the clause looks like a restriction put on this very material."""
    left = around.left
    score = (1.5 if around.capitals else 0.0) - (2.0 if around.quoted else 0.0)
    if around.opens:
        return score + 1.5 + _topic_score(around)
    # "The text says so, and pilot data is ...": the subject is that of the last clause.
    parts = _CONJUNCTION.split(left)
    left = parts[-1] if len(parts[-1].split()) > 1 else left
    words = _TOKEN.findall(left.lower())
    if _compound(left, words):
        score += 1.5
    else:
        score += _mood(words)
        known = set(words)
        if known & _CONDITIONS:
            score -= 1.5
        if known & _TELLERS:
            score -= 1.0
        if known & _POINTERS:
            score += 1.0
        elif _QUANTIFIED.search(left) or (_BARE_PLURAL.search(left) and not _MATERIAL.search(left)):
            score -= 1.5
        if not around.capitals and _QUOTING.search(left[-60:]):
            score -= 1.0
    if _PRESCRIBED.search(left[-60:]):
        score -= 3.0
    return score + _topic_score(around)


def _mood(words: list[str]) -> float:
    """What the verb before the head says: it is so, it was so, it ought to be so."""
    verb = _without(words, _ADVERBS)
    last = verb[-1] if verb else ""
    before = verb[-2] if len(verb) > 1 else ""
    score = 0.0
    if last in _PASTS or (last == "been" and before == "had"):
        score -= 2.5
    else:
        stem = _without(_without(verb, _AUXILIARIES), _ADVERBS)
        if (
            stem
            and stem[-1] in _MODALS
            and not (stem[-1] == "to" and (len(stem) == len(verb) or stem[-2:-1] == ["continues"]))
        ):  # "subject to embargo" and "continues to be embargoed" say what is the case
            score -= 1.5
        elif last in _STATES or last.endswith(("'s", "'re")) or last in ("be", "been"):
            score += 0.5
    while verb and (
        verb[-1] in _STATES
        or verb[-1] in _PASTS
        or verb[-1] in ("be", "been", "has", "have", "had", "will")
    ):
        verb = verb[:-1]
    if verb and verb[-1] in _RELATIVES:
        score -= 1.0
    return score


def _without(words: list[str], endings: frozenset[str]) -> list[str]:
    end = len(words)
    while end and (
        words[end - 1] in endings or (endings is _ADVERBS and words[end - 1].endswith("ly"))
    ):
        end -= 1
    return words[:end]


def _topic_score(around: Clause) -> float:
    score = sum(WEIGHTS[topic] for topic in topics(around.sentence))
    if _BROKEN.search(around.right):
        score -= 2.5
    first = _TOKEN.match(around.sentence.lstrip(" \n'\"-").lower())
    if first and first[0] in _CONDITIONS:
        score -= 1.0
    return score


def time_score(words: Words, right: str) -> float:
    """How much the words after "until" look like an instant or an event that ends it."""
    if words.duration and not (words.days and words.timed):
        return -3.0
    if words.vague and not words.dated:
        return -2.0
    score = 0.0
    if words.timed and words.dated:
        score = 3.0
    elif any(d.day for d in words.days):
        score = 2.5
    elif words.dated or words.timed or words.blank or words.event:
        score = 1.5
    elif _MILESTONE.search(right):
        score = 1.0
    if _THAT_DAY.search(right) and not words.days:
        score -= 1.0
    return score


def of_shares(around: Clause) -> bool:
    """Restricted shares, areas, accounts: the word in another sense."""
    return bool(_SHARES.search(around.left))


def is_disclaimer(around: Clause) -> bool:
    return "disclaimer" in topics(around.sentence)


def points_here(around: Clause) -> bool:
    """Does the clause speak of this message or what comes with it?"""
    return points(around.left)


def points(text: str) -> bool:
    """Is there a word that points at what lies here ("this", "attached")?"""
    return not _POINTERS.isdisjoint(_TOKEN.findall(text.lower()))


def _compound(left: str, words: list[str]) -> bool:
    """`Media embargo until`, `Labour market figures embargoed until`: a noun or two, no verb."""
    if not 0 < len(words) <= 4 or left[:1] == ",":
        return False
    return _FUNCTION_WORDS.isdisjoint(w.replace("'", "") for w in words)
