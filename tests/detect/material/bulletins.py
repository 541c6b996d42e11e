"""Invented statistical prose of several hands, as long as wanted and the same for the same seed.

One hand writes bulletins, another letters on the same subjects in other words, a third explains
methods, a fourth runs an office. Towns, trades and figures are invented.
"""

from __future__ import annotations

import random
import re

_SLOTS = {
    "town": "Aldermere Brackwater Calderholm Dunsby Eastwold Farrowdale Garsmouth Hethering Inchley "
    "Jarrowby Kelbrook Langmere Mossford Netherby Oxlade Pellworth Quarnside Rushton Skelby Thornsea",
    "area": "upland|coastal|former mining|commuter|island|border|market-town|riverside|dockland|fenland",
    "who": "ferry passengers|apprentice glaziers|beekeepers|library borrowers|allotment holders|"
    "night-shift nurses|canal boat owners|dairy farmers|school crossing patrols|lifeguards|"
    "organ donors|foster carers|taxi licensees|market traders|tenant farmers|trainee plumbers",
    "what": "registrations|licences|enrolments|departures|admissions|inspections|placements|"
    "applications|renewals|withdrawals|complaints|completions",
    "why": "a mild winter|the closure of two depots|the new grant scheme|a shortage of instructors|"
    "late returns from three councils|the opening of the bypass|higher diesel prices|"
    "an outbreak of bluetongue|the end of the fee waiver|a change in school catchments|"
    "the strike at the harbour|a backlog cleared in spring|flooded access roads",
    "how": "sharply|modestly|for the third year running|more than expected|unevenly|"
    "after a slow start|against the pattern of recent years|only in the second half",
    "age": "under 16|16 to 24|25 to 34|35 to 49|50 to 64|65 and over",
    "place": "rented premises|temporary accommodation|co-operative yards|private slipways|"
    "shared workshops|village halls|converted barns|moorings without electricity",
    "rose": "rose|climbed|grew|went up|picked up|edged upwards|recovered|surged|crept higher|jumped",
    "fell": "fell|dropped|declined|slipped|went down|shrank|eased|receded|tumbled|dipped",
    "made": "accounted for|made up|represented|contributed|were responsible for|formed",
    "said": "recorded|reported|counted|returned|registered|notified|logged|declared",
    "lead": "Compared with {year}, |Over the decade, |Once seasonal jobs are set aside, |On the revised basis, |"
    "In {area} districts, |Among those aged {age}, |Since {month}, |As in {town}, |Contrary to the first returns, |"
    "Despite {why}, |Outside {town}, |By the end of {month}, |Measured per head, |Even allowing for {why}, |"
    "Along the {area} fringe, |Where {place} were common, ",
    "tail": ", a trend that began in {year}|, with {town} the one exception|, though {place} were untouched|"
    ", which {town} put down to {why}|, leaving {n} without any|, much as in {month} {year}|"
    ", and {why} may reverse it|, driven by those aged {age}|, mostly in {place}|, half of it before {month}|"
    ", twice what {town} managed|, the reverse of {area} experience|, against {n} in {town}|"
    ", although {who} saw little of it|, a record for any {area} authority|, once {why} is taken into account|"
    ", as {town} had warned in {month}|, so that only {n} remained by {month}",
    "month": "January February March April May June July August September October November December",
    "day": "Monday Tuesday Wednesday Thursday Friday",
}
_BULLETIN = (
    "there were {n} {what} of {who} in the year ending {month} {year}, {p}% {up} than a year earlier{tail}.",
    "{town} {made} {p}% of all {what}, ahead of {town} ({p}%) and {town} ({p}%){tail}.",
    "the loss of {who} aged {age} was concentrated in {place}, where {why} cut {what} by {n}{tail}.",
    "{what} of {who} {rose} {how} in {town}, reflecting {why}{tail}.",
    "of the {n} {who} {said} in {month} {year}, {n} lived in {place} and a further {n} in {place}{tail}.",
    "the rate in {town} stood at {p} for every 10,000 residents{tail}.",
    "{what} would have {fell} by {p}% but for {town}, which suffered from {why}{tail}.",
    "{who} were {p} times as likely to end their {what} early as those in {town}, largely because of {why}{tail}.",
    "women {made} {p}% of {who}, up from {p}% in {year}{tail}.",
    "the median wait for {what} lengthened to {n} days in {town} but shortened to {n} days in {town}{tail}.",
    "quarterly {what} peaked at {n} in {month}, then {fell} as {why} took effect{tail}.",
    "spending on {place} for {who} reached £{n},000, which is {p}% {up} in cash terms{tail}.",
    "both {town} and {town} {said} {n} {up} {who} than in {year}{tail}.",
    "nearly all the growth came from {who} aged {age}, whose {what} {rose} {how}{tail}.",
    "{n} {what} were linked to {why}, mainly in {town} and {town}{tail}.",
    "turnover among {who} {fell} {how}, with {n} leaving {place} against {n} joining{tail}.",
    "{town} overtook {town} in {what}, by {n} to {n}{tail}.",
    "the gap between {area} and {area} districts narrowed to {p} percentage points{tail}.",
    "half of those who left {place} in {month} had been {who} for less than {n} weeks{tail}.",
    "{why} explains about {p}% of the change in {what}{tail}.",
)
_LETTER = (
    "Could you tell me when the next figures on {who} come out, and whether {town} will be in them this time?",
    "We met councillors from {town} last {day}; they blame {why} and want us to look at {place}.",
    "People keep asking why {who} seem to be giving up, and my own guess is {why}.",
    "As you know, nobody in {town} believes that {what} went up {how}, whatever the paper writes.",
    "I would rather not say anything about {who} until the numbers are published on {day}.",
    "The minister visited {place} in {town} and talked to {who} about {why}.",
    "Last year's report put {what} in {area} districts at {n}; is there anything more recent in public?",
    "Thanks for the slides about {who}; the chart on {place} was hard to read from the back of the room.",
    "Our plan is to ask {n} {who} in {town} what they think of {place}, if the budget of £{n} allows.",
    "It would help to have the same breakdown by age, say {age}, as in the old series.",
    "She thinks the rise in {what} has nothing to do with {why}, and I am inclined to agree.",
    "There is a rumour in {town} that {what} fell, but I have seen no evidence for it.",
)
_METHOD = (
    "Figures are rounded to the nearest five, and totals may not add up for that reason.",
    "Estimates for {area} districts are based on a sample of {n} addresses and carry a wide margin of error.",
    "Returns are collected each {month} through an online form, which replaced the paper one in {year}.",
    "Percentages are calculated from unrounded numbers.",
    "{who} who move between districts are counted once, where they lived on the last day of {month}.",
    "Earlier years have been revised to take account of late returns; the revisions are small.",
    "A district that did not reply was given the average of its neighbours.",
    "Counts below five are not shown, to protect the people in them.",
    "The definition of {place} changed in {year}, so that comparisons with earlier years need care.",
    "Please see the quality report for what these statistics can and cannot tell you.",
)
_OFFICE = (
    "The meeting on {day} is moved to room {k}, and coffee will be there from {k} o'clock.",
    "Please send your leave for {month} to Pat by {day}, or it cannot be granted.",
    "The lift in the {area} office is out of order again; an engineer from {town} is on the way.",
    "Invoice {n} over £{n} is still open, although we paid the deposit in {month}.",
    "Tickets for the trip to {town} cost £{k} and include lunch in the market hall.",
    "The new laptops arrive on {day}; bring the old one, its charger and your pass.",
    "Thank you for a splendid quiz evening, and congratulations to the team from {town}.",
)
_HANDS = {"bulletin": _BULLETIN, "letter": _LETTER, "method": _METHOD, "office": _OFFICE}
_SLOT = re.compile(r"{(\w+)}")


