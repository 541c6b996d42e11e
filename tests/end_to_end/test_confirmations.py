"""Who asked for a confirmation gets one from the next hop, or hears from us that it sends none."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest
from support.gateway import InThread, SetClock, write_config
from support.sink import Sink

from gateway.config_reading import load_config

SENDER, READER = "s.field@dept.example", "a.cole@dept.example"
LETTER = b"From: s.field@dept.example\r\nSubject: Lunch\r\nMessage-ID: <1@dept.example>\r\n\r\nAt one?\r\n"


class Unconfirming(Sink):
    EXTENSIONS = tuple(each for each in Sink.EXTENSIONS if each != "DSN")


def reports(
    folder: Path, sink: Sink, options: Sequence[str], sender: str = SENDER
) -> list[tuple[list[str], str]]:
    """What the gateway writes about one letter that is relayed while the client waits."""
    config = load_config(write_config(folder, sink.port))
    with sink, InThread(config, SetClock(datetime(2020, 1, 1, tzinfo=UTC))) as gateway:
        with smtplib.SMTP("127.0.0.1", gateway.port, timeout=60) as client:
            client.ehlo("client.dept.example")
            client.mail(sender)
            assert client.rcpt(READER, options)[0] == 250
            assert client.data(LETTER) == (250, b"2.0.0 ok")
        gateway.deliver_stored()
    first, *others = sink.deliveries
    assert first.addresses == [READER]
    return [(d.addresses, d.content.decode()) for d in others]


def test_a_letter_to_a_next_hop_that_confirms_nothing_is_reported_as_relayed(
    tmp_path: Path,
) -> None:
    ((to, report),) = reports(tmp_path, Unconfirming(), ["NOTIFY=SUCCESS,FAILURE"])
    assert to == [SENDER]
    status = message_from_bytes(report.encode()).get_payload(1).as_string()  # type: ignore[union-attr]
    assert "Action: relayed" in status and "Status: 2.0.0" in status
    assert f"Final-Recipient: rfc822; {READER}" in status
    assert "Remote-MTA: dns; 127.0.0.1" in status
    assert "Lunch" not in report and "At one?" not in report


@pytest.mark.parametrize(
    ("sink", "options", "sender"),
    [
        (Sink, ["NOTIFY=SUCCESS"], SENDER),
        (Unconfirming, ["NOTIFY=FAILURE"], SENDER),
        (Unconfirming, [], SENDER),
        (Unconfirming, ["NOTIFY=SUCCESS"], ""),
    ],
)
def test_otherwise_nothing_is_written(
    tmp_path: Path, sink: type[Sink], options: list[str], sender: str
) -> None:
    assert reports(tmp_path, sink(), options, sender) == []
