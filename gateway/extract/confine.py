"""Takes away from a sandbox child what a reader never needs: memory, time, files, network, forks.

Everything here is irrevocable for the process that calls it. What the kernel does not offer is
left out and shows in `Confinement`; the limits on memory and time hold on every Linux.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import struct
from dataclasses import dataclass

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_FILTER_MODE = 2
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_EPERM, _ENOSYS = 0x00050000 | 1, 0x00050000 | 38
_X32 = 0x40000000

# Refused system calls by architecture: new sockets and peers, new processes and programs, other
# processes' memory and signals, mounts, keys, modules, and the doors most kernel exploits use.
_REFUSED: dict[str, tuple[int, int, tuple[int, ...]]] = {
    "x86_64": (
        0xC000003E,
        435,  # clone3
        (41, 42, 43, 49, 50, 53, 288,  # socket connect accept bind listen socketpair accept4
         56, 57, 58, 59, 322,  # clone fork vfork execve execveat
         62, 200, 101, 310, 311,  # kill tkill ptrace process_vm_*
         155, 161, 165, 166, 272, 308,  # pivot_root chroot mount umount2 unshare setns
         175, 313, 176, 246, 320, 248, 249, 250, 321, 298, 425, 426, 427, 323, 434, 438),
    ),
    "aarch64": (
        0xC00000B7,
        435,
        (198, 199, 200, 201, 202, 203, 242,  # socket socketpair bind listen accept connect accept4
         220, 221, 281,  # clone execve execveat
         129, 130, 117, 270, 271,  # kill tkill ptrace process_vm_*
         41, 51, 40, 39, 97, 268,  # pivot_root chroot mount umount2 unshare setns
         105, 273, 106, 104, 217, 218, 219, 280, 241, 425, 426, 427, 282, 434, 438),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Confinement:
    """What holds in this process."""

    dies_with_parent: bool
    no_new_privileges: bool
    seccomp: bool


def confine(memory_bytes: int) -> Confinement:
    """Confine the calling process for good. Its CPU time is bounded per job: `allow_seconds`."""
    libc = ctypes.CDLL(None, use_errno=True)
    dies = libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) == 0
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, 64)
    _limit(resource.RLIMIT_NPROC, 0)
    virtual, private = _own_memory()
    _limit(resource.RLIMIT_AS, virtual + memory_bytes)
    _limit(resource.RLIMIT_DATA, private + memory_bytes)
    privileges = libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    return Confinement(dies, privileges, privileges and _filter(libc))


def allow_seconds(seconds: float) -> None:
    """Let this process use `seconds` more of CPU; then the kernel ends it (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime + seconds) + 2
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (until if hard < 0 else min(until, hard), hard))


def _limit(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    value = value if hard < 0 else min(value, hard)
    resource.setrlimit(what, (value, value))


def _own_memory() -> tuple[int, int]:
    """Bytes of address space, and of private data, that this process has already."""
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:
            fields = statm.read().split()
    except OSError:
        return 512 << 20, 256 << 20
    page = os.sysconf("SC_PAGE_SIZE")
    return int(fields[0]) * page, int(fields[5]) * page


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _filter(libc: ctypes.CDLL) -> bool:
    """Install a seccomp filter; False where the architecture or the kernel has none."""
    known = _REFUSED.get(platform.machine())
    if known is None:
        return False
    architecture, clone3, refused = known
    # Classic BPF over struct seccomp_data: nr at 0, arch at 4 (linux/seccomp.h).
    code = [
        struct.pack("HBBI", 0x20, 0, 0, 4),
        struct.pack("HBBI", 0x15, 1, 0, architecture),
        struct.pack("HBBI", 0x06, 0, 0, _KILL),
        struct.pack("HBBI", 0x20, 0, 0, 0),
        struct.pack("HBBI", 0x35, 0, 1, _X32),
        struct.pack("HBBI", 0x06, 0, 0, _KILL),
        # glibc takes ENOSYS from clone3 as "use clone", which is then refused.
        struct.pack("HBBI", 0x15, 0, 1, clone3),
        struct.pack("HBBI", 0x06, 0, 0, _ENOSYS),
    ]
    for number in refused:
        code.append(struct.pack("HBBI", 0x15, 0, 1, number))
        code.append(struct.pack("HBBI", 0x06, 0, 0, _EPERM))
    code.append(struct.pack("HBBI", 0x06, 0, 0, _ALLOW))
    buffer = ctypes.create_string_buffer(b"".join(code))
    program = _Program(len(code), ctypes.cast(buffer, ctypes.c_void_p))
    installed: int = libc.prctl(_PR_SET_SECCOMP, _FILTER_MODE, ctypes.byref(program), 0, 0)
    return installed == 0
