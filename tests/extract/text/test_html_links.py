"""Where a page leads: every attribute and style that holds an address, whatever it is called."""

from __future__ import annotations

import pytest

from gateway.extract import read_part
from gateway.model.content import Links
from gateway.model.limits import ReadLimits
from gateway.model.message import Part

PACK = "https://files.dept.example/cla/pack.zip"


def addresses(page: str) -> list[str]:
    part = Part("1", "text/html", "body", page.encode(), None)
    contents = read_part(part, ReadLimits())
    return [one for content in contents if isinstance(content, Links) for one in content.addresses]


@pytest.mark.parametrize(
    "page",
    [
        f'<a href="{PACK}">x</a>',
        f'<a data-href="{PACK}">x</a>',
        f'<a href="https://x.example" originalsrc="{PACK}" ping="{PACK}">x</a>',
        f'<img longdesc="{PACK}"><img src="x.png">',
        f'<body background="{PACK}">x',
        f'<form action="{PACK}"><button formaction="{PACK}">x</button></form>',
        f'<blockquote cite="{PACK}">x</blockquote>',
        f'<object data="{PACK}" codebase="{PACK}"></object>',
        f"<div style=\"background:url('{PACK}')\">x</div>",
        f'<style>@import "{PACK}";</style>x',
        '<div style="background:url(https://files.dept.example/cl\\61 /pack\\.zip)">x</div>',
        '<base href="https://files.dept.example/cla/"><a href="pack.zip">x</a>',
        '<base href="https://files.dept.example/other/"><img src="../cla/pack.zip">x',
        f'<!--[if mso]><v:rect href="{PACK}"><![endif]-->',
    ],
)
def test_an_address_counts_wherever_it_stands(page: str) -> None:
    assert PACK in addresses(page)


def test_candidates_of_pictures_count() -> None:
    (found,) = addresses(f'<img srcset="small.png 1x, {PACK} 2x">')
    assert PACK in found


@pytest.mark.parametrize(
    "page",
    [
        "<p>No link</p>",
        '<html xmlns:v="urn:x" xmlns="http://www.w3.org/TR/REC-html40"><p>x</p>',
        '<img src="data:image/png;base64,AAAA//8=">',
        '<div class="a b" style="color:red">x</div>',
        '<base href="http://[bad"><img src="x.png">',
    ],
)
def test_what_is_no_address_is_none(page: str) -> None:
    assert [one for one in addresses(page) if not one.startswith("http://[")] in ([], ["x.png"])
