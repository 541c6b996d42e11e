"""Whether a text says of a figure that it rose or fell: "up 4.3%", "512 fewer", "did not fall"."""

from __future__ import annotations

import re
from typing import Literal

Direction = Literal[-1, 0, 1]
_BEFORE, _BEHIND = 60, 30
_UP = (
    r"up|rose|rises?|risen|rising|increas\w*|grew|grow\w*|higher|climb\w*|jump\w*|gain\w*|surg\w*"
    r"|accelerat\w*|more|added|adds|improv\w*|cododd|codi|hausse|gestiegen"
)
_DOWN = (
    r"down|fell|falls?|fallen|falling|decreas\w*|declin\w*|drop\w*|lower|fewer|less|slip\w*|slid\w*"
    r"|shr[aiu]nk\w*|reduc\w*|lost|loses?|eas(?:ed|es|ing)|slow\w*|cut|gostyng\w*|baisse|gesunken"
)
_MOVES = re.compile(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\b(?! than\s*(?:[£$€]|$))")
_NOT = re.compile(r"(?:\b(?:not|never|no longer|without|neither|nor)|n't)\b(?:\W+\w+){0,2}\W*$")
_END = re.compile(r"[.!?;](?=\s)|\n\s*\n")


def direction_of(text: str, start: int, end: int) -> Direction:
    """What the words around a figure say, in folded text in lower case: the nearest word that
    speaks of a movement, before the figure or else behind it. What did not fall rose or stayed."""
    before = text[max(0, start - _BEFORE) : start]
    for stop in _END.finditer(before):
        before = " " * stop.end() + before[stop.end() :]
    moves = list(_MOVES.finditer(before))
    if moves:
        return _turned(moves[-1], before)
    behind = text[end : end + _BEHIND]
    ended = _END.search(behind)
    behind = behind[: ended.start()] if ended else behind
    move = _MOVES.search(behind)
    return _turned(move, behind) if move is not None else 0


def _turned(move: re.Match[str], text: str) -> Direction:
    denied = _NOT.search(text[: move.start()]) is not None
    return 1 if (move["up"] is not None) != denied else -1
