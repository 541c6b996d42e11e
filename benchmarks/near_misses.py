"""How long it takes to say whom an unlisted recipient may have been taken for: a list of 100 people
in a directory of 10,000.

    python benchmarks/near_misses.py
"""

from __future__ import annotations

import random
import statistics
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from gateway.decide.likeness import Lookalikes
from gateway.model.people import Directory, Person
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.model.roster import Appointment, Role, Roster
from gateway.releases import load_register

RULES = Path(__file__).resolve().parents[1] / "rules"
INSTANT = datetime(2027, 9, 16, 8, 30, tzinfo=UTC)
LISTED, KNOWN, ASKED = 100, 10_000, 2000
SYLLABLES = "ba den for gil har ken lam mor nes pol rus sten tam wil yar".split()
SUBJECTS = "Prices Pensions Migration Crime Housing Rail Water Schools Courts Farming".split()


def people(chance: random.Random) -> list[Person]:
    def word() -> str:
        return "".join(chance.choices(SYLLABLES, k=2))

    return [
        Person(
            f"p{number}", (name := f"{word()} {word()}").title(),
            (f"{name.replace(' ', '.')}{number}@dept.example",),
            f"Head of {chance.choice(SUBJECTS)} {word().title()}", "The Department",
        )
        for number in range(KNOWN)
    ]  # fmt: skip


def main() -> None:
    known = people(random.Random(1))
    roles = {str(n): Role(str(n), known[n].title, "The Department") for n in range(LISTED)}
    places = tuple(Appointment(str(n), known[n].addresses[0]) for n in range(LISTED))
    release = Release(
        "x", "X", INSTANT, "Europe/London", timedelta(hours=24), "confirmed",
        Roster(roles, places, frozenset()),
    )  # fmt: skip
    like = load_register(RULES / "releases", None, "Europe/London").like
    directory = Directory({person.id: person for person in known})
    lookalikes = Lookalikes(Register({"x": release}, directory=directory, like=like))
    took = []
    for person in known[LISTED : LISTED + ASKED]:
        started = perf_counter()
        lookalikes.near_misses(release, person.addresses[0], INSTANT - timedelta(hours=3))
        took.append((perf_counter() - started) * 1000)
    centiles = statistics.quantiles(took, n=100)
    print(f"first, with the list {took[0]:.2f} ms; then median {centiles[49]:.3f} ms, "
          f"99th {centiles[98]:.3f} ms")  # fmt: skip


if __name__ == "__main__":
    main()
