"""Unrelated people are seldom taken for one another: names and titles as offices have them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from gateway.decide.likeness.spelling import alike, spelt
from gateway.decide.likeness.titles import alike as alike_titles
from gateway.decide.likeness.titles import read_title
from gateway.releases import load_register

GIVEN = """james mary john patricia robert jennifer michael linda david susan joseph jessica thomas
sarah karen daniel nancy matthew lisa anthony mark sandra paul steven emily andrew donna joshua carol
kevin amanda brian priya ravi aisha omar fatima chen mei olu ngozi sean siobhan rhys sian ewan fiona
callum isla harry amelia jack olivia noah sophie leo grace lucy max ben sam tom kate anna""".split()
SURNAMES = """smith jones williams taylor brown davies evans wilson thomas johnson roberts robinson
thompson wright walker white edwards hughes green hall lewis harris clarke patel jackson wood turner
martin cooper hill ward morris moore clark lee king baker harrison morgan allen scott phillips watson
davis parker price bennett young griffiths mitchell kelly cook carter bailey collins bell shaw murphy
miller cox khan richards marshall anderson simpson ellis adams singh begum foster webb rogers gray
mason ali hunt hussain owen palmer holmes mills barnes knight lloyd butler russell fisher""".split()
RANKS = ("Head of", "Deputy Head of", "Director,", "Deputy Director,", "Senior Policy Adviser,",
         "Private Secretary to the", "Principal,", "Statistician,", "Team Leader,", "Media Officer,")  # fmt: skip
SUBJECTS = (
    "Personnel Policy", "Children's Social Care", "Trade Policy", "Fostering", "Schools Analysis",
    "Prisons", "Courts Reform", "Air Quality", "Water", "Prices", "Labour Market", "Migration", "Crime",
    "National Accounts", "Housing Supply", "Homelessness", "Pensions", "Health Protection", "Hospitals",
    "Road Safety", "Rail", "Fisheries", "Farming", "Veterans", "Cyber Security", "Digital Delivery",
    "Finance", "Estates", "Legal Advice", "Communications", "Strategy", "Skills", "Elections",
    "Border Force", "Secretary of State", "Permanent Secretary", "Methodology", "Business Surveys",
)  # fmt: skip
LIKE = load_register(
    Path(__file__).resolve().parents[3] / "rules" / "releases", None, "Europe/London"
).like
PAIRS = 5000
AT_MOST = 0.01


@pytest.mark.parametrize("form", ["{given}.{surname}", "{initial}.{surname}", "{given}{surname}", "{surname}{initial}"])  # fmt: skip
def test_addresses_of_unrelated_people_are_not_alike(form: str) -> None:
    chance = random.Random(form)

    def address() -> str:
        given, surname = chance.choice(GIVEN), chance.choice(SURNAMES)
        local = form.format(given=given, surname=surname, initial=given[0])
        return f"{local}@dept.example"

    taken = sum(alike(spelt(address()), spelt(address())) is not None for _ in range(PAIRS))
    assert taken <= AT_MOST * PAIRS


def test_titles_of_unrelated_posts_are_not_alike() -> None:
    chance = random.Random(4)
    taken = 0
    for _ in range(PAIRS):
        subjects = chance.sample(SUBJECTS, 2)
        one, other = (read_title(f"{chance.choice(RANKS)} {each}", LIKE) for each in subjects)
        taken += alike_titles(one, other) is not None
    assert taken <= AT_MOST * PAIRS
