"""`gateway run` as an operator meets it: start, reload, stop, figures, logs, holds."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from end_to_end.letters import mail
from support.gateway import ROOT, Command, running_command, write_config
from support.processes import MARK, marked, of_kind, wait_until
from support.sink import Sink

from gateway.cli.check import check
from gateway.cli.holds import holds

SENDER, COLLEAGUE, LISTED = "s.field@dept.example", "a.cole@dept.example", "c.lane@dept.example"
OFFICER = "security-officer@dept.example"
NOTICE = (
    "EMBARGOED UNTIL 9:30AM ON THURSDAY 16 SEPTEMBER 2027\r\n\r\n"
    "Public service productivity, 2026\r\n"
)
LIST = "rules/releases/productivity-2027.yaml"


def papers(to: str = COLLEAGUE, body: str = "") -> bytes:
    head = f"From: {SENDER}\r\nTo: {to}\r\nSubject: Papers\r\nMessage-ID: <p@dept.example>\r\n"
    date = "Date: Sat, 21 Nov 2026 10:00:00 +0000\r\n"
    return f"{head}{date}\r\n{NOTICE}.dots\r\n..\r\n{body}".encode()


@pytest.fixture
def folder(tmp_path: Path, sink: Sink) -> Path:
    """A configuration with a copy of the shipped rules that a test may change."""
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    path = write_config(tmp_path, sink.port)
    path.write_text(path.read_text().replace(f"{ROOT}/rules", "rules"))
    return tmp_path


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Command]]:
    monkeypatch.setenv(MARK, uuid.uuid4().hex)
    with ExitStack() as stack:
        yield lambda: stack.enter_context(
            running_command(folder / "config.yaml", folder / "log.txt")
        )


def send(
    command: Command, content: bytes, *to: str, options: tuple[str, ...] = (),
    notify: tuple[str, ...] = (),
) -> str:  # fmt: skip
    with smtplib.SMTP("127.0.0.1", command.config.receive.port, timeout=60) as client:
        client.ehlo("client.dept.example")
        assert client.mail(SENDER, options)[0] == 250
        for recipient in to:
            assert client.rcpt(recipient, notify)[0] == 250
        code, text = client.data(content)
        return f"{code} {text.decode()}"


def lines(command: Command, event: str) -> list[dict[str, Any]]:
    entries = [json.loads(line) for line in command.log().splitlines()]
    return [entry for entry in entries if entry["event"] == event]


def scraped(command: Command) -> str:
    """/metrics; nothing while the keeper is starting."""
    port = command.config.metrics.port
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/metrics")
        answer = connection.getresponse()
        assert answer.status == 200
        return answer.read().decode()
    except ConnectionRefusedError:
        return ""
    finally:
        connection.close()


def figure(command: Command, name: str) -> float:
    """One figure from /metrics; 0 where it does not appear yet."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", scraped(command), re.M)
    return float(found[1]) if found else 0.0


def reloaded(command: Command, times: int, event: str = "reloaded") -> None:
    """Every worker has said so this often."""
    count = times * command.config.workers
    wait_until(lambda: len(lines(command, event)) >= count, f"{event} {count} times", 20)


def put_on_the_list(folder: Path) -> None:
    """A.cole joins the production team."""
    path = folder / LIST
    text = path.read_text().replace("production_team: [", f"production_team: [{COLLEAGUE}, ")
    replace_file(path, text)


def replace_file(path: Path, text: str) -> None:
    """Put a new file in the place of the old one, as editors and deployments do."""
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    os.replace(fresh, path)


# Starting


