"""Where JSON, XML and SDMX can hold something."""

from __future__ import annotations

import json
from html import escape
from typing import Any, Callable

from formats.planting import INNOCENT, INNOCENT_ROWS, Rows, lines, pasted, place


def _dictionaries(rows: Rows) -> list[dict[str, str]]:
    head, *body = rows or INNOCENT_ROWS
    return [dict(zip(head, row, strict=True)) for row in body]


def _columns(rows: Rows) -> dict[str, list[str]]:
    head, *body = rows or INNOCENT_ROWS
    return {name: [row[at] for row in body] for at, name in enumerate(head)}


def _chain(found: list[dict[str, str]]) -> Any:
    inner: Any = None
    for record in reversed(found):
        inner = {"record": record, "next": inner}
    return inner


def _json(where: str, write: Callable[[str, Rows], Any], name: str = "extract.json",
          holds: str = "both", format: str = "JSON") -> None:  # fmt: skip
    def build(text: str, rows: Rows) -> bytes:
        written = write(text or INNOCENT, rows)
        return written if isinstance(written, bytes) else json.dumps(written).encode()

    place(format, where, name, holds=holds)(build)  # type: ignore[arg-type]


_json("records and a member beside them", lambda t, r: {"note": t, "records": _dictionaries(r)})
_json("lists of cells", lambda t, r: [*(r or INNOCENT_ROWS)], holds="rows")
_json("columns", lambda t, r: _columns(r), holds="rows")
_json("columns and rows apart", lambda t, r: {"columns": (r or INNOCENT_ROWS)[0], "data": list((r or INNOCENT_ROWS)[1:])}, holds="rows")  # fmt: skip
_json("records by a key", lambda t, r: {f"k{i}": x for i, x in enumerate(_dictionaries(r))}, holds="rows")  # fmt: skip
_json("records in a record", lambda t, r: {"a": [{"b": {"note": t, "c": _dictionaries(r)}}]})
_json("a string", lambda t, r: {"a": pasted(t, r)})
_json("a string that is JSON", lambda t, r: {"note": t, "a": json.dumps(_dictionaries(r))})
_json("records as strings of JSON in a string of JSON", lambda t, r: json.dumps(json.dumps([*map(json.dumps, _dictionaries(r))])), holds="rows")  # fmt: skip
_json("one list of all cells", lambda t, r: {"a": [c for row in r or INNOCENT_ROWS for c in row]}, holds="rows")  # fmt: skip
_json("one list of all cells without their names", lambda t, r: [c for row in list(r or INNOCENT_ROWS)[1:] for c in row], holds="rows")  # fmt: skip
_json("a list for each variable", lambda t, r: [list(column) for column in zip(*(r or INNOCENT_ROWS)[1:], strict=True)], holds="rows")  # fmt: skip
_json("an object for each variable", lambda t, r: [{"name": k, "values": v} for k, v in _columns(r).items()], holds="rows")  # fmt: skip
_json("an object in an object for each variable", lambda t, r: {k: {"v": v} for k, v in _columns(r).items()}, holds="rows")  # fmt: skip
_json("numbers in the names", lambda t, r: {f"{k}_{i}": v for i, x in enumerate(_dictionaries(r)) for k, v in x.items()}, holds="rows")  # fmt: skip
_json("numbers before the names", lambda t, r: {f"{i}.{k}": v for i, x in enumerate(_dictionaries(r)) for k, v in x.items()}, holds="rows")  # fmt: skip
_json("an object for each cell", lambda t, r: [{k: v} for x in _dictionaries(r) for k, v in x.items()], holds="rows")  # fmt: skip
_json("a name and a value in each object", lambda t, r: [[{"k": k, "v": v} for k, v in x.items()] for x in _dictionaries(r)], holds="rows")  # fmt: skip
_json("each record within the one before", lambda t, r: _chain(_dictionaries(r)), holds="rows")
_json("the name of a member", lambda t, r: {t: 1, "other": 2}, holds="words")
_json("remarks", lambda t, r: f"/* {pasted(t, r)} */\n".encode() + b'{"a": 1}')
_json("behind the end", lambda t, r: b'{"a": 1}\n' + pasted(t, r).encode())
_json("UTF-16", lambda t, r: json.dumps({"note": t, "records": _dictionaries(r)}).encode("utf-16"))
_json("letters as numbers", lambda t, r: ('{"a": "' + "".join(f"\\u{ord(c):04x}" for c in pasted(t, r)) + '"}').encode())  # fmt: skip
_json("features of a map", lambda t, r: {"type": "FeatureCollection", "name": t, "features": [
    {"type": "Feature", "properties": x, "geometry": {"type": "Point", "coordinates": [1.5, 2.5]}}
    for x in _dictionaries(r)]}, "map.geojson")  # fmt: skip
