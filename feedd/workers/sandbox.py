"""What a worker may ask of the kernel, once it has imported what it needs.

Two gates of Linux, each used where it is there (`missing` says which is not):

    seccomp    no sockets, no file opened for writing, made, moved or removed, no other program,
               no new process, no look into other processes, no signal to them (seccomp(2))
    landlock   reading within the folders of Python, its libraries and feedd only (landlock(7))

A call that is refused fails with an error; it ends nothing. The filter names what is refused, not
what is allowed, so that a C library that does its work by another call goes on working.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from errno import EFAULT, ENOSYS, EPERM
from functools import cache
from pathlib import Path
from typing import Any, Final

_PR_SET_DUMPABLE: Final = 4
_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2

_LANDLOCK_CREATE_RULESET: Final = 444
_LANDLOCK_ADD_RULE: Final = 445
_LANDLOCK_RESTRICT_SELF: Final = 446
_LANDLOCK_VERSION: Final = 1
_LANDLOCK_PATH_BENEATH: Final = 1
_READ_FILE: Final = 1 << 2
_READ_FOLDER: Final = 1 << 3
_FILE_RIGHTS_BY_VERSION: Final = (13, 14, 15, 15, 16)
"""How many rights over files there are to refuse, from version 1 on (landlock(7))."""
_TCP_RIGHTS: Final = 0b11
_SCOPES: Final = 0b11
"""From version 6 on: abstract sockets, and signals to processes outside."""

_SYSTEM_FOLDERS: Final = (
    "/usr",
    "/lib",
    "/lib64",
    "/nix/store",
    "/gnu/store",
    "/etc/ld.so.cache",
    "/etc/localtime",
)
"""Where what is imported late, and what it loads, may lie: shared libraries, time zones."""


_AUDIT_ARCH: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

REFUSED: Final = """
socket 41 198, socketpair 53 199, connect 42 203, bind 49 200, listen 50 201, accept 43 202,
accept4 288 242

fork 57 -, vfork 58 -, execve 59 221, execveat 322 281, ptrace 101 117, kcmp 312 272,
process_vm_readv 310 270, process_vm_writev 311 271, rt_sigqueueinfo 129 138,
rt_tgsigqueueinfo 297 240, setpgid 109 154, setsid 112 157, setpriority 141 140, ioprio_set 251 30,
sched_setscheduler 144 119, sched_setparam 142 118, sched_setattr 314 274,
sched_setaffinity 203 122, migrate_pages 256 238, move_pages 279 239, unshare 272 97,
setns 308 268, personality 135 92

creat 85 -, truncate 76 45, ftruncate 77 46, fallocate 285 47, flock 73 32, memfd_create 319 279,
rename 82 -, renameat 264 38, renameat2 316 276, mkdir 83 -, mkdirat 258 34, rmdir 84 -, link 86 -,
linkat 265 37, unlink 87 -, unlinkat 263 35, symlink 88 -, symlinkat 266 36, mknod 133 -,
mknodat 259 33, chmod 90 -, fchmod 91 52, fchmodat 268 53, chown 92 -, fchown 93 55, lchown 94 -,
fchownat 260 54, utime 132 -, utimes 235 -, utimensat 280 88, futimesat 261 -, setxattr 188 5,
lsetxattr 189 6, fsetxattr 190 7, removexattr 197 14, lremovexattr 198 15, fremovexattr 199 16,
name_to_handle_at 303 264, open_by_handle_at 304 265, inotify_init 253 -, inotify_init1 294 26,
fanotify_init 300 262

shmget 29 194, shmat 30 196, shmctl 31 195, semget 64 190, semop 65 193, semctl 66 191,
semtimedop 220 192, msgget 68 186, msgsnd 69 189, msgrcv 70 188, msgctl 71 187, mq_open 240 180,
mq_unlink 241 181

