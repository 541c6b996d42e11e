"""Finds where restriction wording may stand and cuts bounded stretches of text around it.

Invariants: the first pass is one Aho-Corasick run over flat text, so ordinary mail costs nothing
more; every trigger lies in the core of exactly one passage; passages are bounded, so the whole
stays linear however often a trigger repeats.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterator

from gateway.detect.normalise import unquote

_NOUNS = (
    "publication release broadcast circulation distribution dissemination transmission disclosure "
    "quotation citation attribution sharing onward further wider general public external media press "
    "use reporting forwarding announcement any open quoting citing internal immediate"
).split()
_VERBS = (
    "publish release circulate distribute disseminate transmit disclose quote cite share forward "
    "report broadcast announce tweet use print communicate copy discuss post pass make open brief "
    "send show reveal redistribute re-distribute upload mention"
).split()
_PARTICIPLES = (
    "published released circulated distributed disseminated transmitted disclosed quoted cited shared "
    "forwarded reported broadcast announced tweeted used printed communicated copied discussed posted "
    "passed made opened briefed sent shown revealed redistributed uploaded mentioned divulged reproduced"
).split()
_ELSEWHERE = (
    "ne pas diffuser|ne pas publier|ne pas communiquer|ne pas divulguer|nicht vor|nicht zur|"
    "no publicar|no difundir|no divulgar|non diffondere|non pubblicare|nao publicar|nao divulgar|"
    "niet publiceren|niet voor|gesperrt bis|vertraulich bis|confidentiel jusqu|"
    "iw gyhoeddi|iw rannu|i w gyhoeddi|i w rannu|ni ddylid|peidiwch"
).split("|")

TRIGGERS = (
    *("embarg", "e m b a r g", "sperrfrist", "lanchosc", "swyddogol", "cyfyngedig"),
    *("official", "offical", "offcial", "oficial", "o f f i c i", "secret", "s e c r e t"),
    *("restricted", "r e s t r i c t", "confiden", "c o n f i d e n", "protect", "p r o t e c t"),
    *("market sensitive", "sec unofficial", "sec protected", "in confidence"),
    *("pra only", "prerelease access only", "pre release access only", "p r a o n l y"),
    *("hold until", "hold til", "hold for release", "hold for publication", "for release "),
    *("private until", "internal until", "sensitive until", "unpublished until", "internal only until"),
    *("no publication", "no release before", "no broadcast", "no circulation"),
    *(f"not {adverb}for {n}" for adverb in ("", "yet ") for n in _NOUNS),
    *(f"{no} {v}" for no in ("do not", "dont", "please not", "never", "must not", "may not") for v in _VERBS),
    *(f"{no} {p}" for no in ("not be", "not to be", "not yet be", "never be") for p in _PARTICIPLES),
    *_ELSEWHERE,
)  # fmt: skip
"""Words without which no detector of wording has anything to say, as they stand in flat text."""


def _alternatives(words: object) -> str:
    return "|".join(sorted(words, key=len, reverse=True))  # type: ignore[call-overload]


_GAP = r"[\s>|*_\"'-]+"
_PLACES = re.compile(
    r"embarg|sperrfrist|lanchosc|swyddogol|cyfyngedig|off?i?ci?a?i?l\s*['\")\]]*[\s:_/-]*['\"(\[]*s|offic(?:ia|a)l"
    r"|secret|restricted|confiden|market"
    + _GAP
    + r"sensitive|sec\s?[=:]|in"
    + _GAP
    + r"confidence|pra"
    + _GAP
    + r"only"
    r"|release"
    + _GAP
    + r"access"
    + _GAP
    + r"only|\bhold"
    + _GAP
    + r"(?:un)?til|\bhold"
    + _GAP
    + r"for|\bfor"
    + _GAP
    + r"release"
    r"|(?:private|internal|sensitive|unpublished|only)"
    + _GAP
    + r"until|\bno"
    + _GAP
    + r"(?:publication|release|broadcast|circulation)"
    r"|\bnot" + _GAP + r"(?:yet" + _GAP + r")?for" + _GAP + rf"(?:{_alternatives(_NOUNS)})"
    r"|(?:\bnot|\bdon'?t|\bnever)" + _GAP + rf"(?:{_alternatives(_VERBS)})\b"
    r"|(?:\bnot|\bnever)"
    + _GAP
    + "(?:yet"
    + _GAP
    + ")?(?:to"
    + _GAP
    + ")?be"
    + _GAP
    + rf"(?:{_alternatives(_PARTICIPLES)})"
    r"|\b(?:" + "|".join(re.sub(r"\biw\b", "i'?w", e).replace(" ", _GAP) for e in _ELSEWHERE) + r")"
    r"|(?-i:PROTECT\b)",
    re.IGNORECASE,
)
_BEFORE = 260
_AFTER = 340
_NEAR = 160
_CORE = 600


@dataclass(frozen=True, slots=True)
class Passage:
    """`text` is unquoted ASCII; what a detector looks for starts in [`start`, `stop`). `line` is
    the line number of the passage's first character, `whole` whether the text begins with it."""

    text: str
    start: int
    stop: int
    line: int
    whole: bool

    def line_at(self, position: int) -> int:
        return self.line + self.text.count("\n", 0, position)


def passages(folded: str) -> Iterator[Passage]:
    """Every stretch of `folded` text that holds a trigger, in order."""
    first = last = -1
    counted, line = 0, 1
    for place in _PLACES.finditer(folded):
        if first >= 0 and place.start() - last <= _NEAR and place.end() - first <= _CORE:
            last = place.end()
            continue
        if first >= 0:
            line += folded.count("\n", counted, first)
            counted = first
            yield _cut(folded, first, last, line)
        first, last = place.span()
    if first >= 0:
        line += folded.count("\n", counted, first)
        yield _cut(folded, first, last, line)


def _cut(folded: str, first: int, last: int, line: int) -> Passage:
    begin = max(0, first - _BEFORE)
    lead = folded[begin:first]
    if begin:  # not in the middle of a word
        lead = lead[lead.find(" ") + 1 :] if " " in lead else lead
    before = unquote(lead)
    # The first character of the core may follow a quoting prefix: leave lead and core in one.
    core = unquote(folded[first:last])
    after = unquote(folded[last : last + _AFTER])
    if last + _AFTER < len(folded):
        after = after[: after.rfind(" ") + 1] or after
    return Passage(
        before + core + after,
        max(0, len(before) - 12),
        len(before) + len(core),
        line - before.count("\n"),
        begin == 0,
    )
