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
_COPULA = re.compile(
    r"(?:\b(?:is|are|remains?|stays?|will\s+be|has\s+been|have\s+been|being|kept|held|keep|continues?\s+to\s+be)|'s|'re)\s+"
    r"(?:(?:\w+ly|now|still|also|all|both|hereby|currently|it|them)\s+)*$", _I)  # fmt: skip
_PAST = re.compile(
    r"\b(?:was|were|had\s+been|remained|stayed|got)\s+(?:(?:\w+ly|not|still|also|all|originally)\s+)*$",
    _I,
)
_MODAL = re.compile(
    r"\b(?:must|should|can|could|may|might|would|shall|cannot|needs?\s+to|ought\s+to|able\s+to|wish\s+to|wants?\s+to|have\s+to|has\s+to|to)\s+"
    r"(?:(?:\w+ly|also|then|only|not|instead)\s+)*(?:be|remain|stay|keep|been|have\s+been|put|place|request|set|have)?\s*(?:(?:\w+ly|an?)\s+)*$", _I)  # fmt: skip
_CONDITION = re.compile(
    r"\b(?:if|when|whenever|whether|unless|where|in\s+cases?|suppose|in\s+the\s+event|how|why|what)\b",
    _I,
)
_RELATIVE = re.compile(
    r"\b(?:that|which|who)\s+(?:(?:is|are|was|were|has|have|had|will|be|been|still)\s+)*$", _I
)
_HABIT = re.compile(
    r"\b(?:typically|usually|often|generally|normally|sometimes|commonly|frequently|traditionally|always|by\s+default|default|"
    r"in\s+general|routinely|mostly|occasionally|tends?\s+to|as\s+a\s+rule|for\s+example|e\.g\.|such\s+as|for\s+instance|in\s+practice|by\s+convention)", _I)  # fmt: skip
_DETERMINED = r"(?:the|this|these|those|our|your|my|his|her|its|their|both|attached|enclosed)"
_QUANTIFIED = re.compile(
    rf"^\W*(?:\w+,\s+)?(?:(?:all|each|every|any|most|many|some|such|certain|other|no|various|several)\s+(?!{_DETERMINED}\b|of\b)|an?\s+)\w+", _I)  # fmt: skip
_BARE_PLURAL = re.compile(
    rf"^\W*(?:[\w-]+,\s+)?(?!{_DETERMINED}\b)(?:[\w'-]+\s+){{0,3}}?[a-z][\w'-]*(?:s|data|media|people)\s+(?:\(?\w+\)?\s+)?(?:are|remain|stay|must|should|may|can|cannot|will|were|have|had|do)\b", _I)  # fmt: skip
_DEICTIC = re.compile(
    r"\b(?:this|these|attached|enclosed|following|herewith|herein|below|above|contents?|copy|information\s+contained|our|today's|tomorrow's|your|please\s+note|n\.?b\.?|reminder|note)\b", _I)  # fmt: skip
_TELLING = re.compile(
    r"\b(?:said|says|told|tells|reported|claim(?:ed|s)|agree[ds]?|decided|argued|explain(?:ed|s)|wrote|imposed|lifted|broke|breach(?:ed|es)?|violat\w+|ignored|honou?r(?:ed|s)|"
    r"respected|requested|asked|wanted|accept(?:ed|s)?|learned|heard|thought|saw|received|argues|means?|defined?|defines|refers?|describes?|recommend\w*|propos\w+|require[sd]?|allow(?:s|ed)?)\b", _I)  # fmt: skip
_QUOTING = re.compile(
    r"\b(?:marked|labell?ed|stamped|headed|entitled|titled|saying|say|says|words?|wording|phrases?|terms?|text|banner|notice|line|like|called|reads?|reading|tag(?:ged)?|caption|expression|as)\W*$", _I)  # fmt: skip
_PRESCRIBED = re.compile(
    r"\b(?:should|must|to|will|would|could|can)\s+(?:read|say|state|carry|include|bear|show)\b|\b(?:words?|wording|phrases?|expressions?|example|template|sample)\b",
    _I,
)
_ADVISORY = re.compile(r"\bCVEs?\b|\bCVE-\d|vulnerabilit|\bexploit|security\s+advisor|zero-?day|\bdistros\b|linux-distros|coordinated\s+disclosure", _I)  # fmt: skip
_SCHOLARLY = re.compile(
    r"open[\s-]access|\brepositor(?:y|ies)\b|self-archiv|accepted\s+manuscript|embargo\s+period|publisher|\bthes[ie]s\b|dissertation|\bjournals?\b|\bpostprint|\bpeer[\s-]review|full[\s-]text", _I)  # fmt: skip
