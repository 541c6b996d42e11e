"""The words around numbers: magnitudes, units, currencies, hedges, and what numbers are not figures.

Magnitudes are those of English, Welsh, French, German, Spanish and Dutch statistics.
"""

from __future__ import annotations

from gateway.detect.material.claims import Hedge, Unit

SCALES: dict[str, int] = {
    **dict.fromkeys(("hundred", "hundreds"), 2),
    **dict.fromkeys(
        ("k", "thousand", "thousands", "thou", "thous", "mil", "mille", "tausend", "tsd", "duizend",
         "filoedd"),
        3,
    ),
    "kwh": 3, "kw": 3, "kt": 3, "mwh": 6, "mw": 6, "gwh": 9, "gw": 9, "twh": 12,
    **dict.fromkeys(("lakh", "lakhs"), 5),
    **dict.fromkeys(
        ("m", "mn", "mln", "mill", "million", "millions", "mio", "miliwn", "miljoen", "millionen",
         "millones"),
        6,
    ),
    **dict.fromkeys(("crore", "crores"), 7),
    **dict.fromkeys(
        ("bn", "b", "bln", "billion", "billions", "mrd", "md", "milliard", "milliards",
         "milliarden", "miljard", "biliwn"),
        9,
    ),
    **dict.fromkeys(("tn", "trn", "trillion", "trillions"), 12),
}  # fmt: skip
UNITS: dict[str, Unit] = {
    **dict.fromkeys(("%", "percent", "pct", "pc", "prozent", "procent"), "percent"),
    **dict.fromkeys(("pp", "ppt", "ppts", "pps"), "points"),
}
CURRENCIES = frozenset(("gbp", "eur", "usd", "chf", "aud", "cad", "sek", "nok", "dkk", "us$"))
AFTER = CURRENCIES | {"pounds", "pound", "euro", "euros", "dollars", "quid", "sterling", "pence"}
HEDGES: dict[str, Hedge] = {
    **dict.fromkeys(("over", "above", "exceeding", "exceeds", "exceeded", "topping", "topped",
                     "passing", "surpassing", "plus"), "over"),
    **dict.fromkeys(("under", "below", "nearly", "almost", "approaching", "nigh"), "under"),
    **dict.fromkeys(("around", "about", "approximately", "approx", "approx.", "roughly", "circa",
                     "c.", "c", "ca", "ca.", "some", "environ", "rund", "etwa", "tua", "ongeveer",
                     "somewhere"), "about"),
}  # fmt: skip
TAILS: dict[str, Hedge] = {
    "more than": "over", "greater than": "over", "higher than": "over", "at least": "over",
    "upwards of": "over", "excess of": "over", "north of": "over", "better than": "over",
    "less than": "under", "fewer than": "under", "lower than": "under", "close to": "under",
    "up to": "under", "at most": "under", "short of": "under", "shy of": "under",
    "not quite": "under", "south of": "under", "region of": "about", "order of": "about",
    "close on": "under", "something like": "about", "ballpark of": "about", "nearer to": "about",
}  # fmt: skip
GLUED = frozenset("p c ct kg g t mt km ha l ml x pa fte mg nm".split()) | CURRENCIES
"""What may stand at the digits of a figure: 129p, 45.2GWh."""
LOOSE: dict[str, Hedge] = {"odd": "about", "ish": "about", "plus": "over"}
TIMES = frozenset(("am", "pm", "hrs", "hr", "hours", "oclock", "uhr", "noon", "midnight"))
SIGNS = frozenset(("£", "$", "€", "gbp", "eur", "usd", "-", "+"))
MONTHS = frozenset(
    "january february march april may june july august september october november december jan feb "
    "mar apr jun jul aug sep sept oct nov dec ionawr chwefror mawrth ebrill mai mehefin gorffennaf "
    "awst medi hydref tachwedd rhagfyr st nd rd th".split()
)
REFERENCES = frozenset(
    "page pages p pp section sections sect sec table tables tab fig chart graph annex appendix "
    "chapter ch para paragraph version ver v no nr number ref reference invoice order po ticket "
    "account acc card vat tel telephone phone mob mobile fax ext extension room floor flat unit bus "
    "route platform line item step note notes footnote question q slide row column cell issue bug "
    "build pin code id isbn article art week wk day aged age ages stage ks yr grade band phase tier "
    "part volume vol zone quarter building house door extn dial badge seat desk form schedule "
    "clause rule regulation".split()
)
DIVISIONS = frozenset(
    "version ver v section sections sect sec table tables tab fig chart annex appendix chapter para "
    "paragraph paragraphs python rule clause article note step release".split()
)
"""Behind these, a number with a point in it is an address within a document, or a version."""
