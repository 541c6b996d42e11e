"""The gateway in a thread, with the shipped policy and example lists, before a recording sink."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.gateway import InThread, SetClock, write_config
from support.sink import Sink

from gateway.config_reading import load_config


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as sink:
        yield sink


@pytest.fixture
def gateway(tmp_path: Path, sink: Sink) -> Iterator[InThread]:
    config = load_config(write_config(tmp_path, sink.port))
    with InThread(config, SetClock(datetime(2020, 1, 1, tzinfo=UTC))) as running:
        yield running
