"""Real Postfix in front and behind, in the three placements of `deploy/postfix`."""

from __future__ import annotations

import shutil
import smtplib
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from support.gateway import Command, running_command, wait_for_port, write_config
from support.postfix import Postfix, free_port
from support.sink import Delivery, Sink

PLACEMENTS = ["after-queue", "before-queue", "before-queue-speed-adjust"]
EMBARGOED = (
    "From: s.field@dept.example\r\nTo: k.webb@dept.example\r\nSubject: Papers\r\n"
    "Date: Wed, 15 Sep 2027 12:00:00 +0100\r\nMessage-ID: <papers@dept.example>\r\n\r\n"
    "EMBARGOED UNTIL 9:30AM ON THURSDAY 16 SEPTEMBER 2027\r\n\r\n"
    "Public service productivity, 2026\r\n"
)
PLAIN = "From: a@dept.example\r\nTo: b@dept.example\r\nSubject: Hello\r\nMessage-ID: <1@dept.example>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0000\r\n\r\n.dots\r\n..\r\nHello.\r\n"


@dataclass
class Site:
    """Client → Postfix → gateway → Postfix → sink."""

    postfix: Postfix
    gateway: Command
    sink: Sink

    def smtp(self) -> smtplib.SMTP:
        return smtplib.SMTP("127.0.0.1", self.postfix.smtp_port, timeout=30)

    def holds(self) -> str:
        command = ["holds", "list", "--json", "--config", str(self.gateway._file)]
        return self.gateway_command(*command)

    def gateway_command(self, *words: str) -> str:
        python = shutil.which("python", path=str(Path(subprocess.sys.executable).parent))
        done = subprocess.run(
            [str(python), "-m", "gateway.cli.main", *words],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr


@contextmanager
def site(placement: str, tmp_path: Path) -> Iterator[Site]:
    with Sink() as sink, tempfile.TemporaryDirectory(prefix="postfix") as home:
        back = free_port()
        config_file = write_config(tmp_path, back)
        with running_command(config_file, tmp_path / "log") as gateway:
            ports = {
                "smtp": free_port(),
                "sink": sink.port,
                "gateway": gateway.config.receive.port,
                "back": back,
            }
            postfix = Postfix(Path(home) / "instance", placement, ports)
            postfix.start()
            try:
                wait_for_port(postfix.smtp_port, postfix.log)
                wait_for_port(back, postfix.log)
                yield Site(postfix, gateway, sink)
            finally:
                postfix.stop()


@pytest.fixture(params=PLACEMENTS)
def placed(request: pytest.FixtureRequest, needs, tmp_path: Path) -> Iterator[Site]:
    needs("postfix", "swaks")
    with site(request.param, tmp_path) as running:
        yield running


def delivered(site: Site, count: int = 1) -> Delivery:
    try:
        return site.sink.wait_for(count)[count - 1]
    except AssertionError as error:
        raise AssertionError(f"{error}\n{site.postfix.log()}\n{site.gateway.log()}") from None


def test_ordinary_mail_arrives_unchanged_below_the_received_lines(placed: Site) -> None:
    with placed.smtp() as client:
        assert client.sendmail("a@dept.example", ["b@dept.example"], PLAIN) == {}
    arrived = delivered(placed)
    assert arrived.addresses == ["b@dept.example"]
    assert arrived.content.endswith(PLAIN.encode())
    assert arrived.content.count(b"by gateway.dept.example") == 1


def test_swaks_is_served_as_well(placed: Site) -> None:
    done = subprocess.run(
        [
            "swaks", "--server", f"127.0.0.1:{placed.postfix.smtp_port}", "--from", "a@dept.example",
            "--to", "b@dept.example,c@dept.example", "--body", "Hello from swaks",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    arrived = delivered(placed)
    assert sorted(arrived.addresses) == ["b@dept.example", "c@dept.example"]
    assert b"Hello from swaks" in arrived.content


def test_embargoed_papers_reach_the_listed_and_are_held_for_the_others(placed: Site) -> None:
    with placed.smtp() as client:
        client.sendmail(
            "c.lane@dept.example", ["k.webb@dept.example", "a.cole@dept.example"], EMBARGOED
        )
    placed.sink.wait_for(2)
    everybody = [a for d in placed.sink.wait_for(2) for a in d.addresses]
    assert "a.cole@dept.example" not in everybody
    assert "a.cole@dept.example" in placed.holds()


def test_internationalised_addresses_and_eight_bit_text_arrive_intact(placed: Site) -> None:
    text = PLAIN.replace("Hello.", "Grüße, naïve café – 8 Bit.").encode()
    with placed.smtp() as client:
        client.ehlo()
        client.mail("jürgen@dept.example", ["SMTPUTF8", "BODY=8BITMIME"])
        client.rcpt("zoë@partner.example")
        assert client.data(text)[0] == 250
    arrived = delivered(placed)
    assert arrived.addresses == ["zoë@partner.example"]
    assert "jürgen@dept.example" in arrived.mail and "SMTPUTF8" in arrived.mail.upper()
    assert arrived.content.endswith(text)


def test_delivery_status_options_arrive_with_their_case(placed: Site) -> None:
    with placed.smtp() as client:
        client.ehlo()
        client.mail("a@dept.example", ["RET=HDRS", "ENVID=MixedCase+2B7"])
        client.rcpt(
            "b@dept.example", ["NOTIFY=FAILURE,DELAY", "ORCPT=rfc822;B.Original@dept.example"]
        )
        assert client.data(PLAIN.encode())[0] == 250
    arrived = delivered(placed)
    assert "ENVID=MixedCase+2B7" in arrived.mail and "RET=HDRS" in arrived.mail
    options = arrived.recipients[0]
    assert "NOTIFY=FAILURE,DELAY" in options and "ORCPT=rfc822;B.Original@dept.example" in options


def test_a_dkim_signature_still_verifies_at_the_end(placed: Site) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )  # fmt: skip
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    signature = dkim.sign(
        PLAIN.encode(), b"sel", b"dept.example", pem, canonicalize=(b"simple", b"simple"),
        include_headers=[b"from", b"to", b"subject", b"date", b"message-id"],
    )  # fmt: skip
    with placed.smtp() as client:
        client.sendmail("a@dept.example", ["b@dept.example"], signature + PLAIN.encode())
    arrived = delivered(placed)
    import base64

    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
    assert dkim.verify(arrived.content, dnsfunc=lambda name, **_: record)


def test_a_refusal_by_the_next_hop_reaches_the_client_before_the_queue(
    needs, tmp_path: Path
) -> None:
    needs("postfix")
    with site("before-queue", tmp_path) as placed:
        placed.sink.answers["."] = "552 5.3.4 too big for us"
        main = placed.postfix.home / "etc" / "main.cf"
        main.write_text(main.read_text() + "message_size_limit = 1000\n")
        subprocess.run(
            ["postfix", "-c", str(main.parent), "reload"], check=True, capture_output=True
        )
        with placed.smtp() as client, pytest.raises(smtplib.SMTPResponseException) as refused:
            client.sendmail("a@dept.example", ["b@dept.example"], PLAIN + "x" * 70 + "\r\n" * 500)
    assert refused.value.smtp_code == 552


def test_as_a_plain_smarthost_the_gateway_is_one_hop_of_several(needs, tmp_path: Path) -> None:
    needs("postfix")
    with Sink() as sink, tempfile.TemporaryDirectory(prefix="postfix") as home:
        with running_command(write_config(tmp_path, sink.port), tmp_path / "log") as gateway:
            ports = {"smtp": free_port(), "sink": sink.port, "back": free_port()}
            ports["gateway"] = gateway.config.receive.port
            postfix = Postfix(Path(home) / "instance", "smarthost", ports)
            postfix.start()
            try:
                wait_for_port(postfix.smtp_port, postfix.log)
                running = Site(postfix, gateway, sink)
                with running.smtp() as client:
                    client.sendmail("a@dept.example", ["b@dept.example"], PLAIN)
                    client.sendmail("c.lane@dept.example", ["a.cole@dept.example"], EMBARGOED)
                arrived = delivered(running)
            finally:
                postfix.stop()
        assert arrived.addresses == ["b@dept.example"]
        assert arrived.content.endswith(PLAIN.encode())
        assert arrived.content.startswith(b"Received: ")
        assert b"by gateway.dept.example" in arrived.content.split(b"\r\nReceived:")[0]
