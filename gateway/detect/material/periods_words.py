"""The words and the pattern that reference periods are written in.

Names of months are those of `detect.vocabulary` (English, Welsh, French, German, Spanish, Dutch and
others), but for those that are words of their own.
"""

from __future__ import annotations

import re

from gateway.detect.vocabulary import MONTHS

_ORDINARY = frozenset("out set ago gen lug medi".split())
MONTH_NUMBERS = {name: number for name, number in MONTHS.items() if name not in _ORDINARY}
ORDINALS = {
    **dict.fromkeys(("first", "1st", "premier", "erstes", "eerste", "primer"), 1),
    **dict.fromkeys(("second", "2nd", "deuxieme", "zweites", "tweede", "segundo"), 2),
    **dict.fromkeys(("third", "3rd", "troisieme", "drittes", "derde", "tercer"), 3),
    **dict.fromkeys(("fourth", "4th", "final", "quatrieme", "viertes", "vierde", "cuarto"), 4),
}
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
"""The month that each begins with."""
ACADEMIC = ("academic", "school")
_ALONE = frozenset(
    "january february april june july august september october november december sept "
    "ionawr chwefror mawrth ebrill mehefin gorffennaf awst hydref tachwedd rhagfyr "
    "janvier fevrier avril juin juillet aout septembre octobre novembre decembre "
    "januar februar juni juli oktober dezember januari februari augustus "
    "enero febrero abril junio julio agosto septiembre octubre noviembre diciembre "
    "jan feb apr jun jul aug sep oct nov dec march may mar".split()
)
"""Months that are months without a year beside them."""
OTHER_WORDS = frozenset(("may", "march", "mar"))
"""Of these, the ones that are other words, too: in running text they need company."""


def _any_of(words: object) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))  # type: ignore[call-overload]


_M = rf"(?:{_any_of(MONTH_NUMBERS)})"
_Y4 = r"(?:19|20)\d\d"
_YY = rf"(?:{_Y4}|'?\d\d)"
_FY = rf"(?:{_Y4}\s?[/-]\s?(?:{_Y4}|\d\d)|'?\d\d/'?\d\d)"
_ORD = rf"(?:{_any_of(ORDINALS)})"
_TH = r"(?:st|nd|rd|th)?"
_QUARTER = r"(?:q|t|qtr|quarter|quartal|trimestre|trimester|kwartaal|chwarter)"
_SEP = r"[\s,/-]{0,3}"
_OF = r"(?:\s{1,3}(?:of|du|de|van))?"
_END = r"(?![\w%£$€]|[.,:]\d)"

