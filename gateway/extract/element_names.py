"""Names of XML elements, whatever their namespaces."""

from __future__ import annotations

from typing import Any


def local(element: Any) -> str:
    """The tag without its namespace; "" for comments and entities."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
