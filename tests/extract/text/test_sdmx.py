"""SDMX in each of its forms is a table of observations, and its embargo a property."""

from __future__ import annotations

import json
from typing import Any, Callable

import pytest

from gateway.model.content import Properties

Read = Callable[..., Any]
NS = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
HEADER = """<m:Header><m:ID>A1</m:ID><m:Test>false</m:Test><m:Prepared>2026-01-01</m:Prepared>
<m:Sender id='OFFICE'/><m:EmbargoDate>2026-12-01T09:30:00</m:EmbargoDate></m:Header>"""
SPECIFIC = """<Series FREQ='M' AREA='UK'><Obs TIME_PERIOD='2026-01' OBS_VALUE='1.5' CONF_STATUS='N'/>
<Obs TIME_PERIOD='2026-02' OBS_VALUE='1.6' CONF_STATUS='F'/></Series>"""
FLAT = """<Obs FREQ='M' AREA='UK' TIME_PERIOD='2026-01' OBS_VALUE='1.5' CONF_STATUS='N'/>
<Obs FREQ='M' AREA='UK' TIME_PERIOD='2026-02' OBS_VALUE='1.6' CONF_STATUS='F'/>"""
_OBS = """<g:Obs><g:ObsDimension value='{0}'/><g:ObsValue value='{1}'/>
<g:Attributes><g:Value id='CONF_STATUS' value='{2}'/></g:Attributes></g:Obs>"""
GENERIC = f"""<g:Series><g:SeriesKey><g:Value id='FREQ' value='M'/><g:Value id='AREA' value='UK'/>
</g:SeriesKey>{_OBS.format("2026-01", "1.5", "N")}{_OBS.format("2026-02", "1.6", "F")}</g:Series>"""
OLD = """<g:Series><g:SeriesKey><g:Value concept='FREQ' value='M'/><g:Value concept='AREA' value='UK'/>
</g:SeriesKey><g:Obs><g:Time>2026-01</g:Time><g:ObsValue value='1.5'/><g:Attributes>
<g:Value concept='CONF_STATUS' value='N'/></g:Attributes></g:Obs><g:Obs><g:Time>2026-02</g:Time>
<g:ObsValue value='1.6'/><g:Attributes><g:Value concept='CONF_STATUS' value='F'/></g:Attributes></g:Obs></g:Series>"""
TABLE = [
    ["FREQ", "AREA", "TIME_PERIOD", "OBS_VALUE", "CONF_STATUS"],
    ["M", "UK", "2026-01", "1.5", "N"],
    ["M", "UK", "2026-02", "1.6", "F"],
]


@pytest.mark.parametrize("data", [SPECIFIC, FLAT, GENERIC, OLD])
def test_observations_are_rows(read: Read, data: str) -> None:
    root = f"<m:Data xmlns:m='{NS}/message' xmlns:g='{NS}/data/generic'>"
    xml = f"<?xml version='1.0'?>{root}{HEADER}<m:DataSet>{data}</m:DataSet></m:Data>"
    found = read(xml.encode(), name="a.xml")
    assert found.tables[0].rows == TABLE
    items = next(c for c in found.contents if isinstance(c, Properties)).items
    assert ("EmbargoDate", "2026-12-01T09:30:00") in items
    assert ("Sender", "OFFICE") in items


@pytest.mark.parametrize(
    "inside",
    [
        "<Group TITLE='EMBARGOED'/>", "<Series A='EMBARGOED'><Obs B='1'/></Series>",
        "<Annotations><Annotation><Text>EMBARGOED</Text></Annotation></Annotations>",
        "<Series A='1'><Annotations><Annotation>EMBARGOED</Annotation></Annotations><Obs B='1'/></Series>",
        "<Obs A='1'>EMBARGOED</Obs>", "<Other>EMBARGOED</Other>", "<Series A='EMBARGOED'/>",
        "<!-- EMBARGOED -->", "<Obs A='1'><x y='EMBARGOED'>z</x></Obs>",
        "<Obs A='1'><ObsValue value='1' note='EMBARGOED'/></Obs>",
        "<Series A='1'><SeriesKey x='EMBARGOED'><Value id='B' value='2'/></SeriesKey><Obs C='1'/></Series>",
        "<Series><SeriesKey><Value id='A' value='EMBARGOED'/><Value id='A' value='1'/></SeriesKey><Obs B='1'/></Series>",
        "<Series A='EMBARGOED'><Obs A='1'/></Series>",
        "<Series A='1'><Obs B='1' xmlns:n='urn:example' n:note='EMBARGOED'/></Series>",
        "<Series A='1'><Obs B='1'><Annotations><Annotation id='EMBARGOED'/></Annotations></Obs></Series>",
        "<Series A='1'>" + "<x y='1'>" * 10 + "<z w='EMBARGOED'/>" + "</x>" * 10 + "</Series>",
        "<Obs A='1'><ObsValue value='1'><x y='EMBARGOED'/></ObsValue></Obs>",
    ],
)  # fmt: skip
def test_a_banner_among_observations_is_found(read: Read, inside: str) -> None:
    xml = f"<?xml version='1.0'?><m:Data xmlns:m='{NS}/message'><m:DataSet>{inside}{FLAT}</m:DataSet></m:Data>"
    assert "EMBARGOED" in read(xml.encode(), name="a.xml").everything()


