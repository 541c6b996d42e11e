"""`gateway demo` runs on any terminal and says why in words that fit."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.cli.demo import as_called

ROOT = Path(__file__).resolve().parents[2]


def test_the_next_command_is_named_as_it_can_be_typed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    for called in (".venv/bin/gateway", str(tmp_path / ".venv/bin/gateway")):
        monkeypatch.setattr(sys, "argv", [called])
        assert as_called() == ".venv/bin/gateway"
    (tmp_path / "gateway").touch(mode=0o755)
    assert as_called() == "gateway"


def test_the_demo_says_what_became_of_each_message_also_where_only_ascii_can_be_shown() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gateway.cli.main", "demo", "--config", "config.example.yaml"],
        capture_output=True, check=False, timeout=120, cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "COLUMNS": "200"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    shown = done.stdout.decode("ascii")
    assert "Traceback" not in done.stderr.decode()
    assert "Wed 28 Mar 2018, 09:29:59 BST" in shown and "11 Nov 2020, 11:45:00 GMT" in shown
    (newspaper,) = (line for line in shown.splitlines() if "reporter@newspaper.example" in line)
    assert "HELD" in newspaper and "They are not on the list" not in newspaper
    colleague = next(line for line in shown.splitlines() if "a.cole@dept.example" in line)
    assert "They are not on the list for this release." in colleague
