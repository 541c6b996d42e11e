"""The supervisor: lists are read once, written down last, and stopping does not wait for them."""

from __future__ import annotations

import signal
import socket
from pathlib import Path
from typing import Any

import pytest
import structlog
from support.gateway import write_config

from gateway.app import open_store
from gateway.cli.run import _checked, _Supervisor
from gateway.live import LastGood
from gateway.releases import reading


class SlowLists:
    """Lists that take until somebody says stop."""

    knowledge = compiled = None

    def __init__(self, told: signal.Signals) -> None:
        self._told = told
        self.finished = False

    def reload(self) -> None:
        signal.raise_signal(self._told)
        self.finished = True

    settle = reload


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_whoever_says_stop_while_lists_are_read_does_not_wait_for_them(
    told: signal.Signals,
) -> None:
    lists: Any = SlowLists(told)
    before = signal.getsignal(told)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        supervisor = _Supervisor({}, listener, lists, 1.0, structlog.get_logger())
        supervisor._read(lists.reload)
        assert supervisor._stopping and not lists.finished
        assert signal.getsignal(told) is before


def test_at_a_start_each_list_is_read_once_and_written_down_when_everything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str] = []
    parse = reading.parse

    def noted(raw: bytes, name: str, *lines: Any) -> Any:
        names.append(name)
        return parse(raw, name, *lines)

    monkeypatch.setattr(reading, "parse", noted)
    config, compiled = _checked(write_config(tmp_path, 25))
    open_store(config).close()
    last_good = LastGood(config, compiled)
    assert names and len(names) == len(set(names))
    kept = config.store.path.with_name("compiled")
    assert not kept.exists()
    last_good.settle()
    assert len(list(kept.iterdir())) == len(names)
    names.clear()
    assert LastGood(config).knowledge.register == last_good.knowledge.register
    assert names == []
