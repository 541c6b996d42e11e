"""The register of a configuration: the files that it names, as far as they count.

The one place that knows what the register depends on: keys of the configuration, and what people
said to the store about lists, which nobody can say by editing a file.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from gateway.config import Config, DirectorySource
from gateway.model.address import normalise_domain
from gateway.model.announcement import Snapshot
from gateway.model.approval import Approved
from gateway.model.fault import Fault, Faults
from gateway.model.instant import in_utc
from gateway.model.lift import Lift
from gateway.model.register import Register
from gateway.releases import LawFiles, load_register
from gateway.releases.approval import agreed_register
from gateway.releases.calendars import CalendarSource, read_snapshot
from gateway.releases.compiled import Compiled
from gateway.releases.directories import DirectoryFile, read_directories, with_directories
from gateway.releases.directories.ldap import (
    GROUPS_FILTER,
    PEOPLE_FILTER,
    LdapServer,
    read_password,
)
from gateway.releases.reconciliation import reconciled
from gateway.releases.register import read_versions
from gateway.releases.sealed_folder import SealedFolder
from gateway.store import Store, StoreError
from gateway.store.key import derived_key


def compiled_lists(config: Config, writes: bool = False) -> Compiled:
    """Where what is read of lists is remembered: beside the store, sealed with its key; in memory
    alone while there is no key that we can read. Commands only look there; the gateway `writes`."""
    return Compiled(compiled_folder(config), writes)


def compiled_folder(config: Config) -> SealedFolder | None:
    """The folder beside the store; None while there is no key that we can read."""
    key = derived_key(config.store.key_file, "compiled-lists")
    folder = config.store.path.with_name("compiled")
    return SealedFolder(folder, key) if key and folder.parent.is_dir() else None


def read_lists(
    config: Config, compiled: Compiled | None = None, at: datetime | None = None
) -> Register:
    """The register that counts: what is written, or the later where a calendar says so; embargoes
    that were lifted early are lifted. What `compiled` remembers is not read again. `at` is an
    instant to come that is asked about; without one nothing was read later than the clock says.

    Raises Faults with every fault of every file.
    """
    compiled = compiled or compiled_lists(config)
    with loading():
        register = reconciled(as_written(config, compiled, at), calendars(config, at, compiled))
        return register.with_lifts(early_lifts(config))


@contextmanager
def loading() -> Iterator[None]:
    """What is loaded inside lives long. It is never looked through for garbage, which would stop
    everything for as long as half of the loading takes."""
    if not gc.isenabled():
        yield  # somebody loads more than this
        return
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def as_written(
    config: Config, compiled: Compiled | None = None, at: datetime | None = None
) -> Register:
    """Releases, lists, laws, and people as the office's directories have them; where lists need
    approval, as far as they were approved.

    Raises Faults with every fault of every file.
    """
    compiled = compiled or compiled_lists(config)
    known = read_directories(directory_files(config), present(at), compiled)
    if config.rules.approval == "none":
        return with_directories(load_files(config, None, compiled), known)
    texts = read_versions(config.rules.releases)

    def load(versions: Mapping[str, bytes]) -> Register:
        return with_directories(load_files(config, versions, compiled), known)

    return agreed_register(load, texts, approved_lists(config))


def calendars(
    config: Config, at: datetime | None = None, compiled: Compiled | None = None
) -> tuple[Snapshot, ...]:
    """What the calendars of announcements say, as they were last read."""
    now = present(at)
    return tuple(read_snapshot(source, now, compiled) for source in calendar_sources(config))


def present(at: datetime | None = None) -> datetime:
    """After this instant nothing can have been read: the clock's, or a later one asked about."""
    now = datetime.now(UTC)
    return now if at is None else max(now, in_utc(at))


def calendar_sources(config: Config) -> tuple[CalendarSource, ...]:
    """Every calendar of the configuration, and where it is read from."""
    return tuple(
        CalendarSource(
            one.name, one.kind, one.zone or config.department.zone, timedelta(seconds=one.valid),
            config.calendar_folder / f"{one.name}.json", one.file, one.url or "",
        )
        for one in config.calendars
    )  # fmt: skip


def directory_files(config: Config) -> tuple[DirectoryFile, ...]:
    """Every directory of the office, and where what it says is read from."""
    return tuple(
        DirectoryFile(
            one.name,
            one.kind,
            one.file or config.directory_folder / f"{one.name}.json",
            timedelta(seconds=one.lasting),
            frozenset(map(normalise_domain, one.domains or config.department.domains)),
            _server(one),
        )
        for one in config.directories
    )


def check_directories(config: Config) -> None:
    """Raises Faults where a server's password could not be read."""
    faults: list[Fault] = []
    for file in directory_files(config):
        if file.server is not None and file.server.password_file is not None:
            try:
                read_password(file.server.password_file)
            except Faults as found:
                faults += found.faults
    if faults:
        raise Faults(faults)


def _server(one: DirectorySource) -> LdapServer | None:
    if one.url is None:
        return None
    return LdapServer(
        one.url, one.base, one.bind_dn, one.password_file, one.ca_file,
        one.people_filter or PEOPLE_FILTER, one.groups_filter or GROUPS_FILTER, one.timeout,
    )  # fmt: skip


def load_files(
    config: Config, versions: Mapping[str, bytes] | None = None, compiled: Compiled | None = None
) -> Register:
    """What the files say; `versions` are texts to read in place of the release files, `compiled`
    is what earlier readings remember.

    Raises Faults with every fault of every file.
    """
    rules, department = config.rules, config.department
    return load_register(
        rules.releases, rules.domains, department.zone, department.domains, versions,
        LawFiles(*rules.laws, department.regime), compiled,
    )  # fmt: skip


def early_lifts(config: Config) -> tuple[Lift, ...]:
    """The embargoes that were lifted early; none where the store cannot say."""
    try:
        with _store(config) as store:
            return store.embargoes.lifts() if store else ()
    except StoreError:
        return ()


def approved_lists(config: Config) -> dict[str, Approved]:
    """The newest approved version of every list. Raises Faults where the store cannot say."""
    settings = config.store
    try:
        with _store(config) as store:
            return store.approved() if store else {}
    except StoreError as error:
        message = f"the approved lists cannot be read: {error}"
        hint = "lists need approval (rules.approval), and approved versions are kept in the store"
        raise Faults([Fault(str(settings.path), 0, 0, message, hint)]) from None


@contextmanager
def _store(config: Config) -> Iterator[Store | None]:
    """The store; None where there is none yet. Raises StoreError."""
    settings = config.store
    if not settings.path.exists():
        yield None
        return
    store = Store.open(settings.path, settings.key_file, settings.busy_timeout)
    try:
        yield store
    finally:
        store.close()
