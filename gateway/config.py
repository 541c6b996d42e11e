"""config.yaml -> frozen `Config`; the one place for defaults, every error at once with file:line.

Every key has a default that is safe on a loopback machine; `config.example.yaml` shows each one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gateway.config_values import (
    Address,
    Count,
    Domain,
    File,
    Hostname,
    Network,
    Port,
    Processes,
    Second,
    Seconds,
    Size,
    Zone,
    at_least,
    in_plain_words,
)  # fmt: skip
from gateway.model.fault import Fault, Faults
from gateway.model.limits import ParseLimits, ReadLimits
from gateway.yaml_source import Document, load

Steps = tuple[Any, ...]
_PARSE, _READ = ParseLimits(), ReadLimits()


class Section(BaseModel):
    """A group of keys: unknown keys are errors, values cannot change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Department(Section):
    """Who runs this gateway."""

    name: str = "Statistical office"
    hostname: Hostname = "gateway.dept.example"
    domains: tuple[Domain, ...] = ("dept.example",)
    zone: Zone = "Europe/London"
    regime: str = ""


class Tls(Section):
    """STARTTLS for clients. Without a certificate it is not offered."""

    certificate: File | None = None
    key: File | None = None
    client_ca: File | None = None
    required: bool = False


class ReceiveLimits(Section):
    """Bounds on what clients may do; beyond them they get a 4xx or 5xx and, at worst, a 421."""

    message_bytes: Annotated[Size, at_least("64KiB")] = 50 * 1024**2
    line_bytes: Annotated[Size, at_least("1000B")] = 1000
    long_lines: Literal["accept", "reject"] = "accept"
    recipients: Count = 1000
    connections: Count = 1000
    connections_per_client: Count = 200
    messages_per_session: Count = 1000
    errors_per_session: Count = 20
    commands_per_message: Count = 100


class ReceiveTimeouts(Section):
    """Deadlines: `command` and `data_read` per read, `data_total` and `session` in all."""

    command: Second = 300.0
    data_read: Second = 180.0
    data_total: Second = 600.0
    session: Second = 3600.0


class Receive(Section):
    """The SMTP side that clients see."""

    address: str = "127.0.0.1"
    port: Port = 10025
    relay_networks: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
    xforward_networks: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
    tls_clients_may_relay: bool = False
    users_file: File | None = None
    bare_newlines: Literal["reject", "normalise"] = "reject"
    tls: Tls = Tls()
    limits: ReceiveLimits = ReceiveLimits()
    timeouts: ReceiveTimeouts = ReceiveTimeouts()


class NextHop(Section):
    """Where cleared mail goes: a fixed smarthost, or each recipient domain's MX."""

    mode: Literal["smarthost", "mx"] = "smarthost"
    host: str = "127.0.0.1"
    port: Port = 10026
    tls: Literal["never", "opportunistic", "required", "verified"] = "opportunistic"
    ca_file: File | None = None
    connections: Count = 20
    idle: Second = 60.0
    connect_timeout: Second = 15.0
    command_timeout: Second = 120.0
    data_timeout: Second = 300.0


class Sandbox(Section):
    """Children that read foreign formats. `jobs` is how many parts one child reads before it is
    replaced."""

    processes: Processes = 2
    jobs: Count = 1000


class Rules(Section):
    """Where the policy, the register, the laws it follows and the domain classes are."""

    policy: File = Path("rules/policy")
    releases: File = Path("rules/releases")
    regimes: File = Path("rules/regimes")
    holidays: File = Path("rules/holidays")
    domains: File = Path("rules/domains.yaml")
    watch: bool = True
    approval: Literal["none", "second-person"] = "none"


class Store(Section):
    """Holds, outbox and audit. `key_file` is made on first start, readable by us alone."""

    path: File = Path("var/gateway.sqlite")
    key_file: File = Path("var/gateway.key")
    busy_timeout: Annotated[Seconds, at_least("100ms")] = 5.0


