"""JSON lines on standard error: ids, sizes, counts, verdicts and timings, never content."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Any, BinaryIO

import orjson
import structlog

_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


class _Lines:
    """Writes log lines. A log that nobody takes must never stop or repeat mail: what cannot be
    written is counted, and the count is written when writing is possible again."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._lost = 0

    def __call__(self, *_: Any) -> _Lines:
        return self

    def msg(self, line: bytes) -> None:
        if self._lost:
            line = orjson.dumps({"event": "log lines lost", "count": self._lost}) + b"\n" + line
        try:
            self._file.write(line + b"\n")
            self._file.flush()
        except (OSError, ValueError):
            self._lost += 1
        else:
            self._lost = 0

    debug = info = warning = error = msg


def configure(level: str) -> None:
    """Set up structlog for this process, and silence libraries that would log content."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=_Lines(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )
    for name in ("mail.log", "mail.debug", "asyncio", "aiosmtpd"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def failure(error: BaseException) -> dict[str, Any]:
    """What may be said of an exception: its type and where it was raised; its text may be content."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = [f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames]
    return {"error": type(error).__name__, "at": places}
