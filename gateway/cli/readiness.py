"""Whether `gateway run` could start with a configuration: what it would refuse, and what is odd.

`check` and `run` both ask here, so that neither finds what the other overlooks. What people wrote
is told apart from what the machine lacks at this moment: the first is exit code 2, the second 1.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from gateway.cli.setting import keyed
from gateway.cli.surroundings import surroundings
from gateway.config import Config
from gateway.config_reading import Reading
from gateway.decide import prepare
from gateway.extract.presence import missing_readers
from gateway.lists import check_directories, read_lists
from gateway.live import unit_registers
from gateway.model.fault import Fault, Faults
from gateway.model.register import Register
from gateway.releases.compiled import Compiled
from gateway.releases.unit_registers import missing_registers
from gateway.rulebook import load_rulebook

_PATIENCE = 5.0
_BROAD = {4: 8, 6: 16}


@dataclass(frozen=True, slots=True)
class Readiness:
    """`rules` is how many there are; it and the register are None where they could not be read."""

    written: tuple[Fault, ...]
    machine: tuple[Fault, ...]
    rules: int | None
    register: Register | None

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(sorted((*self.written, *self.machine)))

    @property
    def exit_code(self) -> int:
        return 2 if self.written else 1 if self.machine else 0


def readiness(
    reading: Reading, ports: bool = True, running_is_fine: bool = True,
    compiled: Compiled | None = None,
) -> Readiness:  # fmt: skip
    """Everything that keeps the gateway from starting, as far as the configuration is sound. What
    is read of lists is remembered in `compiled`."""
    from gateway import app

    config = reading.config
    written: list[Fault] = []
    rules, register = None, None
    try:
        if reading.sound("rules", "policy"):
            rulebook = load_rulebook(config.rules.policy)
            prepare(rulebook)
            rules = len(rulebook.rules)
    except Faults as found:
        written += found.faults
    try:
        if reading.sound("rules", "releases") and reading.sound("rules", "domains"):
            register = read_lists(config, compiled)
    except Faults as found:
        written += found.faults
    for check in (app.check_users, check_directories):
        try:
            check(config)
        except Faults as found:
            written += found.faults
    named, machine = surroundings(reading, ports, running_is_fine)
    told = (*reading.faults, *keyed(written, config, reading.document), *named)
    return Readiness(told, tuple(machine), rules, register)


def doubts(config: Config) -> Iterator[str]:
    """What the gateway would start with and nobody can have meant."""
    for network in config.receive.relay_networks:
        if network.prefixlen < _BROAD[network.version]:
            yield (
                f"OPEN RELAY: receive.relay_networks has {network}, so that ANYBODY ON THE "
                "INTERNET who reaches the port may send mail through this gateway; name only "
                "the networks of your own mail servers"
            )
    if not config.department.domains:
        yield "department.domains is empty: nobody counts as internal"
    processors = os.cpu_count() or 1
    if config.workers > 4 * processors:
        yield f"workers is {config.workers}, and this machine has {processors} processors"
    yield from missing_readers()
    for name, why in missing_registers(unit_registers(config)).items():
        yield f"tables count as not read, because the unit register {name} cannot be used: {why}"
    if any(one.kind == "ldap" for one in config.directories) and find_spec("ldap3") is None:
        yield "directories of kind ldap cannot be read: install the extra 'ldap'"
    hop = config.next_hop
    if hop.mode == "smarthost" and not _resolves(hop.host):
        yield f"next_hop.host {hop.host} is not known to this machine's name service"


def _resolves(host: str) -> bool:
    """Asked in a thread, because a silent name server would keep us waiting for minutes."""
    found: list[Any] = []

    def ask() -> None:
        try:
            found.append(socket.getaddrinfo(host, 25, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            return  # nothing is found

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(_PATIENCE)
    return bool(found)
