"""The kinds of values in config.yaml: sizes, lengths of time, networks, zones, addresses.

Each converts what people write, or says what to write instead.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field

from gateway.model.address import is_usable, normalise_address, normalise_domain

_UNITS = {
    "B": 1,
    "KB": 1000,
    "KiB": 1024,
    "MB": 1000**2,
    "MiB": 1024**2,
    "GB": 1000**3,
    "GiB": 1024**3,
}
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def _size(value: Any) -> Any:
    if isinstance(value, str):
        match = re.fullmatch(r"(\d+)\s*([KMG]i?B|B)", value.strip())
        if not match:
            raise ValueError("write a size such as 25MiB or 512KiB")
        return int(match[1]) * _UNITS[match[2]]
    return value


def _seconds(value: Any) -> Any:
    if isinstance(value, str):
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)", value.strip())
        if not match:
            raise ValueError("write a duration such as 30s, 5m, 12h or 5d")
        return float(match[1]) * _SECONDS[match[2]]
    return value


def _network(value: Any) -> IPv4Network | IPv6Network:
    try:
        return ip_network(str(value))
    except ValueError:
        raise ValueError(
            "write a network such as 10.0.0.0/8 or an address such as 127.0.0.1"
        ) from None


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("not a time zone; write one such as Europe/London") from None
    return value


def _address(value: str) -> str:
    if not is_usable(normalise_address(value)) or value != value.strip(" \t<>"):
        raise ValueError("write an e-mail address such as security@dept.example")
    return value


def _domain(value: str) -> str:
    domain = normalise_domain(value)
    if not domain or domain.startswith("["):
        raise ValueError("write a domain such as dept.example; its subdomains are included")
    return domain


Size = Annotated[int, BeforeValidator(_size), Field(gt=0)]
Seconds = Annotated[float, BeforeValidator(_seconds), Field(gt=0)]
Network = Annotated[Any, BeforeValidator(_network)]
Zone = Annotated[str, AfterValidator(_zone)]
Address = Annotated[str, AfterValidator(_address)]
Domain = Annotated[str, AfterValidator(_domain)]
Port = Annotated[int, Field(ge=0, le=65535)]
Count = Annotated[int, Field(gt=0)]
