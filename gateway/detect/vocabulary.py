"""Names of months, weekdays, relative days and zones in the languages of banners, as data.

Keys are folded (no accents) and lower case. A zone names the offset it states literally and the
place whose clock people usually mean by it.
"""

from __future__ import annotations

_MONTHS = """
january jan ionawr ionor janvier januar janner januari enero ene gennaio gen janeiro eanair
february feb chwefror fevrier fev februar februari febrero febbraio fevereiro feabhra
march mar mawrth mars marz maerz maart mrt marzo marco marta
april apr ebrill avril avr abril abr aprile aibrean
may mai mei mayo maggio maio bealtaine
june jun mehefin juin juni junio giugno giu junho meitheamh
july jul gorffennaf juillet juil juli julio luglio lug julho iuil
august aug awst aout agosto ago augustus lunasa
september sept sep medi septembre septiembre set settembre setembro fomhair
october oct hydref octobre oktober okt octubre ottobre ott outubro out
november nov tachwedd novembre noviembre novembro samhain
december dec rhagfyr decembre dezember dez diciembre dic dicembre dezembro nollaig
"""
MONTHS = {
    name: number
    for number, line in enumerate(_MONTHS.strip().splitlines(), 1)
    for name in line.split()
}

_WEEKDAYS = """
monday mon llun lundi lun montag maandag lunes lunedi segunda luain
tuesday tues tue mawrth mardi dienstag dinsdag martes martedi terca mairt
wednesday weds wed mercher mercredi mittwoch woensdag miercoles mercoledi quarta ceadaoin
thursday thurs thur thu iau jeudi jeu donnerstag donderdag jueves giovedi quinta deardaoin
friday fri gwener vendredi ven freitag vrijdag viernes venerdi sexta aoine
saturday sat sadwrn samedi sam samstag sonnabend zaterdag sabado sabato sathairn
sunday sun sul dimanche dim sonntag zondag domingo domenica domhnach
"""
WEEKDAYS = {
    name: number
    for number, line in enumerate(_WEEKDAYS.strip().splitlines())
    for name in line.split()
}

RELATIVE_DAYS = {
    **dict.fromkeys("today tonight heddiw heno aujourd'hui heute vandaag hoy oggi hoje".split(), 0),
    "this morning": 0,
    "this afternoon": 0,
    "this evening": 0,
    "later today": 0,
    **dict.fromkeys("tomorrow tmrw yfory demain morgen manana domani amanha amarach".split(), 1),
    "day after tomorrow": 2,
    "apres-demain": 2,
    "ubermorgen": 2,
    "overmorgen": 2,
}

NAMED_TIMES = {
    **dict.fromkeys("noon midday mittag mittags midi mediodia mezzogiorno".split(), (12, 0)),
    "12 noon": (12, 0),
    "12noon": (12, 0),
    "hanner dydd": (12, 0),
    "meio-dia": (12, 0),
    **dict.fromkeys(
        "midnight mitternacht middernacht minuit medianoche mezzanotte".split(), (24, 0)
    ),
    "12 midnight": (24, 0),
    "12midnight": (24, 0),
    "hanner nos": (24, 0),
    "meia-noite": (24, 0),
    "close of play": (24, 0),
    "end of day": (24, 0),
}

ZONES: dict[str, tuple[float | None, str]] = {
    # abbreviation: (hours east of Greenwich when taken literally, the place people mean)
    "gmt": (0, "Europe/London"),
    "bst": (1, "Europe/London"),
    "utc": (0, "UTC"),
    "z": (0, "UTC"),
    "est": (-5, "America/New_York"),
    "edt": (-4, "America/New_York"),
    "et": (None, "America/New_York"),
    "cst": (-6, "America/Chicago"),
    "cdt": (-5, "America/Chicago"),
    "ct": (None, "America/Chicago"),
    "mst": (-7, "America/Denver"),
    "mdt": (-6, "America/Denver"),
    "mt": (None, "America/Denver"),
    "pst": (-8, "America/Los_Angeles"),
    "pdt": (-7, "America/Los_Angeles"),
    "pt": (None, "America/Los_Angeles"),
    "cet": (1, "Europe/Paris"),
    "cest": (2, "Europe/Paris"),
    "mez": (1, "Europe/Berlin"),
    "mesz": (2, "Europe/Berlin"),
    "wet": (0, "Europe/Lisbon"),
    "west": (1, "Europe/Lisbon"),
    "eet": (2, "Europe/Helsinki"),
    "eest": (3, "Europe/Helsinki"),
    "ist": (1, "Europe/Dublin"),  # Irish; India's is earlier, and a conflict is read later
    "aest": (10, "Australia/Sydney"),
    "aedt": (11, "Australia/Sydney"),
    "aet": (None, "Australia/Sydney"),
    "acst": (9.5, "Australia/Adelaide"),
    "acdt": (10.5, "Australia/Adelaide"),
    "awst": (8, "Australia/Perth"),
    "nzst": (12, "Pacific/Auckland"),
    "nzdt": (13, "Pacific/Auckland"),
    "jst": (9, "Asia/Tokyo"),
    "hkt": (8, "Asia/Hong_Kong"),
    "sgt": (8, "Asia/Singapore"),
    "eastern": (None, "America/New_York"),
    "central european": (None, "Europe/Paris"),
    "central": (None, "America/Chicago"),
    "mountain": (None, "America/Denver"),
    "pacific": (None, "America/Los_Angeles"),
    "greenwich mean": (0, "Europe/London"),
    "british summer": (1, "Europe/London"),
    "australian eastern": (None, "Australia/Sydney"),
}
CAPITALS_ONLY = frozenset("z et est ct mt pt west wet ist cst mst pst".split())
"""Abbreviations that are words elsewhere ("et", "est", "west"): read as zones in capitals only."""

PLACES = {
    **dict.fromkeys(
        ("uk", "london", "british", "edinburgh", "cardiff", "belfast"), "Europe/London"
    ),
    "dublin": "Europe/Dublin",
    "irish": "Europe/Dublin",
    "lisbon": "Europe/Lisbon",
    **dict.fromkeys(("canberra", "sydney", "melbourne"), "Australia/Sydney"),
    **dict.fromkeys(("new york", "washington", "us eastern"), "America/New_York"),
    "paris": "Europe/Paris",
    "de paris": "Europe/Paris",
    "french": "Europe/Paris",
    "berlin": "Europe/Berlin",
    "german": "Europe/Berlin",
    "vienna": "Europe/Vienna",
    "brussels": "Europe/Brussels",
    "luxembourg": "Europe/Luxembourg",
    "amsterdam": "Europe/Amsterdam",
    "dutch": "Europe/Amsterdam",
    "madrid": "Europe/Madrid",
    "rome": "Europe/Rome",
    "geneva": "Europe/Zurich",
    "zurich": "Europe/Zurich",
    "ottawa": "America/Toronto",
    "toronto": "America/Toronto",
    "tokyo": "Asia/Tokyo",
    "wellington": "Pacific/Auckland",
    "stockholm": "Europe/Stockholm",
    "oslo": "Europe/Oslo",
}
