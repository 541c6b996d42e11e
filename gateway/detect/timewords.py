"""Reads the stretch of words after "until" into tokens: times, dates, weekdays, zones, events.

Invariants: works on a bounded, unquoted, ASCII window; never guesses across an unknown word once
a time or date has been read; every pattern is anchored, so the scan is linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gateway.detect.vocabulary import (
    CAPITALS_ONLY,
    MONTHS,
    NAMED_TIMES,
    PLACES,
    RELATIVE_DAYS,
    WEEKDAYS,
    ZONES,
)

_STEPS = 80
REACH = 260
"""Characters after "until" that may belong to the instant."""


@dataclass(frozen=True, slots=True)
class Zone:
    """`offset` is hours east when the abbreviation is taken literally; `place` an IANA zone, or
    "" for the department's own ("local time")."""

    offset: float | None
    place: str


@dataclass(slots=True)
class Time:
    hour: int
    minute: int
    named: bool = False
    zone: Zone | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """`numeric` keeps 12/11 as written, for either order. day 0: only month or year is stated."""

    year: int | None
    month: int
    day: int
    numeric: bool = False


@dataclass(slots=True)
class Words:
    """What was read. `end` is how far. `event` is a publication word, `blank` a placeholder,
    `duration` a span such as "12 months", `vague` an indefinite date ("a certain time")."""

    times: list[Time] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)
    weekdays: list[int] = field(default_factory=list)
    following: bool = False
    relative: list[int] = field(default_factory=list)
    zones: list[Zone] = field(default_factory=list)
    event: bool = False
    blank: bool = False
    duration: bool = False
    vague: bool = False
    docket: bool = False
    end: int = 0

    @property
    def dated(self) -> bool:
        return bool(self.days or self.relative or self.weekdays)

    @property
    def timed(self) -> bool:
        return bool(self.times)


def _names(names: object) -> str:
    return "|".join(
        re.escape(n).replace(r"\ ", r"\s+")
        for n in sorted(names, key=len, reverse=True)  # type: ignore[call-overload]
    )


_MONTH = rf"(?:{_names(MONTHS)})(?![a-z])\.?"
_YEAR = r"(?:(?:19|20)\d\d(?!\d)|'\d\d(?!\d))"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|er|de|ste|e|o|a)?(?![\w:])\.?"
_MERIDIEM = r"[ap]\s?\.?\s?m(?![a-z])\.?"
_HOURS = r"(?:hrs?|hours?|uhr|uur|heures?|horas?|ore|o'clock|h)(?![a-z])\.?"

