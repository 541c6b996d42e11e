"""`gateway inspect` keeps the contract of the command line: scripts rely on every key of it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from click.testing import CliRunner, Result
from end_to_end.letters import XLSX, firm_workbook, mail
from hypothesis import given, settings
from hypothesis import strategies as st
from support.corpus import MESSAGES as CORPUS
from support.gateway import ROOT

from gateway.cli.inspect import inspect
from gateway.model.finding import FindingKind
from gateway.model.message import GapReason

CONFIG = ROOT / "config.example.yaml"
NOTICE = "RESTRICTED UNTIL PUBLISHED AT 9:30AM ON WEDNESDAY 28 MARCH 2018"
SENDER, TEAM = "s.field@dept.example", ["f.gray@dept.example", "a.cole@dept.example"]
SECOND_BEFORE, INSTANT = "2018-03-28T09:29:59+01:00", "2018-03-28T09:30:00+01:00"


def pack(extra: bytes = b"") -> bytes:
    """Papers with a notice, a table of firms and an attachment that nobody reads."""
    attachments = [
        ("firms.xlsx", firm_workbook(15), XLSX),
        ("locked.7z", b"7z\xbc\xaf\x27\x1c" + b"\0" * 60, ("application", "x-7z-compressed")),
    ]
    at = datetime(2018, 3, 27, 9, tzinfo=UTC)
    return extra + mail(SENDER, TEAM, "Papers", f"{NOTICE}\n\nAs promised.\n", at, attachments)


@pytest.fixture
def message(tmp_path: Path) -> Path:
    path = tmp_path / "message.eml"
    path.write_bytes(pack())
    return path


def run(*words: object, given: bytes | None = None, config: Path | None = CONFIG) -> Result:
    options = ["--config", str(config)] if config else []
    return CliRunner().invoke(inspect, [*map(str, words), *options], input=given)


def told(*words: object, given: bytes | None = None) -> list[dict[str, Any]]:
    result = run(*words, "--json", given=given)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def shape(value: Any) -> Any:
    """The keys in their order and the types, of a JSON value; of a list, all shapes in it."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return type(value).__name__


# The contract


def test_the_json_object_has_exactly_the_keys_and_types_of_the_contract(message: Path) -> None:
    raw = message.read_bytes()
    [found] = told(message, "--at", SECOND_BEFORE)
    assert list(found) == [
        "message", "disposition", "recipients", "alerts", "findings", "gaps", "rules", "ms"
    ]  # fmt: skip
    assert found["message"] == {
        "sha256": hashlib.sha256(raw).hexdigest(), "size": len(raw), "parts": 3
    }  # fmt: skip
    assert found["disposition"] == "hold"
    assert set(found["ms"]) == {"parse", "extract", "detect", "decide"}
    assert all(isinstance(value, float) and value >= 0 for value in found["ms"].values())
    assert [r["address"] for r in found["recipients"]] == TEAM
    for recipient in found["recipients"]:
        assert list(recipient) == ["address", "disposition", "release", "listed", "reasons"]
        assert recipient["disposition"] in ("pass", "hold", "reject")
        assert recipient["release"] == "cla-2018"
        assert isinstance(recipient["listed"], bool)
    rules = {path.stem for path in (ROOT / "rules/policy").glob("*.yaml")}
    assert all(set(r["reasons"]) <= rules for r in found["recipients"])
    assert found["alerts"]
    for alert in found["alerts"]:
        assert list(alert) == ["rule", "severity", "release"]
        assert alert["rule"] in rules and alert["severity"] in ("near-miss", "breach")
    for finding in found["findings"]:
        assert list(finding) == ["kind", "part", "name", "where", "confidence", "facts"]
        assert finding["kind"] in get_args(FindingKind)
        assert finding["confidence"] in ("high", "medium", "low")
        assert isinstance(finding["part"], str) and isinstance(finding["where"], str)
        assert finding["name"] is None or isinstance(finding["name"], str)
        assert isinstance(finding["facts"], dict)
    assert {"embargo-banner", "microdata"} <= {finding["kind"] for finding in found["findings"]}
    assert found["gaps"] == [
        {"part": "3", "name": "locked.7z", "reason": found["gaps"][0]["reason"]}
    ]
    assert found["gaps"][0]["reason"] in get_args(GapReason)
    assert {rule["id"] for rule in found["rules"]} == rules
    for rule in found["rules"]:
        assert shape(rule) == {"id": "str", "matched": "bool", "mode": "str", "why": "str"}
        assert rule["mode"] in ("enforce", "notify", "shadow")