_json("a notebook's cells", lambda t, r: {"nbformat": 4, "cells": [
    {"cell_type": "markdown", "source": t.splitlines(True)},
    {"cell_type": "code", "source": [], "outputs": [{"output_type": "stream", "text": lines(r).splitlines(True)}]}]},
    "work.ipynb")  # fmt: skip
_json("lines", lambda t, r: "\n".join(map(json.dumps, [*_dictionaries(r), {"note": t}])).encode(),
      "extract.ndjson", format="NDJSON")  # fmt: skip
_json("lists a line", lambda t, r: "\n".join(map(json.dumps, r or INNOCENT_ROWS)).encode(),
      "extract.ndjson", "rows", "NDJSON")  # fmt: skip
_json("behind the last line", lambda t, r: b'{"a": 1}\n{"a": 2}\n' + pasted(t, r).encode(),
      "extract.ndjson", format="NDJSON")  # fmt: skip


def _cube(text: str, rows: Rows) -> Any:
    head, *body = rows or INNOCENT_ROWS
    sizes = [len(body), len(head)]
    labels = {f"f{i}": name for i, name in enumerate(head)}
    units = {str(i): i for i in range(len(body))}
    return {
        "version": "2.0", "class": "dataset", "label": text, "id": ["unit", "field"], "size": sizes,
        "dimension": {
            "unit": {"category": {"index": units}},
            "field": {"label": "Field", "category": {"index": list(labels), "label": labels}},
        },
        "value": [cell for row in body for cell in row],
    }  # fmt: skip


_json("label and values", _cube, "cube.json", format="JSON-stat")
_json("note", lambda t, r: {**_cube("", ()), "note": [pasted(t, r)]}, "cube.json", format="JSON-stat")  # fmt: skip
_json("extension", lambda t, r: {**_cube("", ()), "extension": {"note": t, "rows": _dictionaries(r)}},
      "cube.json", format="JSON-stat")  # fmt: skip


def _elements(rows: Rows) -> str:
    return "".join(
        "<unit>" + "".join(f"<{k}>{escape(v)}</{k}>" for k, v in record.items()) + "</unit>"
        for record in _dictionaries(rows)
    )


def _attributes(rows: Rows) -> str:
    return "".join(
        "<unit " + " ".join(f'{k}="{escape(v)}"' for k, v in record.items()) + "/>"
        for record in _dictionaries(rows)
    )


def _cells(rows: Rows) -> str:
    return "".join(
        "<row>" + "".join(f"<c>{escape(cell)}</c>" for cell in row) + "</row>"
        for row in rows or INNOCENT_ROWS
    )


HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def _xml(where: str, write: Callable[[str, Rows], str], holds: str = "both", charset: str = "utf-8",
         name: str = "extract.xml", format: str = "XML") -> None:  # fmt: skip
    place(format, where, name, holds=holds)(  # type: ignore[arg-type]
        lambda text, rows: write(text or INNOCENT, rows).encode(charset)
    )


_xml("elements", lambda t, r: f"{HEAD}<all><note>{t}</note>{_elements(r)}</all>")
_xml("attributes", lambda t, r: f'{HEAD}<all note="{t}">{_attributes(r)}</all>')
_xml("rows of cells", lambda t, r: f"{HEAD}<all><note>{t}</note>{_cells(r)}</all>")
_xml("text of an element", lambda t, r: f"{HEAD}<all>{escape(pasted(t, r))}</all>")
_xml("text between elements", lambda t, r: f"{HEAD}<all><a/>{escape(pasted(t, r))}<b/></all>")
_xml("character data", lambda t, r: f"{HEAD}<all><![CDATA[{pasted(t, r)}]]></all>")
_xml("comment", lambda t, r: f"{HEAD}<all/><!--\n{pasted(t, r)}\n-->")
_xml("processing instruction", lambda t, r: f"{HEAD}<all><?note {pasted(t, r)}?></all>")
_xml("document type", lambda t, r: f'{HEAD}<!DOCTYPE all [<!ENTITY note "{pasted(t, r)}">]><all/>')
_xml("names of elements", lambda t, r: f"{HEAD}<all><{t.replace(' ', '_').replace(':', '.')}/></all>", "words")  # fmt: skip
_xml("behind the end", lambda t, r: f"{HEAD}<all><a>1</a></all>\n{escape(pasted(t, r))}")
_xml("UTF-16", lambda t, r: f"<all><note>{t}</note>{_elements(r)}</all>", charset="utf-16")
_xml("letters as numbers", lambda t, r: f"{HEAD}<all>{''.join(f'&#{ord(c)};' for c in pasted(t, r))}</all>")  # fmt: skip
_xml("damaged elements", lambda t, r: f"{HEAD}<all><note>{t}</note>{_elements(r)}<open></all>")
SCHEMA = '<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">%s</xsd:schema>'
_FIELDS = "".join(f'<xsd:element name="{f}" type="xsd:string" minOccurs="0"/>'
                  for f in ("Owner", "Kept", "Until", "Reviewed", "Place", "Held", "Box", "Shelf"))  # fmt: skip