mount 165 40, umount2 166 39, pivot_root 155 41, chroot 161 51, bpf 321 280,
perf_event_open 298 241, userfaultfd 323 282, add_key 248 217, request_key 249 218, keyctl 250 219,
io_setup 206 0, io_submit 209 2, init_module 175 105, finit_module 313 273, kexec_load 246 104
"""
LOOKED_INTO: Final = """
open 2 -, openat 257 56, clone 56 220, kill 62 129, tkill 200 130, tgkill 234 131,
prlimit64 302 261, fcntl 72 25, ioctl 16 29
"""
"""System calls with their numbers on x86_64 and aarch64 (-: there is none), as the kernel's headers
have them: connections; processes; files; memory shared with others; the machine. Then those that
are refused by what they are called with."""

_NEW_CALLS_FROM: Final = 424
_NEW_CALLS_ALLOWED: Final = (436, 439, 449, 453, 454, 455, 456, 462)
"""close_range, faccessat2, futex_waitv, map_shadow_stack, futex_wake and its kin, mseal. All other
new calls look as if the kernel were older: libraries are prepared for that."""

_M_MMAP_THRESHOLD: Final = -3
LARGE_BYTES: Final = 300_000
"""More than what is read from a socket at a time."""

_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_THREAD: Final = 0x10000
_SIGNALS_TO_OTHERS: Final = (8, 10, 15)
"""fcntl: F_SETOWN, F_SETSIG, F_SETOWN_EX."""
_INPUT_TO_OTHERS: Final = (0x5412, 0x541C, 0x8901, 0x8902)
"""ioctl: TIOCSTI and TIOCLINUX, by which a terminal gets input; FIOSETOWN, SIOCSPGRP."""


def confine(folders: Iterable[str]) -> list[str]:
    """Refuse this process, for good, what it does not need; it may still read below `folders`.

    Says which of "landlock" and "seccomp" could not be used here.
    """
    unused = []
    _prctl(_PR_SET_DUMPABLE, 0)
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    if not _restrict_files(folders):
        unused.append("landlock")
    if not _filter_calls():
        unused.append("seccomp")
    return unused


def missing() -> list[str]:
    """Which of "landlock" and "seccomp" this machine does not offer; nothing is changed."""
    there = {"landlock": landlock_version() > 0, "seccomp": _offers_filter()}
    return [name for name, is_there in there.items() if not is_there]


def hide_memory() -> None:
    """Let no process of the same user read or write this one's memory, and dump no core of it."""
    _prctl(_PR_SET_DUMPABLE, 0)


def return_large_blocks() -> None:
    """Have blocks of memory of `LARGE_BYTES` or more go back to the system when they are free.
    (glibc learns to keep those that come again and again, as the documents of large feeds do: 6 MB
    of each process.) Other C libraries do it by themselves.
    """
    with suppress(AttributeError):
        _called("mallopt", _M_MMAP_THRESHOLD, LARGE_BYTES)


def readable_folders(loaded: Iterable[str]) -> list[str]:
    """What a worker reads when it imports: Python, its libraries, the packages that are `loaded`.

    A folder of the module path is none of them if the user's home or the folder that feedd was
    started in lies there.
    """
    avoided = [Path(one) for one in (os.getcwd(), os.environ.get("HOME")) if one]
    found = {
        path
        for path in map(Path, sys.path)
        if path.is_absolute() and not any(one.is_relative_to(path) for one in avoided)
    }
    found.update(map(Path, (sys.prefix, sys.base_prefix, *_SYSTEM_FOLDERS)))
    for name in loaded:
        package = sys.modules[name.partition(".")[0]]
        found.update(map(Path, getattr(package, "__path__", ())))
    return sorted(map(str, found))


def landlock_version() -> int:
    """The version of Landlock that the kernel offers; 0: none."""
    return max(0, _call(_LANDLOCK_CREATE_RULESET, None, 0, _LANDLOCK_VERSION))


def _restrict_files(folders: Iterable[str]) -> bool:
    version = landlock_version()
    if not version:
        return False
    files = _FILE_RIGHTS_BY_VERSION[min(version, len(_FILE_RIGHTS_BY_VERSION)) - 1]
    rights = [(1 << files) - 1]
    if version >= 4:
        rights.append(_TCP_RIGHTS)
    if version >= 6:
        rights.append(_SCOPES)
    asked = struct.pack(f"={len(rights)}Q", *rights)
    rules = _call(_LANDLOCK_CREATE_RULESET, asked, len(asked), 0)
    if rules < 0:
        return False
    try:
        for folder in folders:
            with suppress(OSError):
                _allow_reading(rules, folder)
        return _call(_LANDLOCK_RESTRICT_SELF, rules, 0, 0) == 0
    finally:
        os.close(rules)


def _allow_reading(rules: int, folder: str) -> None:
    place = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = _READ_FILE | (_READ_FOLDER if os.path.isdir(folder) else 0)
        rule = struct.pack("=Qi", rights, place)
        _call(_LANDLOCK_ADD_RULE, rules, _LANDLOCK_PATH_BENEATH, rule, 0)
    finally:
        os.close(place)


def _offers_filter() -> bool:
    """Asked for with no filter at all, a kernel that knows filters finds the address bad."""
    if os.uname().machine not in _AUDIT_ARCH:
        return False
    return _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER) == -EFAULT


def _filter_calls() -> bool:
    steps = program(os.uname().machine, os.getpid())
    if not steps or sys.maxsize < 2**32:
        return False
    import ctypes

    code = ctypes.create_string_buffer(b"".join(steps))
    filter_program = struct.pack("@HP", len(steps), ctypes.addressof(code))  # struct sock_fprog
    return _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, filter_program) == 0


