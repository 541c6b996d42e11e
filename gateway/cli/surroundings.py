"""What a configuration needs of the machine: certificates, files, a writable store, free ports.

Looks and leaves nothing behind: no file is made, and a port is given back at once.
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

from gateway.cli.storage import storage
from gateway.config_reading import Reading
from gateway.model.fault import Fault

_PATIENCE = 1.0
_ENOUGH = 200_000


def surroundings(
    reading: Reading, ports: bool = True, running_is_fine: bool = True
) -> tuple[list[Fault], list[Fault]]:
    """Faults of what the configuration names, and of the machine at this moment, each at its place
    in the configuration. A port that this gateway itself listens on already is one only where
    `running_is_fine` is not so."""
    named, machine = storage(reading)
    if ports:
        machine = [*machine, *_ports(reading, running_is_fine)]
    return [*_certificates(reading), *named], machine


def _certificates(reading: Reading) -> Iterator[Fault]:
    tls = reading.config.receive.tls
    if tls.certificate and tls.key and reading.sound("receive", "tls", "key"):
        try:
            # A callback, because a key with a passphrase would else ask on the terminal.
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls.certificate, tls.key, password=lambda: "")
        except (OSError, ValueError) as error:
            message = f"the certificate and key cannot be used: {_reason(error)}"
            yield reading.document.fault(
                ("receive", "tls", "certificate"), message, f"{tls.certificate}, {tls.key}"
            )
    named: list[tuple[tuple[str | int, ...], Path | None]] = [
        (("receive", "tls", "client_ca"), tls.client_ca),
        (("next_hop", "ca_file"), reading.config.next_hop.ca_file),
        *(
            (("calendars", number, "ca_file"), calendar.ca_file)
            for number, calendar in enumerate(reading.config.calendars)
        ),
    ]
    for path, file in named:
        if file:
            try:
                ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
            except (OSError, ValueError) as error:
                message = f"{'.'.join(map(str, path))}: no certificates can be read from it: {_reason(error)}"
                yield reading.document.fault(path, message, str(file))


def _ports(reading: Reading, running_is_fine: bool) -> Iterator[Fault]:
    receive, metrics = reading.config.receive, reading.config.metrics
    greeting = f"220 {reading.config.department.hostname} ".encode()
    for section, address, port, question, sign in (
        ("receive", receive.address, receive.port, b"", greeting),
        ("metrics", metrics.address, metrics.port, b"GET /metrics HTTP/1.0\r\n\r\n", b"\ngateway_"),
    ):
        if not (port and reading.sound(section, "port") and reading.sound(section, "address")):
            continue
        problem = _not_bindable(address, port)
        if problem and not (running_is_fine and _answers(address, port, question, sign)):
            message = f"port {port} cannot be opened on {address}: {_reason(problem)}"
            yield reading.document.fault((section, "port"), message, _port_hint(problem))


def _answers(address: str, port: int, question: bytes, sign: bytes) -> bool:
    """Whether what listens there is this gateway, running."""
    heard = b""
    try:
        with socket.create_connection((address, port), timeout=_PATIENCE) as probe:
            probe.sendall(question)
            while sign not in heard and len(heard) < _ENOUGH and (more := probe.recv(4096)):
                heard += more
    except OSError:
        return False
    return sign in heard


def _not_bindable(address: str, port: int) -> OSError | None:
    """Bind and let go."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            address or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
    except (OSError, UnicodeError) as error:
        return error if isinstance(error, OSError) else OSError(errno.EINVAL, "no possible name")
    return None


def _port_hint(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "something listens there already; stop it, or choose another port"
    if error.errno == errno.EACCES:
        return "ports below 1024 need CAP_NET_BIND_SERVICE"
    return "write an address of this machine"


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or "not usable"
