"""A log that nobody takes never stops mail, and says afterwards how much of it is missing."""

from __future__ import annotations

import io

import orjson
import pytest

from gateway.act.log import _Lines, failure


class Pipe(io.BytesIO):
    """Broken until mended."""

    broken = True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        if self.broken:
            raise BrokenPipeError
        return super().write(data)


def test_lines_that_cannot_be_written_are_counted_and_the_count_is_told() -> None:
    pipe = Pipe()
    lines = _Lines(pipe)
    lines.msg(b'{"event":"one"}')
    lines.msg(b'{"event":"two"}')
    pipe.broken = False
    lines.msg(b'{"event":"three"}')
    told, third = map(orjson.loads, pipe.getvalue().splitlines())
    assert told == {"event": "log lines lost", "count": 2}
    assert third == {"event": "three"}


def test_what_is_said_of_an_exception_is_never_its_text() -> None:
    with pytest.raises(ValueError) as raised:
        raise ValueError("the secret figure is 4,711")
    assert "4,711" not in str(failure(raised.value))
    assert failure(raised.value)["error"] == "ValueError"
