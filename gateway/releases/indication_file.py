"""`rules/indication.yaml` -> `IndicationWords`: how people hint at figures that are not out yet."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from gateway.model.indication import DIRECTIONS, IndicationWords
from gateway.releases import values
from gateway.releases.entries import Entry, Sheet, Unfit

INDICATION = "indication.yaml"
_PACKAGE = Path(__file__).resolve().parents[1]
_INNOCENT = (
    "things", "asks", "supposes", "is_out", "work", "guides", "outside", "reverses",
)  # fmt: skip
_GRAMMAR = ("links", "adverbs")
_KEYS = ("days", "figures", *_GRAMMAR, *DIRECTIONS, "signs", *_INNOCENT)
_PHRASE = re.compile(r"(?:= )?[^\W_]+\*?(?: (?:\.\.|[^\W_]+\*?)){0,7}")
_LONGEST_SIGN = 4


def indication_file(releases: Path) -> Path | None:
    """The department's own, beside its folder of releases; otherwise the one that we ship."""
    rules = (releases.parent, _PACKAGE / "shipped" / "rules", _PACKAGE.parent / "rules")
    return next((folder / INDICATION for folder in rules if (folder / INDICATION).exists()), None)


def read_indication(sheet: Sheet) -> IndicationWords:
    """Raises nothing; every fault is noted."""
    root = sheet.root(_KEYS)
    signs = root.entry("signs", DIRECTIONS)
    return IndicationWords(
        root.take("days", _days, 7),
        _phrases(root, "figures"),
        {direction: _phrases(root, direction) for direction in DIRECTIONS},
        {one: tuple(signs.each(one, _sign)) if signs else () for one in DIRECTIONS},
        *(_phrases(root, name) for name in (*_GRAMMAR, *_INNOCENT)),
    )


def _phrases(root: Entry, key: str) -> tuple[str, ...]:
    return tuple(root.each(key, _phrase))


def _phrase(value: Any) -> str:
    if not isinstance(value, str):
        raise Unfit("expected words", "put it in quotes: YAML reads yes, no and numbers itself")
    text = value.casefold()
    if not _PHRASE.fullmatch(text):
        raise Unfit(
            "not a phrase: one to eight words without punctuation",
            "write 'down again', 'improv*' (any ending), 'looking .. good' (two words between) or"
            " '= bad' (is bad, are bad)",
        )
    return text


def _sign(value: Any) -> str:
    text = values.line(value)
    if len(text) > _LONGEST_SIGN or text.isascii():
        raise Unfit("not a single sign", "write one such as 📉")
    return text[0]


def _days(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 60:
        raise Unfit("expected a number of days from 1 to 60")
    return value
