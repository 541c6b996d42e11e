"""Whatever stands in a list where something else belongs is a fault at its line, never a crash."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.decide.roster import standing
from gateway.model.fault import Faults
from gateway.releases import LawFiles, concerns, load_register

RULES = Path(__file__).resolve().parents[2] / "rules"
LAWS = LawFiles(RULES / "regimes", RULES / "holidays")
FILES = ("_people", "_exclusions", "productivity-2027")
NOW = datetime.datetime(2027, 9, 15, 19, 35, tzinfo=datetime.UTC)
JUNK = (
    None, 0, -1, 10**30, True, "", "x", [], {}, [None], [["a"]], {"a": 1}, float("nan"), "é" * 999,
    "a@b.example", "+@b.example", "b.wood@dept.example", "b-wood", "news.desk@dept.example",
    "2027-09-15", datetime.date(2199, 12, 31), datetime.date(1990, 1, 1),
    datetime.datetime(2027, 3, 28, 1, 30), "2199-12-31T23:59:59-14:00", "1990-01-01T00:00:00+14:00",
)  # fmt: skip
Place = tuple[str, tuple[str | int, ...]]


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in inner:
        yield (*path, key)
        if isinstance(one, (dict, list)):
            yield from places(one, (*path, key))


READ = {name: yaml.safe_load((RULES / f"releases/{name}.yaml").read_text()) for name in FILES}
PLACES: list[Place] = [(name, path) for name, value in READ.items() for path in places(value)]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(JUNK)), min_size=1, max_size=2))
def test_junk_in_any_place_is_a_fault_or_is_honoured(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[Place, Any]]
) -> None:
    files = copy.deepcopy(READ)
    for (name, path), junk in changes:
        put(files[name], path, junk)
    folder = tmp_path_factory.mktemp("lists")
    for name, value in files.items():
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(value, allow_unicode=True))
    try:
        register = load_register(folder, None, "Europe/London", laws=LAWS)
    except Faults as faults:
        assert all(fault.line and fault.message for fault in faults.faults)
        return
    concerns(register, NOW)
    for release in register.releases.values():
        for address in (*register.directory.person_of, *register.directory.mailboxes):
            assert standing(register, release, address, NOW).sentence


def put(value: Any, path: tuple[str | int, ...], junk: Any) -> None:
    """Where an earlier change took the place away, nothing."""
    for key in path[:-1]:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(value, dict) or (isinstance(value, list) and len(value) > int(path[-1])):
        value[path[-1]] = copy.deepcopy(junk)
