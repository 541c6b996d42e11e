"""The register loads whole or not at all, and says everything that is wrong with it at once."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Callable

import pytest

from gateway.model.fault import Fault, Faults
from gateway.model.people import Declaration
from gateway.model.register import Register
from gateway.releases import concerns, load_register

ROOT = Path(__file__).resolve().parents[2]
FULL = """\
    release:
      id: cla-2018
      title: Children in care
      instant: 2018-03-28T09:30:00
      zone: Europe/London
      window: P1D
      state: confirmed
      market_sensitive: true
      delivery: links-only
      lift: instant-and-published
      contacts: [Team@dept.example]
      head_of_profession: hop@dept.example
      banner: EMBARGOED UNTIL 9:30AM
      subject_words: [children in care]
    declaration_required: true
    roles:
      - {id: press, title: Media Officer, organisation: Us, count: 2, justification: Lines}
    appointments:
      - role: press
        address: A.B@dept.example
        from: 2018-01-08
        to: 2018-06-30
        declaration: {signed: 2018-01-10, version: 3, expires: 2019-01-10}
    production_team: [p@dept.example]
    quality_assurers: [q@dept.example]
    exclusions:
      - {address: x@dept.example, from: 2018-01-01, until: 2018-07-01, reason: INC-1}
    """
SHORT = "release: {title: Something, instant: 2018-03-28T09:30:00}\n"
LoadFaults = Callable[..., list[Fault]]


def at(instant: str, extra: str = "") -> str:
    return f"release: {{title: Something, instant: {instant}{extra}}}\n"


def test_a_full_file_loads_with_everything_in_it(load: Callable[..., Register]) -> None:
    release = load(cla_2018=FULL).releases["cla-2018"]
    assert release.instant == datetime(2018, 3, 28, 8, 30, tzinfo=UTC)
    assert (release.window, release.state, release.lift) == (
        timedelta(days=1), "confirmed", "instant-and-published",
    )  # fmt: skip
    assert (release.delivery, release.market_sensitive) == ("links-only", True)
    assert release.contacts == ("Team@dept.example",)
    assert release.subject_words == ("children in care",)
    (appointment,) = release.roster.appointments
    assert (appointment.address, appointment.ends) == ("a.b@dept.example", date(2018, 6, 30))
    assert appointment.declaration == Declaration(date(2018, 1, 10), 3, date(2019, 1, 10))
    assert release.roster.quality_assurers == {"q@dept.example"}
    assert release.roster.exclusions[0].until == date(2018, 7, 1)


def test_what_may_be_left_out_has_a_safe_default(load: Callable[..., Register]) -> None:
    release = load(x=SHORT).releases["x"]
    assert (release.state, release.window) == ("provisional", timedelta(hours=24))
    assert (release.zone, release.roster.appointments) == ("Europe/London", ())


def test_exclusions_of_every_list_have_a_file_of_their_own(load: Callable[..., Register]) -> None:
    text = "exclusions:\n- {address: X@dept.example, from: 2018-01-01, reason: INC-1}\n"
    (exclusion,) = load(_exclusions=text).exclusions
    assert (exclusion.address, exclusion.until) == ("x@dept.example", None)


def test_a_register_travels_to_every_worker(load: Callable[..., Register]) -> None:
    register = load("webmail: [webmail.example]", cla_2018=FULL)
    assert pickle.loads(pickle.dumps(register)) == register


def test_the_digest_changes_with_what_was_read_and_with_nothing_else(
    load: Callable[..., Register],
) -> None:
    first = load(cla_2018=FULL).digest
    assert load(cla_2018=FULL + "\n# a comment\n").digest == first
    assert load(cla_2018=FULL.replace("2018-06-30", "2018-06-29")).digest != first


def test_every_fault_of_every_file_is_listed_with_line_column_and_hint(faults: LoadFaults) -> None:
    found = faults(
        "webmial: [x.example]\n",
        bad="""\
            release:
              title: ""
              instant: 2018-02-30T09:30:00
              zone: Europe/Nowhere
              window: -PT24H
              state: done
              subject_words: [abc]
            roles:
              - {id: press, title: Media Officer}
            appointments:
              - {role: pres, address: a@dept.example}
              - {role: press, address: b@dept.example, from: 2018-02-01, to: 2018-01-01}
              - {role: press, address: not-an-address}
            mailboxs: []
            """,
        worse="release: [",
    )
    bad = [(fault.line, fault.column) for fault in found if fault.file.endswith("bad.yaml")]
    assert bad == [
        (2, 3), (3, 3), (4, 3), (5, 3), (6, 3), (7, 19), (11, 6), (12, 62), (13, 19), (14, 1),
    ]  # fmt: skip
    assert {Path(fault.file).name for fault in found} == {"bad.yaml", "worse.yaml", "domains.yaml"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (at("2018-03-25T01:30:00"), "never show this time"),
        (at("2018-10-28T01:30:00"), "show this time twice"),
        (at("2018-03-28"), "not a date with a time"),
        (at("tomorrow"), "not a date with a time"),
        (at("0018-03-28T09:30:00"), "plausible year"),
        (at("'2018-13-28T09:30'"), "no such day or time"),
        (at("2018-03-28T09:30:00", ", window: 24"), "not a length of time"),
        (at("2018-03-28T09:30:00", ", window: P"), "not a length of time"),
        (at("2018-03-28T09:30:00", ", window: PT-1H"), "negative"),
        (at("2018-03-28T09:30:00", ", id: other"), "the file is named 'x'"),
        (at("2018-03-28T09:30:00", ", market_sensitive: 1"), "true or false"),
        (at("2018-03-28T09:30:00", ", contacts: a@dept.example"), "expected a list"),
        (at("2018-03-28T09:30:00", ", contacts: [a@dept.example, a@dept.example]"), "twice"),
        (at("2018-03-28T09:30:00", ", titel: x"), "unknown key 'titel'"),
        (at("2018-03-28T09:30:00", ", contact: x"), "did you mean contacts?"),
        (at("2018-06-31T09:30:00"), "the last day of June 2018 is 2018-06-30"),
        (at("2018-03-28T09:30:00") + "groups: []\n", "groups go into _people.yaml"),
        (at("2018-03-28T09:30:00") + "state: published\n", "write it below 'release:'"),
        (at("2018-03-28T09:30:00", ', banner: "two\\nlines"'), "one line"),
        (at("2018-03-28T09:30:00", ", delivery: fax"), "possible values"),
        (at("2018-03-28T09:30:00", ", material: {bits: 0}"), "bits from 10 to 60"),
        ("release: {title: Something}", "'instant' is missing"),
        ("release: Something", "expected keys and values"),
        ("roles: []", "'release' is missing"),
        ("", "'release' is missing"),
        (SHORT + "roles: [{id: a, title: A, count: 0}]", "number of people"),
        (SHORT + "roles: [{id: a, title: A}, {id: a, title: B}]", "there already"),
        (SHORT + "roles: [{id: a, title: A}]\nappointments: [{role: A, address: a@b.example}]", "no role 'A'"),
        (SHORT + "production_team: [a]", "not an e-mail address"),
        (SHORT + "production_team: [{address: a@b.example}]", "not an e-mail address"),
        (SHORT + "production_team: a@dept.example", "expected a list"),
        (SHORT + "exclusions: [{address: a@dept.example, from: 2018-01-01}]", "'reason'"),
        (
            SHORT + "exclusions: [{address: a@b.example, from: 2018-01-02, until: 2018-01-02, reason: r}]",
            "not after 'from'",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_honoured_does_not_load(faults: LoadFaults, text: str, said: str) -> None:
    assert said in "\n".join(map(str, faults(x=text)))


def appointments(*rows: str) -> str:
    roles = "roles: [{id: press, title: Media Officer}, {id: two, title: Office, count: 2}]\n"
    return SHORT + roles + "appointments:\n" + "".join(f"- {{{row}}}\n" for row in rows)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["role: press, address: a@b.example", "role: press, address: c@b.example"], "by 2 people"),
        (
            [
                "role: press, address: a@b.example, to: 2018-01-31",
                "role: press, address: c@b.example, from: 2018-01-31",
            ],
            "by 2 people on 2018-01-31",
        ),
        (["role: press, address: a@b.example", "role: press, address: A@b.example"], "duplicate"),
        (
            [
                "role: two, address: a@b.example, to: 2018-02-01",
                "role: two, address: c@b.example",
                "role: two, address: d@b.example, from: 2018-02-01",
            ],
            "by 3 people on 2018-02-01",
        ),
        (["role: press, address: a@b.example, from: 2018-1-8"], "write it as 2018-01-08"),
        (
            ["role: press, address: a@b.example, from: 2018-02-30"],
            "hint: the last day of February 2018 is 2018-02-28",
        ),
        (["role: press, address: a@b.example, from: 2018-02-03T09:00:00"], "no time of day"),
        (["role: press, address: a@b.example, to: null"], "to: empty"),
        (
            [
                "role: press, address: a@b.example, declaration: {signed: 2018-02-03, expires: 2018-01-01}"
            ],
            "before 'signed'",
        ),
        (["role: press, address: a@b.example, declaration: {}"], "'signed' is missing"),
    ],
)
def test_a_list_with_more_people_or_other_days_than_possible_does_not_load(
    faults: LoadFaults, rows: list[str], said: str
) -> None:
    assert said in "\n".join(map(str, faults(x=appointments(*rows))))


def test_a_successor_who_begins_the_day_after_is_no_overlap(load: Callable[..., Register]) -> None:
    rows = (
        "role: press, address: a@b.example, to: 2018-01-31",
        "role: press, address: c@b.example, from: 2018-02-01",
        "role: press, address: a@b.example, from: 2019-01-01, to: 2019-01-02",
    )
    with pytest.raises(Faults):  # c@ is open-ended and still there when a@ comes back
        load(x=appointments(*rows))
    assert load(x=appointments(*rows[:2])).releases["x"].roster.appointments


@pytest.mark.parametrize(
    ("instant", "utc"),
    [
        ("2018-10-28T01:30:00+01:00", datetime(2018, 10, 28, 0, 30, tzinfo=UTC)),
        ("2018-10-28T01:30:00+00:00", datetime(2018, 10, 28, 1, 30, tzinfo=UTC)),
        ("2018-03-28T08:30:00Z", datetime(2018, 3, 28, 8, 30, tzinfo=UTC)),
        ("2018-03-28T09:30", datetime(2018, 3, 28, 8, 30, tzinfo=UTC)),
        ("2018-03-28 09:30:00", datetime(2018, 3, 28, 8, 30, tzinfo=UTC)),
        ("'2018-03-28T09:30:00+01:00'", datetime(2018, 3, 28, 8, 30, tzinfo=UTC)),
    ],
)
def test_an_offset_settles_which_instant_is_meant(
    load: Callable[..., Register], instant: str, utc: datetime
) -> None:
    assert load(x=at(instant)).releases["x"].instant.astimezone(UTC) == utc


@pytest.mark.parametrize("name", ["cla-2018.yml", "CLA-2018.yaml", "_other.yaml", "folder.yaml/"])
def test_a_file_that_would_be_overlooked_is_a_fault(tmp_path: Path, name: str) -> None:
    if name.endswith("/"):
        (tmp_path / name).mkdir()
    else:
        (tmp_path / name).write_text(SHORT)
    with pytest.raises(Faults, match="overlooked"):
        load_register(tmp_path, None, "Europe/London")


def test_a_missing_folder_is_a_fault_and_not_an_empty_register(tmp_path: Path) -> None:
    with pytest.raises(Faults):
        load_register(tmp_path / "nowhere", None, "Europe/London")


def test_a_domain_has_one_class(faults: LoadFaults) -> None:
    found = faults("webmail: [x.example]\nmedia: [X.example., '*.y.example']\n", x=SHORT)
    assert ["already" in str(found[0]), "not a domain" in str(found[1])] == [True, True]


def test_the_shipped_example_loads_without_concern_and_is_alive() -> None:
    register = load_register(
        ROOT / "rules/releases", ROOT / "rules/domains.yaml", "Europe/London", ("dept.example",)
    )
    assert {"cla-2018", "fostering-2020", "fdi-2013"} <= set(register.releases)
    assert concerns(register, datetime(2026, 1, 1, tzinfo=UTC)) == ()
    assert any(r.instant > datetime(2027, 1, 1, tzinfo=UTC) for r in register.releases.values())


def test_the_shipped_example_names_nobody_outside_example_domains() -> None:
    register = load_register(ROOT / "rules/releases", None, "Europe/London")
    for release in register.releases.values():
        roster = release.roster
        people = {a.address for a in roster.appointments} | roster.production_team
        people |= roster.quality_assurers | set(release.contacts) | {release.head_of_profession}
        assert all(address.endswith(".example") for address in people)


def test_what_needs_a_persons_look_is_said(load: Callable[..., Register]) -> None:
    register = load(
        one=at("2027-03-17T09:30:00", ", state: published, banner: EMBARGOED STATISTICS"),
        two=at("2018-03-28T09:30:00", ", state: postponed, banner: embargoed statistics"),
        three=SHORT.replace("}", ", lift: instant-and-published}")
        + "roles: [{id: press, title: Media Officer}]",
        four=at("2027-03-17T09:30:00", ", contacts: [a@dept.example]")
        + "roles: [{id: press, title: Media Officer}]",
    )
    said = "\n".join(concerns(register, datetime(2026, 1, 1, tzinfo=UTC)))
    assert "four: nobody holds the role 'Media Officer' on 2027-03-17" in said
    assert "one, two: the same banner wording" in said
    assert "one: recorded as published" in said
    assert "two: postponed" in said
    assert "three: its instant has passed" in said
    assert "there are no releases" in "\n".join(concerns(Register(), datetime.now(UTC)))
