"""vCards of every version: the words of each card, and of many cards the list of persons they are."""

from __future__ import annotations

from typing import Iterator

from gateway.extract.mail.content_lines import Attachments, Line, read_lines, words_of
from gateway.extract.text.charset import decode
from gateway.model.content import Content, Table
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part

_DRY = frozenset(("BEGIN", "END", "VERSION"))
# Fields that are about a person, and what a list of persons would call them.
COLUMNS = {
    "FN": "name", "N": "structured name", "EMAIL": "email", "TEL": "telephone",
    "ORG": "organisation", "TITLE": "title", "ADR": "address", "BDAY": "date of birth",
    "GENDER": "sex", "NOTE": "note", "CATEGORIES": "categories", "UID": "id",
}  # fmt: skip


def read_vcard(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """Text of all cards; two cards or more are a Table, a row a card."""
    decoded = decode(part.content, part.charset)
    if decoded.fault:
        yield Gap(part.location, "unreadable", decoded.fault)
    cards: list[dict[str, str]] = []
    lines: list[str] = []
    files = Attachments(part, limits)
    for line in read_lines(decoded.text):
        if line.name == "BEGIN":
            cards.append({})
        elif line.holds_file():
            yield from files.read(line)
            continue
        if line.name not in _DRY or " " in line.value.strip() or len(line.value) > 20:
            lines.append(line.words())
            if cards:
                _enter(cards[-1], line)
    if len(cards) > 1:
        yield from _table(part, cards, limits)
    yield from words_of(part, lines, "cards", limits)


def _enter(card: dict[str, str], line: Line) -> None:
    value = " ".join(line.text.replace(";", " ").split())
    if value:
        card[line.name] = f"{card[line.name]}, {value}" if line.name in card else value


def _table(part: Part, cards: list[dict[str, str]], limits: ReadLimits) -> Iterator[Content]:
    used = [name for name in COLUMNS if any(name in card for card in cards)]
    extra = dict.fromkeys(name for card in cards for name in card if name and name not in COLUMNS)
    used += [name for name in extra if sum(name in card for card in cards) * 2 > len(cards)]
    used = used[: limits.columns]
    most = min(len(cards), limits.cells // max(1, len(used)))
    rows = [[COLUMNS.get(name, name.lower()) for name in used]]
    rows += [[card.get(name, "") for name in used] for card in cards[:most]]
    yield Table(part.location.at("cards"), rows, total_rows=len(cards) + 1, form="records")
    if most < len(cards):
        yield Gap(part.location, "limit", f"more than {limits.cells} cells")
