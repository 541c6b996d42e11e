"""`gateway check`: everything that is wrong, at once, with its place and what to do."""

from __future__ import annotations

import json
import shutil
import socket
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from click.testing import CliRunner, Result

from gateway.cli.check import check
from gateway.cli.setting import load_setting, setting_path

ROOT = Path(__file__).resolve().parents[2]
QUIET = "receive: {port: 0}\nmetrics: {port: 0}\n"


def run(config: Path, *words: str) -> Result:
    return CliRunner().invoke(check, ["--config", str(config), *words])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped rules with a configuration that asks for no fixed port."""
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    (tmp_path / "config.yaml").write_text(QUIET)
    return tmp_path


def test_the_shipped_rules_and_example_register_are_in_order(folder: Path) -> None:
    result = run(folder / "config.yaml")
    assert result.exit_code == 0, result.output
    assert "in order" in result.output
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
    assert result.exit_code == 1
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
    assert result.exit_code == 1
    assert "config.yaml:1:26: the certificate and key cannot be used" in result.output


def test_a_key_that_others_can_read_is_a_fault(folder: Path) -> None:
    (folder / "var").mkdir()
    key = folder / "var/gateway.key"
    key.write_bytes(b"0" * 32)
    key.chmod(0o644)
    result = run(folder / "config.yaml")
    assert result.exit_code == 1
    assert "the key can be read by others" in result.output
    assert "chmod 600" in result.output


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
