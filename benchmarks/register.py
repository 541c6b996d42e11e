"""A large register: how long it takes to load, to ask, and to reload while mail goes on.

`python benchmarks/register.py` writes 1,000 releases of 100 roles and a directory of 10,000 people,
and prints minimum, median and maximum of each figure. Loading, by the clock on the wall and in
processor time of this process: `cold` is the first reading of all, by all processors and by one;
`start` finds what an earlier process wrote; `one file` and `a person` are reloads. Latency is that of
small messages, one after another on one connection, in rounds with and without a reload each
second (needs Postfix's smtp-sink).
"""

from __future__ import annotations

import argparse
import random
import shutil
import smtplib
import statistics
import sys
import tempfile
import time
import unittest.mock
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.postfix import free_port  # noqa: E402

from benchmarks.messages import classes  # noqa: E402
from benchmarks.relay import end_what_was_started, gateway, running, sink_command  # noqa: E402
from gateway.decide import decide, prepare  # noqa: E402
from gateway.decide.roster import standing  # noqa: E402
from gateway.lists import loading  # noqa: E402
from gateway.model.finding import Finding  # noqa: E402
from gateway.model.message import Location  # noqa: E402
from gateway.model.register import Register  # noqa: E402
from gateway.model.session import Envelope, Recipient, Session  # noqa: E402
from gateway.model.verdict import Case, MessageFacts  # noqa: E402
from gateway.releases import load_register, reading  # noqa: E402
from gateway.releases.compiled import Compiled  # noqa: E402
from gateway.releases.sealed_folder import SealedFolder  # noqa: E402
from gateway.rulebook import load_rulebook  # noqa: E402

FIRST = datetime(2026, 6, 1, 9, 30)
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def main() -> None:
    options = _options()
    end_what_was_started()
    with tempfile.TemporaryDirectory(prefix="register") as name:
        home = Path(name)
        releases = home / "rules" / "releases"
        shutil.copytree(ROOT / "rules", home / "rules", ignore=_no_releases)
        write_register(releases, options.releases, options.roles, options.people)
        register = _loads(home, releases, options.rounds)
        _asks(register, options.people)
        if options.seconds:
            _latencies(home, releases, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--releases", type=int, default=1000)
    parser.add_argument("--roles", type=int, default=100)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8.0, help="of mail in a round; 0: none")
    return parser.parse_args()


def _no_releases(folder: str, names: list[str]) -> list[str]:
    """Neither those that are shipped nor what speaks of them."""
    return names if Path(folder).name in ("releases", "series") else []


def write_register(folder: Path, releases: int, roles: int, people: int) -> None:
    """Releases of two years, some days apart, and everybody who is on their lists."""
    folder.mkdir(parents=True, exist_ok=True)
    source = random.Random(1)
    for number in range(releases):
        (folder / f"subject-{number}.yaml").write_text(_release(source, number, roles, people))
    (folder / "_people.yaml").write_text("".join(_people(people)))


def _release(source: random.Random, number: int, roles: int, people: int) -> str:
    instant = FIRST + timedelta(days=number % 700)
    lines = [
        f"release:\n  title: Statistics of subject {number}\n  instant: {instant.isoformat()}\n"
        f"  state: confirmed\n  contacts: [stats{number}@dept.example]\n"
        "declaration_required: true\nroles:\n"
    ]
    lines += [
        f"  - {{id: role-{role}, title: Deputy Director {role}, organisation: The Department}}\n"
        for role in range(roles)
    ]
    lines.append("appointments:\n")
    lines += [
        f"  - {{role: role-{role}, address: person{source.randrange(people)}@dept.example,"
        f" from: 2026-01-0{1 + role % 9}}}\n"
        for role in range(roles)
    ]
    return "".join(lines)


def _people(people: int) -> Iterable[str]:
    yield "people:\n"
    for number in range(people):
        yield (
            f"  - id: p{number}\n    name: Person {number}\n    title: Deputy Director\n"
            f"    addresses: [person{number}@dept.example, p{number}@home.dept.example]\n"
            "    declaration: {signed: 2026-01-10, version: 3, expires: 2028-01-10}\n"
        )


def _loads(home: Path, releases: Path, rounds: int) -> Register:
    figures: dict[str, list[float]] = {}
    folder = SealedFolder(home / "compiled", bytes(32))

    def timed(name: str, compiled: Compiled) -> Register:
        with loading():
            wall, cpu = time.perf_counter(), time.process_time()
            register = load_register(releases, None, "Europe/London", compiled=compiled)
            figures.setdefault(f"{name}, wall", []).append(time.perf_counter() - wall)
            figures.setdefault(f"{name}, CPU", []).append(time.process_time() - cpu)
        return register

    for number in range(rounds):
        shutil.rmtree(folder.path, ignore_errors=True)
        with unittest.mock.patch.object(reading, "hands", lambda: 1):
            timed("cold, one processor", Compiled(folder))
        compiled = Compiled(folder)
        timed("cold", compiled)
        compiled.settle()
        compiled = Compiled(folder)
        timed("start", compiled)
        change_one(releases, number)
        register = timed("one file", compiled)
        change_person(releases, number)
        timed("a person", compiled)
    _print("load, s", figures, 3)
    return register


