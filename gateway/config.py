"""What can be configured: every section and key, and the one place for defaults.

Every key has a default that is safe on a loopback machine; `config.example.yaml` shows each one.
"""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from gateway.config_values import (
    Address,
    Count,
    Domain,
    File,
    Hostname,
    HttpsAddress,
    LdapUrl,
    Name,
    Network,
    Port,
    Processes,
    Second,
    Seconds,
    Size,
    Zone,
    at_least,
)  # fmt: skip
from gateway.model.announcement import Kind
from gateway.model.limits import ParseLimits, ReadLimits

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
    regimes: File | None = None
    holidays: File | None = None
    domains: File = Path("rules/domains.yaml")
    watch: bool = True
    approval: Literal["none", "second-person"] = "none"

    @property
    def laws(self) -> tuple[Path, Path]:
        """The folders of regimes and of holidays: beside that of releases, or else of the policy,
        where nobody says otherwise."""

        def beside(name: str) -> Path:
            own = self.releases.parent / name
            return own if own.is_dir() else self.policy.parent / name

        return self.regimes or beside("regimes"), self.holidays or beside("holidays")


class Calendar(Section):
    """One calendar of announcements: a `file` of the department's own, or a `url` that the keeper
    asks `every` so often. What was read is relied on as long as it is `valid`; `zone` (None: the
    department's) is that of times which name none."""

    name: Name
    kind: Kind
    file: File | None = None
    url: HttpsAddress | None = None
    ca_file: File | None = None
    every: Annotated[Seconds, at_least("1m")] = 900.0
    valid: Annotated[Seconds, at_least("1m")] = 26 * 3600.0
    zone: Zone | None = None


class Store(Section):
    """Holds, outbox and audit. `key_file` is made on first start, readable by us alone."""

    path: File = Path("var/gateway.sqlite")
    key_file: File = Path("var/gateway.key")
    busy_timeout: Annotated[Seconds, at_least("100ms")] = 5.0


class Material(Section):
    """Material of releases that is recognised by its contents; without paths it and its key lie
    beside the store. Mail from producers to `address` is registered and goes no further; so is what
    is put into the folder `watch`. `check` warns of material that is older than `review`."""

    folder: File | None = None
    key_file: File | None = None
    address: Address | None = None
    watch: File | None = None
    review: Annotated[Seconds, at_least("1d")] = 60 * 86400.0


class Registers(Section):
    """Registers of live units, whose rows are recognised; without paths they and their key lie
    beside the store. Where one that is `required` is not there, tables count as not read."""

    folder: File | None = None
    key_file: File | None = None
    required: tuple[Name, ...] = ()


class History(Section):
    """Who wrote to whom, in keyed digests; without a path it lies beside the store. `keep` is how
    long a pair is remembered."""

    path: File | None = None
    keep: Annotated[Seconds, at_least("1d")] = 180 * 86400.0


class DirectorySource(Section):
    """A directory of the office, which knows people's addresses and whom lists reach: a server that
    is asked, or the `file` of an export. `every` is how often a server is read; without `valid`,
    what it says counts for a day after it was read, and a file for eight days. It answers for
    `domains`, or for the department's."""

    name: Name
    kind: Literal["ldap", "graph", "scim", "csv"]
    file: File | None = None
    url: LdapUrl | None = None
    base: str = ""
    bind_dn: str = ""
    password_file: File | None = None
    ca_file: File | None = None
    people_filter: str = ""
    groups_filter: str = ""
    every: Annotated[Seconds, at_least("1m")] = 900.0
    timeout: Second = 30.0
    valid: Annotated[Seconds, at_least("1m")] | None = None
    domains: tuple[Domain, ...] | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        """A server needs its address and a base, an export its file; neither the other's keys."""
        of_server = ("url", "base", "bind_dn", "password_file", "ca_file", "people_filter",
                     "groups_filter", "every", "timeout")  # fmt: skip
        needed = ("url", "base") if self.kind == "ldap" else ("file",)
        foreign = ("file",) if self.kind == "ldap" else of_server
        missing = [key for key in needed if not getattr(self, key)]
        idle = [key for key in foreign if key in self.model_fields_set]
        wrong = [f"'{key}' is missing" for key in missing]
        wrong += [f"'{key}' says nothing for kind {self.kind}" for key in idle]
        if bool(self.bind_dn) != (self.password_file is not None):
            wrong.append("bind_dn and password_file are needed together")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    @property
    def lasting(self) -> float:
        """How long what it says counts, in seconds."""
        return self.valid or (86400.0 if self.kind == "ldap" else 8 * 86400.0)


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
    calendars: tuple[Calendar, ...] = ()
    directories: tuple[DirectorySource, ...] = ()
    store: Store = Store()
    material: Material = Material()
    registers: Registers = Registers()
    history: History = History()
    outbox: Outbox = Outbox()
    holds: Holds = Holds()
    notices: Notices = Notices()
    metrics: Metrics = Metrics()
    log: Log = Log()

    @property
    def calendar_folder(self) -> Path:
        """Where the keeper keeps what it read of the calendars on the web."""
        return self.store.path.with_name("calendars")

    @property
    def directory_folder(self) -> Path:
        """Where the keeper keeps what it read of directories on servers."""
        return self.store.path.with_name("directories")

    @property
    def material_folder(self) -> Path:
        return self.material.folder or self.store.path.with_name("material")

    @property
    def material_key(self) -> Path:
        return self.material.key_file or self.store.path.with_name("material.key")

    @property
    def registers_folder(self) -> Path:
        return self.registers.folder or self.store.path.with_name("registers")

    @property
    def registers_key(self) -> Path:
        return self.registers.key_file or self.store.path.with_name("registers.key")

    @property
    def material_inbox(self) -> Path:
        """Where packs that came by mail wait to be registered."""
        return self.store.path.with_name("material-inbox")

    @property
    def history_path(self) -> Path:
        return self.history.path or self.store.path.with_name("history.sqlite")
