"""How long the question takes that is asked for every recipient: may this address have it now?

A release with 100 roles and 300 places, among 10,000 people, 500 mailboxes, a list of everybody,
delegates, absences and a rota: `python benchmarks/standing.py`. Microseconds of processor time.
"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

from gateway.decide.roster import standing
from gateway.model.people import Absence, Declaration, Delegation, Directory, Group, Mailbox, Person
from gateway.model.regime import Regime
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.model.roster import Appointment, Role, Roster, Shift

PEOPLE, ROLES, PLACES = 10_000, 100, 300
INSTANT = datetime(2027, 9, 16, 8, 30, tzinfo=UTC)
NOW = INSTANT - timedelta(hours=3)
ASKED = {
    "appointed": "p5@dept.example",
    "by another address": "p.5@alias.dept.example",
    "known, on no list": "p9000@dept.example",
    "a stranger": "a.person@webmail.example",
    "a delegate": "p1005@dept.example",
    "a substitute": "p3005@dept.example",
    "between two turns of duty": "p5001@dept.example",
    "a mailbox of five": "m3@dept.example",
    "a list of everybody": "all@dept.example",
}


def address(number: int) -> str:
    return f"p{number}@dept.example"


def register() -> Register:
    signed = Declaration(date(2027, 1, 10))
    people = {
        f"p{n}": Person(
            f"p{n}", f"Person {n}", (address(n), f"p.{n}@alias.dept.example"),
            declaration=signed, guidance_read=date(2027, 1, 10),
        )
        for n in range(PEOPLE)
    }  # fmt: skip
    directory = Directory(
        people,
        {
            box: Mailbox(box, tuple(address(k) for k in range(n % 100, n % 100 + 5)))
            for n in range(500)
            for box in [f"m{n}@dept.example"]
        },
        {"all@dept.example": Group("all@dept.example", tuple(map(address, range(PEOPLE))))},
        tuple(Delegation(address(n), address(n + 1000)) for n in range(500)),
        tuple(Absence(address(n), date(2027, 9, 15), date(2027, 9, 16)) for n in range(PLACES)),
    )
    half = timedelta(hours=12)
    turns = (INSTANT - 90 * half + n * half for n in range(100))
    roster = Roster(
        {f"r{n}": Role(f"r{n}", f"Role {n}", count=5) for n in range(ROLES)},
        tuple(
            Appointment(f"r{n % ROLES}", address(n), date(2027, 1, 1), substitutes=(address(n + 3000),))
            for n in range(PLACES)
        ),
        frozenset(),
        shifts=tuple(
            Shift("r1", address(5000 + n % 5), start, start + half) for n, start in enumerate(turns)
        ),
    )  # fmt: skip
    day = timedelta(hours=24)
    law = Regime("law", "Law", "", {"": day}, declaration_required=True, guidance_required=True)
    release = Release("x", "X", INSTANT, "Europe/London", day, "confirmed", roster, regime="law")
    return Register({"x": release}, directory=directory, regimes={"law": law})


def main() -> None:
    known = register()
    release = known.releases["x"]
    for name, asked in ASKED.items():
        times = 3 if asked.startswith("all") else 3000
        begun = time.process_time()
        for _ in range(times):
            found = standing(known, release, asked, NOW)
        taken = (time.process_time() - begun) / times * 1e6
        print(f"{taken:10.1f}  {name:26} {found.status}")


if __name__ == "__main__":
    main()
