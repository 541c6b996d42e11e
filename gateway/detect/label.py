"""Markings that stand in headers and document properties rather than in text.

Covers the Australian X-Protective-Marking field (with EXPIRES= and DOWNTO=), the msip_labels
field, MSIP_Label_<guid>_Name properties, the LabelInfo stream and the confidentiality of SDMX
observations. Further facts where stated: `expired`, `downto` and `observations`.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, time
from typing import Iterator
from zoneinfo import ZoneInfo

from gateway.detect.context import Context
from gateway.detect.marking import MARKINGS, australian
from gateway.detect.normalise import fold
from gateway.model.content import Table
from gateway.model.finding import Confidence, Finding, Json
from gateway.model.message import Location

_PAIR = re.compile(r"(?:^|[,;\[]\s*)([A-Z]{2,9})\s*=\s*([^,;\]]+)", re.IGNORECASE)
_MSIP_NAME = re.compile(
    r"MSIP_Label_([0-9a-f-]{36})_(Name|Enabled)(?:\s*=\s*([^;]*))?", re.IGNORECASE
)
_LABEL_ELEMENT = re.compile(r"<(?:\w+:)?label\b[^>]{0,400}", re.IGNORECASE)
_OFF = re.compile(
    r"""enabled\s*=\s*["']?(?:0|false)|removed\s*=\s*["']?(?:1|true)""", re.IGNORECASE
)
_OPEN_LABELS = re.compile(
    r"\b(?:public|general|unclassified|unofficial|personal|non-?business)\b", re.IGNORECASE
)
_CLOSED_LABELS = re.compile(
    r"\b(?:confidential|restricted|secret|protected|internal|sensitive)\b", re.IGNORECASE
)

# What the codes say (SDMX cross-domain code list CL_CONF_STATUS); F is free.
_CONFIDENTIALITY = {
    "N": "not-for-publication", "C": "confidential", "D": "secondary-confidential",
    "S": "secondary-confidential", "B": "secondary-confidential", "A": "confidential",
    "E": "confidential", "G": "confidential", "M": "confidential", "O": "confidential",
    "P": "confidential", "T": "confidential",
}  # fmt: skip
_STATUS_HEADS = ("CONF_STATUS", "CONFSTATUS", "CONF_STATUS_OBS", "OBS_CONF")
_HEAD_ROWS = 10


def protective_marking(value: str, location: Location, context: Context) -> Iterator[Finding]:
    """`VER=2018.4, NS=gov.au, SEC=OFFICIAL:Sensitive, EXPIRES=2026-07-01, DOWNTO=OFFICIAL`."""
    pairs = {key.upper(): text.strip() for key, text in _PAIR.findall(value[:2000])}
    if "SEC" not in pairs:
        return
    level, _, caveat = pairs["SEC"].lower().partition(":")
    expires = _expiry(pairs.get("EXPIRES", ""), context)
    expired = expires is not None and expires <= context.now
    downto = ""
    if "DOWNTO" in pairs and expired:
        level, _, caveat = pairs["DOWNTO"].lower().partition(":")
    finding = australian(level.strip(), caveat.strip(), location, "header")
    facts = dict(finding.facts)
    if "DOWNTO" in pairs:
        down_level, _, down_caveat = pairs["DOWNTO"].lower().partition(":")
        downto = str(
            australian(down_level.strip(), down_caveat.strip(), location, "header").facts["level"]
        )
        facts["downto"] = downto
    if "EXPIRES" in pairs:
        facts["expired"] = expired
    yield Finding("marking", location, finding.confidence, facts, finding.snippet)


def _expiry(text: str, context: Context) -> datetime | None:
    """A date or date and time; an event ("on publication") never expires by itself."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) <= 10:
        moment = datetime.combine(moment.date(), time(23, 59, 59))
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(context.zone))


def msip(items: tuple[tuple[str, str], ...], location: Location, form: str) -> Iterator[Finding]:
    """Microsoft sensitivity labels out of (name, value) pairs; disabled ones do not count."""
    named: dict[str, str] = {}
    off: set[str] = set()
    for name, value in items:
        match = _MSIP_NAME.fullmatch(name.strip())
        if match and match[2].lower() == "name":
            named[match[1].lower()] = value
        elif match and value.strip().lower() in ("false", "0"):
            off.add(match[1].lower())
    for guid, value in named.items():
        if guid not in off:
            yield _named_label(value, location, form)


def msip_header(value: str, location: Location) -> Iterator[Finding]:
    """`msip_labels: MSIP_Label_<guid>_Enabled=True;MSIP_Label_<guid>_Name=...;`"""
    pairs = tuple(
        (f"MSIP_Label_{guid}_{key}", text.strip())
        for guid, key, text in _MSIP_NAME.findall(value[:8000])
    )
    yield from msip(pairs, location, "header")


def label_stream(value: str, location: Location) -> Iterator[Finding]:
    """A LabelInfo stream names its label by id only: that there is one is all it tells."""
    elements = _LABEL_ELEMENT.findall(value[:20000])
    live = [e for e in elements if not _OFF.search(e)]
    if live or (not elements and value.strip()):
        facts = {"scheme": "msip", "level": "labelled", "descriptor": "", "form": "property"}
        yield Finding("marking", location, "low", facts, "LABEL")


def confidentiality(table: Table) -> Iterator[Finding]:
    """How many observations of a table are confidential by its column CONF_STATUS."""
    for at, row in enumerate(table.rows[:_HEAD_ROWS]):
        for column, cell in enumerate(row):
            if "CONF" in cell and cell.partition(":")[0].strip() in _STATUS_HEADS:
                codes = Counter(
                    r[column].strip()[:60] for r in table.rows[at + 1 :] if len(r) > column
                )
                yield from _statuses(codes, table.location)


def _statuses(codes: Counter[str], location: Location) -> Iterator[Finding]:
    levels: Counter[str] = Counter()
    for code, count in codes.items():
        key = code.partition(":")[0].strip().upper()
        if key and key != "F":
            levels[_CONFIDENTIALITY.get(key, "other")] += count
    for level, count in levels.items():
        facts: dict[str, Json] = {
            "scheme": "sdmx", "level": level, "descriptor": "", "form": "property",
            "observations": count,
        }  # fmt: skip
        yield Finding(
            "marking", location, "low" if level == "other" else "high", facts, "CONF_STATUS"
        )


def _named_label(value: str, location: Location, form: str) -> Finding:
    label = fold(value)[:200]
    confidence: Confidence
    for marking in MARKINGS:
        if marking.pattern.search(label):
            confidence = "low" if marking.level == "official" else "high"
            level, name = marking.level, marking.name
            break
    else:
        closed = _CLOSED_LABELS.search(label) and not _OPEN_LABELS.search(label)
        confidence, name = ("medium" if closed else "low"), "LABEL"
        level = "internal" if closed else "public" if _OPEN_LABELS.search(label) else "labelled"
    facts = {"scheme": "msip", "level": level, "descriptor": "", "form": form}
    return Finding("marking", location, confidence, facts, name)
