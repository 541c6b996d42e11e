"""`gateway check`: everything that is wrong, at once, with its place and what to do."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import prometheus_client
import pytest
import trustme
from click import UsageError
from click.testing import CliRunner, Result

from gateway.cli.check import check
from gateway.cli.main import main
from gateway.cli.run import run as run_command
from gateway.cli.setting import load_setting, setting_path
from gateway.store import Store

ROOT = Path(__file__).resolve().parents[2]
assert prometheus_client  # imported before `run` says where several processes put their figures
QUIET = "receive: {port: 0}\nmetrics: {port: 0}\n"


def run(config: Path, *words: str) -> Result:
    return CliRunner().invoke(check, ["--config", str(config), *words])


@pytest.fixture(autouse=True)
def _figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where `run` wants them is forgotten after each test."""
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped rules with a configuration that asks for no fixed port."""
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    (tmp_path / "config.yaml").write_text(QUIET)
    return tmp_path


def test_the_shipped_rules_and_example_register_are_in_order(folder: Path) -> None:
    result = run(folder / "config.yaml")
    assert result.exit_code == 0, result.output
    warnings = result.stderr.count("warning: ")
    said = (
        ""
        if not warnings
        else ", with 1 warning"
        if warnings == 1
        else f", with {warnings} warnings"
    )
    assert f"config.yaml: in order{said}; " in result.stdout
    assert "6 releases" in result.output
    if datetime.now(UTC) < datetime(2027, 9, 16, tzinfo=UTC):
        assert "next publication: productivity-2027, Thursday 16 September 2027" in result.output


def test_looking_leaves_nothing_behind(folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    run(folder / "config.yaml")
    assert sorted(folder.rglob("*")) == before


def test_six_mistakes_in_six_places_are_all_listed(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (folder / "config.yaml").write_text(
            f"receive:\n  port: {port}\n  tls: {{certificate: no.pem, key: no.key}}\n"
            "metrics: {port: 0}\n"
            "store:\n  path: config.yaml/gateway.sqlite\n"
        )
        (folder / "rules/policy/broken.yaml").write_text("nonsense: true\n")
        (folder / "rules/releases/broken.yaml").write_text("release: {title: X}\n")
        (folder / "rules/domains.yaml").write_text("webmial: []\n")
        result = run(folder / "config.yaml")
    assert result.exit_code == 2
    said = result.output
    assert f"config.yaml:2:3: port {port} cannot be opened on 127.0.0.1" in said
    assert "config.yaml:3:9: the certificate and key cannot be used" in said
    assert "config.yaml:6:3: " in said
    assert "policy/broken.yaml:1:1: " in said
    assert "releases/broken.yaml:1:1: 'instant' is missing" in said
    assert "domains.yaml:1:1: unknown key 'webmial'" in said


def test_a_faulty_configuration_is_exit_2_and_the_rest_is_checked_all_the_same(
    folder: Path,
) -> None:
    (folder / "config.yaml").write_text(QUIET + "workers: none\nlog: {levle: info}\n")
    (folder / "rules/releases/broken.yaml").write_text("release: {title: X}\n")
    result = run(folder / "config.yaml")
    assert result.exit_code == 2
    for said in ("config.yaml:3:1: workers", "unknown key 'log.levle'", "broken.yaml:1:1"):
        assert said in result.output
    assert "3 faults found" in result.output


@pytest.mark.parametrize("text", ["a: [", None])
def test_a_configuration_that_cannot_be_read_is_exit_2(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "config.yaml").write_text(text)
    for words in ((), ("--json",)):
        result = run(tmp_path / "config.yaml", *words)
        assert result.exit_code == 2
        assert "config.yaml" in result.output


def test_scripts_get_every_fault_as_json(folder: Path) -> None:
    (folder / "rules/releases/broken.yaml").write_text("release: {title: X}\n")
    found = json.loads(run(folder / "config.yaml", "--json").output)
    assert found["ok"] is False
    (fault,) = found["faults"]
    assert (fault["line"], fault["column"], fault["hint"]) == (1, 1, "add a line 'instant: …'")


@pytest.mark.parametrize(("host", "code"), [("gateway.dept.example", 0), ("other.example", 1)])
def test_this_gateway_running_is_no_obstacle_and_another_server_is_one(
    folder: Path, host: str, code: int
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as running:
        port = running.getsockname()[1]

        def greet() -> None:
            client, _ = running.accept()
            with client:
                client.sendall(f"220 {host} ESMTP\r\n".encode())

        greeter = threading.Thread(target=greet)
        greeter.start()
        (folder / "config.yaml").write_text(f"receive: {{port: {port}}}\nmetrics: {{port: 0}}\n")
        assert run(folder / "config.yaml").exit_code == code
        greeter.join(10)


def test_a_certificate_that_fits_its_key_is_in_order_and_one_that_does_not_is_a_fault(
    folder: Path,
) -> None:
    authority = trustme.CA()
    one, other = authority.issue_cert("gateway.example"), authority.issue_cert("other.example")
    one.cert_chain_pems[0].write_to_path(folder / "chain.pem")
    one.private_key_pem.write_to_path(folder / "key.pem")
    other.private_key_pem.write_to_path(folder / "other.pem")
    text = "receive: {port: 0, tls: {certificate: chain.pem, key: KEY}}\nmetrics: {port: 0}\n"
    (folder / "config.yaml").write_text(text.replace("KEY", "key.pem"))
    assert run(folder / "config.yaml").exit_code == 0
    (folder / "config.yaml").write_text(text.replace("KEY", "other.pem"))
    result = run(folder / "config.yaml")
    assert result.exit_code == 2
    assert "config.yaml:1:26: the certificate and key cannot be used" in result.output


# The store


@pytest.fixture
def store(folder: Path) -> Path:
    """A store that a gateway has made, and its key."""
    path = folder / "var/gateway.sqlite"
    Store.open(path, folder / "var/gateway.key").close()
    return path


def _others_can_read_the_key(store: Path) -> None:
    (store.parent / "gateway.key").chmod(0o644)


def _key_of_the_wrong_length(store: Path) -> None:
    (store.parent / "gateway.key").write_bytes(b"short")


def _another_key(store: Path) -> None:
    (store.parent / "gateway.key").write_bytes(bytes(32))


def _lost_key(store: Path) -> None:
    (store.parent / "gateway.key").unlink()


def _junk(store: Path) -> None:
    store.write_bytes(b"no database at all" * 100)


def _folder_for_a_store(store: Path) -> None:
    store.unlink()
    store.mkdir()


def _newer(store: Path) -> None:
    with closing(sqlite3.connect(store)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")


@pytest.mark.parametrize(
    ("harm", "key", "said"),
    [
        (_others_can_read_the_key, "key_file", "chmod 600"),
        (_key_of_the_wrong_length, "key_file", "a key is 32 bytes long"),
        (_another_key, "key_file", "this is not the key that the store was sealed with"),
        (_lost_key, "key_file", "the key file is missing"),
        (_junk, "path", "not a database or is damaged"),
        (_folder_for_a_store, "path", "something there that is no file"),
        (_newer, "path", "written by a newer gateway"),
    ],
)
def test_a_store_that_cannot_be_opened_is_found_by_check_and_refused_by_run(
    folder: Path, store: Path, harm: Callable[[Path], None], key: str, said: str
) -> None:
    assert run(folder / "config.yaml").exit_code == 0
    harm(store)
    before = sorted(folder.rglob("*"))
    for command in (check, run_command):
        result = CliRunner().invoke(command, ["--config", str(folder / "config.yaml")])
        assert result.exit_code == 2
        assert said in result.output and f"store.{key}: {folder}/var/gateway." in result.output
        assert "1 fault found" in result.output or "nothing was started" in result.output
    assert sorted(folder.rglob("*")) == before


def test_a_store_that_somebody_has_to_himself_is_the_machines_fault(
    folder: Path, store: Path
) -> None:
    (folder / "config.yaml").write_text(QUIET + "store: {busy_timeout: 100ms}\n")
    with closing(sqlite3.connect(store, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        result = run(folder / "config.yaml")
    assert result.exit_code == 1
    assert "locked by another process" in result.output


def test_an_audit_that_somebody_changed_is_found(folder: Path, store: Path) -> None:
    now = datetime(2018, 3, 27, 19, 35, tzinfo=UTC)
    opened = Store.open(store, store.with_name("gateway.key"))
    for number in range(3):
        opened.note("somebody", "looked", f"A{number}", {}, now)
    opened.close()
    assert run(folder / "config.yaml", "--no-ports").exit_code == 0
    with sqlite3.connect(store) as connection:
        connection.execute("UPDATE audit SET actor = 'nobody' WHERE number = 2")
    connection.close()
    result = run(folder / "config.yaml", "--no-ports")
    assert result.exit_code == 1
    assert "somebody else has changed the audit: entry 2 was changed" in result.output


def test_a_store_in_use_is_in_order(folder: Path, store: Path) -> None:
    opened = Store.open(store, folder / "var/gateway.key")
    opened.note("somebody", "looked", "", {}, datetime.now(UTC))
    assert (folder / "var/gateway.sqlite-wal").exists()
    assert run(folder / "config.yaml").exit_code == 0
    opened.close()


@pytest.mark.parametrize("path", ["/proc/gateway.sqlite", "/proc/deep/gateway.sqlite"])
def test_a_folder_that_takes_no_files_is_a_fault_even_for_root(folder: Path, path: str) -> None:
    (folder / "config.yaml").write_text(QUIET + f"store: {{path: {path}}}\n")
    result = run(folder / "config.yaml")
    assert result.exit_code == 2
    assert f"config.yaml:3:9: store.path: {path}: not writable" in result.output


# What is named and is not there


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("rules: {policy: nowhere}", "rules.policy"),
        ("rules: {releases: nowhere}", "rules.releases"),
        ("rules: {domains: nowhere.yaml}", "rules.domains"),
        ("receive: {port: 0, users_file: nowhere}", "receive.users_file"),
    ],
)
def test_what_is_not_there_is_told_with_the_key_that_names_it(
    folder: Path, text: str, key: str
) -> None:
    quiet = QUIET if "receive" not in text else "metrics: {port: 0}\n"
    (folder / "config.yaml").write_text(f"{quiet}{text}\n")
    for command in (check, run_command):
        result = CliRunner().invoke(command, ["--config", str(folder / "config.yaml")])
        assert result.exit_code == 2
        assert f"{folder}/nowhere" in result.output
        assert f"{key} in the configuration names it ({folder}/config.yaml:" in result.output


def test_a_mistake_is_told_once_and_not_again_for_the_default_in_its_place(folder: Path) -> None:
    (folder / "elsewhere").mkdir()
    (folder / "rules").rename(folder / "elsewhere/rules")
    with socket.create_server(("127.0.0.1", 10028)):
        (folder / "config.yaml").write_text(
            "receive: {port: x}\nmetrics: {port: y}\nrules: {policy: 1, releases: 2, domains: 3}\n"
            "store: {path: 4}\n"
        )
        result = run(folder / "config.yaml")
    assert result.exit_code == 2
    assert "6 faults found" in result.output and "port 10" not in result.output


def test_ports_are_not_tried_where_that_is_asked_for(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (folder / "config.yaml").write_text(f"receive: {{port: {port}}}\nmetrics: {{port: 0}}\n")
        assert run(folder / "config.yaml").exit_code == 1
        assert run(folder / "config.yaml", "--no-ports").exit_code == 0


# Warnings


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("receive: {port: 0, relay_networks: [0.0.0.0/0]}", "OPEN RELAY: receive.relay_networks"),
        ('receive: {port: 0, relay_networks: ["::/0"]}', "ANYBODY ON THE INTERNET"),
        ("receive: {port: 0, relay_networks: [0.0.0.0/1, 128.0.0.0/1]}", "has 128.0.0.0/1"),
        ("department: {domains: []}", "nobody counts as internal"),
        ("next_hop: {host: no-such-host.invalid}", "next_hop.host no-such-host.invalid"),
        ("workers: 256", "workers is 256"),
    ],
)
def test_what_nobody_can_have_meant_is_a_warning(folder: Path, text: str, said: str) -> None:
    quiet = QUIET if "receive" not in text else "metrics: {port: 0}\n"
    (folder / "config.yaml").write_text(f"{quiet}{text}\n")
    result = run(folder / "config.yaml")
    assert result.exit_code == 0
    assert "warning: " in result.output and said in result.output
    assert said in " ".join(json.loads(run(folder / "config.yaml", "--json").output)["warnings"])


def test_own_networks_are_no_reason_to_warn(folder: Path) -> None:
    (folder / "config.yaml").write_text(
        'receive: {port: 0, relay_networks: [10.0.0.0/8, "fd00::/16", 192.0.2.1]}\n'
        "metrics: {port: 0}\n"
    )
    assert "OPEN RELAY" not in run(folder / "config.yaml").output


def test_what_needs_a_look_is_a_warning_and_no_fault(folder: Path) -> None:
    soon = (datetime.now(UTC) + timedelta(days=30)).date()
    (folder / "rules/releases/new.yaml").write_text(
        f"release: {{title: New figures, instant: {soon}T09:30:00, contacts: [a@dept.example]}}\n"
        "roles: [{id: press, title: Media Officer}]\n"
    )
    result = run(folder / "config.yaml")
    assert result.exit_code == 0
    assert "warning: new: nobody holds the role 'Media Officer'" in result.output


def test_without_config_the_local_file_is_used_and_else_the_shipped_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert setting_path(None) == ROOT / "config.example.yaml"
    (tmp_path / "config.yaml").write_text("workers: 7\n")
    assert load_setting(None).workers == 7


def test_a_command_that_looks_says_that_it_uses_the_example(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (["check"], ["who", "cla-2018", "a@b.example"], ["rules", "check"]):
        result = CliRunner().invoke(main, words)
        assert f"using {ROOT}/config.example.yaml" in result.stderr
        assert "using" not in result.stdout
    (tmp_path / "config.yaml").write_text(f"rules: {{policy: {ROOT}/rules/policy}}\n")
    assert "using" not in CliRunner().invoke(main, ["rules", "check"]).output


def test_a_command_that_keeps_mail_insists_on_a_configuration_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["run"])
    assert result.exit_code == 2
    assert "there is no config.yaml here" in result.stderr
    assert f"cp {ROOT}/config.example.yaml config.yaml" in result.stderr
    with pytest.raises(UsageError):
        load_setting(None, insist=True)
    monkeypatch.chdir(ROOT)
    assert "cp config.example.yaml config.yaml" in CliRunner().invoke(main, ["run"]).stderr
