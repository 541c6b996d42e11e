"""Servers that a test needs are skipped with a reason where they are absent, unless the gate
demands them (GATEWAY_REQUIRE_SERVERS)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings
from support import postfix, slapd

# A busy machine is no fault of what is tested; linearity has tests of its own.
settings.register_profile("gateway", deadline=None)
settings.load_profile("gateway")


def _missing(server: str) -> str | None:
    if server == "postfix":
        return postfix.missing()
    if server == "slapd":
        return slapd.missing()
    return None if shutil.which(server) else f"{server} is not installed"


@pytest.fixture
def needs():
    """`needs("postfix", "swaks")`: skip, or fail where servers are required."""

    def check(*servers: str) -> None:
        reasons = [reason for reason in map(_missing, servers) if reason]
        if reasons and os.environ.get("GATEWAY_REQUIRE_SERVERS"):
            pytest.fail(f"a required server is absent: {'; '.join(reasons)}")
        if reasons:
            pytest.skip("; ".join(reasons))

    return check


@pytest.fixture(autouse=True)
def own_logging() -> Iterator[None]:
    """What one test does to logging is not seen by the next."""
    yield
    structlog.reset_defaults()