class Outbox(Section):
    """Retries of stored deliveries: `retry` is the first pause, doubled up to `retry_max`;
    after `expire` the sender gets a delivery status notification."""

    retry: Second = 60.0
    retry_max: Second = 3600.0
    expire: Annotated[Seconds, at_least("1m")] = 5 * 86400.0
    poll: Annotated[Seconds, at_least("50ms")] = 2.0


class Holds(Section):
    """Held messages."""

    expire: Annotated[Seconds, at_least("1h")] = 14 * 86400.0


class Notices(Section):
    """Mail that the gateway writes. `per_hour` bounds notices to one sender; `out_of_hours` is how
    somebody is reached at night, in words, and left out of notices where it is empty."""

    sender: Address = "statistics-gateway@dept.example"
    security_officer: Address = "security-officer@dept.example"
    contact: str = "the statistics Head of Profession's office"
    out_of_hours: str = ""
    per_hour: Count = 30


class Metrics(Section):
    """Prometheus endpoint; port 0 switches it off."""

    address: str = "127.0.0.1"
    port: Port = 10028


class Log(Section):
    """JSON lines on standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"


class Limits(Section):
    """Bounds on reading messages (law 10)."""

    depth: Count = _PARSE.depth
    parts: Count = _PARSE.parts
    header_bytes: Annotated[Size, at_least("16KiB")] = _PARSE.header_bytes
    headers: Count = _PARSE.headers
    decoded_bytes: Annotated[Size, at_least("1MiB")] = _PARSE.decoded_bytes
    text_chars: Count = _READ.text_chars
    cells: Count = _READ.cells
    columns: Count = _READ.columns
    expanded_bytes: Annotated[Size, at_least("1MiB")] = _READ.expanded_bytes
    nested: Count = _READ.nested
    entries: Count = _READ.entries
    seconds: Second = _READ.seconds
    memory_bytes: Annotated[Size, at_least("64MiB")] = _READ.memory_bytes
    inline_bytes: Size = _READ.inline_bytes
    known_parts: Annotated[int, Field(ge=0)] = _READ.known_parts
    message_seconds: Second = _READ.message_seconds

    @property
    def parse(self) -> ParseLimits:
        return ParseLimits(
            self.depth, self.parts, self.header_bytes, self.headers, self.decoded_bytes
        )

    @property
    def read(self) -> ReadLimits:
        return ReadLimits(
            self.text_chars, self.cells, self.columns, self.expanded_bytes, self.nested,
            self.entries, self.seconds, self.memory_bytes, self.inline_bytes,
            self.known_parts, self.message_seconds,
        )  # fmt: skip


class Config(Section):
    """The whole configuration. Relative paths are resolved against the file's folder."""

    workers: Processes = 2
    department: Department = Department()
    receive: Receive = Receive()
    next_hop: NextHop = NextHop()
    limits: Limits = Limits()
    sandbox: Sandbox = Sandbox()
    rules: Rules = Rules()
    store: Store = Store()
    outbox: Outbox = Outbox()
    holds: Holds = Holds()
    notices: Notices = Notices()
    metrics: Metrics = Metrics()
    log: Log = Log()


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
    if config.store.path == config.store.key_file:
        message = "the store and its key are the same file"
        fault(("store", "key_file"), ("store", "path"), message=message)
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
    for step in path[:-1]:
        model = _below(model, str(step)) or model
    name = str(path[-1])
    known = "known keys here: " + ", ".join(model.model_fields)
    if near := get_close_matches(name, model.model_fields, 1):
        return f"did you mean {near[0]}? {known}"
    homes = [home for home in _places(Config) if home[-1] == name]
    if homes:
        return f"it belongs in {' or '.join('.'.join(home[:-1]) or 'no section' for home in homes)}"
    return known


def _below(model: type[BaseModel], name: str) -> type[BaseModel] | None:
    field = model.model_fields.get(name)
    inner = field.annotation if field else None
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
        elif isinstance(value, Path) and not value.is_absolute():
            changes[name] = (base / value).resolve()
    return section.model_copy(update=changes) if changes else section
