"""Releases under a law: their windows, what it asks of lists and mail, and what does not load."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import pytest
import yaml

from gateway.model.fault import Faults
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.releases import LawFiles, concerns, load_register

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = LawFiles(ROOT / "rules/regimes", ROOT / "rules/holidays")
YEARS = range(2018, 2031)
CALENDARS = {
    "england-and-wales": ("GB", "ENG"),
    "scotland": ("GB", "SCT"),
    "northern-ireland": ("GB", "NIR"),
    "ireland": ("IE", None),
    "us-federal": ("US", None),
    "australia-act": ("AU", "ACT"),
}
Load = Callable[..., Register]


@pytest.fixture
def under(tmp_path: Path) -> Load:
    """Load one release `r` from its keys (and more of its file) under the shipped laws."""

    def loaded(keys: str, more: str = "", default: str = "", laws: LawFiles = SHIPPED) -> Register:
        folder = tmp_path / "releases"
        folder.mkdir(exist_ok=True)
        head = "release:\n  title: A release\n" + textwrap.indent(textwrap.dedent(keys), "  ")
        (folder / "r.yaml").write_text(head.rstrip() + "\n" + textwrap.dedent(more))
        files = LawFiles(laws.regimes, laws.holidays, default)
        return load_register(folder, None, "Europe/London", laws=files)

    return loaded


@pytest.fixture
def release(under: Load) -> Callable[..., Release]:
    return lambda *given, **options: under(*given, **options).releases["r"]


@pytest.fixture
def faults(under: Load) -> Callable[..., list[str]]:
    def found(*given: str, **options: str) -> list[str]:
        with pytest.raises(Faults) as caught:
            under(*given, **options)
        return [f"{fault.line}: {fault.message} | {fault.hint}" for fault in caught.value.faults]

    return found


def opens(release: Release) -> str:
    return release.opens.astimezone(ZoneInfo(release.zone)).strftime("%a %d %b %Y %H:%M")


# The shipped laws.


def test_every_shipped_law_loads_and_says_where_it_is_from(under: Load) -> None:
    regimes = under("instant: 2026-11-18T09:30").regimes
    assert sorted(regimes) == [
        "australia", "closed", "ireland", "northern-ireland-2009", "scotland-2008", "uk-2008",
        "us-omb-directive-3", "wales-2009",
    ]  # fmt: skip
    assert all(regime.source.startswith("https://") for regime in regimes.values())
    assert regimes["ireland"].usual_time == time(11)


@pytest.mark.parametrize(
    ("keys", "opened"),
    [
        ("{regime: uk-2008, instant: 2026-11-18T09:30}", "Tue 17 Nov 2026 09:30"),
        ("{regime: wales-2009, instant: 2026-11-18T09:30}", "Tue 17 Nov 2026 09:30"),
        ("{regime: northern-ireland-2009, instant: 2026-11-18T09:30}", "Tue 17 Nov 2026 09:30"),
        ("{regime: scotland-2008, instant: 2026-11-18T09:30}", "Wed 11 Nov 2026 09:30"),
        # Saint Andrew's Day, Monday 30 November, is a bank holiday in Scotland alone.
        ("{regime: scotland-2008, instant: 2026-12-02T09:30}", "Tue 24 Nov 2026 09:30"),
        ("{regime: scotland-2008, kind: economic, instant: 2026-12-01T09:30}", "Fri 27 Nov 2026 09:30"),
        # Good Friday counts, and Easter Monday does not in Scotland.
        ("{regime: scotland-2008, instant: 2026-04-08T09:30}", "Tue 31 Mar 2026 09:30"),
        # Monday 28 December stands for Boxing Day, and Monday 4 January for the second of January.
        ("{regime: scotland-2008, instant: 2027-01-06T09:30}", "Thu 24 Dec 2026 09:30"),
        # The week in which the clocks go forward.
        ("{regime: scotland-2008, instant: 2026-04-01T09:30}", "Wed 25 Mar 2026 09:30"),
        ("{regime: ireland, instant: 2026-11-18T11:00, zone: Europe/Dublin}", "Wed 18 Nov 2026 10:00"),
        ("{regime: ireland, kind: press, instant: 2026-11-18T11:00, zone: Europe/Dublin}", "Wed 18 Nov 2026 10:30"),
        ("{regime: us-omb-directive-3, instant: 2026-11-06T08:30, zone: America/New_York}", "Thu 05 Nov 2026 16:00"),
        ("{regime: australia, instant: 2026-11-18T11:30, zone: Australia/Canberra}", "Wed 18 Nov 2026 08:30"),
    ],
)  # fmt: skip
def test_the_list_counts_from_when_the_law_says(
    release: Callable[..., Release], keys: str, opened: str
) -> None:
    lines = "\n".join(f"{key}: {value}" for key, value in yaml.safe_load(_quoted(keys)).items())
    assert opens(release(lines)) == opened


def _quoted(flow: str) -> str:
    """Instants as text, so that they are written back as they were."""
    head, _, rest = flow.partition("instant: ")
    return f'{head}instant: "{rest[:16]}"{rest[16:]}'


def test_scottish_gross_domestic_product_may_be_had_by_nobody_before(
    release: Callable[..., Release],
) -> None:
    one = release("""
        regime: scotland-2008
        kind: gdp-and-retail-sales
        instant: 2026-11-18T09:30
    """)
    assert one.opens == one.instant.astimezone(UTC)


@pytest.mark.parametrize(
    ("keys", "marking"),
    [
        ("regime: scotland-2008", "Restricted Statistics"),
        ("regime: scotland-2008\nmarket_sensitive: true", "Confidential Statistics"),
        ("regime: uk-2008\nmarket_sensitive: true", ""),
        ("", ""),
    ],
)
def test_the_law_says_which_marking_mail_must_carry(
    release: Callable[..., Release], keys: str, marking: str
) -> None:
    assert release(f"instant: 2026-11-18T09:30\n{keys}").marking == marking


def test_who_requires_a_declaration_requires_it_of_every_list(
    release: Callable[..., Release],
) -> None:
    assert release("regime: ireland\ninstant: 2026-11-18T11:00").roster.declaration_required
    assert not release("regime: uk-2008\ninstant: 2026-11-18T09:30").roster.declaration_required
    asked = release("regime: uk-2008\ninstant: 2026-11-18T09:30", "declaration_required: true")
    assert asked.roster.declaration_required


def test_a_release_that_names_no_law_follows_the_departments(
    release: Callable[..., Release],
) -> None:
    instant = "instant: 2026-11-18T09:30"
    assert release(instant).regime == ""
    assert release(instant, default="scotland-2008").regime == "scotland-2008"
    assert release(f"{instant}\nregime: uk-2008", default="scotland-2008").regime == "uk-2008"


def test_without_a_law_the_window_is_24_hours(release: Callable[..., Release]) -> None:
    assert opens(release("instant: 2026-11-18T09:30")) == "Tue 17 Nov 2026 09:30"


# Narrower windows.


def test_a_release_and_a_role_may_narrow_the_window(release: Callable[..., Release]) -> None:
    one = release(
        """
        regime: scotland-2008
        instant: 2026-11-18T09:30
        window: 3 working days
        """,
        """
        roles:
          - {id: office, title: Private Office}
          - {id: press, title: Media Officer, window: PT2H}
          - {id: longer, title: Economist, window: 4 working days}
        """,
    )
    assert opens(one) == "Fri 13 Nov 2026 09:30"
    assert (
        one.opens_for("office") == one.opens_for("nobody") == one.opens_for("longer") == one.opens
    )
    assert one.opens_for("press") == datetime(2026, 11, 18, 7, 30, tzinfo=UTC)


# What does not load.


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ("regime: mars-2008", "there is no regime 'mars-2008'"),
        ("regime: uk-2008\nkind: economic", "uk-2008 knows no 'economic' releases"),
        ("kind: economic", "only a regime says what a kind of release means"),
        ("regime: uk-2008\nwindow: PT25H", "longer than uk-2008 allows, which is 24 hours"),
        ("regime: uk-2008\nwindow: P2D", "longer than uk-2008 allows, which is 24 hours"),
        ("regime: uk-2008\nwindow: 1 working day", "no calendar says which days are working days"),
        ("window: 1 working day", "no calendar says which days are working days"),
        (
            "regime: scotland-2008\nwindow: 6 working days",
            "longer than scotland-2008 allows, which is 5 working days",
        ),
        (
            "regime: scotland-2008\nkind: economic\nwindow: PT72H",
            "longer than scotland-2008 allows, which is 1 working day",
        ),
        ("regime: scotland-2008\nmarking: Secret", "the regime says which words are required"),
    ],
)
def test_what_a_law_does_not_allow_does_not_load(
    faults: Callable[..., list[str]], keys: str, fault: str
) -> None:
    (found,) = faults(f"instant: 2026-11-18T09:30\n{keys}")
    assert fault in found


def test_a_law_of_the_department_that_is_not_there_is_a_fault(
    faults: Callable[..., list[str]],
) -> None:
    (found,) = faults("instant: 2026-11-18T09:30", default="mars-2008")
    assert "there is no regime 'mars-2008', which department.regime names" in found


def test_a_count_into_a_year_without_a_calendar_is_never_guessed(
    faults: Callable[..., list[str]], release: Callable[..., Release]
) -> None:
    (found,) = faults("regime: scotland-2008\ninstant: 2031-01-06T09:30")
    assert "5 working days before it reach into 2031, whose holidays nobody has written" in found
    assert "add that year to rules/holidays/scotland.yaml" in found
    (found,) = faults("regime: scotland-2008\ninstant: 2018-01-05T09:30")
    assert "reach into 2017" in found
    assert release("regime: scotland-2008\ninstant: 2030-12-30T09:30")


def test_a_list_may_not_do_without_the_declaration_that_its_law_requires(
    faults: Callable[..., list[str]],
) -> None:
    found = faults("regime: ireland\ninstant: 2026-11-18T11:00", "declaration_required: false")
    assert len(found) == 1 and "ireland requires a declaration of everybody" in found[0]


def test_individuals_and_not_offices_have_access_in_wales(
    faults: Callable[..., list[str]],
) -> None:
    (found,) = faults(
        "regime: wales-2009\ninstant: 2026-11-18T09:30",
        "roles: [{id: press, title: Media Officer}]",
    )
    assert "nobody is named for 'Media Officer'" in found
    assert "identifiable individuals only" in found


PEOPLE = """
roles:
  - {id: finance, title: Economist, organisation: Department of Finance, count: 9}
  - {id: health, title: Statistician, organisation: Department of Health, count: 9}
