"""`_groups.yaml`: distribution lists in a file of their own."""

from __future__ import annotations

from collections.abc import Callable

from releases.conftest import Load

from gateway.model.fault import Fault

PEOPLE = """\
    people:
      - {id: k-webb, name: Kit Webb, addresses: [k.webb@dept.example]}
    mailboxes:
      - {address: desk@dept.example, readers: [media@dept.example]}
    groups:
      - {address: chiefs@dept.example, members: [b.wood@dept.example]}
"""


def test_lists_of_both_files_are_known(load: Load) -> None:
    register = load(
        _people=PEOPLE,
        _groups="groups: [{address: Media@dept.example, members: [k.webb@dept.example]}]",
    )
    groups = register.directory.groups
    assert groups["media@dept.example"].members == ("k.webb@dept.example",)
    assert groups["media@dept.example"].source == "_groups.yaml"
    assert groups["chiefs@dept.example"].source == "_people.yaml"


def test_everything_that_is_wrong_is_told_with_its_line(
    faults: Callable[..., list[Fault]],
) -> None:
    found = faults(
        _people=PEOPLE,
        _groups="""\
        groups:
          - {address: chiefs@dept.example, members: [k.webb@dept.example]}
          - {address: k.webb@dept.example, members: [b.wood@dept.example]}
          - {address: media@dept.example, members: [desk@dept.example]}
          - {address: nobody@dept.example, members: []}
          - {address: twice@dept.example, members: [a@dept.example, A@dept.example], owner: x}
        """,
    )
    said = [(fault.line, fault.message) for fault in found]
    assert (2, "address: _people.yaml has this list already") in said
    assert (3, "address: it is that of one person, Kit Webb") in said
    assert any(line == 4 and "read through itself" in text for line, text in said)
    assert (5, "members: nobody") in said
    assert (6, "members: written twice") in said
    assert (6, "unknown key 'owner'") in said
    assert all(fault.file.endswith("_groups.yaml") for fault in found)
