"""Finds where restriction wording may stand and cuts bounded stretches of text around it.

Invariants: the first pass is one Aho-Corasick run over flat text, so ordinary mail costs nothing
more; every trigger lies in the core of exactly one passage; passages are bounded, so the whole
stays linear however often a trigger repeats.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterator

from ahocorasick_rs import AhoCorasick

from gateway.detect.normalise import unquote
from gateway.model.message import Location

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
    "iw gyhoeddi|iw rannu|ni ddylid|peidiwch"
).split("|")

TRIGGERS = (
    *("embarg", "e m b a r g", "sperrfrist", "lanchosc", "swyddogol", "cyfyngedig"),
    *("official", "offical", "offcial", "oficial", "o f f i c i", "secret", "s e c r e t"),
    *("restricted", "r e s t r i c t", "confiden", "c o n f i d e n", "protect", "p r o t e c t"),
    *("market sensitive", "sec unofficial", "sec protected", "in confidence"),
    *("pra only", "prerelease access only", "pre release access only", "p r a o n l y"),
    *("nothing in", "nothing from", "nothing to be", "none of the", "none of this", "no part of", "no details"),
    *("hold until", "hold til", *(f"hold {w}" for w in ("this", "these", "publication", "release", "distribution", "off", "it until", "them until", "the ")), "hold for release", "hold for publication", "for release "),
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
_PLACE = re.compile(
    r"embarg|sperrfrist|lanchosc|swyddogol|cyfyngedig|of+[ic]{1,4}(?:a|ia|ai|i)l|secret|restricted|confiden"
    rf"|market{_GAP}sensitive|sec\s?[=:]|pra{_GAP}only|access{_GAP}(?:recipients{_GAP})?only"
    rf"|hold{_GAP}(?:(?:un)?til|for|this|these|publication|release|distribution|off|it|them|the)|for{_GAP}(?:release|publication|use|broadcast)|not{_GAP}(?:yet{_GAP})?public"
    rf"|(?:private|internal|sensitive|unpublished|only){_GAP}until"
    rf"|no{_GAP}(?:publication|release|broadcast|circulation)"
    rf"|not{_GAP}(?:yet{_GAP})?for{_GAP}(?:{_alternatives(_NOUNS)})"
    rf"|(?:please{_GAP}not|not|don'?t|never){_GAP}(?:{_alternatives(_VERBS)})\b"
    rf"|(?:not|never){_GAP}(?:yet{_GAP})?(?:to{_GAP})?be{_GAP}(?:{_alternatives(_PARTICIPLES)})"
    rf"|(?:{'|'.join(e.replace('iw ', 'i.?w ').replace(' ', _GAP) for e in _ELSEWHERE)})"
    rf"|nothing{_GAP}(?:in|from|to)|none{_GAP}of{_GAP}the|none{_GAP}of{_GAP}this|no{_GAP}(?:part|details)"
    r"|(?-i:PROTECT\b)",
    re.IGNORECASE,
)
_ANCHORS = AhoCorasick(
    "embarg|sperrfrist|lanchosc|swyddogol|cyfyngedig|offi|offc|ofic|secret|restricted|confiden|market|sec=|sec:|sec =|sec :|"
    "pra|access|hold|for |private|internal|sensitive|unpublished|only|no |not |nothing|none |don't |dont |never |ne pas|ne  pas|non |"
    "nicht |nao |niet |gesperrt|vertraulich|i'w |ni ddylid|peidiwch|protect".split("|")
)
"""Where a place may begin; each is confirmed by `_PLACE`. A line break counts as a blank."""
_BEFORE = 260
_AFTER = 340
_NEAR = 160
_CORE = 600


@dataclass(frozen=True, slots=True)
class Passage:
    """`text` is unquoted ASCII; what a detector looks for starts in [`start`, `stop`). `line` is
    the line number of the first character (0 in a text of one line), `whole` whether the text
    begins with the passage."""

    text: str
    start: int
    stop: int
    line: int
    whole: bool

    def place(self, location: Location, position: int) -> Location:
        """Where `position` of this passage stands, by line."""
        if not self.line:
            return location
        line = f"line {self.line + self.text.count(chr(10), 0, position)}"
        return location.at(f"{location.where}, {line}" if location.where else line)


def passages(folded: str) -> Iterator[Passage]:
    """Every stretch of `folded` text that holds a trigger, in order."""
    first = last = -1
    counted, line = 0, 1
    numbered = "\n" in folded.rstrip("\n")
    for place in _places(folded):
        if first >= 0 and place.start() - last <= _NEAR and place.end() - first <= _CORE:
            last = place.end()
            continue
        if first >= 0:
            line += folded.count("\n", counted, first)
            counted = first
            yield _cut(folded, first, last, line if numbered else 0)
        first, last = place.span()
    if first >= 0:
        line += folded.count("\n", counted, first)
        yield _cut(folded, first, last, line if numbered else 0)


def _places(folded: str) -> Iterator[re.Match[str]]:
    lowered = folded.lower().replace("\n", " ").replace("\t", " ")
    after = 0
    for _, start, _ in _ANCHORS.find_matches_as_indexes(lowered):
        if start >= after and (place := _PLACE.match(folded, start)):
            after = place.end()
            yield place


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
        max(0, len(before) - 32),
        len(before) + len(core),
        max(1, line - before.count("\n")) if line else 0,
        begin == 0,
    )
