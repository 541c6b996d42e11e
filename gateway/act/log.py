"""JSON lines on standard error: ids, sizes, counts, verdicts and timings, never content."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any

import orjson
import structlog

_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def configure(level: str) -> None:
    """Set up structlog for this process, and silence libraries that would log content."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.BytesLoggerFactory(file=sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )
    for name in ("mail.log", "mail.debug", "asyncio", "aiosmtpd"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def failure(error: BaseException) -> dict[str, Any]:
    """What may be said of an exception: its type and where it was raised; its text may be content."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames]
    return {"error": type(error).__name__, "at": places}
