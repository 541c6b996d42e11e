"""What one column is made of: how many different values, of which kinds, under which words.

Kinds are counted over the sampled rows' distinct values with one multi-line pattern search per
kind, since a Python call for every cell would cost more than the rest of the judgement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal, Sequence

from gateway.detect.microdata.identifiers import identifier_kind
from gateway.detect.microdata.places import are_places
from gateway.detect.microdata.vocabulary import Group, groups_of, words_of

Kind = Literal[
    "empty", "binary", "code", "count", "decimal", "year", "period", "date", "category",
    "gss", "name", "label", "text", "mixed",
]  # fmt: skip
"""binary: two answers · code: few different whole numbers · count: many · category: few
different short texts · label: many different short texts · text: sentences."""

MISSING = frozenset(
    {"", " ", "NA", "N/A", "n/a", "na", "nan", "NaN", "NULL", "null", "None", "none", ".", "..",
     "...", "-", "–", "—", ":", "*", "**", "~", "#N/A", "x", "X"}
)  # fmt: skip

# Lines are joined with a break before each: patterns that begin with it skip from line to line
# at the speed of memchr, where "^" would be tried at every character.
_SUPPRESSED = frozenset({"..", ":", "*", "**", "~", "–", "-", "x"})
_SHORTHAND = re.compile(r"\n[ \t]*\[(?:c|x|z|low|r|p|e|u|w|b|k|note ?\d*)\][ \t]*$", re.M)
_INTEGER = re.compile(r"\n[ \t]*[-+]?\d{1,18}(?:\.0+)?[ \t]*$", re.M)
_GROUPED = re.compile(r"\n[ \t]*[-+(]?[£$€]?\d{1,3}(?:,\d{3})+(?:\.\d+)?\)?[ \t]*$", re.M)
_DECIMAL = re.compile(
    r"\n(?=[-+(£$€ \t\d.,])[ \t]*[-+(]?[£$€]?[ \t]?(?:\d{1,18}(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d{1,3})?[ \t]?%?\)?[ \t]*$",
    re.M,
)
_DATE = re.compile(
    r"\n[ \t]*(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/. ](?:\d{1,2}|[A-Za-z]{3,9})[-/. ]\d{2,4}"
    r"|[A-Z][a-z]{2,8} \d{1,2},? \d{4})(?:[T ]\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?Z?(?: ?[AP]M)?)?[ \t]*$",
    re.M,
)
_DAY = re.compile(r"\n(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$", re.M)
_MONTHS = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]{0,6}\.?"
_PERIOD = re.compile(
    # Most texts fail at their first two letters, where case costs nothing.
    r"(?i)\n[ \t]*(?-i:(?=[12]|[Qq][1-4]|[JFMASONDjfmasond][AEPUCOaepuco]))"
    rf"(?:(?:19|20)\d\d[ -/]?Q[1-4]|Q[1-4][ -/]?(?:(?:19|20)\d\d)?|(?:19|20)\d\d[-/ ](?:\d\d|(?:19|20)\d\d)"
    rf"|(?:19|20)\d\d ?[Mm][- ]?\d\d?|(?:{_MONTHS}[- /]{{0,3}}(?:to|-|–)?[- /]{{0,3}}){{0,2}}{_MONTHS}[- /,']*(?:\d\d|\d{{4}})?"
    rf"|(?:19|20)\d\d[- ]{_MONTHS}|{_MONTHS})(?:[ *\[][\w\]]*)?[ \t]*$",
    re.M,
)
_YEAR = re.compile(r"\n[ \t]*(?:1[6-9]|20)\d\d(?:\.(?:0|25|5|75))?[ \t]*$", re.M)
_GSS = re.compile(r"\n[ \t]*[EWSNKJLM]\d{8}[ \t]*$", re.M)
_NAME_LIKE = re.compile(
    r"\n[ \t]*(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Rev|Sir|Master)\.? .*|[A-Z][\w'’-]+, ?(?:Mr|Mrs|Ms|Miss|Dr|Master|Rev)\b.*"
    r"|(?:[A-Z]\.? ?){1,3}[A-Z][a-z'’-]+)[ \t]*$",
    re.M,
)
_MONEY = re.compile(r"\n[ \t]*-?[£$€]", re.M)
_PERCENT = re.compile(r"%[ \t]*$", re.M)
_GIVEN = frozenset(
    """james john robert michael william david richard joseph thomas charles mary patricia jennifer
    linda elizabeth barbara susan jessica sarah karen emma olivia sophie oliver george harry jack
    daniel matthew anthony mark paul steven andrew joshua kevin brian edward ronald timothy jason
    jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin
    samuel gregory alexander patrick frank raymond jacqueline margaret lisa nancy betty sandra
    ashley kimberly emily donna michelle carol amanda melissa deborah stephanie rebecca laura helen
    sharon cynthia kathleen amy angela shirley anna ruth brenda pamela nicole katherine samantha
    christine catherine virginia debra rachel janet maria heather diane julie joyce victoria kelly
    christina joan evelyn lauren judith olivia frances martha cheryl megan andrea hannah alice ann
    jean peter simon ian alan neil colin graham martin keith stuart claire fiona gillian mohammed
    muhammad ahmed ali fatima aisha priya raj anil wei ming chen jose juan carlos luis miguel ana
    isabel pierre jean marie hans anna ivan olga ben chad andy edith allen arthur henry walter
    harold albert ethel florence annie rosa lucy grace ella mia lily chloe adam liam noah ethan""".split()
)


_BIRTH = frozenset(
    """birth dob birthdate born dateofbirth geburtsdatum geburtstag naissance nacimiento geboortedatum
    nascita geni""".split()
)
_NAMED = frozenset(
    """surname forename forenames firstname lastname fullname familyname givenname vorname nachname familienname
    prenom apellido apellidos achternaam voornaam cognome cyfenw""".split()
)
_OF_PERSONS = frozenset(
    """first last full given family middle maiden pupil patient employee student staff contact customer member
    applicant child mother father teacher person""".split()
)
_MONEY_WORDS = frozenset({"income", "salary", "price", "cost", "wage", "sales", "amount"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column as sampled. `distinct` and `values` leave missing cells out; `filled` is their
    number. `share` is distinct / filled; a `measure` is a quantity, neither key nor category."""

    index: int
    letter: str
    header: str
    label: str
    words: tuple[str, ...]
    groups: frozenset[Group]
    kind: Kind
    filled: int
    blank: int
    distinct: tuple[str, ...]
    numeric: bool
    identifier: str | None
    shorthand: bool
    suppressed: bool
    grouped: bool
    percent: bool
    money: bool
    share: float
    measure: bool


