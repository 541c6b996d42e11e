"""config.yaml -> frozen `Config`: every error at once with file:line, and what was meant instead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from gateway.config import Config, Section
from gateway.config_values import in_plain_words
from gateway.model.fault import Fault, Faults
from gateway.yaml_source import Document, load

Steps = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A configuration file as far as it could be read: `config` has defaults in place of what is
    faulty, so that the rest can still be checked; `document` knows where each value stands, and
    `faulty` which of them are not what was meant."""

    config: Config
    document: Document
    faults: tuple[Fault, ...]
    faulty: frozenset[Steps] = frozenset()

    def sound(self, *path: str) -> bool:
        """Whether nothing is wrong at, above or below this key: what follows from a default that
        only stands in for a mistake is no fault of its own."""
        return not any(
            faulty[: len(path)] == path[: len(faulty)] for faulty in self.faulty
        )  # fmt: skip


def load_config(path: Path) -> Config:
    """Read and check a configuration file. Raises Faults with every error in it."""
    reading = read_config(path)
    if reading.faults:
        raise Faults(reading.faults)
    return reading.config


def read_config(path: Path) -> Reading:
    """Read a configuration file with whatever is wrong in it. Raises Faults if it is no YAML."""
    document = load(path)
    if document.value is None:
        document = Document(document.file, {}, document.text)
    faults: list[Fault] = []
    paths: list[Steps] = []
    written = {"written": True}
    try:
        config = Config.model_validate(document.value, context=written)
    except ValidationError as error:
        faults += [_fault(document, dict(item)) for item in error.errors(include_url=False)]
        paths = [tuple(item["loc"]) for item in error.errors()]
        config = Config.model_validate(_without(document.value, paths), context=written)
    reading = Reading(_resolved(config, path.parent), document, (), frozenset(paths))
    faults += _contradictions(reading)
    return replace(reading, faults=tuple(faults))


def _without(value: Any, faulty: list[tuple[Any, ...]]) -> Any:
    """The same document without the keys that hold something faulty."""
    if not isinstance(value, dict) or () in faulty:
        return {}
    heads = {path[0]: [p[1:] for p in faulty if p[0] == path[0]] for path in faulty}
    return {
        key: _without(inner, heads[key]) if key in heads else inner
        for key, inner in value.items()
        if key not in heads or (isinstance(inner, dict) and () not in heads[key])
    }


