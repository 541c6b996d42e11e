"""Header words and what they say about the rows beneath them.

Each word (or pair of neighbouring words) belongs to one group; headers are cut into words at
spaces, punctuation, digits and camel-case humps before they are looked up.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal, Mapping

from gateway.detect.microdata.languages import GROUPS

Group = Literal["key", "person", "firm", "measure", "time", "place", "thing", "label"]

_KEY = """
id ids uid uuid pid hid hhid idno idnum caseid casenum serial serialno ruref respid
respondentid respondent subj pno pnum ptnum patno patid subjno subjid respid custid empid stuid studentid childid surveyid subnum grpid groupid subjid subjectid individual indiv person worker subject participant participantid patientid personid clientnum
customerid employeeid memberid nhsno nino utr crn uprn upn vrn psraid nr mrn enrolid idhhp idcode
record~id case~id study~id person~id pupil~id patient~id client~no account~no case~number
reference~number record~number household~id member~id national~insurance nhs~number company~number
vat~number registration~number ni~number candidate~number staff~number payroll~number
"""

_PERSON = """
age ages agegroup ageyrs sex gender dob birth birthdate birthyear born forename firstname surname lastname
familyname givenname marital married spouse single divorced widowed widow cohabiting education educ
edu schooling meducation fatheduc motheduc feduc meduc ethnicity ethnic eth race raceethnicity
religion religious nationality citizenship citizen occupation occup job income inc wage wages lwage hourly salary
earn earnings hours hrs kids kid children child nchild kidslt kidsge household hh hhsize hhinc
family famsize disability disabled ill smoker smoke smokes smoking drinks alcohol bmi height weight wt wgt pweight
finalweight finalwgt fnlwgt perwt hhwt grossing pregnant parity tenure mortgage pension diagnosis diagnosed treatment treat treated trt dose
died dead dod dor ager sexr ucod icd icd10 occ soc soc10 censored censor cens survived survival arm karno karnofsky tumor tumour stage systolic
diastolic cholesterol glucose blood symptom symptoms patient passenger student pupil
teacher customer employee applicant voter victim defendant offender minority black white hispanic
female male foreign exper experience iq mother father mom dad siblings sibsp parch retired
selfemp insurance insured party vote voted pclass attrition credit debt loan gpa grade
anxiety depression mood pain stress headache recall test score~pre pretest posttest post~test pre~test ses attitude opinion satisfaction agree username email phone mobile
postcode zip zipcode address streetaddress housing urban rural residence region~birth
first~name last~name full~name date~birth marital~status work~status ethnic~group job~title
years~school household~income age~group birth~year birth~weight bwght
"""

_FIRM = """
airline airlines bank banks store stores shop shops farm farms restaurant hotel retailer
firm firms firmid fcode company companies enterprise business businesses establishment employer ticker
trader importer exporter eori supplier vendor entref legal turnover sales employees emp profit profits assets revenue revenues sic sic07
purchases stocks dividends dividend equity liabilities ebit cogs invest investment capital
inventory receivable payable expenditure ceo legal~status trading~name company~name business~name
ticker~symbol head~count net~income capital~expenditure acquisitions disposals
"""

_MEASURE = """
rate rates percent percentage pct perc total totals count counts freq frequency number mean
average avg median index indices share shares proportion prop estimate estimates ci lower upper stderr cv
pop ratio change growth quartile percentile decile sum density turnout gdp gnp cpi rpi inflation births
deaths households persons people claimants vacancies thousands millions million thousand
population unemployment employment unemployed employed inactive seasonally adjusted weighted unweighted base
cases controls noncases observed num confidence interval prevalence incidence per~capita per~cent per~1000 labor~force labour~force
standard~error std~err sample~size volume value imports exports output production consumption
dwellings jobs discharges payments tonnes approve disapprove favorable unfavorable
"""

_TIME = """
year years yr quarter qtr qrtr month week date period time day fy calendar reference~period
time~period financial~year period~ending
"""

_PLACE = """
region regions country countries county counties state states city cities la lad authority ward
lsoa msoa oa constituency nuts geography area areas gss iso fips continent nation borough
district province municipality municipalities metro msa mmsa town village departement location territory
perimeter polyid polygon centroid easting northing eastings northings xcoord ycoord wkt
neighbourhood neighborhood local~authority area~code area~name lau ladcode ladname stname
"""

_THING = """
egg eggs clutch culmen wing beak fin shell herd breed horse dog dogs cow cows fish bird
bill flipper hindfoot genus island nest tree plant seed leaf soil litter rat rats mouse batch cask specimen voltage volt
ozone conc concentration ph dbh cones germination solder panel wavelengths alloy strength protein fat fibre calories
product sku item price brand model species title genre film movie mpg cylinders cyl displacement
horsepower temp temperature precipitation wind weather rain rainfall humidity petal sepal length width depth
description parent level wavelength magnitude station team goals wins losses points played
version url language isbn author album track carat clarity cut fuel engine make
latitude longitude lat lon long elevation altitude planet star variety ingredient recipe
part stock quantity qty unit~price order~id line~total vat~rate coefficient estimate~se
"""

_LABEL = "name names code codes label category type class group status sector industry"


def _build() -> dict[str, Group]:
    table: dict[str, Group] = {}
    groups: tuple[tuple[Group, str], ...] = (
        ("label", _LABEL), ("thing", _THING), ("time", _TIME), ("place", _PLACE),
        ("measure", _MEASURE), ("firm", _FIRM), ("person", _PERSON), ("key", _KEY),
    )  # fmt: skip
    for group, _ in groups:
        # What a word says in English comes first: Dutch "man" is no reason to read English anew.
        for word in GROUPS.get(group, "").split():
            table.setdefault(word.replace("~", " "), group)
    for group, words in groups:
        for word in words.split():
            table[word.replace("~", " ")] = group
    return table


WORDS: Final[Mapping[str, Group]] = _build()

_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W\d_]+|\d+")
QUESTION_CODE: Final = re.compile(
    r"(?i)^(?:q|qu|qn|question|var|v|item|sat|x|y|s|d|f|r|b|c)[ _.]?\d{1,4}[ _.]?[a-z]?(?:[ _.]\d+)?$"
)


def words_of(header: str) -> list[str]:
    """The header's words, lower case and without accents; bounded, since a "header" may be a paragraph."""
    if not header.isascii():
        header = folded(header)
    return [word.lower() for word in _WORD.findall(_HUMPS.sub(" ", header[:160]))][:24]