_TOKENS = re.compile(
    rf"""
    (?P<iso>(?P<iy>(?:19|20)\d\d)(?P<is>[-./]?)(?P<im>0[1-9]|1[0-2])(?P=is)(?P<id>0[1-9]|[12]\d|3[01])(?!\d)
        (?:T(?P<ih>[0-2]\d):?(?P<imi>[0-5]\d)(?::?[0-5]\d(?:\.\d{{1,9}})?)?
           (?P<iz>Z|[+-]\d\d:?\d\d)?)?)
  | (?P<numeric>(?P<na>\d{{1,2}})(?P<ns>[./-])(?P<nb>\d{{1,2}})(?P=ns)(?P<ny>(?:19|20)\d\d|\d\d)(?!\d))
  | (?P<short>(?P<sa>\d{{1,2}})(?:/(?P<sb>\d{{1,2}})(?![\d/])|\.(?P<sc>0?[1-9]|1[0-2])\.(?=\s*[,\d])))
  | (?P<dmy>(?P<dd>{_DAY})\s*(?:of\s+|de\s+|d'|-)?\s*(?P<dm>{_MONTH})(?:,?[\s-]*(?:de\s+|del\s+)?(?P<dy>{_YEAR}|\d\d(?![\d:.h]|\s?{_HOURS}|\s?{_MERIDIEM})))?)
  | (?P<mdy>(?P<mm>{_MONTH})\s+(?:the\s+)?(?P<md>{_DAY})(?!\s?{_MERIDIEM})(?:,?\s*(?P<my>{_YEAR}))?)
  | (?P<monthyear>(?P<om>{_MONTH})\s+(?:of\s+|de\s+)?(?P<oy>(?:19|20)\d\d)(?!\d))
  | (?P<duration>(?:(?:at\s+least|up\s+to|a\s+further|a|an|\d+|one|two|three|four|five|six|seven|nine|ten|twelve|eighteen|several|few|some|n|x)[\s-]+){{1,2}}(?:business\s+|working\s+|calendar\s+)?(?:minutes?|mins?|hours?|days?|weeks?|months?|years?)\b(?:\s+(?:after|from|before|following|later|past|prior|ahead))?)
  | (?P<clock>(?P<ch>[01]?\d|2[0-4])\s?(?:[:.]|h)\s?(?P<cm>[0-5]\d)(?![\d])(?:[:.][0-5]\d(?!\d))?\s?(?:{_HOURS})?(?:\s?(?P<cp>{_MERIDIEM}))?)
  | (?P<military>(?P<mh>[01]\d|2[0-4])(?P<mn>[0-5]\d)(?!\d)\s?(?:(?P<mu>{_HOURS})|(?P<mp>{_MERIDIEM}))?)
  | (?P<named>(?:{_names(NAMED_TIMES)})(?![a-z]))
  | (?P<bare>(?P<bh>[01]?\d|2[0-4])\s?(?:(?P<bp>{_MERIDIEM})|(?:{_HOURS})))
  | (?P<year>(?:19|20)\d\d(?![\d]))
  | (?P<weekday>(?P<wn>next\s+)?(?P<wd>{_names(WEEKDAYS)})(?![a-z])\.?)
  | (?P<relative>(?:{_names(RELATIVE_DAYS)})(?![a-z]))
  | (?P<offset>(?:(?:gmt|utc)\s?)?(?P<os>[+-])(?P<oh>\d{{1,2}})(?::?(?P<omi>[0-5]\d))?(?![\d]))
  | (?P<zone>(?P<zn>{_names(ZONES)})(?![a-z])(?:\s+(?:standard|daylight|summer|european)){{0,2}}(?:\s+time\b)?)
  | (?P<place>(?:heure\s+|hora\s+(?:de\s+)?)?(?P<pn>{_names(PLACES)})(?:\s+(?:local\s+)?time\b)?|(?P<pl>local)\s+time\b)
  | (?P<docket>[A-Z]{{2,5}}\s?[-/]\s?\d\d\s?[-/]\s?\d{{1,5}}\b)
  | (?P<blank>\[[^\]\n]{{1,40}}\]|\$\{{|\{{\{{|<[^>\n]{{1,40}}>|%[a-zA-Z]|_{{3,}}|\.{{4,}}|\?{{2,}}|t\s?b\s?[ac]\b|x{{2,}}\b|dd[/-]mm|t-?\s?0\b|t-zero\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_EVENT = re.compile(
    r"(?:(?:pre-?)?publi(?:c(?:ation|ly|ised|ized)?|sh(?:ed|ing)?|ken|kation)|releas(?:e|ed|ing)|announce(?:d|ments?)?|broadcast|"
    r"issue[ds]?|launch(?:ed|es)?|disclos(?:ed|ure)|embargo\s+(?:is\s+|has\s+been\s+)?(?:lift|end|expire)\w*|lift(?:s|ed)?|lifting|unveil(?:ed|ing)?|appear(?:s|ed|ance)?|"
    r"deliver(?:y|ed)|presented|presentation|(?:goes?|gone)\s+(?:live|out|public)|com(?:es?|ing)\s+out|made\s+(?:public|available)|press\s+conference|"
    r"officially|embargo\s+time|publicacion|veroffentlichung|pubblicazione|publicatie|publicacao|parution|cyhoeddi(?:r)?)\b",
    re.IGNORECASE,
)
_GLUE = re.compile(
    r"(?:(?!\s*\n\s*\n|\n)[\s,;()\"'/|:@-])+|\n|\.(?=\s|$)|(?:at|on|the|of|a|an|by|to|le|la|les|el|al|de|del|der|dem|den|am|um|op|om|ar|"
    r"as|alle|ore|as|from|this|its?|they|are|is|be|been|has|have|being|made|coming|and|y|et|u\.?\s?k|hrs?|hours?|h|uhr|uur|time|date|dated|day|"
    r"exactly|sharp|ends?|expir(?:es|y)|precisely|not|earlier|than|morning|afternoon|evening|i\.e\.|in|for|full|formal|final|official|"
    r"first|after|une?|zum|zur|i'r|y|yr|mae|dydd|local)\b",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"(?:the\s+|a\s+|an\s+|some\s+|its\s+|their\s+)?(?:certain|specific|specified|stated|given|particular|agreed|pre-?determined|later|set|future|chosen|named|appointed|scheduled|designated|predetermined)\s+(?:release\s+|publication\s+|embargo\s+)?(?:date|time|day|moment|point|hour)"
    r"|(?:the\s+)?(?:date|time|day|hour|moment)\s+(?:and\s+time\s+)?(?:of|that|when|on|specified|indicated|stated|given|shown|in|set|at\s+which|you|they)\b"
    r"|further\s+notice|(?:a|some)\s+(?:date|time|later)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z][\w'-]*|\S")
_NEXT_LINE = re.compile(
    r"\n[ \t]*(?:(?:at|on|from|by)\s+)?(?:the\s+)?[^\n]{0,40}?"
    r"(?:\b\d{1,2}[:.]\d{2}|\b\d{1,2}\s*[ap]\.?m\b|\b\d{4}\s*(?:hrs?|hours|h)\b|noon\b|midnight\b)",
    re.IGNORECASE,
)
_STOP = re.compile(r"\n\s*\n|[.!?;](?=\s+[A-Z\"'])")


def scan(window: str, start: int, skip: int = 4) -> Words:
    """Read the words of an instant from `start`; at most `skip` unknown words may come first."""
    words = Words(end=start)
    limit = min(len(window), start + REACH)
    position, blank_lines = start, 0
    for _ in range(_STEPS):
        if position >= limit:
            break
        stop = _STOP.match(window, position, limit)
        if stop:
            blank_lines += 1
            complete = words.timed and words.dated
            ended = window[position] != "\n" and (words.event or words.timed or words.dated)
            if complete or ended or blank_lines > 1:
                break
        if window[position] == "\n" and words.timed and words.days:
            break
        # "until publication" is whole by itself. What stands below belongs to the text, unless the
        # line goes on with a time of day.
        whole = words.event and not (words.timed or words.dated)
        if (
            whole
            and window[position] == "\n"
            and (stop or not _NEXT_LINE.match(window, position, limit))
        ):
            break
        token = _TOKENS.match(window, position, limit)
        if token and _take(words, token, window):
            position = words.end = token.end()
            continue
        event = _EVENT.match(window, position, limit)
        if event:
            words.event = True
            position = words.end = event.end()
            skip = max(skip, 3)
            continue
        vague = None if words.timed or words.dated else _VAGUE.match(window, position, limit)
        if vague:
            words.vague = True
            position = words.end = vague.end()
            continue
        glue = _GLUE.match(window, position, limit)
        if glue:
            position = glue.end()
            continue
        if words.timed or words.dated or words.blank or skip <= 0 or stop:
            break
        skip -= 1
        unknown = _WORD.match(window, position, limit)
        position = unknown.end() if unknown else position + 1
    return words


def _take(words: Words, token: re.Match[str], window: str) -> bool:
    """Add one token; False where the text only looks like one."""
    before = window[token.start() - 1 : token.start()]
    if before.isalnum() and token[0][:1].isalnum() and before.isalpha() == token[0][0].isalpha():
        return False
    kind = next(k for k in _KINDS if token[k] is not None)
    return _KINDS[kind](words, token)


def _iso(words: Words, t: re.Match[str]) -> bool:
    words.days.append(Day(int(t["iy"]), int(t["im"]), int(t["id"])))
    if t["ih"]:
        zone = None
        if t["iz"]:
            sign = -1 if t["iz"][0] == "-" else 1
            digits = t["iz"][1:].replace(":", "")
            hours = int(digits[:2]) + int(digits[2:]) / 60 if digits else 0
            zone = Zone(sign * hours, "")
        words.times.append(Time(int(t["ih"]), int(t["imi"]), zone=zone))
    return True


def _numeric(words: Words, t: re.Match[str]) -> bool:
    return _add_numeric(words, int(t["na"]), int(t["nb"]), _year(t["ny"]))


def _short(words: Words, t: re.Match[str]) -> bool:
    return _add_numeric(words, int(t["sa"]), int(t["sb"] or t["sc"]), None)


def _add_numeric(words: Words, a: int, b: int, year: int | None) -> bool:
    if not (1 <= a <= 31 and 1 <= b <= 31) or (a > 12 and b > 12):
        return False
    words.days.append(Day(year, b, a, numeric=True))
    return True


def _dmy(words: Words, t: re.Match[str]) -> bool:
    words.days.append(Day(_year(t["dy"]), _month(t["dm"]), _digits(t["dd"])))
    return True


def _mdy(words: Words, t: re.Match[str]) -> bool:
    words.days.append(Day(_year(t["my"]), _month(t["mm"]), _digits(t["md"])))
    return True


def _month_year(words: Words, t: re.Match[str]) -> bool:
    words.days.append(Day(int(t["oy"]), _month(t["om"]), 0))
    return True


def _year_only(words: Words, t: re.Match[str]) -> bool:
    if words.days:
        return True
    words.days.append(Day(int(t["year"]), 0, 0))
    return True


def _clock(words: Words, t: re.Match[str]) -> bool:
    return _add_time(words, int(t["ch"]), int(t["cm"]), t["cp"])


def _military(words: Words, t: re.Match[str]) -> bool:
    hour, minute = int(t["mh"]), int(t["mn"])
    # 1900-2099 without a unit is a year, unless the sentence has its date already.
    if not t["mu"] and not t["mp"] and hour in (19, 20) and not words.days:
        return _year_only_text(words, t["mh"] + t["mn"])
    return _add_time(words, hour, minute, t["mp"])


def _year_only_text(words: Words, digits: str) -> bool:
    words.days.append(Day(int(digits), 0, 0))
    return True


def _named(words: Words, t: re.Match[str]) -> bool:
    hour, minute = NAMED_TIMES[" ".join(t["named"].lower().split())]
    words.times.append(Time(hour, minute, named=True))
    return True


def _bare(words: Words, t: re.Match[str]) -> bool:
    return _add_time(words, int(t["bh"]), 0, t["bp"])


def _weekday(words: Words, t: re.Match[str]) -> bool:
    words.weekdays.append(WEEKDAYS[t["wd"].lower()])
    words.following = words.following or bool(t["wn"])
    return True


def _relative(words: Words, t: re.Match[str]) -> bool:
    words.relative.append(RELATIVE_DAYS[" ".join(t["relative"].lower().split())])
    return True


def _offset(words: Words, t: re.Match[str]) -> bool:
    if not words.times or int(t["oh"]) > 14:
        return False
    hours = int(t["oh"]) + int(t["omi"] or 0) / 60
    return _add_zone(words, Zone(-hours if t["os"] == "-" else hours, ""))


def _zone(words: Words, t: re.Match[str]) -> bool:
    name = " ".join(t["zn"].lower().split())
    if name in CAPITALS_ONLY and not t["zn"].isupper():
        return False
    if name in ("eastern", "central", "mountain", "pacific") and not t["zone"].lower().endswith(
        "time"
    ):
        return False
    offset, place = ZONES[name]
    return _add_zone(words, Zone(offset, place))


def _place(words: Words, t: re.Match[str]) -> bool:
    if t["pl"]:
        return _add_zone(words, Zone(None, ""))
    if not t["place"].lower().endswith("time") and not t["place"].lower().startswith(
        ("heure", "hora")
    ):
        return False
    return _add_zone(words, Zone(None, PLACES[" ".join(t["pn"].lower().split())]))


def _docket(words: Words, _: re.Match[str]) -> bool:
    words.docket = True
    return True


def _blank(words: Words, _: re.Match[str]) -> bool:
    words.blank = True
    return True


def _duration(words: Words, _: re.Match[str]) -> bool:
    words.duration = True
    return True


_KINDS = {
    "iso": _iso, "numeric": _numeric, "short": _short, "dmy": _dmy, "mdy": _mdy, "monthyear": _month_year,
    "duration": _duration, "clock": _clock, "military": _military, "named": _named,
    "bare": _bare, "year": _year_only, "weekday": _weekday, "relative": _relative,
    "offset": _offset, "zone": _zone, "place": _place, "docket": _docket, "blank": _blank,
}  # fmt: skip


def _add_time(words: Words, hour: int, minute: int, meridiem: str | None) -> bool:
    if meridiem:
        afternoon = meridiem[0] in "pP"
        if hour <= 12:  # "20:35pm" is written too: the hour speaks for itself
            hour = hour % 12 + (12 if afternoon else 0)
    if hour > 24 or (hour == 24 and minute):
        return False
    words.times.append(Time(hour, minute))
    return True


def _add_zone(words: Words, zone: Zone) -> bool:
    words.zones.append(zone)
    if words.times and words.times[-1].zone is None:
        words.times[-1].zone = zone
    return True


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    digits = text.lstrip("'")
    return int(digits) + (2000 if len(digits) == 2 else 0)


def _month(text: str) -> int:
    return MONTHS[text.lower().rstrip(".")]


def _digits(text: str) -> int:
    return int(re.match(r"\d+", text)[0])  # type: ignore[index]