def coded(column: Column) -> bool:
    """Labels that are codes of one length with digits in them, such as a pseudonym."""
    sample = column.distinct[:40]
    return (
        len({len(value) for value in sample}) == 1
        and len(sample[0]) >= 7
        and all(" " not in v and any(map(str.isdigit, v)) for v in sample)
    )


_PARTS = re.compile(r"(\d{1,4})[-/. ](\d{1,2}|[A-Za-z]{3})[A-Za-z]*[-/. ](\d{1,4})")
_MONTH_NUMBERS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)
}


def in_order(values: Sequence[str]) -> bool:
    """Dates sorted one way or the other, as the time column of a table is, in any way of writing."""
    sample = values[:80]
    if _sorted(sample):
        return True
    parts = [match.groups() for match in map(_PARTS.match, sample) if match]
    if len(parts) < 0.8 * len(sample):
        return False
    named = [
        (int(a), _MONTH_NUMBERS.get(b.lower(), 0) if b.isalpha() else int(b), int(c))
        for a, b, c in parts
    ]
    # Day first, month first, year first.
    return any(
        _sorted([(date[i], date[j], date[k]) for date in named])
        for i, j, k in ((2, 1, 0), (2, 0, 1), (0, 1, 2))
    )


def _sorted(values: Sequence[Any]) -> bool:
    given = list(values)
    ordered = sorted(given)
    return given == ordered or given == ordered[::-1]


_SECONDS = re.compile(r"\d:\d\d:(\d\d)")


