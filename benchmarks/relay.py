"""Relay throughput: the gateway beside a bare aiosmtpd proxy and Postfix's pass-through.

`make bench` (root, Postfix installed). Every system relays to the same sink; rounds alternate
between the systems, so that a ratio compares neighbours in time. All rules are evaluated, in
shadow mode, because a held message would not be relayed. The load repeats a few messages, so
`forgetful` is the gateway that reads every copy of an attachment anew, `material` the one that
knows 80 registered packs of 200 pages and 2,000 figures. With --tools DIR, `smtpload` and
`fastsink` from there are used (a sink of Postfix's own is a bottleneck from 3 MB up); otherwise
`smtp-source` and `smtp-sink`.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from support.postfix import OWN_PLACES, free_port  # noqa: E402

from benchmarks.messages import classes  # noqa: E402
from benchmarks.packs import register_packs  # noqa: E402

SESSIONS = {"a": 10, "b": 10, "c": 4}
_MAIN = """\
inet_interfaces = loopback-only
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
message_size_limit = 99999999
smtpd_client_connection_count_limit = 0
smtpd_client_event_limit_exceptions = 127.0.0.0/8
smtpd_peername_lookup = no
"""
_MASTER = """\
127.0.0.1:{port} inet n - n - 100 smtpd
    -o smtpd_proxy_filter=127.0.0.1:{sink}
    -o smtpd_authorized_xforward_hosts=
