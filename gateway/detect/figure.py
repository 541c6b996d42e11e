"""Counts statistic-like numbers: percentages, grouped thousands, decimals, millions.

Dates, times, telephone numbers, versions and the sums on invoices are none. Invariants: linear in
the text, whatever it holds; nothing is left out: where looking around each number would cost too
much, the rest counts as figures unlooked at; counting ends at `AT_MOST`, which means "or more".
"""

from __future__ import annotations

import re
from typing import Sequence

AT_MOST = 50
"""More figures than this say nothing more."""

_LOOKED_AT = 1000
_DIGITS = "0123456789"
_AROUND = 48
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,8}+\b"
_UNIT = r"(?:%|per\s?cent\b|percentage\s{1,3}points?|pp\b|million\b|billion\b|thousand\b|bn\b|mn\b|[mk]\b)"
_YES = rf"""
        (?<!\d)(?<!\d\.)\d{{1,15}}+(?:[,.]\d{{1,15}}+){{0,7}}+\s?+{_UNIT}
      | (?<![\d.,])\d{{1,3}}(?:,\d{{3}}){{1,7}}+(?:\.\d{{1,15}})?(?!\d)
      | (?<![\d.,])\d{{1,3}}(?:[ ]\d{{3}}){{1,3}}(?!\d)
      | (?<![\w.,:])\d{{1,15}}+\.\d{{1,15}}+(?![\w.:])
"""
# The same, the first digit first, so that the search leaps from digit to digit.
_CANDIDATE = re.compile(
    rf"""[0-9](?:
        (?<!\d\d)(?<!\d\.\d)\d{{0,14}}+(?:[,.]\d{{1,15}}+){{0,7}}+\s?+{_UNIT}
      | (?<![\d.,]\d)\d{{0,2}}(?:,\d{{3}}){{1,7}}+(?:\.\d{{1,15}})?(?!\d)
      | (?<![\d.,]\d)\d{{0,2}}(?:[ ]\d{{3}}){{1,3}}(?!\d)
      | (?<![\w.,:]\d)\d{{0,14}}+\.\d{{1,15}}+(?![\w.:])
    )""",
    re.VERBOSE,
)
_FIGURE = re.compile(
    rf"""
    (?:\b|(?=[+(])|(?<!\d)(?=\d))(?:   # where something may begin; the rest of a word is passed by
    (?P<no>
        \b\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}\b                      # 28.03.2018
      | \b\d{{1,2}}[:.]\d\d(?:\s?(?:hrs?\b|[ap]\.?m\b)|:\d\d)          # 9.30am
      | \b(?:v|ver\.?|version|section|figure|table|chapter|para(?:graph)?|page|t|rfc|python|no\.?)\s?\d{{1,9}}+(?:[.:]\d{{1,9}}+){{0,9}}+  # version 1.2
      | \b\d{{1,15}}+(?:\.\d{{1,15}}+){{2,12}}+                        # 10.0.0.1
      | (?<!\w)(?:\+\d|\(?0\d)[\d() -]{{7,24}}\d                       # telephone numbers
      | \b(?:invoice|order|po|ref(?:erence)?|ticket|case|account|card|vat|total\s{{1,3}}due|amount\s{{1,3}}due|subtotal|price|fee)\b\s?(?:no\.?|number|\#)?[:\s-]{{0,8}}[£$€]?\s?\d[\d,.\s-]{{0,40}}+
      | \b\d{{1,2}}(?:st|nd|rd|th)?\s{{1,3}}{_MONTH}(?:\s{{1,3}}\d{{4}})?
      | \b{_MONTH}\s{{1,3}}\d{{1,2}}(?:,?\s{{1,3}}\d{{4}})?
    )
  | (?P<yes>{_YES})
    )
    """,
    re.VERBOSE,  # on lower-case text: a case that does not matter makes the search thrice as slow
)
_CELL = re.compile(
    r"\s*[-+(]?\s*[£$€]?(?!(?:19|20)\d\d\s*$)\d[\d, ]{0,24}(?:\.\d{1,15})?\s*[%)]?\s*"
)


def count_figures(folded: str) -> int:
    """Figures in running text, at most `AT_MOST`."""
    if not any(map(folded.__contains__, _DIGITS)):
        return 0  # ten looks for one sign each are sooner done than one search for any
    folded = folded.lower()
    figures = looked = 0
    begin = end = -1
    for candidate in _CANDIDATE.finditer(folded):
        looked += 1
        if looked > _LOOKED_AT:
            figures += 1
        elif candidate.start() - _AROUND <= end:
            end = candidate.end() + _AROUND
            if end - begin < 4000:
                continue
            # A long run of numbers is looked at piece by piece.
            figures += _counted(folded, begin, candidate.end())
            begin = end = candidate.end()
        else:
            figures += _counted(folded, begin, end) if end >= 0 else 0
            begin, end = max(end, candidate.start() - _AROUND, 0), candidate.end() + _AROUND
        if figures >= AT_MOST:
            return AT_MOST
    if end >= 0:
        figures += _counted(folded, begin, end)
    return min(figures, AT_MOST)


def count_cells(rows: Sequence[Sequence[str]]) -> int:
    """Cells of a table that hold a number, years left out, at most `AT_MOST`."""
    figures = 0
    for row in rows:
        figures += sum(1 for cell in row if len(cell) < 40 and _CELL.fullmatch(cell))
        if figures >= AT_MOST:
            return AT_MOST
    return figures


def _counted(folded: str, begin: int, end: int) -> int:
    return sum(1 for m in _FIGURE.finditer(folded, begin, end) if m["yes"] is not None)
