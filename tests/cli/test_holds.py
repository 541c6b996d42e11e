"""`gateway holds` on a real store, with the shipped rules and register."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gateway.cli.holds import holds
from gateway.model.finding import Finding
from gateway.model.message import Gap, Location
from gateway.model.release import Standing
from gateway.model.session import Arrival, Envelope, Recipient, Session
from gateway.model.verdict import Decision, Verdict
from gateway.store import Store

NOW = datetime(2018, 3, 27, 19, 35, tzinfo=UTC)
BODY = b"From: author@dept.example\r\nSubject: hush\r\n\r\nA diary entry, nothing else.\r\n"


@pytest.fixture
def setting(tmp_path: Path) -> Path:
    root = Path(__file__).parents[2]
    path = tmp_path / "config.yaml"
    path.write_text(
        f"rules: {{policy: {root}/rules/policy, releases: {root}/rules/releases,"
        f" domains: {root}/rules/domains.yaml}}\n"
        "store: {path: var/s.sqlite, key_file: var/key}\n"
    )
    return path


def put(setting: Path, id: str = "A1", sender: str = "author@dept.example") -> None:
    store = Store.open(setting.parent / "var/s.sqlite", setting.parent / "var/key", 1.0)
    names = ("one@other.example", "[red]two@other.example")
    standing = Standing(names[0], "cla-2018", "not-listed", "They are not on the list.")
    decisions = tuple(
        Decision(
            name, "hold", "cla-2018", False, standing, ("embargo",), ("It is not public yet.",)
        )
        for name in names
    )
    evidence = (
        Finding("microdata", Location("2", "rows.csv", "row 5"), "high", {"visibility": "hidden"}),
        Gap(Location("3", "x.zip"), "encrypted"),
    )
    at = datetime.now(UTC)
    store.accept(
        Arrival(id, NOW), Session("192.0.2.1"), Envelope(sender, tuple(map(Recipient, names))), BODY,
        Verdict("hold", decisions), (), at, evidence=evidence, expires=at + timedelta(days=1),
    )  # fmt: skip
    store.close()


def run(setting: Path, command: str, *arguments: str) -> Result:
    return CliRunner().invoke(holds, [command, "--config", str(setting), *arguments])


def test_without_a_store_it_says_where_it_looked(setting: Path) -> None:
    result = run(setting, "list")
    assert result.exit_code == 1 and "there is no store at" in result.output
    assert not (setting.parent / "var").exists()


def test_the_list_shows_who_waits_and_nothing_of_the_message(setting: Path) -> None:
    put(setting)
    result = run(setting, "list")
    assert result.exit_code == 0
    for word in ("A1", "2018-03-27 20:35 BST", "author@dept.example", "held", "one@other.example",
                 "[red]two@other.example", "cla-2018"):  # fmt: skip
        assert word in result.output
    assert "hush" not in result.output


def test_an_empty_list_says_so(setting: Path) -> None:
    put(setting)
    assert run(setting, "refuse", "A1").exit_code == 0
    assert run(setting, "list").output == "nothing is held\n"
    assert "refused" in run(setting, "list", "--all").output


def test_json_is_for_scripts(setting: Path) -> None:
    put(setting, sender="")
    (hold,) = json.loads(run(setting, "list", "--json").output)
    assert (hold["id"], hold["sender"], hold["state"], hold["size"]) == (
        "A1",
        "",
        "held",
        len(BODY),
    )
    assert hold["arrived"] == "2018-03-27T19:35:00+00:00"
    first = hold["recipients"][0]
    assert first["address"] == "one@other.example" and first["state"] == "held"
    assert (first["release"], first["reasons"]) == ("cla-2018", ["embargo"])


def test_show_tells_why_and_who_did_what(setting: Path) -> None:
    put(setting)
    shown = run(setting, "show", "A1").output
    for words in ("They are not on the list. It is not public yet.", "found microdata at row 5 in rows.csv (hidden)",
                  "not read (encrypted) at part 3 in x.zip", "gateway: accepted"):  # fmt: skip
        assert words in shown
    details = json.loads(run(setting, "show", "A1", "--json").output)
    assert details["findings"] == [
        {
            "kind": "microdata",
            "confidence": "high",
            "hidden": True,
            "part": "2",
            "name": "rows.csv",
            "where": "row 5",
        }
    ]
    assert details["gaps"][0]["reason"] == "encrypted"
    assert details["history"][0]["action"] == "accepted"
    assert "hush" not in shown


def test_an_unknown_id_is_an_error_of_one_line(setting: Path) -> None:
    put(setting)
    for command in ("show", "release", "refuse"):
        result = run(setting, command, "A9")
        assert (result.exit_code, result.output) == (1, "Error: there is no held message A9\n")


def test_a_wrong_configuration_is_misuse(setting: Path) -> None:
    setting.write_text("stor: {}\n")
    result = run(setting, "list")
    assert result.exit_code == 2 and "unknown key 'stor'" in result.output


def test_refusing_names_who_decided(setting: Path) -> None:
    put(setting)
    result = run(setting, "refuse", "A1", "--by", "maria", "--to", "ONE@other.example", "--json")
    assert json.loads(result.output) == {"id": "A1", "refused": ["one@other.example"]}
    details = json.loads(run(setting, "show", "A1", "--json").output)
    assert details["recipients"][0]["decided_by"] == "maria"
    assert details["state"] == "partly decided"


def test_releasing_decides_again_and_only_once(setting: Path) -> None:
    put(setting)
    result = run(setting, "release", "A1", "--by", "maria", "--to", "one@other.example")
    assert result.exit_code == 0
    assert result.output.splitlines()[-1] == "A1: released to one@other.example"
    again = run(setting, "release", "A1", "--by", "john", "--to", "one@other.example")
    assert again.exit_code == 1 and "already released by maria at" in again.output


def test_what_the_rules_would_hold_again_needs_force(setting: Path) -> None:
    put(setting)
    banner = b"Subject: x\r\n\r\nEMBARGOED UNTIL 09:30 ON 1 JANUARY 2098\r\n"
    store = Store.open(setting.parent / "var/s.sqlite", setting.parent / "var/key", 1.0)
    envelope = Envelope("author@dept.example", (Recipient("x@webmail.example"),))
    store.accept(
        Arrival("A2", NOW), Session("::1"), envelope, banner, Verdict("hold", ()), (), NOW
    )  # fmt: skip
    store.close()
    result = run(setting, "release", "A2", "--by", "maria")
    assert result.exit_code == 1 and "nothing was released" in result.output
    still = json.loads(run(setting, "release", "A2", "--by", "maria", "--json").output)
    assert still["released"] == [] and still["still"][0]["address"] == "x@webmail.example"
    forced = run(
        setting, "release", "A2", "--by", "maria", "--force", "--reason", "agreed", "--json"
    )
    assert forced.exit_code == 0
    assert json.loads(forced.output)["overridden"][0]["disposition"] == "hold"


@pytest.mark.parametrize("given", [(), ("--by", "maria"), ("--reason", "agreed"), ("--by", "maria", "--reason", " ")])  # fmt: skip
def test_going_against_the_rules_takes_a_name_and_a_reason(
    setting: Path, given: tuple[str, ...]
) -> None:
    put(setting)
    result = run(setting, "release", "A1", "--force", *given)
    assert result.exit_code == 2
    assert "--by NAME" in result.output and "--reason TEXT" in result.output
    assert "released" not in run(setting, "list", "--all").output


def test_whoever_releases_sees_what_is_in_the_message(setting: Path) -> None:
    put(setting)
    said = run(setting, "release", "A1", "--by", "maria", "--to", "one@other.example").output
    assert "found microdata at row 5 in rows.csv (hidden)" in said
    assert "not read (encrypted) at part 3 in x.zip" in said and "hush" not in said
    put(setting, "A2")
    done = run(setting, "release", "A2", "--by", "maria", "--to", "one@other.example", "--json")
    assert json.loads(done.output)["findings"][0]["hidden"] is True


def test_a_hold_number_may_be_cut_short_where_only_one_is_like_it(setting: Path) -> None:
    for id in ("20261121030620-2eaa", "20261121030621-77fb"):
        put(setting, id)
    for number in ("20261121030620", "2eaa", "20261121030620-2eaa"):
        assert json.loads(run(setting, "show", number, "--json").output)["id"].endswith("2eaa")
    assert "refused for" in run(setting, "refuse", "77fb", "--by", "maria").output
    many = run(setting, "show", "2026")
    assert (
        many.exit_code == 1 and "2 hold numbers are like 2026: 20261121030620-2eaa" in many.output
    )
    assert run(setting, "show", "").exit_code == 1


def test_without_a_configuration_nobody_is_told_that_nothing_is_held(
    setting: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(setting)
    monkeypatch.chdir(setting.parent)
    here = CliRunner().invoke(holds, ["list"])
    assert here.exit_code == 0
    assert f"using config.yaml, store {setting.parent}/var/s.sqlite" in here.output
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    result = CliRunner().invoke(holds, ["list"])
    assert result.exit_code == 2 and "--config" in result.output


def test_expire_ends_what_is_overdue(setting: Path) -> None:
    put(setting)
    assert run(setting, "expire").output == "no hold has expired\n"
    store = Store.open(setting.parent / "var/s.sqlite", setting.parent / "var/key", 1.0)
    store.accept(
        Arrival("A2", NOW), Session("::1"), Envelope("", (Recipient("x@other.example"),)), b"",
        Verdict("hold", ()), (), NOW,
    )  # fmt: skip
    store.close()
    assert json.loads(run(setting, "expire", "--json").output) == {"expired": ["A2"]}