ATOM = re.compile(
    rf"""(?<![\w£$€%])(?<!\d[.,/:-])(?:
    (?P<iso>(?P<iy>{_Y4})[-/.](?P<im>\d\d)[-/.](?P<id>\d\d)(?:[t\s]\d\d:\d\d(?::\d\d(?:\.\d{{1,6}})?)?z?)?){_END}
  | (?P<slashed>(?P<dd>\d{{1,2}})(?P<ds>[/.-])(?P<dm>\d{{1,2}})(?P=ds)(?P<dy>{_Y4}|\d\d)(?:\s\d\d:\d\d(?::\d\d)?)?){_END}
  | (?P<day_month>(?P<ad>\d{{1,2}}){_TH}{_OF}[\s-]{{0,3}}(?P<am>{_M})\.?,?[\s-]{{0,3}}(?P<ay>{_YY})){_END}
  | (?P<month_day>(?P<bm>{_M})\.?\s{{1,3}}(?P<bd>\d{{1,2}}){_TH},?\s{{1,3}}(?P<by>{_Y4})){_END}
  | (?P<month_in>(?P<lm>{_M})\.?{_OF}[\s,/-]{{0,3}}(?P<ly>{_FY}|{_YY})){_END}
  | (?P<year_month>(?P<cy>{_Y4})[\s,/-]{{0,3}}(?P<cm>{_M})){_END}
  | (?P<year_quarter>(?P<hy>{_FY}|{_Y4}){_SEP}{_QUARTER}\s?(?P<hq>[1-4])){_END}
  | (?P<year_half>(?P<jy>{_FY}|{_Y4}){_SEP}h(?P<jh>[12])){_END}
  | (?P<iso_week>(?P<wy>{_Y4})-?w(?P<wn>\d\d)|(?:week|wk)\.?\s?(?P<wn2>\d{{1,2}}){_OF}{_SEP}(?P<wy2>{_Y4})){_END}
  | (?P<accounting>(?:period|p|month|m)\s?(?P<pn>0?[1-9]|1[0-2]){_OF}{_SEP}(?P<py>{_FY})){_END}
  | (?P<season>(?P<sn>{_any_of(SEASONS)})(?:\s{{1,3}}term)?{_OF}\s{{1,3}}(?P<sy>{_Y4})){_END}
  | (?P<year_number>(?P<ey>{_Y4})(?:\s?m\s?|[-/])(?P<em>0[1-9]|1[0-2])){_END}(?!-)
  | (?P<number_year>(?P<gm>0?[1-9]|1[0-2])[/.-](?P<gy>{_Y4})){_END}
  | (?P<quarter_year>(?:{_QUARTER}\s?(?P<qn>[1-4])|(?P<qo>{_ORD}|[1-4](?:e|er|eme|\.))\s{{0,2}}{_QUARTER}){_OF}{_SEP}(?P<qy>{_FY}|{_YY})){_END}
  | (?P<half_year>(?:h(?P<kn>[12])|(?P<ko>first|second|1st|2nd)\s{{1,3}}half){_OF}{_SEP}(?P<ky>{_FY}|{_YY})){_END}
  | (?P<fin>(?:(?P<fw>fy|(?:financial|fiscal|tax|academic|school)\s{{1,3}}year)\s{{0,3}})?(?P<fy>{_FY})){_END}
  | (?P<fin_short>fy\s?'?(?P<fs>{_Y4}|\d\d)){_END}
  | (?P<year>{_Y4}){_END}
  | (?P<quarter_named>(?P<rm>march|june|september|december|mar|jun|sept?|dec)\s{{1,3}}(?:quarter|qtr){_OF}\s{{1,3}}(?P<ry>{_YY})){_END}
  | (?P<quarter_alone>(?:q(?P<qn0>[1-4])|(?P<qo0>{_ORD})\s{{1,3}}quarter)){_END}
  | (?P<to_date>(?P<td>(?:financial\s{{1,3}})?year\s{{1,3}}to\s{{1,3}}date|fytd|ytd)){_END}
  | (?P<rel>(?P<rw>last|previous|this|current)\s{{1,3}}(?P<ru>week|month|quarter|year|(?:financial|fiscal)\s{{1,3}}year)){_END}
  | (?P<bare>{_any_of(_ALONE)}){_END}
    )""",
    re.VERBOSE,
)
"""One period as it may be written; on lower-case folded text."""

_COUNT = "[2-9]|1[0-1]|two|three|four|five|six|seven|eight|nine|ten|eleven"
_ENDING = r"(?:ending|ended|to|up\s{1,3}to|until)"
LEAD = re.compile(
    rf"""(?<!\w)(?:
    (?P<year_ending>(?:rolling\s{{1,3}})?(?:the\s{{1,3}})?(?:year|12\s?-?\s?months?|twelve\s?-?\s?months?)\s{{1,3}}(?:end\s{{1,3}}|{_ENDING})|y\.?/e|ye|annual\s{{1,3}}to)
  | (?P<months_ending>(?P<count>{_COUNT})\s?-?\s?months?\s{{1,3}}{_ENDING})
  | (?P<quarter_ending>quarter\s{{1,3}}{_ENDING}|q/e|qe)
  | (?P<week_ending>(?:week|wk)\s{{1,3}}{_ENDING}|w\.?/e)
  | (?P<week_beginning>(?:week|wk)\s{{1,3}}(?:commencing|beginning|starting|of)|w/c)
  | (?P<month>month\s{{1,3}}(?:of|{_ENDING})|period)
  | (?P<as_at>as\s{{1,3}}(?:at|of)|(?:at|on)\s{{1,3}}(?:the\s{{1,3}})?end\s{{1,3}}(?:of\s{{1,3}})?|position\s{{1,3}}(?:at|on)|snapshot\s{{1,3}}(?:at|on))
    )[\s:,-]{{0,3}}(?:the\s{{1,3}})?(?:end\s{{1,3}}(?:of\s{{1,3}})?)?$""",
    re.VERBOSE,
)
"""What right before a period makes another one of it; searched up to where the period begins."""

CONNECTOR = re.compile(
    r"\s{0,3}(?:-{1,2}|to|until|till|til|thru|through|up\s{1,3}to|and|bis|au|a|jusqu'a|tot|t/m|hasta|al|hyd\s{1,3}at|i)"
    r"\s{0,3}(?:the\s{1,3})?(?:end\s{1,3}(?:of\s{1,3})?)?"
)
