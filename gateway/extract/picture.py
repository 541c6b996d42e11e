"""Pictures: their words where text recognition is installed, a Gap where it is not."""

from __future__ import annotations

from typing import Iterator

from gateway.model.content import Content
from gateway.model.limits import ReadLimits
from gateway.model.message import Gap, Part
from gateway.model.picture import picture_tail


def read_picture(part: Part, limits: ReadLimits) -> Iterator[Content]:
    """A picture may show a table; which unread pictures matter is for the rules to say."""
    yield Gap(part.location, "no-reader", "a picture, and no text recognition")
    if picture_tail(part.content):
        yield Gap(part.location, "unreadable", "something behind the end of the picture")


def read_broken_picture(part: Part, limits: ReadLimits) -> Iterator[Content]:
    yield Gap(part.location, "unreadable", "begins like a picture, and is none")
