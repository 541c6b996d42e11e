"""A link to where a release's documents lie counts as its material, whatever rewrote the link."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from time import process_time
from urllib.parse import quote

import pytest

from gateway.detect import Context, Detectors, DetectorSpec
from gateway.model.content import Content, Links, Table, Text
from gateway.model.message import Location
from gateway.model.release import ReleaseWords

CONTEXT = Context(datetime(2026, 11, 20, 10, tzinfo=UTC), None, "Europe/London")
CARE = (
    "https://files.dept.example/Stats/CLA-2018/",
    "https://www.bücher.example/cla",
    r"\\nas01.dept.example\stats\cla 2018",
)
TRADE = (
    "https://files.dept.example/Stats/FDI",
    "https://office.example/Doc.aspx?sourcedoc=%7BAB-1%7D",
    "https://trade.dept.example",
)
PACK = "https://files.dept.example/Stats/CLA-2018/pack.zip?utm_source=mail"
ESCAPED = quote(PACK, safe="")


@pytest.fixture(scope="module")
def detectors() -> Detectors:
    words = (
        ReleaseWords("care", "Children in care, 2018", (), "", CARE),
        ReleaseWords("trade", "Foreign direct investment", (), "", TRADE),
    )
    return Detectors(DetectorSpec(words))


def linked(detectors: Detectors, content: Content) -> list[str]:
    found = detectors.inspect([content], CONTEXT)
    assert not found.gaps
    assert {mention.how for mention in found.mentions} <= {"link"}
    return [mention.release for mention in found.mentions]


def both(detectors: Detectors, link: str) -> list[list[str]]:
    """What it is as text, and as the address behind words."""
    return [
        linked(detectors, Text(Location("1", None, "body"), f"See {link} today")),
        linked(detectors, Links(Location("1", None, "links"), (link, "https://elsewhere.example"))),
    ]


@pytest.mark.parametrize(
    "link",
    [
        PACK,
        PACK.upper(),
        "files.dept.example/stats/cla-2018/",
        "https://user@files.dept.example:8443//Stats//CLA-2018/pack.zip",
        f"https://eur01.safelinks.protection.outlook.com/?url={ESCAPED}&data=05%7C01&reserved=0",
        f"https://www.google.com/url?q={ESCAPED}&sa=D&source=editors",
        f"https://secure-web.cisco.com/1abcDEF/{ESCAPED}",
        f"https://protect2.fireeye.com/v1/url?k=1-2&u={quote(ESCAPED, safe='')}",
        "https://urldefense.com/v3/__https://files.dept.example/Stats/CLA-2018/pack__;!!Ab!x$",
        "https://urldefense.proofpoint.com/v2/url?u="
        "https-3A__files.dept.example_Stats_CLA-2D2018_pack.zip&d=DwMFAg",
        f"https://eu.protection.sophos.com?d=dept.example&u={base64.b64encode(PACK.encode()).decode()}&i=NW",
        "https://urldefense.com/v3/__https:/*files.dept.example/Stats/CLA*2018/x__;Ly0!!Ab!x$",
        "https://urldefense.us/v2/url?u=https-3A__files.dept.example_Stats_CLA-2D2018_x&d=DwM",
        "hxxps://files[.]dept[.]example/Stats/CLA-2018/pack[.]zip",
        "https[:]//files(.)dept(.)example/Stats/CLA-2018/",
        "files[dot]dept(dot)example/Stats/CLA-2018/pack",
        r"files\.dept\.example/Stats/CLA-2018/pack",
        "https://files%2Edept%2Eexample/Stats/CLA-2018/",
        "https://news.example%2Fa:b@files.dept.example/Stats/CLA-2018/",
        "http://BÜCHER.example/cla/table",
        "https://xn--bcher-kva.example/cla",
        r"\\nas01.dept.example\Stats\CLA 2018\pack.xlsx",
        "file://nas01.dept.example/stats/cla%202018/pack.xlsx",
        r"\\nas01.dept.example@SSL\DavWWWRoot\stats\cla 2018",
        r"\\nas01.dept.example@8080\stats\cla 2018",
        "https://files.dept.example/Stats/CLA-2018",
        "https://files.dept.example/Stats/CLA-2018?web=1",
        "https://files.dept.example/Stats/CLA-2018;v=1/pack.zip",
        "https://files.dept.example./Stats/CLA-2018/pack.zip",
        "https://files.dept.example/Stats/FDI2/../CLA-2018/pack.zip",
        "https://files.dept.example/Stats/./%2e/CLA-2018/pack.zip",
        "https://ｆiles.dept.example/Stats/CLA-2018/pack.zip",
        "https://fi\u00adles.dept.example/Stats/CLA\u200b-2018/pack.zip",
    ],
)
def test_a_link_to_a_registered_place_is_the_release(detectors: Detectors, link: str) -> None:
    assert both(detectors, link) == [["care"], ["care"]]


@pytest.mark.parametrize(
    "link",
    [
        "https://files.dept.example/Stats/FDI",
        "https://files.dept.example/Stats/FDI.zip",
        "(https://files.dept.example/Stats/FDI).",
        "https://office.example/doc.aspx?action=edit&sourcedoc=%7bab-1%7d&x=1",
        "https://office.example/Doc.aspx?action=edit&sourcedoc={AB-1}",
        "(https://office.example/Doc.aspx?sourcedoc={AB-1}).",
        "https://trade.dept.example",
        "https://trade.dept.example/anything?at=all",
    ],
)
def test_a_place_may_be_a_host_a_beginning_or_a_parameter(detectors: Detectors, link: str) -> None:
    assert both(detectors, link) == [["trade"], ["trade"]]


@pytest.mark.parametrize(
    "link",
    [
        "https://files.dept.example/",
        "https://files.dept.example/Stats/CLA-2019/",
        "https://files.dept.example/Stats/CLA-2018.html",
        "https://files.dept.example/Stats/../CLA-2018/",
        "https://files.dept.example/Stats/FDI2",
        "https://files.dept.example/Stats/FDI-old",
        "https://myfiles.dept.example/Stats/FDI",
        "https://files.dept.example.other.example/Stats/FDI",
        "https://trade.dept.example.other.example/",
        "somebody@trade.dept.example",
        "https://office.example/doc.aspx?sourcedoc=%7bab-2%7d",
        "files dept example Stats FDI",
        "https://www.published.example/children-in-care",
    ],
)
def test_a_link_to_another_place_is_none(detectors: Detectors, link: str) -> None:
    assert both(detectors, link) == [[], []]


@pytest.mark.parametrize(
    "address",
    [
        "https://files.dept.ex\tample/Stats/CLA-\r\n2018/pack.zip",
        "https://%66iles.dept.example/Stats/CLA-2018/pack.zip",
        "https://files。dept.example/Stats/CLA-2018/pack.zip",
    ],
)
def test_the_address_behind_words_is_what_a_browser_makes_of_it(
    detectors: Detectors, address: str
) -> None:
    assert linked(detectors, Links(Location("1", None, "links"), (address,))) == ["care"]


@pytest.mark.parametrize(
    ("host", "same"),
    [
        ("10.20.30.40", True),
        ("169090600", True),
        ("0x0a141e28", True),
        ("0xa.0x14.0x1e.0x28", True),
        ("012.024.036.050", True),
        ("10.20.7720", True),
        ("user@0xA141E28:8443", True),
        ("[::ffff:10.20.30.40]", True),
        ("[::ffff:a14:1e28]", True),
        ("10.20.30.4", False),
        ("169090601", False),
        ("010.20.30.40", False),  # 8.20.30.40 to every browser
        ("[::1]", False),
    ],
)
def test_a_host_that_is_a_number_is_known_in_all_its_spellings(host: str, same: bool) -> None:
    place = ReleaseWords("care", "Children in care", (), "", ("https://10.20.30.40/stats/care/",))
    numeric = Detectors(DetectorSpec((place,)))
    expected = ["care"] if same else []
    assert both(numeric, f"http://{host}/stats/care/pack.zip") == [expected, expected]


def test_steps_back_hide_no_link(detectors: Detectors) -> None:
    text = f"{PACK.partition('?')[0]} /../../../ and so on"
    assert linked(detectors, Text(Location("1", None, "body"), text)) == ["care"]


@pytest.mark.parametrize(
    "text",
    [
        "https://files.dept.example/Stats/\nCLA-2018/pack",
        "> https://files.dept.example/Sta\n> ts/CLA-2018/pack",
        "https://files.dept.example/Stats/CLA-=\n2018/pack",
        "\\\\nas01.dept.example\\stats\\cla\n2018\\pack.xlsx",
    ],
)
def test_a_link_that_a_line_breaks_is_whole(detectors: Detectors, text: str) -> None:
    assert linked(detectors, Text(Location("1", None, "body"), text)) == ["care"]


def test_a_link_in_a_cell_counts(detectors: Detectors) -> None:
    rows = [["Table", "Where"], ["1", PACK]]
    assert linked(detectors, Table(Location("2", "list.csv"), rows)) == ["care"]


def test_a_link_may_lead_to_another_release_than_the_words_beside_it(detectors: Detectors) -> None:
    text = "Children in care, 2018: https://files.dept.example/Stats/FDI"
    found = detectors.inspect([Text(Location("1", None, "body"), text)], CONTEXT)
    named = {(mention.release, mention.how) for mention in found.mentions}
    assert named == {("care", "title"), ("trade", "link")}


def test_words_in_the_address_of_a_link_name_nothing(detectors: Detectors) -> None:
    links = Links(Location("1", None, "links"), ("https://x.example/Foreign-direct-investment",))
    assert linked(detectors, links) == []


@pytest.mark.parametrize(
    "text",
    [
        "https://files.dept.example/Stats/other " * 40_000,
        "%2525252541" * 100_000 + PACK,
        "aHR0cHM6Ly9" * 100_000,
        "files.dept.example" * 50_000,
        "https://files.dept.example/\n> " * 40_000,
        "https://urldefense.com/v3/__files.dept.example" * 20_000,
        "files[.]dept(dot)example" * 40_000,
        "https://0x1.2.3.4/" * 60_000 + "files.dept.example",
    ],
    ids=["many", "escaped", "packed", "glued", "broken", "wrapped", "defanged", "numbers"],
)
def test_hostile_texts_take_their_length_and_no_more(detectors: Detectors, text: str) -> None:
    def cost(size: int) -> float:
        started = process_time()
        detectors.inspect([Text(Location("1", None, "body"), text[:size])], CONTEXT)
        return process_time() - started

    cost(1000)
    half, whole = cost(len(text) // 2), cost(len(text))
    assert whole < 4 * half + 0.3