def folded(text: str) -> str:
    """Without accents: "Größe" as "Grosse", since many files have lost them already."""
    text = unicodedata.normalize("NFD", text[:400].replace("ß", "ss"))
    return "".join(filter(str.isascii, text))


REPLICATE_WEIGHT: Final = re.compile(
    r"(?i)(?:[a-z]{0,8}(?:rw|wt|wgt|weight|repw|brr|jk|bsw)[a-z]{0,2}|bsrw)[ _.]?\d{1,3}$"
)
"""Weights as survey programs number them for the estimation of variances."""

_MEASURE_STEMS = ("pop", "perc", "pct", "avg", "tot", "share", "median")


def _group(word: str) -> Group | None:
    group = WORDS.get(word)
    if group is None and word.startswith(_MEASURE_STEMS):
        return "measure"
    return group


_SENTENCE = 9
_ASKING = frozenset(
    """you your yours how what which who why please do does did response
    sie ihr ihre vous votre usted u uw lei voi chi""".split()
)


def groups_of(words: list[str]) -> frozenset[Group]:
    """Every group that a word or a pair of neighbours belongs to; pairs beat their members.

    A header of a whole sentence is a title or a question, and its words no names of attributes;
    stacked heads of a table of figures still say what is measured.
    """
    if len(words) >= _SENTENCE:
        measured = any(_group(word) == "measure" for word in words)
        return frozenset({"measure"}) if measured and _ASKING.isdisjoint(words) else frozenset()
    found: set[Group] = set()
    skip = False
    for position, word in enumerate(words):
        if skip:
            skip = False
            continue
        pair = WORDS.get(f"{word} {words[position + 1]}") if position + 1 < len(words) else None
        group = pair or _group(word)
        skip = pair is not None
        if group:
            found.add(group)
    return frozenset(found)


_AGE_BAND = re.compile(
    r"(?i)\b\d{1,2} ?(?:-|–|to) ?\d{1,2}\b(?![-/])|\b\d{2} ?\+|\b(?:aged|under|over) \d"
    r"|^[<>≤≥] ?[£$€]?\d|^[£$€]\d[\d.,]*k? ?(?:-|–|to) ?[£$€]?\d"
)
_CATEGORIES = frozenset(
    """male female men women boys girls males females married single divorced widowed white black asian hispanic
    employed unemployed retired democrat republican conservative labour urban rural adults""".split()
)


def names_category(header: str, words: tuple[str, ...]) -> bool:
    """Does a header name one category of persons (male, 18 to 34), as a table's heads do?"""
    return not _CATEGORIES.isdisjoint(words) or _AGE_BAND.search(header[:160]) is not None