def sentences(seed: object, hand: str, count: int) -> list[str]:
    """So many sentences of one hand."""
    source = random.Random(f"{seed} {hand}")
    frames = _HANDS[hand]
    leads = ("{lead}", "") if hand == "bulletin" else ("",)
    return [_sentence(source, source.choice(leads) + source.choice(frames)) for _ in range(count)]


def paragraphs(seed: object, hand: str, count: int, size: int = 5) -> list[str]:
    """So many paragraphs of `size` sentences."""
    said = sentences(seed, hand, count * size)
    return [" ".join(said[first : first + size]) for first in range(0, len(said), size)]


def document(seed: object, pages: int = 40) -> str:
    """A bulletin; some 400 words a page."""
    return "\n".join(paragraphs(seed, "bulletin", pages * 5, 4))


def _sentence(source: random.Random, frame: str) -> str:
    said = frame
    while _SLOT.search(said):
        said = _SLOT.sub(lambda slot: _filled(source, slot[1]), said)
    return said[0].upper() + said[1:]


def _filled(source: random.Random, slot: str) -> str:
    if slot == "n":
        return (
            f"{source.randrange(1_000, 99_999):,}"
            if source.random() < 0.6
            else str(source.randrange(12, 999))
        )
    if slot == "k":
        return str(source.randrange(2, 90))
    if slot == "p":
        return f"{source.uniform(0.2, 60):.1f}"
    if slot == "year":
        return str(source.randrange(2009, 2024))
    if slot == "up":
        return source.choice(("more", "fewer"))
    words = _SLOTS[slot]
    return source.choice(words.split("|") if "|" in words else words.split())