_PEOPLE = frozenset(
    "patient child pupil student person respondent participant client customer employee member "
    "resident offender claimant learner".split()
)
# Numbers that a public service gives to each person, whether or not their check digits hold.
_NUMBERS = frozenset(("nhs", "nino", "upn", "uln", "chi", "ssn"))


def keys_persons(column: Column) -> bool:
    """Headed as the key of persons ("patient id", "LA child id"), and different in every row."""
    if column.share < 0.95:
        return False
    persons = "person" in column.groups or not _PEOPLE.isdisjoint(column.words)
    return ("key" in column.groups and persons) or not _NUMBERS.isdisjoint(column.words)


def stamped(column: Column) -> bool:
    """Moments to the second, at all seconds of the minute: when somebody entered or answered."""
    if column.kind != "date":
        return False
    seconds = _SECONDS.findall(" ".join(column.distinct[:60]))
    return len(set(seconds)) >= 5 and 2 * len(set(seconds)) >= min(len(seconds), 30)


def letter(index: int) -> str:
    """Spreadsheet letters: 0 → A, 26 → AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def number(text: str) -> float | None:
    """The value of a cell, or None."""
    try:
        value = float(text)
    except ValueError:
        try:
            value = float(text.strip().replace(",", "").lstrip("£$€").rstrip("%"))
        except ValueError:
            return None
    return value if abs(value) < 1e300 and value == value else None


def profile(index: int, header: str, cells: Sequence[str], label: str = "") -> Column:
    """Look at one column's sampled cells; its label counts as part of its name."""
    words = words_of(header)
    groups = groups_of(words)
    if label:
        described = words_of(label)
        groups |= groups_of(described)
        words = [*words, *described]
    everything = dict.fromkeys(cells)
    lines = "\n".join(["", *everything, ""])
    if "\n " in lines or " \n" in lines:
        cells = [cell.strip() for cell in cells]
        everything = dict.fromkeys(cells)
    values = list(everything)
    blank = 0
    if not MISSING.isdisjoint(everything) or any(map(str.isspace, values)):
        values = [v for v in values if v not in MISSING and not v.isspace()]
        blank = sum(map(cells.count, everything.keys() - set(values)))
    filled = len(cells) - blank
    joined = "\n" + "\n".join(values) if values else ""
    # Every pattern below sees short lines only: hostile cells cannot make one backtrack for long.
    longest = max(map(len, values), default=0)
    if longest > 80 or joined.count("\n") > len(values):
        values = [v[:80].replace("\n", " ") for v in values]
        joined = "\n" + "\n".join(values)
    kind, numeric = _kind(values, joined, longest, filled, words)
    if kind in ("label", "category", "name") and are_places(values[:24]):
        groups |= {"place"}
        kind = "label" if kind == "name" else kind
    identifier = None
    if filled >= 5 and kind not in ("binary", "decimal", "year", "period", "date", "code"):
        identifier = identifier_kind(values, words)
    if kind == "date" and not _BIRTH.isdisjoint(words):
        identifier = "date of birth"
    if identifier is None and kind in ("label", "text") and _names_persons(words, values):
        identifier = "personal name"
    if kind == "name" and identifier is None:
        identifier = "personal name"
    return Column(
        index, letter(index), header, label, tuple(words), groups, kind, filled, blank, tuple(values), numeric, identifier,
        "[" in joined and _SHORTHAND.search(joined) is not None,
        numeric and not _SUPPRESSED.isdisjoint(everything),
        numeric and "," in joined and len(_GROUPED.findall(joined)) > 0.3 * len(values),
        numeric and "%" in joined and len(_PERCENT.findall(joined)) > 0.5 * len(values),
        numeric and any(map(joined.__contains__, "£$€")) and _MONEY.search(joined) is not None,
        len(values) / filled if filled else 0.0,
        kind in ("count", "decimal"),
    )  # fmt: skip


