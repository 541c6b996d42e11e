"""A list is read again where what it asks about people has another answer, and only there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.model.fault import Faults
from gateway.model.people import Directory, Group, Mailbox, Person
from gateway.releases import load_register
from gateway.releases import reading as reading_module
from gateway.releases.compiled import Compiled
from gateway.releases.consultation import Consultation

ADA = Person("ada", "Ada Hart", ("a.hart@dept.example", "ada@dept.example"))
TERRY = Person("terry", "Terry Moss", ("t.moss@dept.example",))
RELEASES = {
    "named": """\
release: {title: Children in care, instant: 2027-03-30T09:30:00}
roles: [{id: press, title: Media Officer, count: 2}]
appointments:
  - {role: press, person: ada, substitutes: [t.moss@dept.example]}
  - {role: press, address: b@dept.example}
""",
    "addressed": """\
release: {title: Fostering in the regions, instant: 2027-10-31T09:30:00}
roles: [{id: press, title: Media Officer}]
appointments: [{role: press, address: ada@dept.example}, {role: press, address: a.hart@dept.example}]
""",
    "shared": """\
release: {title: Homes by region, instant: 2027-10-31T09:30:00}
mailboxes: [{address: desk@dept.example, readers: [b@dept.example, news@dept.example]}]
""",
    "delegated": """\
release: {title: Wages by region, instant: 2027-10-31T09:30:00}
delegates: [{principal: a.hart@dept.example, delegate: t.moss@dept.example}]
exclusions: [{person: terry, from: 2027-01-01, reason: INC-1}]
""",
}
ENTRIES = {
    "people": (
        "{id: ada, name: Ada Hart, addresses: [a.hart@dept.example, ada@dept.example]}",
        "{id: ada, name: Ada Moss, addresses: [ada@dept.example]}",
        "{id: terry, name: Terry Moss, addresses: [t.moss@dept.example]}",
        "{id: terry, name: Terry Moss, addresses: [t.moss@dept.example, a.hart@dept.example]}",
        "{id: beth, name: Beth Low, addresses: [b@dept.example, desk@dept.example]}",
    ),
    "mailboxes": (
        "{address: news@dept.example, readers: [b@dept.example]}",
        "{address: news@dept.example, readers: [desk@dept.example]}",
        "{address: a.hart@dept.example, readers: [b@dept.example]}",
    ),
    "groups": ("{address: news@dept.example, members: [b@dept.example]}",),
}
PEOPLE = st.builds(
    lambda *chosen: "".join(
        f"{key}:\n" + "".join(f"  - {entry}\n" for entry in entries)
        for key, entries in zip(ENTRIES, chosen, strict=True)
        if entries
    ),
    *(st.lists(st.sampled_from(entries), unique=True) for entries in ENTRIES.values()),
)


def said(folder: Path, compiled: Compiled | None) -> Any:
    """The register, or what is wrong."""
    try:
        return load_register(folder, None, "Europe/London", compiled=compiled)
    except Faults as found:
        return found.faults


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(versions=st.lists(PEOPLE, min_size=1, max_size=4))
def test_however_people_change_what_is_remembered_is_what_would_be_read(
    versions: list[str], tmp_path: Path
) -> None:
    compiled = Compiled()
    for id, text in RELEASES.items():
        (tmp_path / f"{id}.yaml").write_text(text)
    for text in versions:
        (tmp_path / "_people.yaml").write_text(text)
        assert said(tmp_path, compiled) == said(tmp_path, None)


def test_a_change_of_somebody_whom_a_list_does_not_name_leaves_it_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = (
        "people:\n"
        "  - {id: ada, name: Ada Hart, addresses: [a.hart@dept.example, ada@dept.example]}\n"
        "  - {id: terry, name: Terry Moss, addresses: [t.moss@dept.example]}\n"
        "  - {id: joan, name: Joan Reed, addresses: [j.reed@dept.example]}\n"
    )
    for id in ("named", "delegated"):
        (tmp_path / f"{id}.yaml").write_text(RELEASES[id])
    (tmp_path / "_people.yaml").write_text(people)
    compiled = Compiled()
    assert not isinstance(said(tmp_path, compiled), tuple)
    names: list[str] = []
    parse = reading_module.parse

    def noted(raw: bytes, name: str, *lines: Any) -> Any:
        names.append(Path(name).name)
        return parse(raw, name, *lines)

    monkeypatch.setattr(reading_module, "parse", noted)
    (tmp_path / "_people.yaml").write_text(people.replace("j.reed@", "joan.reed@"))
    said(tmp_path, compiled)
    assert names == ["_people.yaml"]
    names.clear()
    (tmp_path / "_people.yaml").write_text(people.replace("Terry Moss,", "Terry Reed,"))
    said(tmp_path, compiled)
    assert names == ["_people.yaml", "delegated.yaml"]


def asked_of(directory: Directory, ask: Any) -> Any:
    consultation = Consultation(directory, b"first")
    consultation.begin()
    ask(consultation.directory)
    return consultation.asked()


BEFORE = Directory({"ada": ADA, "terry": TERRY})
LATER = Directory(
    {"ada": ADA, "joan": Person("joan", "Joan", ("t.moss@dept.example",))},
    {"desk@dept.example": Mailbox("desk@dept.example", ("b@dept.example",))},
    {"all@dept.example": Group("all@dept.example", ("b@dept.example",))},
)


@pytest.mark.parametrize(
    ("ask", "agrees"),
    [
        (lambda d: d.people.get("ada"), True),
        (lambda d: d.people["ada"], True),
        (lambda d: d.people.get("terry"), False),
        (lambda d: "terry" in d.people, False),
        (lambda d: d.people.get("joan"), False),
        (lambda d: d.person_of.get("ada@dept.example"), True),
        (lambda d: d.aliases("ada@dept.example"), True),
        (lambda d: d.aliases("t.moss@dept.example"), False),
        (lambda d: "desk@dept.example" in d.mailboxes, False),
        (lambda d: "post@dept.example" in d.mailboxes, True),
        (lambda d: "all@dept.example" in d.groups, False),
        (lambda d: list(d.mailboxes.values()), False),
        (lambda d: len(d.people), False),
        (lambda d: None, True),
    ],
)
def test_what_was_asked_is_asked_again(ask: Any, agrees: bool) -> None:
    asked = asked_of(BEFORE, ask)
    assert Consultation(BEFORE, b"first").agrees(asked)
    assert Consultation(LATER, b"second").agrees(asked) is agrees


def test_what_cannot_be_noted_cannot_be_asked() -> None:
    for name in ("absences", "delegated", "complete", "sources"):
        with pytest.raises(AttributeError):
            getattr(Consultation(BEFORE).directory, name)