def test_the_facts_of_a_banner_say_until_when_whether_that_is_past_and_what_is_odd(
    message: Path,
) -> None:
    for at, expired in ((SECOND_BEFORE, False), (INSTANT, True)):
        [found] = told(message, "--at", at)
        banner = next(f for f in found["findings"] if f["kind"] == "embargo-banner")
        facts = banner["facts"]
        assert {"until", "expired", "warnings"} <= set(facts)
        assert datetime.fromisoformat(facts["until"]) == datetime.fromisoformat(INSTANT)
        assert facts["expired"] is expired and facts["warnings"] == []


def test_no_word_of_the_message_is_repeated(message: Path) -> None:
    output = run(message, "--json", "--at", SECOND_BEFORE).output + run(message).output
    for words in ("As promised", "Papers", NOTICE, "Ltd", "49900000007"):
        assert words not in output


def test_a_message_about_nothing_has_null_where_no_release_is_concerned(tmp_path: Path) -> None:
    plain = mail(SENDER, ["x@other.example"], "Lunch", "At one?\n", datetime.now(UTC))
    [found] = told("-", given=plain)
    assert found["disposition"] == "pass"
    [recipient] = found["recipients"]
    assert recipient == {
        "address": "x@other.example", "disposition": "pass", "release": None, "listed": None,
        "reasons": [],
    }  # fmt: skip
    assert found["alerts"] == found["findings"] == found["gaps"] == []


# What it is given