def _names_persons(words: Sequence[str], values: Sequence[str]) -> bool:
    """A header that asks for a person's name, over different texts of letters in any script."""
    if _NAMED.isdisjoint(words) and not ("name" in words and not _OF_PERSONS.isdisjoint(words)):
        return False
    sample = values[:60]
    lettered = [v for v in sample if v[:1].isalpha() and not any(map(str.isdigit, v))]
    return len(sample) >= 3 and len(lettered) >= 0.8 * len(sample)


class _Lines:
    """A column's different values as lines, and how many of them have a form."""

    __slots__ = ("_edge", "_values", "count", "joined", "need")

    def __init__(self, values: list[str], joined: str) -> None:
        self.count, self.joined, self._values = len(values), joined, values
        # Few exceptions are forgiven.
        self.need = self.count - max(self.count // 8, 1 if self.count > 5 else 0)
        self._edge = self._end(self.count - self.need + 1)

    def _end(self, lines: int) -> int:
        return sum(map(len, self._values[:lines])) + lines

    def most(self, form: re.Pattern[str]) -> bool:
        """Do enough lines have it? Where none of the first has, too few are left."""
        if not form.search(self.joined, 0, self._edge):
            return False
        return len(form.findall(self.joined)) >= self.need

    def having(self, form: re.Pattern[str], share: float) -> int:
        """How many lines have it; 0 where that is certainly not more than `share` of them."""
        lines = self.count - int(share * self.count)
        if not form.search(self.joined, 0, self._end(lines)):
            return 0
        return len(form.findall(self.joined))


def _kind(
    values: list[str], joined: str, longest: int, filled: int, words: list[str]
) -> tuple[Kind, bool]:
    """The column's kind, and whether its values are numbers."""
    count = len(values)
    if not count:
        return "empty", False
    lines = _Lines(values, joined)
    few = (
        (count <= 2 <= filled - count)
        or (count <= 15 and filled >= 2 * count)
        or (count <= 30 and filled >= 8 * count)
    )
    if (longest <= 18 and "".join(values).isdecimal()) or lines.most(_INTEGER):
        if values[0][:2] in ("19", "20") and lines.most(_DAY):
            return "date", False
        if count == 2 and filled >= 4:
            return "binary", True
        if (count > 1 or "year" in words) and lines.most(_YEAR) and _MONEY_WORDS.isdisjoint(words):
            return "year", True
        return ("code" if few else "count"), True
    if count == 2 and filled >= 4:
        return "binary", len(_INTEGER.findall(joined)) + len(_DECIMAL.findall(joined)) >= 2
    if "," in joined:
        decimals = len(_DECIMAL.findall(joined)) + len(_GROUPED.findall(joined))
    else:
        decimals = lines.having(_DECIMAL, 0.6)
    if decimals >= lines.need:
        # Quarters as 1960.25 stand for years; longer texts cannot.
        if len(joined) <= 9 * count and lines.most(_YEAR):
            return "year", True
        # Amounts on a handful of rows return by chance; only many rows make codes of decimals.
        return ("code" if few and count <= 6 and filled >= 10 else "decimal"), True
    if lines.most(_DATE):
        return "date", False
    if lines.most(_PERIOD):
        return "period", False
    if lines.most(_GSS):
        return "gss", False
    if decimals > 0.6 * count:
        return "mixed", True
    return _textual(values, joined, count, few), False


def _textual(values: list[str], joined: str, count: int, few: bool) -> Kind:
    if few:
        return "category"
    if count >= 5:
        sample = values[:60]
        text = "\n" + "\n".join(sample)
        first = len(sample) // 2 + 1
        edge = sum(map(len, sample[:first])) + first
        # Where none of the first half is like a name, less than 60 % of all are.
        if _NAME_LIKE.search(text, 0, edge) and len(_NAME_LIKE.findall(text)) >= 0.6 * len(sample):
            return "name"
        single = text.lower().replace(",", " ")
        if not _GIVEN.isdisjoint(single.split()) and joined.count(" ") < 6 * count:
            known = sum(1 for v in single[1:].split("\n") if not _GIVEN.isdisjoint(v.split()))
            if known >= 0.3 * len(sample):
                return "name"
    return "text" if len(joined) - 1 > 45 * count else "label"