def test_nothing_is_started_while_anything_is_faulty_and_every_fault_is_told(folder: Path) -> None:
    config = folder / "config.yaml"
    config.write_text(config.read_text() + "wrokers: 2\nholds: {expire: soon}\n")
    (folder / "users").write_text("somebody:in-clear\n")
    config.write_text(config.read_text().replace("receive: {", "receive: {users_file: users, "))
    (folder / "rules/policy/broken.yaml").write_text("nonsense: true\n")
    (folder / "rules/releases/broken.yaml").write_text("release: {title: X}\n")
    (folder / "rules/domains.yaml").write_text("webmial: []\n")
    command = [sys.executable, "-m", "gateway.cli.main", "run", "--config", str(config)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    for place in (
        "config.yaml:7:1: unknown key 'wrokers'", "config.yaml:8:9: holds.expire",
        "policy/broken.yaml:1:1: ", "releases/broken.yaml:1:1: 'instant' is missing",
        "domains.yaml:1:1: unknown key 'webmial'", "users:1:",
    ):  # fmt: skip
        assert place in done.stderr, done.stderr
    assert "hint: " in done.stderr and "Traceback" not in done.stderr
    assert not (folder / "store").exists()


def test_a_port_that_is_taken_is_a_refusal_to_start(folder: Path) -> None:
    config = folder / "config.yaml"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        config.write_text(re.sub(r"port: \d+", f"port: {port}", config.read_text(), count=1))
        command = [sys.executable, "-m", "gateway.cli.main", "run", "--config", str(config)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "config.yaml:1:" in done.stderr and str(port) in done.stderr


def test_a_check_beside_the_running_gateway_finds_nothing_wrong(folder: Path, run) -> None:
    command = run()
    wait_until(lambda: bool(scraped(command)), "the keeper is up", 20)
    found = CliRunner().invoke(check, ["--config", str(folder / "config.yaml")])
    assert found.exit_code == 0, found.output


# Reloading


def test_a_changed_list_counts_after_a_reload_and_a_broken_rule_changes_nothing(
    folder: Path, sink: Sink, run
) -> None:
    command = run()
    assert "held" in send(command, papers(), COLLEAGUE)
    put_on_the_list(folder)
    assert "held" in send(command, papers(), COLLEAGUE)
    command.process.send_signal(signal.SIGHUP)
    reloaded(command, 1)
    assert send(command, papers(), COLLEAGUE) == "250 2.0.0 ok"

    (folder / "rules/policy/broken.yaml").write_text("id: broken\nnonsense: true\n")
    (folder / LIST).write_text("release: {title: X}\n")
    command.process.send_signal(signal.SIGHUP)
    reloaded(command, 1, "reload refused")
    assert send(command, papers(), COLLEAGUE) == "250 2.0.0 ok"
    faults = lines(command, "reload refused")[0]["faults"]
    assert any("broken.yaml:2:1: " in fault for fault in faults)
    assert any("productivity-2027.yaml:1:1: " in fault for fault in faults)
    workers = command.config.workers
    assert figure(command, 'gateway_reloads_total{outcome="kept old"}') == workers
    assert figure(command, 'gateway_reloads_total{outcome="done"}') == workers


def test_remembered_lists_that_somebody_changed_are_read_again_which_is_logged_once(
    folder: Path, run
) -> None:
    command = run()
    assert command.stop() == 0
    kept = folder / "store" / "compiled"
    assert kept.stat().st_mode & 0o777 == 0o700
    for path in kept.iterdir():
        path.write_bytes(path.read_bytes()[:-1])
    command.start()
    assert "held" in send(command, papers(), COLLEAGUE)
    (complaint,) = lines(command, "remembered lists")
    assert "somebody changed" in complaint["reason"]
    assert command.stop() == 0
    command.start()
    assert "held" in send(command, papers(), COLLEAGUE)
    assert len(lines(command, "remembered lists")) == 1


def test_changed_files_are_taken_over_by_themselves_also_when_they_are_replaced(
    folder: Path, run
) -> None:
    config, domains = folder / "config.yaml", folder / "rules/domains.yaml"
    config.write_text(config.read_text().replace("watch: false", "watch: true"))
    command = run()
    right = domains.read_text()

    def replaced(text: str, event: str) -> None:
        before = len(lines(command, event))
        replace_file(domains, text)
        wait_until(lambda: len(lines(command, event)) > before, f"{event}: {text[-9:]}", 20)

    # There is no telling when watching begins, so the first change is made until it is seen.
    wait_until(lambda: not replace_file(domains, "webmial: []\n") and bool(lines(command, "reload refused")), "seen")  # fmt: skip
    replaced(right, "reloaded")
    replaced("webmial: []\n", "reload refused")
    replaced(right, "reloaded")
    put_on_the_list(folder)
    wait_until(lambda: send(command, papers(), COLLEAGUE) == "250 2.0.0 ok", "the list of now", 20)


# Stopping, and being killed


def test_a_transaction_under_way_is_finished_before_the_gateway_ends(sink: Sink, run) -> None:
    command = run()
    port = command.config.receive.port
    with socket.create_connection(("127.0.0.1", port), 60) as client, client.makefile("rb") as said:
        said.readline()
        for line in ("HELO c.example", f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{COLLEAGUE}>", "DATA"):
            client.sendall(line.encode() + b"\r\n")
            said.readline()
        client.sendall(b"Subject: slow\r\n\r\nfirst\r\n")
        command.process.send_signal(signal.SIGTERM)
        wait_until(lambda: refuses(port), "nobody new is let in", 20)
        client.sendall(b"second\r\n.\r\n")
        assert said.readline() == b"250 2.0.0 ok\r\n"
        assert said.readline().startswith(b"421 ")
    assert command.process.wait(30) == 0
    assert sink.deliveries[0].content.endswith(b"first\r\nsecond\r\n")
    wait_until(lambda: not marked(os.environ[MARK]), "no process is left behind", 10)


def refuses(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as probe:
            return not probe.recv(100).startswith(b"220")
    except OSError:
        return True


def test_a_worker_that_is_killed_is_replaced(run) -> None:
    command = run()
    mark, supervisor = os.environ[MARK], command.process.pid
    before = of_kind(mark, "worker", supervisor)
    os.kill(before[0], signal.SIGKILL)
    wait_until(
        lambda: len(now := of_kind(mark, "worker", supervisor)) == 2 and before[0] not in now,
        "another worker",
    )
    for _ in range(6):
        assert send(command, papers(LISTED), LISTED) == "250 2.0.0 ok"
    [entry] = lines(command, "process ended, starting it again")
    assert entry["process"].startswith("worker-") and entry["exit"] == -signal.SIGKILL


def test_a_worker_started_while_the_rules_are_broken_works_by_those_of_before(
    folder: Path, run
) -> None:
    command = run()
    mark, supervisor = os.environ[MARK], command.process.pid
    (folder / "rules/policy/broken.yaml").write_text("id: broken\nnonsense: true\n")
    before = of_kind(mark, "worker", supervisor)
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: len(lines(command, "rules on disk do not load")) >= 2, "both new workers")
    assert "held" in send(command, papers(), COLLEAGUE)
    assert send(command, papers(LISTED), LISTED) == "250 2.0.0 ok"


def test_told_to_stop_while_a_worker_is_starting_the_gateway_stops_at_once(run) -> None:
    command = run()
    for pid in of_kind(os.environ[MARK], "worker", command.process.pid):
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: "starting it again" in command.log(), "a new worker")
    command.process.send_signal(signal.SIGTERM)
    assert command.process.wait(20) == 0


# What is told, and what is not


def test_figures_and_logs_tell_what_happened_and_nothing_of_what_was_said(
    folder: Path, sink: Sink, run
) -> None:
    command = run()
    secrets = [
        f"{place}{uuid.uuid4().hex[:12]}" for place in ("sub", "body", "file", "cell", "head")
    ]
    subject, body, file, cell, head = secrets
    table = f"region,count\nNorth,{cell}\nSouth,20\nTotal,30\n".encode()
    for to in ([LISTED], [LISTED, COLLEAGUE], [COLLEAGUE]):
        content = mail(
            SENDER, to, f"About {subject}", f"{NOTICE}{body}\n", datetime.now(UTC),
            [(f"{file}.csv", table, ("text", "csv")), (f"{file}.pdf", b"%PDF-1.7 " + cell.encode(), ("application", "pdf"))],
        )  # fmt: skip
        send(command, f"X-Note: {head}\r\n".encode() + content, *to)
    wait_until(lambda: sum(OFFICER in d.addresses for d in sink.deliveries) == 2, "both alerts")
    wait_until(lambda: figure(command, "gateway_held_recipients") == 2, "the keeper's figures", 20)
    assert figure(command, 'gateway_messages_total{disposition="pass"}') == 1
    assert figure(command, 'gateway_messages_total{disposition="hold"}') == 2
    shown = [json.dumps(_invoke(folder, "list", "--json")), _invoke_text(folder, "list")]
    held = _invoke(folder, "list", "--json")
    shown += [_invoke_text(folder, "show", held[0]["id"]), str(_invoke(folder, "show", held[0]["id"], "--json"))]  # fmt: skip
    own = [message_from_bytes(d.content) for d in sink.deliveries if "FROM:<>" in d.mail]
    assert len(own) == 4
    letters = " ".join(
        [str(letter["Subject"]) for letter in own]
        + [part.get_payload(decode=True).decode() for letter in own for part in letter.walk()
           if not part.is_multipart()]
    )  # fmt: skip
    metrics = scraped(command)
    raw = b"".join(path.read_bytes() for path in (folder / "store").rglob("*") if path.is_file())
    assert command.stop() == 0
    raw += b"".join(path.read_bytes() for path in (folder / "store").rglob("*") if path.is_file())
    log = command.log()
    assert len(lines(command, "message")) == 3
    for secret in secrets:
        for place, text in (("log", log), ("letters", letters), ("metrics", metrics)):
            assert secret not in text, f"{secret} in the {place}"
        assert secret.encode() not in raw, f"{secret} in the store, in clear"
    for secret in (subject, body, cell, head):
        assert not any(secret in text for text in shown)


# Holds


def _invoke(folder: Path, command: str, *words: str, code: int = 0) -> Any:
    return json.loads(_invoke_text(folder, command, *words, code=code))


def _invoke_text(folder: Path, command: str, *words: str, code: int = 0) -> str:
    result = CliRunner().invoke(
        holds, [command, "--config", str(folder / "config.yaml"), *words], catch_exceptions=False
    )
    assert result.exit_code == code, result.output
    return result.output


def test_what_is_released_is_the_original_with_its_envelope_once_and_by_the_list_of_now(
    folder: Path, sink: Sink, run
) -> None:
    command = run()
    original = papers()
    send(
        command, original, COLLEAGUE, options=("RET=HDRS", "ENVID=Case+2BKept", "BODY=8BITMIME"),
        notify=("NOTIFY=FAILURE,DELAY", "ORCPT=rfc822;A.Cole@dept.example"),
    )  # fmt: skip
    [held] = _invoke(folder, "list", "--json")
    assert [r["state"] for r in held["recipients"]] == ["held"]
    shown = _invoke(folder, "show", held["id"], "--json")
    assert shown["because"][COLLEAGUE] and shown["findings"]

    refusal = _invoke_text(folder, "release", held["id"], "--by", "head", code=1)
    assert COLLEAGUE in refusal and "embargo-off-list" in refusal
    put_on_the_list(folder)  # no reload: a release reads the list as it is now
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "gateway.cli.main", "holds", "release", held["id"], "--by", "head",
             "--config", str(folder / "config.yaml")],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for _ in range(2)
    ]  # fmt: skip
    assert sorted(process.wait(60) for process in both) == [0, 1]
    wait_until(lambda: not _invoke(folder, "list", "--json"), "nothing is held")
    wait_until(lambda: bool(copies(sink)), "the message is delivered")
    _invoke_text(folder, "release", held["id"], "--by", "head", code=1)
    assert command.stop() == 0
    [copy] = copies(sink)
    assert copy.content.endswith(original)
    trace = copy.content.removesuffix(original).decode()
    assert trace.startswith("Received: from client.dept.example ") and trace.count("\r\n") < 6
    assert all(option in copy.mail for option in ("RET=HDRS", "ENVID=Case+2BKept", "BODY=8BITMIME"))
    assert "NOTIFY=FAILURE,DELAY" in copy.recipients[0]
    assert "ORCPT=rfc822;A.Cole@dept.example" in copy.recipients[0]


def copies(sink: Sink) -> list[Any]:
    return [d for d in sink.deliveries if f"<{SENDER}>" in d.mail]


def test_what_is_refused_is_never_delivered_and_the_sender_is_told(
    folder: Path, sink: Sink, run
) -> None:
    command = run()
    send(command, papers(), COLLEAGUE)
    [held] = _invoke(folder, "list", "--json")
    wait_until(
        lambda: any(SENDER in d.addresses for d in sink.deliveries), "the notice of the hold"
    )
    _invoke(folder, "refuse", held["id"], "--by", "head", "--reason", "not theirs", "--json")
    force = ("--force", "--by", "head", "--reason", "after all")
    _invoke_text(folder, "release", held["id"], *force, code=1)
    wait_until(lambda: sum(SENDER in d.addresses for d in sink.deliveries) == 2, "two notices")
    assert command.stop() == 0
    assert not copies(sink)
    notice = message_from_bytes([d for d in sink.deliveries if SENDER in d.addresses][-1].content)
    assert notice["Subject"].endswith("refused") and notice["Auto-Submitted"]
