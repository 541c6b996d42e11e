"""The configuration loads whole or not at all, and the shipped example shows all of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from gateway.config import Config, Section, load_config, read_config
from gateway.model.fault import Faults

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "config.example.yaml"


def write(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(text)
    return path


def faults_of(path: Path) -> list[str]:
    with pytest.raises(Faults) as caught:
        load_config(path)
    return [str(fault) for fault in caught.value.faults]


def keys(section: type[BaseModel], path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for name, field in section.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, Section):
            found += keys(inner, (*path, name))
        else:
            found.append((*path, name))
    return found


def keys_written(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(value, dict):
        return [path]
    return [found for key, inner in value.items() for found in keys_written(inner, (*path, key))]


def test_the_example_shows_every_key_and_no_other() -> None:
    assert sorted(keys_written(yaml.safe_load(EXAMPLE.read_text()))) == sorted(keys(Config))


def test_the_example_shows_every_default(tmp_path: Path) -> None:
    copy = write(tmp_path, EXAMPLE.read_text())
    assert load_config(copy) == load_config(write(tmp_path, ""))


def test_every_key_of_the_example_has_a_comment_close_above() -> None:
    lines = EXAMPLE.read_text().splitlines()
    for number, line in enumerate(lines):
        stripped = line.strip()
        if stripped and not stripped.startswith("#") and number:
            above = [row.strip() for row in lines[max(0, number - 4) : number]]
            assert any(row.startswith("#") for row in above), f"line {number + 1}: {stripped}"


def test_relative_paths_start_at_the_files_folder(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, "rules: {policy: here/policy}\n"))
    assert config.rules.policy == tmp_path / "here/policy"
    assert config.store.path == tmp_path / "var/gateway.sqlite"


def test_every_mistake_is_listed_with_its_place(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "workers: 0\n"
        "departement: {name: x}\n"
        "department:\n  zone: Europe/Nowhere\n  domains: [dept.example, not a domain]\n"
        "receive:\n  port: 99999\n  limits: {message_bytes: lots}\n"
        "outbox: {retry: soon}\n",
    )
    found = faults_of(path)
    places = [fault.split(": ")[0].removeprefix(str(path)) for fault in found]
    assert places == [":1:1", ":2:1", ":4:3", ":5:27", ":7:3", ":8:12", ":9:10"]


def test_an_unknown_key_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    (fault,) = faults_of(write(tmp_path, "log: {levle: info}\n"))
    assert "unknown key 'log.levle'" in fault
    assert "known keys here: level" in fault


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("receive: {tls: {certificate: a.pem}}", "needed together"),
        ("receive: {tls: {required: true}}", "needs a certificate"),
        ("receive: {tls: {client_ca: a.pem}}", "needs a certificate"),
        ("receive: {tls_clients_may_relay: true}", "needs a client CA"),
        ("next_hop: {port: 10025}", "round in circles"),
        ("metrics: {port: 10025}", "choose another port"),
        ("notices: {sender: nobody}", "write an e-mail address"),
        ("receive: {relay_networks: [10.0.0.0/99]}", "write a network"),
        ("- a\n- b", "dictionary"),
        ("receive:", "receive"),
    ],
)
def test_what_cannot_work_does_not_load(tmp_path: Path, text: str, said: str) -> None:
    assert said in "\n".join(faults_of(write(tmp_path, text)))


def test_what_is_in_order_can_still_be_checked_beside_what_is_not(tmp_path: Path) -> None:
    reading = read_config(write(tmp_path, "receive: {port: x, address: 127.0.0.2}\nworkers: 3\n"))
    assert len(reading.faults) == 1
    assert (reading.config.receive.address, reading.config.workers) == ("127.0.0.2", 3)


def test_a_loaded_configuration_does_not_change(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, ""))
    with pytest.raises(ValueError, match="frozen"):
        config.workers = 9  # type: ignore[misc]
