"""Frozen model types to JSON and back, so that stored rows outlive this version of the program.

Decoding follows the types' own annotations: unknown keys are ignored and missing ones take the
field's default, so a field may be added to a model type without a migration.
"""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, Callable, Union, get_args, get_origin, get_type_hints

from gateway.store.failure import StoreError


def dumps(value: Any) -> str:
    """Compact JSON with sorted keys: the same value always gives the same text."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True, default=_plain)


def loads(kind: Any, text: str | bytes) -> Any:
    """The value back. Raises StoreError where the text is not what `dumps` wrote."""
    try:
        return _decoder(kind)(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise StoreError(f"a stored {kind.__name__} is damaged ({type(error).__name__})") from None


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {name: getattr(value, name) for name in _names(type(value))}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"cannot store a {type(value).__name__}")


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _decoder(kind: Any) -> Callable[[Any], Any]:
    origin, arguments = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        return _dataclass_decoder(kind)
    if origin in (Union, types.UnionType):
        return _optional_decoder(arguments)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        each = _decoder(arguments[0])
        return lambda value: tuple(each(item) for item in value)
    if origin is tuple:
        places = tuple(_decoder(argument) for argument in arguments)
        return lambda value: tuple(d(v) for d, v in zip(places, value, strict=True))
    if kind is datetime:
        return datetime.fromisoformat
    return lambda value: value  # text, numbers, JSON mappings, literals


def _optional_decoder(arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    others = [argument for argument in arguments if argument is not type(None)]
    if len(others) != 1:
        return lambda value: value
    inner = _decoder(others[0])
    return lambda value: None if value is None else inner(value)


def _dataclass_decoder(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    decoders = {name: _decoder(hints[name]) for name in _names(kind)}

    def decode(value: Any) -> Any:
        return kind(**{name: decoders[name](value[name]) for name in decoders if name in value})

    return decode