def _contradictions(reading: Reading) -> list[Fault]:
    """What is wrong about values that are each in order."""
    found: list[Fault] = []

    def fault(*paths: Steps, message: str, hint: str = "") -> None:
        """At the first of the keys that is written; said only where all of them are sound."""
        if all(reading.sound(*path) for path in paths):
            given = next((path for path in paths if path in reading.document.places), paths[0])
            found.append(reading.document.fault(given, message, hint))

    config = reading.config
    receive, tls, hop = config.receive, config.receive.tls, config.next_hop
    certificate, client_ca = ("receive", "tls", "certificate"), ("receive", "tls", "client_ca")
    may_relay, port = ("receive", "tls_clients_may_relay"), ("receive", "port")
    if (tls.certificate is None) != (tls.key is None):
        message = "a certificate and its key are needed together"
        fault(certificate, ("receive", "tls", "key"), message=message, hint="give both, or neither")
    for path, needed, why in (
        (("receive", "tls", "required"), tls.required, "required TLS"),
        (client_ca, tls.client_ca is not None, "a client CA"),
        (may_relay, receive.tls_clients_may_relay, "relaying by TLS"),
    ):
        if needed and tls.certificate is None:
            hint = "set receive.tls.certificate and key"
            fault(path, certificate, message=f"{why} needs a certificate", hint=hint)
    if receive.tls_clients_may_relay and tls.client_ca is None:
        fault(may_relay, client_ca, message="relaying by TLS needs a client CA")
    if hop.mode == "smarthost" and hop.port == receive.port and hop.host == receive.address:
        message = "the next hop is this gateway itself: mail would go round in circles"
        hint = "name the mail server behind it"
        fault(("next_hop", "port"), port, ("next_hop", "host"), message=message, hint=hint)
    if config.metrics.port and config.metrics.port == receive.port:
        message = "the metrics endpoint has the port of the SMTP side"
        fault(("metrics", "port"), port, message=message, hint="choose another port")
    if config.outbox.retry > config.outbox.retry_max:
        message = "the first pause is longer than the longest, retry_max"
        fault(("outbox", "retry"), ("outbox", "retry_max"), message=message)
    if config.history_path in (config.store.path, config.store.key_file):
        message = "the history and the store are the same file"
        fault(("history", "path"), ("store", "path"), message=message, hint="choose another path")
    if config.material_key.is_relative_to(config.material_folder):
        message = "the key of the material lies in the folder that it protects"
        hint = "put it elsewhere, best on another disk"
        fault(("material", "key_file"), ("material", "folder"), message=message, hint=hint)
    if config.registers_key.is_relative_to(config.registers_folder):
        message = "the key of the registers lies in the folder that it protects"
        hint = "put it on another disk, and into another backup"
        fault(("registers", "key_file"), ("registers", "folder"), message=message, hint=hint)
    if config.registers_key in (config.store.path, config.store.key_file, config.material_key):
        message = "the key of the registers has the file of something else"
        fault(("registers", "key_file"), message=message, hint="give it a file of its own")
    if config.material_key in (config.store.path, config.store.key_file):
        message = "the key of the material and the store have the same file"
        fault(("material", "key_file"), ("store", "key_file"), message=message)
    names = [source.name for source in config.directories]
    for number, name in enumerate(names):
        if name in names[:number]:
            fault(
                ("directories", number, "name"),
                message=f"there is a directory '{name}' already",
                hint="name each its own",
            )
    if config.store.path == config.store.key_file:
        message = "the store and its key are the same file"
        fault(("store", "key_file"), ("store", "path"), message=message)
    names = [calendar.name for calendar in config.calendars]
    for number, calendar in enumerate(config.calendars):
        place = ("calendars", number)
        if (calendar.file is None) == (calendar.url is None):
            message = f"the calendar {calendar.name} needs a file or a url, and only one of them"
            fault(place, message=message)
        if names.index(calendar.name) < number:
            hint = "releases refer to it by its name"
            fault(place, message=f"there are two calendars named {calendar.name}", hint=hint)
        if calendar.url and calendar.valid <= calendar.every:
            message = f"the calendar {calendar.name} is not valid until it is read again"
            fault(place, message=message, hint="make 'valid' longer than 'every'")
    return found


def _fault(document: Document, item: dict[str, Any]) -> Fault:
    path = tuple(item["loc"])
    name = ".".join(str(step) for step in path) or "the configuration"
    if item["type"] == "extra_forbidden":
        return document.fault(path, f"unknown key '{name}'", _known_keys(path))
    message, hint = in_plain_words(item)
    return document.fault(path, f"{name}: {message}", hint)


def _known_keys(path: Steps) -> str:
    """What could have been meant: a key that is spelt much like it, or stands elsewhere."""
    model: type[BaseModel] = Config
    for step in (step for step in path[:-1] if isinstance(step, str)):
        model = _below(model, step) or model
    name = str(path[-1])
    known = "known keys here: " + ", ".join(model.model_fields)
    if near := get_close_matches(name, model.model_fields, 1):
        return f"did you mean {near[0]}? {known}"
    homes = [home for home in _places(Config) if home[-1] == name]
    if homes:
        return f"it belongs in {' or '.join('.'.join(home[:-1]) or 'no section' for home in homes)}"
    return known


def _below(model: type[BaseModel], name: str) -> type[BaseModel] | None:
    """The section that is this key, or whose entries are listed there."""
    field = model.model_fields.get(name)
    inner: Any = field.annotation if field else None
    if get_origin(inner) is tuple:
        inner = get_args(inner)[0]
    return inner if isinstance(inner, type) and issubclass(inner, Section) else None


def _places(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every key there is."""
    for name in model.model_fields:
        yield (*path, name)
        if inner := _below(model, name):
            yield from _places(inner, (*path, name))


def _resolved(section: Any, base: Path) -> Any:
    """The same section with every relative path made absolute."""
    changes: dict[str, Any] = {}
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, Section):
            changes[name] = _resolved(value, base)
        elif isinstance(value, tuple) and any(isinstance(each, Section) for each in value):
            changes[name] = tuple(_resolved(each, base) for each in value)
        elif isinstance(value, Path) and not value.is_absolute():
            changes[name] = (base / value).resolve()
    return section.model_copy(update=changes) if changes else section