def numbers(table: str, processor: str) -> dict[str, int]:
    """The system calls of one of the tables above that a processor has."""
    column = 1 + list(_AUDIT_ARCH).index(processor)
    rows = (row.split() for row in table.replace("\n", " ").split(","))
    return {row[0]: int(row[column]) for row in rows if row[column] != "-"}


def program(processor: str, own: int) -> list[bytes]:
    """The filter, in steps for the kernel's little machine (linux/filter.h); empty for a processor
    whose numbers are not known here. `own` is this process's number.
    """
    if processor not in _AUDIT_ARCH:
        return []
    steps = [_load(_PROCESSOR), _jump(_EQUAL, _AUDIT_ARCH[processor], over=1), _refuse(EPERM)]
    steps += [_load(_CALL)]
    for number in _NEW_CALLS_ALLOWED:
        steps += [_jump(_EQUAL, number, otherwise_over=1), _ALLOW]
    steps += [_jump(_AT_LEAST, _NEW_CALLS_FROM, otherwise_over=1), _refuse(ENOSYS)]
    for number in numbers(REFUSED, processor).values():
        steps += [_jump(_EQUAL, number, otherwise_over=1), _refuse(EPERM)]
    to_itself = [_jump(_EQUAL, own, over=1)]
    decided_by: dict[str, tuple[int, list[bytes]]] = {
        "open": (1, [_jump(_ANY_BIT, _WRITING, otherwise_over=1)]),
        "openat": (2, [_jump(_ANY_BIT, _WRITING, otherwise_over=1)]),
        "clone": (0, [_jump(_ANY_BIT, _THREAD, over=1)]),
        "kill": (0, to_itself),
        "tkill": (0, to_itself),
        "tgkill": (0, to_itself),
        "prlimit64": (0, [_jump(_EQUAL, 0, over=2), *to_itself]),
        "fcntl": (1, _any_of(_SIGNALS_TO_OTHERS)),
        "ioctl": (1, _any_of(_INPUT_TO_OTHERS)),
    }
    for name, number in numbers(LOOKED_INTO, processor).items():
        position, test = decided_by[name]
        block = [_load(_ARGUMENTS + 8 * position), *test, _refuse(EPERM), _ALLOW]
        steps += [_jump(_EQUAL, number, otherwise_over=len(block)), *block]
    return [*steps, _ALLOW]


_CALL: Final = 0
_PROCESSOR: Final = 4
_ARGUMENTS: Final = 16
"""Where of the description of a call (struct seccomp_data) these stand; arguments have 8 bytes, of
which the lower 4 come first on both processors."""

_EQUAL: Final = 0x15
_AT_LEAST: Final = 0x35
_ANY_BIT: Final = 0x45
_ALLOW: Final = struct.pack("=HBBI", 0x06, 0, 0, 0x7FFF0000)


def _refuse(error: int) -> bytes:
    return struct.pack("=HBBI", 0x06, 0, 0, 0x00050000 | error)


def _load(offset: int) -> bytes:
    return struct.pack("=HBBI", 0x20, 0, 0, offset)


def _jump(test: int, value: int, *, over: int = 0, otherwise_over: int = 0) -> bytes:
    """Skip so many steps when what is loaded passes the test, or else so many."""
    return struct.pack("=HBBI", test, over, otherwise_over, value)


def _any_of(values: Sequence[int]) -> list[bytes]:
    """Go on with the next step for one of these values, and skip it for any other."""
    last = len(values) - 1
    tests = [_jump(_EQUAL, value, over=last - n) for n, value in enumerate(values[:-1])]
    return [*tests, _jump(_EQUAL, values[-1], otherwise_over=1)]


def _prctl(option: int, value: int, pointer: bytes | None = None) -> int:
    """0, or the negated error."""
    return _called("prctl", option, value, pointer, 0, 0)


def _call(number: int, *arguments: int | bytes | None) -> int:
    """A system call for which the C library has no function: its result, or the negated error."""
    return _called("syscall", number, *arguments)


def _called(name: str, *arguments: int | bytes | None) -> int:
    library = _c_library()
    if library is None:
        return -ENOSYS
    import ctypes

    wide = (ctypes.c_long(one) if isinstance(one, int) else one for one in arguments)
    result: int = library[name](*wide)
    return result if result >= 0 else -ctypes.get_errno()


@cache
def _c_library() -> Any:
    """None where Python has no way to call it, or the system forbids what that needs."""
    try:
        import ctypes

        return ctypes.CDLL(None, use_errno=True)
    except (ImportError, MemoryError, OSError):
        return None
