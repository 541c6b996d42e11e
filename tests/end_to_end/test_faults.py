"""What happens when something fails; docs/failures.md is the same as a table."""

from __future__ import annotations

import random
import resource
import smtplib
import socket
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from end_to_end.letters import XLSX, count_workbook, mail
from support import crashing
from support.gateway import ROOT, InThread, SetClock, write_config
from support.postfix import free_port
from support.sink import HANG_UP, Sink

from gateway import live, pipeline
from gateway.config_reading import load_config
from gateway.model.message import Gap
from gateway.model.rule import FieldTest, Name, Outcome, Rule, Selection

SENDER, COLLEAGUE, FRIEND = "s.field@dept.example", "a.cole@dept.example", "friend@webmail.example"
LISTED, OFFICER = "c.lane@dept.example", "security-officer@dept.example"
NOW = datetime(2027, 9, 10, 12, tzinfo=UTC)
NOTICE = "EMBARGOED UNTIL 9:30AM ON THURSDAY 16 SEPTEMBER 2027\n\nPublic service productivity, 2026"
PLAIN = mail(SENDER, [COLLEAGUE], "Lunch", "At one?\n", NOW)
HELD = mail(SENDER, [COLLEAGUE], "Papers", f"{NOTICE}\n", NOW)
Reply = tuple[int, str]
TELL = """\
id: tell-of-it
title: Embargoed material on its way
severity: high
mode: enforce
because: The message carries an embargo notice and was passed on.
select:
  banner: {any finding: {kind: embargo-banner}}
when: banner
do: {action: alert}
tests:
  hits:
    - name: a notice
      to: colleague@dept.example
      with: [{finding: embargo-banner, until: the instant, expired: no}]
      expect: pass
      alert: breach
    - name: a notice to a stranger
      to: stranger@elsewhere.example
      with: [{finding: embargo-banner, until: the instant, expired: no}]
      expect: pass
      alert: breach
  near-misses:
    - {name: a letter, to: c@dept.example, with: [{attachment: a.txt}], expect: pass}
    - {name: a chat, to: c@dept.example, with: [{attachment: b.txt}], expect: pass}
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., InThread]]:
    """The gateway with pieces of its configuration replaced."""
    with ExitStack() as stack:

        def run(port: int, changes: dict[str, str] | None = None) -> InThread:
            path = write_config(tmp_path, port)
            for old, new in (changes or {}).items():
                assert old in path.read_text()
                path.write_text(path.read_text().replace(old, new))
            return stack.enter_context(InThread(load_config(path), SetClock(NOW)))

        yield run


def talk(gateway: InThread, content: bytes, *recipients: str) -> list[Reply]:
    """The replies to MAIL, each RCPT and the final dot, as far as it comes."""
    with smtplib.SMTP("127.0.0.1", gateway.port, timeout=60) as client:
        client.ehlo("client.dept.example")
        replies = [client.mail(SENDER)]
        if replies[0][0] == 250:
            replies += [client.rcpt(recipient) for recipient in recipients]
            if any(code == 250 for code, _ in replies[1:]):
                replies.append(client.data(content))
        return [(code, text.decode()) for code, text in replies]


def nothing_kept(gateway: InThread, sink: Sink | None = None) -> bool:
    gateway.deliver_stored()
    return gateway.store.counts() == {} and not (sink and sink.deliveries)


def subjects(sink: Sink, to: str) -> list[str]:
    letters = [message_from_bytes(d.content) for d in sink.deliveries if to in d.addresses]
    return [str(letter["Subject"]) for letter in letters]


# The next hop


def test_while_the_next_hop_is_down_mail_is_refused_for_now_before_it_is_sent(start) -> None:
    gateway = start(free_port())
    _, *answers = talk(gateway, PLAIN, COLLEAGUE, LISTED)
    assert [(code, text[:5]) for code, text in answers] == [(451, "4.4.1")] * 2
    assert nothing_kept(gateway)


@pytest.mark.parametrize("answer", ["451 4.7.1 Greylisted", "550 5.7.1 Not from you"])
def test_what_the_next_hop_says_to_mail_is_every_recipients_answer(
    gateway, sink, answer: str
) -> None:
    sink.answers["MAIL"] = answer
    _, *answers = talk(gateway, PLAIN, COLLEAGUE, LISTED)
    assert [f"{code} {text}" for code, text in answers] == [answer] * 2
    assert nothing_kept(gateway, sink)


def test_a_recipient_the_next_hop_refuses_does_not_keep_the_others(gateway, sink) -> None:
    sink.answers["nobody@other.example"] = "550 5.1.1 No such user"
    _, refused, taken, end = talk(gateway, PLAIN, "nobody@other.example", COLLEAGUE)
    assert refused == (550, "5.1.1 No such user")
    assert taken[0] == 250 and end == (250, "2.0.0 ok")
    assert [delivery.addresses for delivery in sink.deliveries] == [[COLLEAGUE]]


def test_the_clients_answer_to_the_final_dot_is_the_next_hops_own(gateway, sink) -> None:
    sink.answers["."] = "552 5.3.4 Message too big for system"
    assert talk(gateway, PLAIN, COLLEAGUE)[-1] == (552, "5.3.4 Message too big for system")
    assert nothing_kept(gateway, sink)


def test_a_next_hop_that_hangs_up_after_the_dot_leaves_the_message_to_the_client(
    gateway, sink
) -> None:
    sink.answers["."] = HANG_UP
    code, text = talk(gateway, PLAIN, COLLEAGUE)[-1]
    assert (code, text[:5]) == (451, "4.4.2") and "unknown" in text
    assert gateway.store.counts() == {}


def test_a_next_hop_that_restarted_costs_no_message(gateway, sink) -> None:
    assert talk(gateway, PLAIN, COLLEAGUE)[-1] == (250, "2.0.0 ok")
    sink.drop_connections()
    assert talk(gateway, PLAIN, COLLEAGUE)[-1] == (250, "2.0.0 ok")
    assert len(sink.deliveries) == 2


# Alerts about what passed


@pytest.fixture
def telling(start, sink: Sink, tmp_path: Path) -> InThread:
    """A policy that passes embargoed material on and raises an alert."""
    policy = tmp_path / "policy"
    policy.mkdir()
    (policy / "tell-of-it.yaml").write_text(TELL)
    return start(sink.port, {f"{ROOT}/rules/policy": str(policy)})


def alert_text(gateway: InThread, sink: Sink) -> str:
    sink.answers.clear()
    gateway.deliver_stored()
    [letter] = [message_from_bytes(d.content) for d in sink.deliveries if OFFICER in d.addresses]
    assert letter["Subject"].startswith("[BREACH]")
    parts = [p for p in letter.walk() if p.get_content_type() == "text/plain"]
    return " ".join(parts[0].get_payload(decode=True).decode().split())


def test_the_alert_tells_that_a_message_was_delivered(telling, sink) -> None:
    assert talk(telling, HELD, COLLEAGUE)[-1] == (250, "2.0.0 ok")
    assert "delivered to the next mail server, which said: 250 2.0.0 ok" in alert_text(
        telling, sink
    )


def test_the_alert_tells_that_the_next_hop_refused_the_message(telling, sink) -> None:
    sink.answers["."] = "552 5.3.4 Message too big for system"
    assert talk(telling, HELD, COLLEAGUE)[-1][0] == 552
    text = alert_text(telling, sink)
    assert "It was not delivered." in text
    assert "the next mail server said: 552 5.3.4 Message too big for system" in text


def test_the_alert_does_not_call_undelivered_what_may_have_been_delivered(telling, sink) -> None:
    sink.answers["."] = HANG_UP
    assert talk(telling, HELD, COLLEAGUE)[-1][0] == 451
    text = alert_text(telling, sink)
    assert "not delivered" not in text.lower()
    assert "delivery outcome unknown" in text


# The store


QUICK = {"store: {": "store: {busy_timeout: 200ms, "}


def test_while_the_store_is_locked_held_mail_waits_at_the_client_and_clean_mail_passes(
    start, sink
) -> None:
    gateway = start(sink.port, QUICK)
    with closing(sqlite3.connect(gateway.config.store.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        code, text = talk(gateway, HELD, COLLEAGUE)[-1]
        assert (code, text[:5]) == (451, "4.3.1")
        assert talk(gateway, PLAIN, COLLEAGUE)[-1] == (250, "2.0.0 ok")
        other.execute("ROLLBACK")
    assert gateway.store.counts() == {} and len(sink.deliveries) == 1
    assert talk(gateway, HELD, COLLEAGUE)[-1][0] == 250
    assert gateway.store.counts()["held"] == 1


def test_an_alert_that_cannot_be_stored_keeps_the_message_from_being_passed(
    start, sink, tmp_path: Path
) -> None:
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy/tell-of-it.yaml").write_text(TELL)
    gateway = start(sink.port, QUICK | {f"{ROOT}/rules/policy": str(tmp_path / "policy")})
    with closing(sqlite3.connect(gateway.config.store.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert talk(gateway, HELD, COLLEAGUE)[-1][0] == 451
        other.execute("ROLLBACK")
    assert nothing_kept(gateway, sink)


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Room for 2 MB below `folder`."""
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        pytest.skip(f"no mount: {error}")
    if done.returncode:
        pytest.skip(f"no mount: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def small_files(_: Path) -> Iterator[None]:
    """No file of this process may grow beyond 2 MB."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("shortage", [small_disk, small_files])
def test_on_a_full_disk_nothing_is_half_stored(start, sink, tmp_path: Path, shortage) -> None:
    body = f"{NOTICE}\n" + "The same line again and again.\n" * 120_000
    large = mail(SENDER, [COLLEAGUE], "Papers", body, NOW)
    with shortage(tmp_path / "store"):
        gateway = start(sink.port)
        code, text = talk(gateway, large, COLLEAGUE)[-1]
        assert (code, text[:5]) == (451, "4.3.1")
        assert nothing_kept(gateway, sink)
        assert gateway.store.verify().entries == 0
        with closing(sqlite3.connect(gateway.config.store.path)) as reader:
            assert reader.execute("SELECT count(*) FROM pieces").fetchone() == (0,)
            assert reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert talk(gateway, PLAIN, COLLEAGUE)[-1] == (250, "2.0.0 ok")
        assert talk(gateway, HELD, COLLEAGUE)[-1][0] == 250
        [hold] = gateway.store.holds()
        assert gateway.store.original(hold.id).content == HELD


# The message


def nested(depth: int, kind: str) -> bytes:
    """Multiparts in one another, or messages in messages."""
    if kind == "message":
        return b"Content-Type: message/rfc822\r\n\r\n" * depth + b"Subject: end\r\n\r\nend\r\n"
    opened = [b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(depth)]  # fmt: skip
    return b"".join(opened) + b"\r\nend\r\n"


def noise(seed: int) -> bytes:
    source = random.Random(seed)
    raw = source.randbytes(20_000).replace(b"\0", b"0")
    return b"\r\n".join(line[:900] for line in raw.replace(b"\r", b"").split(b"\n")) + b"\r\n"


UNREADABLE: dict[str, bytes] = {
    **{f"random bytes {seed}": noise(seed) for seed in range(4)},
    "random bytes as a body": b"Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-7\r\nContent-Transfer-Encoding: base64\r\n\r\n" + noise(9),
    "2,000 multiparts in one another": nested(2000, "multipart"),
    "2,000 messages in one another": nested(2000, "message"),
    "nothing": b"\r\n",
    "60,000 addresses": b"To: " + b",\r\n ".join([b"a@b.example"] * 60_000) + b"\r\n\r\nx\r\n",
    "a header of a megabyte": b"Subject: " + b"\r\n ".join([b"word " * 150] * 1400) + b"\r\n\r\nx\r\n",
    "a header that never ends": b"X: y\r\n" * 50_000,
    "boundaries that overlap": b'Content-Type: multipart/mixed; boundary="a"\r\n\r\n--a\r\nContent-Type: multipart/mixed; boundary="aa"\r\n\r\n--aa\r\n--a--\r\n--aa--\r\n',
    "strange parameters": b"Content-Type: text/plain" + b"; name*%d*=%%" * 3000 % tuple(range(3000)) + b"\r\n\r\nx\r\n",
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_nobody_can_parse_is_decided_all_the_same(gateway, sink, name: str) -> None:
    replies = talk(gateway, UNREADABLE[name], FRIEND)
    assert replies[-1][0] == 250, replies
    held = gateway.store.counts().get("held", 0)
    assert len([d for d in sink.deliveries if FRIEND in d.addresses]) + held == 1


@pytest.mark.parametrize(
    "name", ["2,000 multiparts in one another", "2,000 messages in one another"]
)
def test_what_nobody_can_parse_is_no_way_around_an_embargo(gateway, sink, name: str) -> None:
    gateway.clock.at = NOW
    content = UNREADABLE[name].replace(
        b"Content", b"Subject: Public service productivity\r\nContent", 1
    )
    talk(gateway, content, FRIEND, COLLEAGUE)
    assert gateway.store.counts()["held"] == 2 and not sink.deliveries


@pytest.mark.parametrize("ending", [b"", b"\r\n", b"\r\n.", b"\r\n.\r"])
def test_of_a_client_that_is_gone_in_mid_data_nothing_is_kept(gateway, sink, ending) -> None:
    for abandon in (socket.SHUT_WR, socket.SHUT_RDWR):
        with socket.create_connection(("127.0.0.1", gateway.port), 10) as client:
            lines = client.makefile("rb")
            lines.readline()
            for command in ("HELO c.example", f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{COLLEAGUE}>", "DATA"):  # fmt: skip
                client.sendall(command.encode() + b"\r\n")
                lines.readline()
            client.sendall(HELD.rstrip() + ending)
            client.shutdown(abandon)
            assert not lines.read().startswith(b"250")
    assert talk(gateway, PLAIN, COLLEAGUE)[-1] == (250, "2.0.0 ok")
    gateway.deliver_stored()
    assert len(sink.deliveries) == 1 and gateway.store.counts() == {}


# The gateway itself


def test_a_reader_that_takes_its_process_down_is_a_gap_that_the_policy_decides_about(
    start, sink, monkeypatch
) -> None:
    monkeypatch.setattr(live, "read_job", crashing.crash)
    gateway = start(sink.port)
    book = [("table.xlsx", count_workbook(), XLSX)]
    content = mail(SENDER, [FRIEND], "Table", "Here.\n", NOW, book)
    assert talk(gateway, content, FRIEND, COLLEAGUE)[-1][0] == 250
    [hold] = gateway.store.holds()
    assert [r.recipient.address for r in hold.held] == [FRIEND]
    [gap] = [e for e in gateway.store.hold(hold.id).evidence if isinstance(e, Gap)]
    assert (gap.reason, gap.location.name) == ("crashed", "table.xlsx")
    gateway.deliver_stored()
    assert [d.addresses for d in sink.deliveries if "<>" not in d.mail] == [[COLLEAGUE]]


def broken_rulebook(rulebook: Any) -> Any:
    """The shipped rules and one that cannot be evaluated; no file could say it."""
    test = FieldTest("no-such-field", "is", ("x",))
    rule = Rule(
        "broken", "Broken", "low", "enforce", "Because.", (Selection("s", "", "message", (test,)),),
        Name("s"), Outcome("pass", alert=True),
    )  # fmt: skip
    return replace(rulebook, rules=(*rulebook.rules, rule))


def test_a_rule_that_fails_holds_the_message_for_everybody(start, sink, monkeypatch) -> None:
    load = live.load_knowledge

    def loaded(config: Any) -> Any:
        knowledge = load(config)
        return replace(knowledge, rulebook=broken_rulebook(knowledge.rulebook))

    monkeypatch.setattr(live, "load_knowledge", loaded)
    gateway = start(sink.port)
    assert talk(gateway, PLAIN, COLLEAGUE, LISTED)[-1][0] == 250
    assert gateway.store.counts()["held"] == 2
    gateway.deliver_stored()
    assert {d.mail.split(" ")[1] for d in sink.deliveries} <= {"FROM:<>"}


@pytest.mark.parametrize("stage", ["decide", "parse_message", "_case"])
def test_a_failure_in_the_gateway_is_refused_for_now_and_tells_nothing(
    gateway, sink, monkeypatch, stage: str
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the secret words of the message")

    monkeypatch.setattr(pipeline, stage, fail)
    code, text = talk(gateway, PLAIN, COLLEAGUE)[-1]
    assert (code, text[:5]) == (451, "4.3.0") and "secret" not in text
    assert nothing_kept(gateway, sink)
