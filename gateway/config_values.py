"""The kinds of values in config.yaml: sizes, lengths of time, networks, zones, addresses.

Each converts what people write, or says what to write instead. What comes from a file must carry
its unit and be sensible; what the program itself gives may be a plain number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

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
_LONGEST, _LARGEST, _MOST = 3650 * 86400.0, 1024 * 1024**3, 10**9
_DURATIONS = "write a duration with its unit, such as 30s, 5m, 12h or 14d"
_SIZES = "write a size with its unit, such as 512KiB, 25MiB or 1GiB"


def _is_written(info: ValidationInfo) -> bool:
    """Whether the value stands in a file, where 14 could mean seconds as well as days."""
    return bool(info.context and info.context.get("written"))


def _size(value: Any, info: ValidationInfo) -> Any:
    if isinstance(value, str):
        match = re.fullmatch(r"([0-9]{1,15})\s*([KMG]i?B|B)", value.strip())
        if not match:
            raise ValueError(_SIZES)
        return int(match[1]) * _UNITS[match[2]]
    if _is_written(info) or isinstance(value, bool):
        raise ValueError(_SIZES)
    return value


def _seconds(value: Any, info: ValidationInfo) -> Any:
    if isinstance(value, str):
        match = re.fullmatch(r"([0-9]{1,15}(?:\.[0-9]{1,15})?)\s*(ms|s|m|h|d)", value.strip())
        if not match:
            raise ValueError(_DURATIONS)
        return float(match[1]) * _SECONDS[match[2]]
    if _is_written(info) or isinstance(value, bool):
        raise ValueError(_DURATIONS)
    return value


def _amount(text: str) -> float:
    number, unit = re.fullmatch(r"([0-9]+)([A-Za-z]+)", text).groups()  # type: ignore[union-attr]
    return int(number) * ({**_UNITS, **_SECONDS})[unit]


def at_least(least: str) -> AfterValidator:
    """A bound on what people write; below it nothing works, or a unit is wrong."""
    bound = _amount(least)

    def check(value: float, info: ValidationInfo) -> float:
        if _is_written(info) and value < bound:
            raise ValueError(f"too little; write {least} or more")
        return value

    return AfterValidator(check)


def _number(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("write a whole number")
    return value


def _network(value: Any) -> IPv4Network | IPv6Network:
    if isinstance(value, (IPv4Network, IPv6Network)):
        return value
    try:
        whole = ip_network(value if isinstance(value, str) else "", strict=False)
    except ValueError:
        raise ValueError(
            "write a network such as 10.0.0.0/8 or an address such as 127.0.0.1"
        ) from None
    if str(whole.network_address) not in (value.partition("/")[0], _short(value)):
        raise ValueError(f"write the network as {whole}, or only the address")
    return whole


def _short(value: str) -> str:
    return str(ip_address(value.partition("/")[0]))


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


def _hostname(value: str) -> str:
    name = normalise_domain(value)
    if not name or name.startswith("["):
        raise ValueError("write the name of this computer, such as gateway.dept.example")
    return name


def _ldap_url(value: str) -> str:
    found = re.fullmatch(
        r"ldaps?://(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?/?", value
    )
    if not found or not 0 < int(found[1] or 1) < 65536:
        raise ValueError(
            "write the server as ldaps://ldap.dept.example, with a port if it needs one"
        )
    return value.removesuffix("/")


def _file(value: Any) -> Any:
    if isinstance(value, str) and (not value.strip() or value.startswith("~")):
        raise ValueError("write a path; one that begins with / or from this file's folder")
    return value


def _name(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,30}", value):
        raise ValueError("write a short name in small letters, digits and hyphens")
    return value


def _https(value: str) -> str:
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if parts.scheme.lower() != "https" or not host or port == 0 or not value.isprintable():
        raise ValueError("write an address that begins with https://")
    if parts.username is not None or parts.fragment or " " in value:
        raise ValueError("write the address without a user, a fragment and spaces")
    return value


Size = Annotated[int, BeforeValidator(_size), Field(gt=0, le=_LARGEST)]
Seconds = Annotated[float, BeforeValidator(_seconds), Field(gt=0, le=_LONGEST)]
Second = Annotated[Seconds, at_least("1s")]
Network = Annotated[Any, BeforeValidator(_network)]
Zone = Annotated[str, AfterValidator(_zone)]
Address = Annotated[str, AfterValidator(_address)]
Domain = Annotated[str, AfterValidator(_domain)]
LdapUrl = Annotated[str, AfterValidator(_ldap_url)]
Hostname = Annotated[str, AfterValidator(_hostname)]
Port = Annotated[int, BeforeValidator(_number), Field(ge=0, le=65535)]
Count = Annotated[int, BeforeValidator(_number), Field(gt=0, le=_MOST)]
Processes = Annotated[int, BeforeValidator(_number), Field(gt=0, le=256)]
Name = Annotated[str, AfterValidator(_name)]
HttpsAddress = Annotated[str, AfterValidator(_https)]
File = Annotated[Path, BeforeValidator(_file)]

_PLAIN = {
    "tuple_type": "write a list, such as [one, two]",
    "string_type": "write text",
    "int_type": "write a whole number",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "path_type": "write a path",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "literal_error": "write {expected}",
}
_BOUNDS = {_LONGEST: "3650d", float(_LARGEST): "1024GiB"}


def in_plain_words(error: Mapping[str, Any]) -> tuple[str, str]:
    """What pydantic found, as a message and a hint for people who never heard of tuples."""
    kind, given = error["type"], error.get("input")
    context = {
        key: _BOUNDS.get(value, value) if isinstance(value, (int, float)) else value
        for key, value in (error.get("ctx") or {}).items()
    }
    if kind == "model_type":
        if given is None:
            return "nothing stands below it", "write its keys below it, or leave it out"
        return "write keys with values here, such as `key: value`", ""
    said = str(error["msg"]).removeprefix("Value error, ")
    message = _PLAIN[kind].format(**context) if kind in _PLAIN else said
    if isinstance(given, bool):
        hint = (
            "yes, no, on and off are true and false to YAML; put the word in quotes if it is text"
        )
        return message, hint
    if given is None:
        return message, "leave the key out for its default"
    if kind == "literal_error" and isinstance(given, str):
        near = get_close_matches(given, re.findall(r"'([^']+)'", str(context["expected"])), 1)
        return message, f"did you mean {near[0]}?" if near else ""
    return message, ""