cleanup   unix  n       -       n       -       0       cleanup
rewrite   unix  -       -       n       -       -       trivial-rewrite
anvil     unix  -       -       n       -       1       anvil
proxymap  unix  -       -       n       -       -       proxymap
postlog   unix-dgram n  -       n       -       1       postlogd
"""


def main() -> None:
    options = _options()
    end_what_was_started()
    with tempfile.TemporaryDirectory(prefix="bench") as name:
        home = Path(name)
        home.chmod(0o755)
        files = _write_messages(home, options.classes)
        load = _Load(home, options.tools)
        with load.sink() as sink, _systems(home, sink, options.systems) as ports:
            results = _measure(load, files, ports, options)
    print(json.dumps(results, indent=1))
    _table(results)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--classes", default="abc")
    parser.add_argument("--systems", default="postfix,gateway,forgetful,bare")
    parser.add_argument("--sessions", type=int, default=0)
    parser.add_argument("--tools", type=Path, help="folder with smtpload and fastsink binaries")
    return parser.parse_args()


def _write_messages(home: Path, wanted: str) -> dict[str, Path]:
    files = {}
    for name, raw in classes().items():
        if name in wanted:
            files[name] = home / f"{name}.eml"
            files[name].write_bytes(raw)
    return files


def _measure(
    load: _Load, files: dict[str, Path], ports: dict[str, int], options: argparse.Namespace
) -> dict[str, dict[str, list[float]]]:
    results: dict[str, dict[str, list[float]]] = {}
    for name, file in files.items():
        sessions = options.sessions or SESSIONS[name]
        rates: dict[str, list[float]] = {system: [] for system in ports}
        for number in range(options.rounds + 1):
            for system, port in ports.items():
                rate = load.run(port, sessions, options.seconds, file)
                print(f"{name} {system:8} {rate:9.1f} msg/s", file=sys.stderr)
                if number:
                    rates[system].append(rate)
        results[name] = rates
    return results


def _table(results: dict[str, dict[str, list[float]]]) -> None:
    print("class  system     median msg/s  (min .. max)     ratio to postfix")
    for name, rates in results.items():
        for system, values in rates.items():
            pairs = zip(values, rates.get("postfix", values), strict=True)
            ratio = statistics.median(own / peer for own, peer in pairs)
            print(
                f"{name:5}  {system:9} {statistics.median(values):12.1f}"
                f"  ({min(values):.1f} .. {max(values):.1f})  {ratio:8.2f}"
            )


class _Load:
    """The load generator and the sink, of either kind."""

    def __init__(self, home: Path, tools: Path | None) -> None:
        self._home = home
        self._tools = tools.resolve() if tools else None

    @contextmanager
    def sink(self) -> Iterator[int]:
        port = free_port()
        if self._tools:
            command = [self._tools / "fastsink", str(port), self._home / "count"]
        else:
            command = sink_command(port)
        with running([str(word) for word in command], port):
            yield port

    def run(self, port: int, sessions: int, seconds: float, file: Path) -> float:
        """Messages per second, closed loop."""
        if self._tools:
            words = ["127.0.0.1", port, sessions, seconds, sessions, 10**9, 0, file]
            done = _run([self._tools / "smtpload", *words])
            result = json.loads(done)
            assert not result["errs"], f"errors: {done}"
            return float(result["rate"])
        count = sessions * 20
        while True:
            words = ["-d", "-s", sessions, "-m", count, "-F", self._lf(file)]
            started = time.perf_counter()
            _run(["smtp-source", *words, "-f", "alice@dept.example", "-t", "bob@partner.example", f"127.0.0.1:{port}"])  # fmt: skip
            elapsed = time.perf_counter() - started
            if elapsed >= seconds / 2:
                return count / elapsed
            count = int(count * min(20.0, seconds / elapsed))

    def _lf(self, file: Path) -> Path:
        plain = file.with_suffix(".lf")
        if not plain.exists():
            plain.write_bytes(file.read_bytes().replace(b"\r\n", b"\n"))
        return plain


@contextmanager
def _systems(home: Path, sink: int, wanted: str) -> Iterator[dict[str, int]]:
    ports = {name: free_port() for name in wanted.split(",")}
    running = []
    try:
        for name, port in ports.items():
            context = {
                "postfix": _postfix,
                "gateway": _gateway,
                "forgetful": _forgetful,
                "material": _material,
                "bare": _bare,
            }[name]
            running.append(context(home, port, sink))
            running[-1].__enter__()
        yield ports
    finally:
        for context in reversed(running):
            context.__exit__(None, None, None)


@contextmanager
def _postfix(home: Path, port: int, sink: int) -> Iterator[None]:
    base = home / "postfix"
    for name in ("queue", "data", "etc"):
        (base / name).mkdir(parents=True)
    shutil.chown(base / "data", "postfix")
    (base / "etc" / "main.cf").write_text((OWN_PLACES + _MAIN).format(home=base))
    (base / "etc" / "master.cf").write_text(_MASTER.format(port=port, sink=sink))
    _run(["postfix", "-c", base / "etc", "start"])
    try:
        _wait(port)
        yield
    finally:
        _run(["postfix", "-c", base / "etc", "stop"])


def _forgetful(home: Path, port: int, sink: int) -> AbstractContextManager[None]:
    """The gateway reading every copy of the same attachment anew."""
    return _gateway(home, port, sink, known_parts=0)


@contextmanager
def _gateway(home: Path, port: int, sink: int, known_parts: int = 512) -> Iterator[None]:
    base = home / f"gateway-{known_parts}"
    shutil.copytree(ROOT / "rules", base / "rules")
    with gateway(base, port, sink, base / "log", f"limits: {{known_parts: {known_parts}}}\n"):
        yield


@contextmanager
def _material(home: Path, port: int, sink: int) -> Iterator[None]:
    """The gateway among the registered material of 80 releases."""
    base = home / "gateway-material"
    shutil.copytree(ROOT / "rules", base / "rules")
    register_packs(base)
    with gateway(base, port, sink, base / "log"):
        yield


@contextmanager
def gateway(base: Path, port: int, sink: int, log: Path, more: str = "") -> Iterator[None]:
    """`gateway run` in a folder with rules, all of which are put in shadow mode."""
    for rule in (base / "rules" / "policy").glob("*.yaml"):
        rule.write_text(re.sub(r"^mode: \w+", "mode: shadow", rule.read_text(), flags=re.M))
    config = base / "config.yaml"
    config.write_text(
        f"receive: {{port: {port}, limits: {{messages_per_session: 100000000}}}}\n"
        f"next_hop: {{port: {sink}}}\nmetrics: {{port: {free_port()}}}\n{more}"
    )
    command = [sys.executable, "-m", "gateway.cli.main", "run", "--config", str(config)]
    with log.open("wb") as file, running(command, port, file, 300.0):
        yield


@contextmanager
def _bare(home: Path, port: int, sink: int) -> Iterator[None]:
    with running([sys.executable, "-m", "benchmarks.bare_proxy", str(port), str(sink)], port):
        yield


def sink_command(port: int) -> list[str]:
    """Postfix's own sink, which will not run as root."""
    whose = ["-u", "nobody"] if os.geteuid() == 0 else []
    return ["smtp-sink", *whose, "-c", f"127.0.0.1:{port}", "1000"]


@contextmanager
def running(
    command: list[str], port: int, log: object = subprocess.DEVNULL, patience: float = 30.0
) -> Iterator[None]:
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=log, start_new_session=True
    )
    try:
        _wait(port, patience)
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except BaseException as error:  # it drains for longer, or somebody has no patience at all
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if not isinstance(error, subprocess.TimeoutExpired):
                raise


def end_what_was_started() -> None:
    """Told to stop, a benchmark leaves by its context managers, as it does at Ctrl-C."""

    def stop(number: int, _: object) -> None:
        sys.exit(128 + number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def _wait(port: int, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise TimeoutError(f"nothing listens on port {port}") from None
            time.sleep(0.05)


def _run(command: list[object]) -> str:
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{words[0]}: {done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    main()
