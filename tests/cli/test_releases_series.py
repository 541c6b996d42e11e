"""`gateway releases series`: what is exported before it is published, and drafts for a person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from gateway.cli.main import main

EXPORT = """\
Safety hub extract,,,,,
Site Code,site,measure_code,measure,Month,Incidents
S01,North,INC_STAFF,Assaults on staff,2016-04,100
S02,South,INC_STAFF,Assaults on staff,2016-05,120
S01,North,INC_PRIS,Assaults on prisoners,2016-04,130
S02,South,INC_PRIS,Assaults on prisoners,2016-05,125
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    for folder in ("releases", "series", "policy"):
        (tmp_path / "rules" / folder).mkdir(parents=True)
    (tmp_path / "rules" / "domains.yaml").write_text("internal: [dept.example]\n")
    file = tmp_path / "config.yaml"
    file.write_text("department: {domains: [dept.example], hostname: gateway.dept.example}\n")
    return file


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["releases", "series", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


def test_a_draft_has_columns_codes_and_measures_and_no_figure(config: Path) -> None:
    file = config.with_name("export.csv")
    file.write_text(EXPORT)
    code, shown, _ = run("learn", file, "--id", "safety-hub", "--config", config)
    assert code == 0
    series = yaml.safe_load(shown)["series"]
    assert series["columns"] == [
        "Site Code",
        "site",
        "measure_code",
        "measure",
        "Month",
        "Incidents",
    ]
    assert series["identifiers"] == ["INC_STAFF", "INC_PRIS"]
    assert series["measures"] == ["Assaults on staff", "Assaults on prisoners"]
    assert "from 2016-04 to 2016-05" in shown
    assert not any(figure in shown for figure in ("100", "120", "125", "130", "S01"))


def test_a_draft_does_not_load_before_a_person_has_completed_it(config: Path) -> None:
    file = config.with_name("export.csv")
    file.write_text(EXPORT)
    _, shown, _ = run("learn", file, "--id", "safety-hub", "--config", config)
    drafted = config.parent / "rules" / "series" / "safety-hub.yaml"
    drafted.write_text(shown)
    code, _, errors = run("list", "--config", config)
    assert code == 2
    assert "safety-hub.yaml:" in errors and "nothing says up to when it is published" in errors
    drafted.write_text(shown.replace("# latest_published", "latest_published"))
    code, listed, _ = run("list", "--json", "--config", config)
    assert code == 0
    assert json.loads(listed)[0]["published_to"] == "2016-03"


def test_nothing_of_single_people_goes_into_a_draft(config: Path) -> None:
    rows = [
        f"{1000 + n},Jan{n},Person{n},19{60 + n % 40}-0{1 + n % 9}-1{n % 9},AB{n:06}C,X_{n}"
        for n in range(60)
    ]
    file = config.with_name("people.csv")
    file.write_text("\n".join(["id,forename,surname,birth_date,nino,item_code", *rows]))
    code, shown, _ = run("learn", file, "--id", "people", "--config", config)
    assert code == 0
    assert "Person1" not in shown and "X_1" not in shown


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [("letter.csv", "Dear all", "no table"), ("broken.xlsx", "PK\x03\x04 no", "could not be read")],
)
def test_what_cannot_be_learnt_from_is_said(
    config: Path, name: str, content: str, message: str
) -> None:
    file = config.with_name(name)
    file.write_text(content)
    code, _, errors = run("learn", file, "--id", "x", "--config", config)
    assert code in (1, 2)
    assert message in errors


def test_an_id_that_is_no_name_of_a_file_is_refused(config: Path) -> None:
    code, _, errors = run("learn", config, "--id", "My Hub", "--config", config)
    assert code == 2
    assert "small letters" in errors
