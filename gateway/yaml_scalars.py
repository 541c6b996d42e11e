"""What a YAML scalar without quotes means, as people write it: dates, numbers, true and false, text.

Only what is text to everybody but YAML 1.1 differs from it: 10:30 is a time of day, = and << on
their own are signs.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import yaml

TEXT = "tag:yaml.org,2002:str"
TELLING = frozenset(yaml.resolver.Resolver.yaml_implicit_resolvers)
"""What a scalar begins with that may be something else than text."""

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_NUMBER = re.compile(r"[1-9]\d{0,8}|0", re.ASCII)


class Unusual(Exception):
    """Something that only a slower reader can judge."""


class Plain(dict[str, Any]):
    """What scalars without quotes mean. Raises Unusual where one cannot be what it looks like."""

    def __init__(self) -> None:
        super().__init__()
        self._resolver: Any = yaml.resolver.Resolver()
        self._constructor = yaml.constructor.SafeConstructor()

    def __missing__(self, text: str) -> Any:
        if text[:1] not in TELLING:
            return text
        self[text] = value = self._resolved(text)
        return value

    def _resolved(self, text: str) -> Any:
        if _NUMBER.fullmatch(text):
            return int(text)
        if day := _DAY.fullmatch(text):
            try:
                return date(int(day[1]), int(day[2]), int(day[3]))
            except ValueError:
                return text
        tag = self._resolver.resolve(yaml.ScalarNode, text, (True, False))
        if tag == TEXT:
            return text
        value, wrong = constructed(self._constructor, yaml.ScalarNode(tag, text))
        if wrong:
            raise Unusual
        return value


def constructed(constructor: Any, node: yaml.ScalarNode) -> tuple[Any, str]:
    """The value of a scalar; beside it what it cannot be, or ""."""
    kind = node.tag.rsplit(":", 1)[-1]
    if kind in ("value", "merge"):
        return node.value, ""  # = and << on their own
    if kind in ("int", "float") and ":" in node.value:
        return node.value, ""  # 10:30 is a time of day to everybody but YAML 1.1, who counts in 60s
    try:
        return constructor.construct_object(node), ""
    except (ValueError, OverflowError, yaml.YAMLError):
        if kind == "timestamp":
            return node.value, ""  # 2018-02-30: whoever reads the field names it with the rest
        return None, kind
