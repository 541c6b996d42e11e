"""A private Postfix on loopback, configured by the recipes in `deploy/postfix`."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
from contextlib import suppress
from pathlib import Path

_PATIENCE = 30
"""Seconds that a command of Postfix may take."""
RECIPES = Path(__file__).resolve().parents[2] / "deploy" / "postfix"
_DAEMONS = """\
{smtp}
pickup    unix  n       -       n       60      1       pickup
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       1       1       qmgr
tlsmgr    unix  -       -       n       1000?   1       tlsmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
trace     unix  -       -       n       -       0       bounce
verify    unix  -       -       n       -       1       verify
flush     unix  n       -       n       1000?   0       flush
proxymap  unix  -       -       n       -       -       proxymap
smtp      unix  -       -       n       -       -       smtp
relay     unix  -       -       n       -       -       smtp
error     unix  -       -       n       -       -       error
retry     unix  -       -       n       -       -       error
discard   unix  -       -       n       -       -       discard
local     unix  -       n       n       -       -       local
anvil     unix  -       -       n       -       1       anvil
scache    unix  -       -       n       -       1       scache
postlog   unix-dgram n  -       n       -       1       postlogd
"""
OWN_PLACES = """\
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = {home}/log
maillog_file_prefixes = {home}
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = postfix.dept.example
"""
"""Of main.cf: an instance that keeps everything below one folder."""

_MAIN = """\
mydestination =
alias_maps =
local_recipient_maps =
inet_interfaces = loopback-only
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtputf8_enable = yes
smtp_tls_security_level = none
message_size_limit = 52428800
mailbox_size_limit = 0
anvil_rate_time_unit = 60s
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
minimal_backoff_time = 5s
maximal_backoff_time = 10s
queue_run_delay = 5s
smtp_dns_support_level = disabled
relayhost = [127.0.0.1]:{sink}
always_add_missing_headers = no
"""


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def missing() -> str | None:
    """Why Postfix cannot be used here, or None."""
    if not Path("/usr/lib/postfix/sbin/master").exists():
        return "Postfix is not installed"
    if os.geteuid() != 0:
        return "Postfix can only be started by root"
    return None


class Postfix:
    """One instance: `smtp` is where clients come in, mail leaves to `sink`."""

    def __init__(self, home: Path, recipe: str | None, ports: dict[str, int]) -> None:
        self.home = home
        self.smtp_port = ports["smtp"]
        self._ports = ports
        self._recipe = recipe

    def start(self) -> None:
        main, master = _recipe(self._recipe, self._ports)
        for name in ("queue", "data", "etc"):
            (self.home / name).mkdir(parents=True)
        shutil.chown(self.home / "data", "postfix")
        for directory in (self.home, *self.home.parents):
            if directory.stat().st_mode & 0o5 != 0o5:
                directory.chmod(directory.stat().st_mode | 0o55)
        own_smtp = f"127.0.0.1:{self.smtp_port} inet n - n - - smtpd"
        if "SMTP_PORT" in master:
            master, own_smtp = master.replace("SMTP_PORT", f"127.0.0.1:{self.smtp_port}"), ""
        settings = (OWN_PLACES + _MAIN).format(home=self.home, sink=self._ports["sink"])
        (self.home / "etc" / "main.cf").write_text(settings + main)
        (self.home / "etc" / "master.cf").write_text(_DAEMONS.format(smtp=own_smtp) + master)
        self._run("start")

    def stop(self) -> None:
        """Postfix's log daemon logs through its own socket and can wait for itself for ever: then
        its processes are ended."""
        try:
            self._run("stop")
        except subprocess.TimeoutExpired:
            master = int((self.home / "queue" / "pid" / "master.pid").read_text())
            listed = ["ps", "-o", "pid=", "--pid", str(master), "--ppid", str(master)]
            found = subprocess.run(listed, capture_output=True, text=True, check=True).stdout
            for number in {master, *map(int, found.split())}:
                with suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)

    def queue(self) -> str:
        """What is in the queue, for error messages and waiting."""
        command = ["postqueue", "-c", str(self.home / "etc"), "-p"]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    def log(self) -> str:
        return (self.home / "log").read_text() if (self.home / "log").exists() else ""

    def _run(self, verb: str) -> None:
        command = ["postfix", "-c", str(self.home / "etc"), verb]
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_PATIENCE
        )
        if done.returncode != 0:
            raise RuntimeError(f"postfix {verb}: {done.stderr}\n{self.log()}")


def _recipe(name: str | None, ports: dict[str, int]) -> tuple[str, str]:
    """The main.cf and master.cf lines of a recipe, with its port numbers replaced."""
    if name is None:
        return "", ""
    text = (RECIPES / f"{name}.cf").read_text()
    text = text.replace("10025", str(ports["gateway"])).replace("10026", str(ports["back"]))
    match = re.search(r"\[main\.cf\]\n(.*?)\[master\.cf\]\n(.*)", text, re.S)
    assert match, f"{name}: no [main.cf] and [master.cf]"
    return match[1], match[2]