_BROKEN = re.compile(
    r"\b(?:break(?:s|ing)?|broke|broken|breach\w*|jump(?:ed|ing)|leaked|honou?r(?:ed|ing)?|obey\w*|respect(?:ed)?)\b",
    _I,
)
_DISCLAIMER = re.compile(
    r"intended\s+recipient|\bin\s+error\b|addressee|disclaimer|legally\s+privileged|unauthori[sz]ed|notify\s+the\s+sender|\bvirus|without\s+(?:our|the|prior|express|written)|password", _I)  # fmt: skip
_SHARES = re.compile(
    r"\b(?:shares?|stocks?|units?|awards?|options|securities|vest\w*|parking|area|zone|airspace|account|visas?|feature)\b",
    _I,
)
_THAT_DAY = re.compile(
    r"\bon\s+(?:the|its|their)\s+(?:\w+\s+)?(?:day|morning|date)\b(?!\s+of\s+(?:mon|tue|wed|thu|fri|\d))",
    _I,
)
QUOTED = _QUOTING


@dataclass(frozen=True, slots=True)
class Clause:
    """What stands around a head: `left` from the last boundary, `right` to the sentence's end."""

    left: str
    right: str
    sentence: str
    opens: bool
    capitals: bool


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
    return Clause(left, right, sentence, opens, bool(words) and all(w.isupper() for w in words))


def form_score(around: Clause) -> float:
    """How much the clause looks like a restriction put on this very material."""
    left = around.left
    near = left[-60:]
    # "The text says so, and pilot data is ...": the subject is that of the last clause.
    parts = _CONJUNCTION.split(left)
    left = parts[-1] if len(parts) > 1 and len(parts[-1].split()) > 1 else left
    score = 0.0
    if around.capitals:
        score += 1.5
    if around.opens or _compound(left):
        score += 1.5
    else:
        if _MODAL.search(near):
            score -= 1.5
        elif _PAST.search(near):
            score -= 2.5
        elif _COPULA.search(near):
            score += 0.5
        if _RELATIVE.search(near):
            score -= 1.0
        if _CONDITION.search(left):
            score -= 1.5
        if _QUOTING.search(near) and not around.capitals:
            score -= 1.0
        if _TELLING.search(left):
            score -= 1.0
        if _DEICTIC.search(left):
            score += 1.0
        elif _QUANTIFIED.search(left) or _BARE_PLURAL.search(left):
            score -= 1.5
    if _PRESCRIBED.search(near):
        score -= 3.0
    return score + _topic_score(around)


def _topic_score(around: Clause) -> float:
    score = 0.0
    if _HABIT.search(around.sentence):
        score -= 2.0
    if _ADVISORY.search(around.sentence):
        score -= 2.0
    if _SCHOLARLY.search(around.sentence):
        score -= 1.5
    if _BROKEN.search(around.right):
        score -= 2.5
    if _DISCLAIMER.search(around.sentence):
        score -= 2.0
    if _CONDITION.match(around.sentence.lstrip(" \n'\"")):
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
    if _THAT_DAY.search(right) and not words.days:
        score -= 1.0
    return score


def of_shares(around: Clause) -> bool:
    """Restricted shares, areas, accounts: the word in another sense."""
    return bool(_SHARES.search(around.left))


def is_disclaimer(around: Clause) -> bool:
    return bool(_DISCLAIMER.search(around.sentence))


def mentions_wording(around: Clause) -> bool:
    return bool(_QUOTING.search(around.left[-60:]) or _HABIT.search(around.sentence))


def points_here(around: Clause) -> bool:
    return bool(_DEICTIC.search(around.left))


def _compound(left: str) -> bool:
    """`Media embargo until`, `Labour market figures embargoed until`: a noun or two, no verb."""
    words = left.lower().replace("'", "").split()
    return (
        0 < len(words) <= 4
        and not _FUNCTION_WORDS & {w.strip(",-") for w in words}
        and left[:1] not in ","
    )
