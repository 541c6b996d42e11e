"""The configuration loads whole or not at all, and the shipped example shows all of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from gateway.config import Config, Holds, Section
from gateway.config_reading import load_config, read_config
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
        ("- a\n- b", "the configuration: write keys with values"),
        ("receive:", "receive: nothing stands below it"),
        ("outbox: {retry: 2h}", "longer than the longest"),
        ("store: {path: x, key_file: x}", "the same file"),
        ("history: {path: x}\nstore: {path: x}", "the history and the store are the same file"),
        ("receive: {port: 10028}", "the metrics endpoint has the port"),
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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("holds: {expire: 14}", "write a duration with its unit, such as 30s, 5m, 12h or 14d"),
        ("holds: {expire: 14.0}", "a duration with its unit"),
        ("holds: {expire: '14'}", "a duration with its unit"),
        ("holds: {expire: 1:30}", "a duration with its unit"),
        ("holds: {expire: yes}", "a duration with its unit"),
        ("holds: {expire: .inf}", "a duration with its unit"),
        ("holds: {expire: 14s}", "too little; write 1h or more"),
        ("holds: {expire: 99999d}", "must be 3650d or less"),
        ("holds: {expire: null}", "leave the key out for its default"),
        ("receive: {limits: {message_bytes: 50}}", "write a size with its unit, such as 512KiB"),
        ("receive: {limits: {message_bytes: 50B}}", "too little; write 64KiB or more"),
        ("receive: {timeouts: {command: 300}}", "a duration with its unit"),
        ("receive: {timeouts: {command: 5ms}}", "too little; write 1s or more"),
        ("limits: {memory_bytes: 1MiB}", "too little; write 64MiB or more"),
        ("limits: {memory_bytes: 99999GiB}", "must be 1024GiB or less"),
        ("workers: 1000", "must be 256 or less"),
        ("workers: 0", "must be more than 0"),
        ("workers: yes", "write a whole number"),
        ("workers: 1.5", "write a whole number"),
    ],
)
def test_numbers_that_are_not_what_was_meant_do_not_load(
    tmp_path: Path, text: str, said: str
) -> None:
    (fault,) = faults_of(write(tmp_path, text))
    assert said in fault


def test_what_the_program_gives_may_be_a_plain_number() -> None:
    assert Holds.model_validate({"expire": 1209600}).expire == 1209600.0
    assert Holds.model_validate({"expire": "5ms"}).expire == 0.005


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("department: {domains: dept.example}", "write a list, such as [one, two]"),
        ("department: {hostname: my host}", "write the name of this computer"),
        ("department: {name: no}", "true and false to YAML"),
        ("department: {name: [x]}", "department.name: write text"),
        ("next_hop: {tls: off}", "true and false to YAML"),
        ("next_hop: {tls: oportunistic}", "did you mean opportunistic?"),
        ("rules: {watch: maybe}", "write true or false"),
        ("rules: {policy: 5}", "rules.policy: write a path"),
        ("rules: {policy: ~/rules}", "rules.policy: write a path"),
        ("receive: 10025", "write keys with values here"),
        ("receive: {relay_networks: [10.0.0.1/8]}", "write the network as 10.0.0.0/8"),
        ("recieve: {port: 1}", "did you mean receive?"),
        ("next_hop: {prot: 1}", "did you mean port?"),
        ("port: 1", "it belongs in receive or next_hop or metrics"),
        ("receive: {nonsense: 1}", "known keys here: address, port,"),
    ],
)
def test_mistakes_are_told_in_plain_words(tmp_path: Path, text: str, said: str) -> None:
    (fault,) = faults_of(write(tmp_path, text))
    assert said in fault
    assert "Input" not in fault and "tuple" not in fault


def test_a_default_that_stands_in_for_a_mistake_makes_no_second_fault(tmp_path: Path) -> None:
    for text in (
        "receive: {port: x}\nnext_hop: {port: 10025}\n",
        "receive: {tls: {certificate: [], required: true}}\n",
        "receive: 5\nmetrics: {port: 10025}\n",
    ):
        assert len(faults_of(write(tmp_path, text))) == 1


def test_a_reading_knows_which_keys_are_sound(tmp_path: Path) -> None:
    reading = read_config(write(tmp_path, "receive: {port: x}\nrules: 5\n"))
    assert not reading.sound("receive", "port") and not reading.sound("receive")
    assert reading.sound("receive", "address") and reading.sound("metrics", "port")
    assert not reading.sound("rules", "policy")
    assert not read_config(write(tmp_path, "[]")).sound("store", "path")


_ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.integers(10**15, 10**40) | st.floats()
    | st.text(alphabet="a{}%/~.:@[] 019smhdMiB\u00e9", max_size=12) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab{}", max_size=3), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(keys(Config)), _ODD, min_size=1, max_size=3))
def test_whatever_stands_at_a_key_is_a_value_or_a_fault(
    tmp_path_factory: pytest.TempPathFactory, values: dict[tuple[str, ...], Any]
) -> None:
    whole: dict[str, Any] = {}
    for path, value in values.items():
        section = whole
        for step in path[:-1]:
            section = section.setdefault(step, {})
        section[path[-1]] = value
    folder = tmp_path_factory.getbasetemp()
    file = write(folder, yaml.dump(whole, Dumper=_Plain, allow_unicode=True))
    try:
        load_config(file)
    except Faults as faults:
        assert all(str(fault) for fault in faults.faults)


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def test_the_laws_lie_beside_the_releases_or_else_the_policy(tmp_path: Path) -> None:
    (tmp_path / "rules/regimes").mkdir(parents=True)
    (tmp_path / "own/holidays").mkdir(parents=True)
    (tmp_path / "config.yaml").write_text("rules: {releases: own/releases}\n")
    laws = load_config(tmp_path / "config.yaml").rules.laws
    assert laws == (tmp_path / "rules/regimes", tmp_path / "own/holidays")
