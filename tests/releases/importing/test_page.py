"""Published lists hold titles, never addresses; they are kept as they were published."""

from __future__ import annotations

import pytest

from gateway.model.fault import Faults
from gateway.releases.importing.page import counted, read_page


def titles(page: str) -> list[tuple[str, str, int | None]]:
    return [(one.title, one.organisation, one.count) for one in read_page("list.html", page).lines]


@pytest.mark.parametrize(
    ("published", "title", "many"),
    [
        ("Media Officer x 2", "Media Officer", 2),
        ("Media Officer x2", "Media Officer", 2),
        ("Media Officer × 3", "Media Officer", 3),
        ("2 x Media Officer", "Media Officer", 2),
        ("Private Office to the Secretary of State (1 person)",
         "Private Office to the Secretary of State", 1),
        ("Private Office (two people)", "Private Office", 2),
        ("Media Officers (4)", "Media Officers", 4),
        ("Analyst - 3 posts", "Analyst", 3),
        ("NHS Board Chief Executives", "NHS Board Chief Executives", 1),
        ("Private Sectretary", "Private Sectretary", 1),
        ("Statistician, Band 7", "Statistician, Band 7", 1),
        ("Private Office (2 people), and their ancillary support staff, if required",
         "Private Office (2 people), and their ancillary support staff, if required", 2),
        ("x 2", "x 2", 1),
    ],
)  # fmt: skip
def test_the_number_of_people_is_taken_out_of_a_title_and_nothing_else(
    published: str, title: str, many: int
) -> None:
    assert counted(published) == (title, many)


def test_items_of_lists_stand_under_the_heading_of_their_organisation() -> None:
    assert titles("""
        <html><head><title>Pre-release access</title></head><body>
        <nav><ul><li>Home<li>Statistics</ul></nav>
        <h1>Fostering statistics</h1><h2>Pre-release access list</h2>
        <ul><li>Permanent Secretary</li></ul>
        <h3>The Department</h3><ul><li>Media Officer x 2<li><p>Private <b>Sectretary</b></p>
          <ul><li>Diary Manager</li></ul></ul>
        <h3>The Other Department</h3><ol><li>Head of News</ol>
        <footer><ul><li>Cookies</ul></footer></body></html>
        """) == [
        ("Permanent Secretary", "", 1),
        ("Media Officer", "The Department", 2),
        ("Private Sectretary", "The Department", 1),
        ("Diary Manager", "The Department", 1),
        ("Head of News", "The Other Department", 1),
    ]  # fmt: skip


def test_tables_with_a_head_of_titles_are_read_and_others_left_alone() -> None:
    assert titles("""
        <table><tr><th>Date<th>Figure<tr><td>2018<td>4</table>
        <table><caption>Who</caption><thead><tr><th>Job title</th><th>Organisation</th>
          <th>Number of people</th></tr></thead>
        <tbody><tr><td>Chief Economist</td><td>The Treasury</td><td>2</td></tr>
        <tr><td>Media Officer (3)</td><td>The Treasury</td><td></td></tr></tbody></table>
        """) == [("Chief Economist", "The Treasury", 2), ("Media Officer", "The Treasury", 3)]  # fmt: skip


def test_addresses_on_a_page_are_never_taken_over() -> None:
    page = "<table><tr><th>Role<th>Email<tr><td>Media<td>k.webb@dept.example</table>"
    (line,) = read_page("list.html", page).lines
    assert (line.title, line.address) == ("Media", "")
    assert not read_page("list.html", page).names_people


def test_what_a_page_hides_is_no_title_and_is_told() -> None:
    page = (
        "<ul><li>Permanent Secretary<li style='display: none'><b>Second</b> title</li>"
        "<li hidden>Third title<br></li><li>Media <span hidden>and other</span>Officer x 2</ul>"
        "<noscript><ul><li>Fourth title</ul></noscript><template><ul><li>Fifth</ul></template>"
    )
    listing = read_page("list.html", page)
    assert [one.title for one in listing.lines] == ["Permanent Secretary", "Media Officer"]
    assert [note.rpartition(": ")[2] for note in listing.notes] == [
        "Second", "title", "Third title", "and other",
    ]  # fmt: skip


def test_an_address_in_place_of_a_title_is_a_fault() -> None:
    with pytest.raises(Faults, match="an e-mail address, and this is published"):
        read_page("list.html", "<ul><li>Permanent Secretary<li>r.dale@dept.example</ul>")


def test_a_page_without_titles_is_a_fault() -> None:
    with pytest.raises(Faults, match="no titles on this page"):
        read_page("list.html", "<p>Nothing here.</p>")


@pytest.mark.parametrize(
    "page",
    [
        "<ul>" * 50_000 + "<li>Deep",
        "<table>" * 20_000 + "<tr><th>Role<tr><td>X",
        "<li>" * 100_000 + "Wide",
        "<table><tr><th>Role" + "<tr><td>X<td>Y" * 60_000,
        "<h2>" * 50_000 + "<ul><li>Title",
    ],
)
def test_hostile_pages_end_in_faults_or_titles_and_end_soon(page: str) -> None:
    try:
        assert read_page("list.html", page).lines
    except Faults as found:
        assert found.faults