_TYPE = f'<xsd:complexType name="Paper"><xsd:sequence>{_FIELDS}</xsd:sequence></xsd:complexType>'
_xml("documentation in a schema", lambda t, r: HEAD + SCHEMA % (
    f"<xsd:annotation><xsd:documentation>{escape(pasted(t, r))}</xsd:documentation></xsd:annotation>{_TYPE}"),
    name="paper.xsd")  # fmt: skip

NS = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
_OBSERVED = "".join(f'<Obs AREA="UK" TIME_PERIOD="2017-0{i}" OBS_VALUE="{i}.5"/>' for i in range(1, 7))  # fmt: skip
SDMX = (
    f"{HEAD}<m:StructureSpecificData xmlns:m='{NS}/message'><m:Header><m:ID>A1</m:ID>%s</m:Header>"
    "<m:DataSet>%s</m:DataSet></m:StructureSpecificData>"
)


def _sdmx(where: str, write: Callable[[str, Rows], str], holds: str = "both") -> None:
    _xml(where, write, holds, name="data.xml", format="SDMX-ML")


_sdmx("observations", lambda t, r: SDMX % ("", "".join(
    "<Obs " + " ".join(f'{k}="{escape(v)}"' for k, v in x.items()) + "/>" for x in _dictionaries(r))), "rows")  # fmt: skip
_sdmx("header", lambda t, r: SDMX % (f"<m:Name>{escape(pasted(t, r))}</m:Name>", _OBSERVED))
_sdmx("annotation", lambda t, r: SDMX % ("", f"<Annotations><Annotation><Text>{escape(pasted(t, r))}</Text></Annotation></Annotations>{_OBSERVED}"))  # fmt: skip
_sdmx("group", lambda t, r: SDMX % ("", f'<Group TITLE="{t}"/>{_OBSERVED}'), "words")
_sdmx("comment", lambda t, r: SDMX % (f"<!-- {pasted(t, r)} -->", _OBSERVED))


@place("SDMX-CSV", "rows and an attribute of each", "data.csv")
def _sdmx_csv(text: str, rows: Rows) -> bytes:
    head, *body = rows or INNOCENT_ROWS
    shown = [["DATAFLOW", *head, "COMMENT_OBS"]]
    shown += [["OFFICE:LUNCH(1.0)", *row, text or INNOCENT] for row in body]
    return lines(shown).encode()


def _sdmx_json(text: str, rows: Rows) -> Any:
    def axis(name: str, *values: str) -> dict[str, Any]:
        return {"id": name, "values": [{"id": v, "name": v} for v in values]}

    dimensions = {
        "series": [axis("AREA", "UK")],
        "observation": [axis("TIME_PERIOD", "2026", "2027")],
    }
    structure = {
        "dimensions": dimensions,
        "annotations": [{"title": text, "rows": _dictionaries(rows)}],
    }
    sets = [{"series": {"0": {"observations": {"0": [1.5], "1": [1.6]}}}}]
    return {"header": {"id": "A1"}, "dataSets": sets, "structure": structure}  # fmt: skip


_json("annotations", _sdmx_json, "data.json", format="SDMX-JSON")
_json("header", lambda t, r: {**_sdmx_json("", ()), "header": {"id": "A1", "name": pasted(t, r)}},
      "data.json", format="SDMX-JSON")  # fmt: skip


def _sdmx_units(text: str, rows: Rows) -> Any:
    """One dimension of units, one of fields."""
    head, *body = rows or INNOCENT_ROWS
    units = {"id": "UNIT", "values": [{"id": str(i)} for i in range(len(body))]}
    fields = {"id": "FIELD", "values": [{"id": name} for name in head]}
    found = {f"{i}:{j}": [cell] for i, row in enumerate(body) for j, cell in enumerate(row)}
    structure = {"dimensions": {"observation": [units, fields]}}
    return {"dataSets": [{"observations": found}], "structure": structure}


_json("observations", _sdmx_units, "data.json", "rows", "SDMX-JSON")