def change_one(releases: Path, number: int) -> None:
    """Another justification of a role, as lists change every day."""
    path = releases / "subject-7.yaml"
    text = path.read_text().partition("production_team:")[0]
    path.write_text(f"{text}production_team: [team{number}@dept.example]\n")


def change_person(releases: Path, number: int) -> None:
    """Another surname of one of ten thousand."""
    path = releases / "_people.yaml"
    path.write_text(path.read_text().replace("name: Person 7", f"name: Person {number}7", 1))


def change_words(releases: Path, number: int) -> None:
    """Another title: everything that looks for titles is made anew."""
    path = releases / "subject-7.yaml"
    lines = path.read_text().splitlines(keepends=True)
    lines[1] = f"  title: Statistics of matter {number}\n"
    path.write_text("".join(lines))


def _asks(register: Register, people: int) -> None:
    source = random.Random(2)
    figures: dict[str, list[float]] = {"who": [], "a notice": []}
    ids = list(register.releases)
    for _ in range(5000):
        release = register.releases[source.choice(ids)]
        address = f"person{source.randrange(people)}@dept.example"
        started = time.perf_counter()
        standing(register, release, address, NOW)
        figures["who"].append((time.perf_counter() - started) * 1000)
    rulebook = load_rulebook(ROOT / "rules" / "policy")
    prepare(rulebook)
    for hours in range(2000):
        case = _case((NOW - timedelta(hours=hours)).isoformat())
        started = time.perf_counter()
        decide(case, register, rulebook, NOW)
        figures["a notice"].append((time.perf_counter() - started) * 1000)
    _print("ask, ms", figures, 3)


def _case(until: str) -> Case:
    """A message with a notice that has run out, to somebody on no list."""
    notice = Finding("embargo-banner", Location("1", None, "body"), "high", {"until": until})
    to = (Recipient("bob@partner.example"), Recipient("person5@dept.example"))
    return Case(
        Session("127.0.0.1"), Envelope("person1@dept.example", to),
        MessageFacts("0" * 64, 1000, "", None), (), (notice,), (), (),
    )  # fmt: skip


def _latencies(home: Path, releases: Path, options: argparse.Namespace) -> None:
    message = classes()["a"]
    kinds: dict[str, Callable[[Path, int], None] | None] = {
        "quiet": None, "one file": change_one, "a title": change_words,
    }  # fmt: skip
    middle: dict[str, list[float]] = {}
    late: dict[str, list[float]] = {}
    port, sink = free_port(), free_port()
    log = home / "gateway-log"
    with (
        running(sink_command(sink), sink),
        gateway(home, port, sink, log),
    ):
        for number in range(options.rounds):
            for name, change in kinds.items():
                times = _round(port, message, options.seconds, releases, change, number)
                middle.setdefault(name, []).append(statistics.median(times))
                late.setdefault(name, []).append(statistics.quantiles(times, n=100)[98])
    reloads = log.read_text().count('"reloaded"')
    _print(f"median latency, ms ({reloads} reloads)", middle, 1)
    _print("99th percentile of latency, ms", late, 1)


def _round(
    port: int, message: bytes, seconds: float, releases: Path,
    change: Callable[[Path, int], None] | None, number: int,
) -> list[float]:  # fmt: skip
    times: list[float] = []
    started = time.perf_counter()
    changed = 0
    with smtplib.SMTP("127.0.0.1", port) as client:
        while (at := time.perf_counter() - started) < seconds:
            if change is not None and at >= changed:
                changed += 1
                change(releases, number * 1000 + changed)
            begun = time.perf_counter()
            client.sendmail("alice@dept.example", "bob@partner.example", message)
            times.append((time.perf_counter() - begun) * 1000)
            time.sleep(0.005)
    time.sleep(1.0)
    return times


def _print(what: str, figures: dict[str, list[float]], digits: int) -> None:
    print(f"{what:42} {'minimum':>10} {'median':>10} {'maximum':>10}")
    for name, values in figures.items():
        shown = (min(values), statistics.median(values), max(values))
        print(f"  {name:40}" + "".join(f" {value:10.{digits}f}" for value in shown), flush=True)


if __name__ == "__main__":
    main()