def _structure() -> dict[str, Any]:
    def axis(name: str, *values: str) -> dict[str, Any]:
        return {"id": name, "values": [{"id": v, "name": v} for v in values]}

    return {
        "dimensions": {
            "series": [axis("FREQ", "M"), axis("AREA", "UK")],
            "observation": [axis("TIME_PERIOD", "2026-01", "2026-02")],
        },
        "attributes": {"series": [], "observation": [axis("CONF_STATUS", "N", "F")]},
    }


def test_sdmx_json_is_rows(read: Read) -> None:
    sets = [{"series": {"0:0": {"observations": {"0": [1.5, 0], "1": [1.6, 1]}}}}]
    header = {"id": "A1", "embargoDate": "2026-12-01T09:30:00"}
    first = {"header": header, "dataSets": sets, "structure": _structure()}
    second = {"meta": header, "data": {"dataSets": sets, "structures": [_structure()]}}
    for message in (first, second):
        found = read(json.dumps(message).encode(), name="a.json")
        assert found.tables[0].rows == TABLE
        items = next(c for c in found.contents if isinstance(c, Properties)).items
        assert items == (("EmbargoDate", "2026-12-01T09:30:00"),)


def test_sdmx_json_without_series_is_rows(read: Read) -> None:
    structure = _structure()
    dimensions = structure["dimensions"]
    dimensions["observation"] = dimensions.pop("series") + dimensions["observation"]
    sets = [{"observations": {"0:0:0": [1.5, 0], "0:0:1": [1.6, 1]}}]
    found = read(json.dumps({"dataSets": sets, "structure": structure}).encode(), name="a.json")
    assert found.tables[0].rows == TABLE


def _json_stat(value: str) -> str:
    axis = '{"category":{"index":["p","q"]}}'
    return f'{{{value},"id":["x"],"size":[2],"dimension":{{"x":{axis}}}}}'


@pytest.mark.parametrize(
    "value",
    [
        '"value":["EMBARGOED","b"],"value":[1,2]', '"value":{"0":"EMBARGOED","0":1}',
        '"value":{"0":"EMBARGOED","00":1}', '"value":[1,2],"status":["EMBARGOED","b"]',
        '"value":[1,2],"extension":{"a":"EMBARGOED"}',
    ],
)  # fmt: skip
def test_all_members_of_a_cube_are_read(read: Read, value: str) -> None:
    assert "EMBARGOED" in read(_json_stat(value).encode(), name="a.json").everything()


@pytest.mark.parametrize(
    "series",
    [
        '{"attributes":[],"observations":{"0":[1]},"annotations":["EMBARGOED"]}',
        '{"observations":{"0":["EMBARGOED"]},"observations":{"0":[1]}}',
        '{"attributes":["EMBARGOED"],"observations":{}}', '{"attributes":["EMBARGOED"]}',
    ],
)  # fmt: skip
def test_all_members_of_a_series_are_read(read: Read, series: str) -> None:
    structure = json.dumps(_structure())
    text = f'{{"structure":{structure},"dataSets":[{{"series":{{"0:0":{series}}}}}]}}'
    assert "EMBARGOED" in read(text.encode(), name="a.json").everything()


def test_what_is_said_of_a_field_stays_in_a_cube_of_units_and_fields(read: Read) -> None:
    axes = {
        "unit": {"category": {"index": ["a", "b", "c"]}},
        "field": {"category": {"index": ["name", "born"]}},
    }
    cube = {
        "id": ["unit", "field"], "size": [3, 2], "dimension": axes,
        "value": ["Ann", 1970, "Bob", 1971, "Cid", 1972],
        "status": ["", "", "EMBARGOED", "", "", ""],
    }  # fmt: skip
    rows = read(json.dumps(cube).encode(), name="a.json").tables[0].rows
    assert rows[0] == ["unit", "name", "born", "name status"]
    assert rows[2] == ["b", "Bob", "1971", "EMBARGOED"]