appointments:
"""


def people(*lines: str) -> str:
    return PEOPLE + "".join(f"  - {{{line}}}\n" for line in lines)


def test_at_most_three_people_an_organisation_in_ireland(
    faults: Callable[..., list[str]], under: Load
) -> None:
    three = [f"role: finance, address: p{n}@finance.example, from: 2026-09-01" for n in range(3)]
    other = "role: health, address: q@health.example, from: 2026-09-01"
    gone = "role: finance, address: z@finance.example, from: 2026-01-01, to: 2026-08-31"
    keys = "regime: ireland\ninstant: 2026-11-18T11:00"
    assert under(keys, people(*three, other, gone))
    fourth = "role: finance, address: p4@finance.example, from: 2026-11-18"
    (found,) = faults(keys, people(*three, other, fourth))
    assert "4 people of Department of Finance on 2026-11-18, and ireland allows 3" in found


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("to: 2026-12-31", "so it must say when it begins"),
        ("from: 2026-01-15, to: 2027-01-15", "2027-01-14 is the last day"),
    ],
)
def test_a_place_in_ireland_lasts_a_year(
    faults: Callable[..., list[str]], line: str, fault: str
) -> None:
    keys = "regime: ireland\ninstant: 2026-11-18T11:00"
    other = "role: health, address: q@health.example, from: 2026-09-01"
    (found,) = faults(keys, people(f"role: finance, address: p@finance.example, {line}", other))
    assert fault in found


def test_where_access_has_ended_only_a_published_letter_gives_any(
    faults: Callable[..., list[str]], under: Load
) -> None:
    keys, who = "regime: closed\ninstant: 2026-11-18T09:30", "address: p@finance.example"
    health = "role: health, address: q@health.example, grant: exceptional"
    letter = "letter: 'https://www.dept.example/letters/1'"
    granted = f"{health}, {letter}"
    assert under(keys, people(f"role: finance, {who}, grant: exceptional, {letter}", granted))
    (found,) = faults(keys, people(f"role: finance, {who}", granted))
    assert "nobody has access but by an exceptional grant" in found


# The files of laws themselves.


def test_a_new_law_is_a_file(release: Callable[..., Release], tmp_path: Path) -> None:
    laws = LawFiles(tmp_path / "regimes", tmp_path / "holidays")
    for path, text in (
        ("regimes/ruritania.yaml", """
            title: Ordinance on Statistics
            source: https://law.ruritania.example/1
            windows: {other: 2 working days}
            holidays: ruritania
            markings: {other: Amtlich und noch geheim}
        """),
        ("holidays/ruritania.yaml", """
            title: Holidays of Ruritania
            source: https://law.ruritania.example/2
            first_year: 2026
            last_year: 2026
            weekend: [thursday, friday]
            holidays: {2026-11-16: The Prince's birthday}
        """),
    ):  # fmt: skip
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(textwrap.dedent(text))
    one = release("regime: ruritania\ninstant: 2026-11-18T08:00", laws=laws)
    assert opens(one) == "Sun 15 Nov 2026 08:00"
    assert one.marking == "Amtlich und noch geheim"


@pytest.mark.parametrize(
    ("file", "text", "fault"),
    [
        ("regimes/x.yaml", "title: X\nsource: y\nwindows: {economic: PT24H}", "the window of any 'other' release is missing"),
        ("regimes/x.yaml", "title: X\nsource: y\nwindows: {other: 2 working days}", "no calendar says"),
        ("regimes/x.yaml", "title: X\nsource: y\nwindows: {other: soon}", "not a length of time"),
        ("regimes/x.yaml", "title: X\nsource: y\nwindows: {other: PT1H}\nholidays: mars", "there is no calendar 'mars'"),
        ("regimes/x.yaml", "title: X\nsource: y\nwindows: {other: PT1H}\nusual_time: 25:30", "no such time of day"),
        ("regimes/x.yaml", "title: X\nsource: y\nwindows: {other: PT1H}\ncolour: red", "unknown key 'colour'"),
        ("regimes/x.yaml", "title: X\nsource: y\nwindows: [PT1H]", "expected names and values"),
        ("regimes/X.yml", "title: X", "would be overlooked"),
        ("holidays/x.yaml", "title: X\nsource: y\nfirst_year: 2027\nlast_year: 2026", "before 'first_year'"),
        ("holidays/x.yaml", "title: X\nsource: y\nfirst_year: 2026\nlast_year: 2026\nholidays: {2027-01-01: N}", "outside the years"),
        ("holidays/x.yaml", "title: X\nsource: y\nfirst_year: 2026\nlast_year: 2026\nholidays: {2026-02-30: N}", "2026-02-30: no such day"),
        ("holidays/x.yaml", "title: X\nsource: y\nfirst_year: 2026\nlast_year: 2026\nweekend: [caturday]", "not a day of the week"),
    ],
)  # fmt: skip
def test_a_faulty_law_does_not_load(
    under: Load, tmp_path: Path, file: str, text: str, fault: str
) -> None:
    for folder in ("regimes", "holidays"):
        (tmp_path / folder).mkdir()
    (tmp_path / file).write_text(text)
    laws = LawFiles(tmp_path / "regimes", tmp_path / "holidays")
    with pytest.raises(Faults) as caught:
        under("instant: 2026-11-18T09:30", laws=laws)
    assert any(fault in found.message for found in caught.value.faults), caught.value
    assert all(found.file.endswith(file) for found in caught.value.faults)


JUNK = (
    None,
    True,
    5,
    10**20,
    "x",
    "PT1H",
    [],
    [1],
    [[1]],
    {"a": 1},
    {"other": "PT1H"},
    "2026-13-01",
)
SOUND = {
    "regimes": {"title": "T", "source": "s", "windows": {"other": "PT1H"}, "holidays": "x"},
    "holidays": {
        "title": "T", "source": "s", "first_year": 2026, "last_year": 2027,
        "holidays": {"2026-01-01": "N"},
    },
}  # fmt: skip


@pytest.mark.parametrize("junk", JUNK, ids=repr)
@pytest.mark.parametrize("folder", sorted(SOUND))
def test_junk_in_a_law_is_a_fault_at_its_line_and_never_a_crash(
    under: Load, tmp_path: Path, folder: str, junk: object
) -> None:
    laws = LawFiles(tmp_path / "regimes", tmp_path / "holidays")
    for name, sound in SOUND.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.yaml").write_text(yaml.safe_dump(sound))
    for key in (*SOUND[folder], "recipients", "markings", "wordings", "people", "weekend"):
        (tmp_path / folder / "x.yaml").write_text(yaml.safe_dump({**SOUND[folder], key: junk}))
        try:
            under("instant: 2026-11-18T09:30", laws=laws)
        except Faults as found:
            assert all(fault.line for fault in found.faults)


# The calendars.


@pytest.mark.parametrize("name", sorted(CALENDARS))
def test_a_shipped_calendar_has_the_days_that_the_holidays_package_knows(name: str) -> None:
    country, part = CALENDARS[name]
    known = holidays.country_holidays(country, subdiv=part, years=YEARS)
    file = yaml.safe_load((ROOT / f"rules/holidays/{name}.yaml").read_text())
    assert set(file["holidays"]) == {day for day in known if day.year in YEARS}
    assert (file["first_year"], file["last_year"]) == (YEARS[0], YEARS[-1])
    assert all(file["holidays"].values())


# What is worth a person's look.

SOON = datetime(2026, 11, 17, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ("instant: 2026-11-18T09:30\nstate: provisional", "its date is still provisional"),
        ("instant: 2026-11-18T07:00\nstate: confirmed", "come out at 09:30: is that agreed?"),
        ("instant: 2026-11-30T09:30\nstate: confirmed", "due on Monday 2026-11-30, which is no working day"),
        ("instant: 2026-11-18T09:30\nstate: confirmed", ""),
        ("instant: 2026-11-18T07:00\nstate: postponed", ""),
        ("instant: 2026-11-12T07:00\nstate: confirmed", ""),
    ],
)  # fmt: skip
def test_what_a_law_leaves_to_agreement_is_asked(under: Load, keys: str, sentence: str) -> None:
    said = concerns(under(f"regime: scotland-2008\ncontacts: [a@dept.example]\n{keys}"), SOON)
    assert any(sentence in one for one in said) if sentence else said == ()