def test_several_messages_are_one_object_a_line_each_with_its_file(
    message: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.eml"
    other.write_bytes(b"To: x@other.example\r\n\r\nHello\r\n")
    found = told(message, other, message, "--at", INSTANT)
    assert [entry["file"] for entry in found] == [str(message), str(other), str(message)]
    assert next(iter(found[0])) == "file"
    assert "file" not in told(other)[0]


def test_a_dash_reads_standard_input_through_the_real_command(message: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gateway.cli.main", "inspect", "-", "--json", "--config", str(CONFIG)],
        input=message.read_bytes(), capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and done.stderr == b""
    assert json.loads(done.stdout)["message"]["size"] == message.stat().st_size


def test_without_an_envelope_the_headers_serve_blind_copies_included() -> None:
    raw = (
        b"Sender: secretary@dept.example\r\nFrom: =?utf-8?q?F=C3=BCr?= <s.field@dept.example>\r\n"
        b"To: A <a.cole@dept.example>, group: b.dunn@dept.example;\r\nCc: A.Cole@dept.example\r\n"
        b"cc: =?utf-8?q?X?= <c@other.example>\r\nBcc: d@other.example\r\n\r\nHello\r\n"
    )
    [found] = told("-", given=raw)
    assert [r["address"] for r in found["recipients"]] == [
        "a.cole@dept.example", "b.dunn@dept.example", "A.Cole@dept.example", "c@other.example",
        "d@other.example",
    ]  # fmt: skip


def test_an_envelope_that_is_given_takes_the_headers_place(message: Path) -> None:
    words = ("--from", "k.webb@dept.example", "--to", "x@other.example", "--to", "y@other.example")
    [found] = told(message, *words, "--at", SECOND_BEFORE)
    assert [r["address"] for r in found["recipients"]] == ["x@other.example", "y@other.example"]


def test_a_message_to_nobody_is_inspected_all_the_same() -> None:
    [found] = told("-", given=b"Subject: x\r\n\r\n" + NOTICE.encode())
    assert found["recipients"] == [] and found["findings"]


def test_the_moment_decides_to_the_second_and_is_the_departments_without_a_zone(
    message: Path,
) -> None:
    def listed_or_not(at: str) -> str:
        words = ("--to", "x@other.example", "--at", at)
        raw = mail(SENDER, TEAM, "Papers", NOTICE, datetime(2018, 3, 27, 9, tzinfo=UTC))
        return told("-", *words, given=raw)[0]["disposition"]

    assert listed_or_not(SECOND_BEFORE) == "hold"
    assert listed_or_not("2018-03-28T09:29:59") == "hold"
    assert listed_or_not(INSTANT) == "pass"
    assert listed_or_not("2018-03-28T09:30:00") == "pass"
    assert listed_or_not("2018-03-28T08:30:00Z") == "pass"


@pytest.mark.parametrize(
    "words",
    [(), ("no-such.eml",), ("-", "--at", "tomorrow"), ("-", "--unknown"), (".",)],
    ids=["nothing", "a missing file", "no instant", "an unknown option", "a folder"],
)
def test_misuse_is_exit_2_with_a_reason(words: tuple[str, ...]) -> None:
    result = run(*words, given=b"\r\n")
    assert result.exit_code == 2
    assert result.stderr and "Traceback" not in result.output
    assert not result.stdout


def test_a_faulty_configuration_is_exit_2_with_every_fault(message: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("wrokers: 2\nlog: {level: loud}\n")
    result = run(message, config=config)
    assert result.exit_code == 2
    assert "config.yaml:1:1: unknown key 'wrokers'" in result.stderr
    assert "config.yaml:2:" in result.stderr
    (tmp_path / "empty").mkdir()
    config.write_text("rules: {policy: empty, releases: empty, domains: none.yaml}\n")
    result = run(message, config=config)
    assert result.exit_code == 2 and "none.yaml" in result.stderr and not result.stdout


def test_looking_at_a_message_leaves_nothing_behind(message: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(
        f"rules: {{policy: {ROOT}/rules/policy, releases: {ROOT}/rules/releases,"
        f" domains: {ROOT}/rules/domains.yaml}}\n"
    )
    before = sorted(tmp_path.rglob("*"))
    assert run(message, config=config).exit_code == 0
    assert sorted(tmp_path.rglob("*")) == before


# Whatever it is given


_FIELDS = st.sampled_from([b"From", b"To", b"Cc", b"Bcc", b"Sender", b"Date", b"Content-Type"])
_VALUES = st.binary(max_size=60) | st.sampled_from(
    [b"<", b'"', b"a@b.example, <", b"=?utf-8?q?", b"(((", b"\\", b":;", b"@,@", b"\xff@b.example"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_FIELDS, _VALUES), max_size=6))
def test_no_header_is_too_strange_to_serve_as_an_envelope(
    fields: list[tuple[bytes, bytes]],
) -> None:
    from gateway.cli.inspect import _envelope

    raw = b"".join(name + b": " + value + b"\r\n" for name, value in fields) + b"\r\nx\r\n"
    envelope = _envelope(raw, None, ())
    assert all("@" in recipient.address for recipient in envelope.recipients)


@pytest.mark.skipif(not CORPUS.exists(), reason="the open corpus is not here")
def test_the_command_takes_the_whole_corpus_at_once() -> None:
    files = sorted(p for p in CORPUS.rglob("*") if p.is_file())
    found = told(*files)
    assert [entry["file"] for entry in found] == [str(path) for path in files]
    assert all(entry["disposition"] in ("pass", "hold", "reject") for entry in found)
