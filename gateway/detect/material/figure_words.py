"""The words that stand around a figure, by which one number is told from the same one elsewhere.

Words are compared by their beginnings, so that `carers` is `carer` and `fostering` is `fostered`;
words of every mail and every table say nothing and are left out.
"""

from __future__ import annotations

import re

from gateway.model.keyed import KeyedDigest

_WORD = re.compile(r"[a-z][a-z']{2,}|(?:19|20)\d\d|q[1-4]")
_LETTERS = 5
_MANY = 64
_REMEMBERED = 50_000


def stem(word: str) -> str:
    """What of a word is compared."""
    if len(word) > 3 and word.endswith("s"):
        word = word[:-3] if word.endswith("ies") else word[:-1]
    return word.replace("'", "")[:_LETTERS]


def stems(text: str) -> list[str]:
    """The telling words of a text in lower case, each once, in their order; at most 64."""
    found = dict.fromkeys(map(stem, _WORD.findall(text)))
    return [word for word in found if word not in _SAYS_NOTHING][:_MANY]


class WordDigests:
    """Words as they stand in contexts: keyed digests of 32 bits, remembered. Periods have odd ones:
    they tell two figures of a series apart, but not what a text is about."""

    def __init__(self, digest: KeyedDigest) -> None:
        self._digest = digest
        self._known: dict[str, int] = {}

    def of(self, text: str) -> list[int]:
        """The digests of the telling words of a text in lower case, in their order."""
        known = self._known
        if len(known) > _REMEMBERED:
            known.clear()
        found = []
        for word in stems(text):
            digest = known.get(word)
            if digest is None:
                period = word[-1].isdigit()
                digest = known[word] = self._digest(word.encode()) & 0xFFFFFFFE | period
            found.append(digest)
        return found

    def of_direction(self, direction: int) -> list[int]:
        """What stands in a context for a figure that rose or fell; nothing for neither."""
        if not direction:
            return []
        return [self._digest(b"+" if direction > 0 else b"-") & 0xFFFFFFFE | 1]


_SAYS_NOTHING = frozenset(
    stem(word)
    for word in """
    the and for that this with from have has had not but are was were been will would can could
    should may might must our your their his her its they them you she who whom which what when
    where why how all any some each every other another such than then there here these those also
    just only very more most much many less least few about over under above below between within
    without into onto upon after before since until during while because although though however
    please thank thanks regard regards hello dear kind best hope let know see look looking get got
    give given take taken make made find found send sent attach attached email mail message
    meeting date day days week weeks month months monthly year years yearly annual annually quarter
    quarterly today tomorrow yesterday monday tuesday wednesday thursday friday saturday sunday
    january february march april may june july august september october november december jan feb
    mar apr jun jul aug sep sept oct nov dec time number numbers figure figures total totals table
    tables sheet data statistic statistics statistical note notes source sources per cent percent
    percentage point points rate rates change changes proportion share level levels value values
    count counts index amount average mean median estimate estimates estimated provisional revised
    final new last latest previous current first second third next same one two three four five
    six seven eight nine ten hundred thousand million billion half period ending ended published
    publication release released report reported bulletin headline summary key main draft version
    compare compared comparison increase increased decrease decreased rise rose risen rising fall
    fell fallen falling drop dropped grow grew grown growth higher lower high low highest lowest up
    down around nearly almost roughly approximately well good bad now still back out off own too
    use used using including include includes excluding exclude per across against among like want
    need needed say says said going come came been being does did done down england wales scotland
    northern ireland united kingdom britain great national office department government team page
    section item group groups type category categories area areas region regions all other people
    person persons unit units column row title unknown not available contact
    """.split()
)
