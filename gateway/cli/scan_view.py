"""What `gateway scan` says of a file to a person: verdict, where, why, and what to do.

Signals name columns by letter and by kind; nothing of the file's content is shown.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Iterator

from rich.console import Console

from gateway.act.composition import shown
from gateway.model.message import Gap, GapReason

if TYPE_CHECKING:
    from gateway.cli.scan import Scanned, Visibility

MOST_GAPS = 8
MOST_TABLES = 8
_MEANING = {
    "microdata": "rows look like records of persons, households or firms",
    "unsure": "could be records of units; a person has to look",
    "unreadable": "not everything in this file could be read, so nobody can say",
    "aggregate": "looks like a table of counts or other figures, not like records of units",
    "not-a-table": "no table found",
}
_ADVICE = {
    "microdata": "Do not send it by mail. If it is meant to leave, use the agreed route for unit records; if it should be a table, aggregate it first.",
    "unsure": "Have somebody who knows the material look at the columns named above before it is sent.",
    "unreadable": "Until somebody has looked at it, treat it as if it held what it must not.",
    "aggregate": "Check small counts (1 to 4) before it leaves, and whether it is released: figures before their publication time go to the listed people only.",
    "not-a-table": "Text is not judged here; markings and embargoes are what `gateway inspect` looks for.",
}
MENDING: dict[GapReason, str] = {
    "encrypted": "Nobody can look into what is locked: run `gateway scan` on the unlocked file here, or show it to the security officer. Do not send it unlocked to get it through.",
    "no-reader": "The gateway cannot read this format; send CSV, XLSX or plain text, or show it to the security officer.",
    "unreadable": "It may be damaged (open it and save it anew) or be a picture of text (send the text itself).",
    "limit": "It is larger than the gateway reads; send a smaller part of it.",
    "timeout": "It takes longer to read than the gateway waits; send a simpler or smaller version.",
    "crashed": "Reading it failed; save it in another format, such as CSV or XLSX.",
}
_UNSEEN: dict[Visibility, str] = {
    "hidden": "it is HIDDEN: whoever opens the file does not see it, and can show it with two clicks",
    "very-hidden": "it is VERY HIDDEN: the program does not even list it, and it is in the file all the same",
}
_SYNTHETIC = (
    "It may go: its exact bytes, or all files in it, are registered as synthetic. Any other version "
    "of it may not."
)
SCALE = "numbers: +1.0 makes records of units about 3 times as likely, +2.0 about 7 times, and -1.0 a third as likely"


def show(console: Console, one: Scanned) -> None:
    """One file's lines."""
    console.print(f"[bold]{one.verdict.upper()}[/bold]  ", end="")
    console.print(shown(one.file), markup=False)
    for line in _lines(one):
        console.print(f"  {line}", markup=False)


def _lines(one: Scanned) -> Iterator[str]:
    yield _MEANING[one.verdict]
    for entry in one.synthetic:
        yield f"REGISTERED AS SYNTHETIC until {entry.expires:%-d %B %Y}: {shown(entry.title)} ({shown(entry.owner)})"
    if one.verdict != "not-a-table":
        yield from _of_table(one)
    yield from _of_gaps(one.gaps)
    advice = _SYNTHETIC if one.synthetic and not one.gaps else _ADVICE[one.verdict]
    yield f"what to do: {advice}"
    for reason in dict.fromkeys(gap.reason for gap in one.gaps):
        yield f"about what was not read: {MENDING[reason]}"


def _of_table(one: Scanned) -> Iterator[str]:
    """Where the worst table is, the reasons, and where else to look."""
    if one.where and one.rows:
        more = f" (the worst of {one.tables} tables)" if one.tables > 1 else ""
        yield f"where: {shown(one.where)}; {one.rows} data rows, {one.columns} columns{more}"
    if one.visibility != "visible":
        yield _UNSEEN[one.visibility]
    elif "sheet " in one.where and one.verdict == "microdata":
        yield "other sheets, also hidden ones, are judged too"
    for title, sign in (("speaks for records:", 1), ("speaks against:", -1)):
        chosen = [s for s in one.signals if s.weight * sign > 0][:4]
        if chosen:
            yield title
        for signal in chosen:
            yield f"  {signal.weight:+.1f}  {signal.why}"
    if one.identifiers:
        yield f"identifying columns: {', '.join(one.identifiers)}"
    for sentence in one.changes:
        yield f"what would change it: {sentence}"
    for where, verdict, rows in one.also[:MOST_TABLES]:
        yield f"look here too: {shown(where)}; {rows} data rows: {verdict}"
    if len(one.also) > MOST_TABLES:
        yield f"… and {len(one.also) - MOST_TABLES} more tables like these"


def _of_gaps(gaps: tuple[Gap, ...]) -> Iterator[str]:
    """Each place once; a file of many unread pictures is one line."""
    counted = Counter((_place(gap), gap.reason, gap.detail) for gap in gaps)
    for (place, reason, detail), times in list(counted.items())[:MOST_GAPS]:
        often = f" ({times} times)" if times > 1 else ""
        yield f"not read: {place}: {reason}{' – ' if detail else ''}{shown(detail)}{often}"
    if len(counted) > MOST_GAPS:
        yield f"… and {len(counted) - MOST_GAPS} more places that were not read"


def _place(gap: Gap) -> str:
    name, where = gap.location.name, gap.location.where
    inside = "!" in gap.location.part
    return shown(": ".join(filter(None, (name if inside or not where else "", where))))
