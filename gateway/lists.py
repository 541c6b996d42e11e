"""The register of a configuration: the files that it names, as far as they count.

The one place that knows what the register depends on: keys of the configuration, and what people
said to the store about lists, which nobody can say by editing a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

from gateway.config import Config
from gateway.model.announcement import Snapshot
from gateway.model.approval import Approved
from gateway.model.fault import Fault, Faults
from gateway.model.lift import Lift
from gateway.model.register import Register
from gateway.releases import LawFiles, load_register
from gateway.releases.approval import agreed_register
from gateway.releases.calendars import CalendarSource, read_snapshot
from gateway.releases.reconciliation import reconciled
from gateway.releases.register import read_versions
from gateway.store import Store, StoreError


def read_lists(config: Config) -> Register:
    """Releases, lists and laws; where lists need approval, as far as they were approved. Where a
    calendar says otherwise, the later counts; embargoes that were lifted early are lifted.

    Raises Faults with every fault of every file.
    """
    if config.rules.approval == "none":
        register = load_files(config)
    else:
        texts = read_versions(config.rules.releases)
        register = agreed_register(partial(load_files, config), texts, approved_lists(config))
    return reconciled(register, calendars(config)).with_lifts(early_lifts(config))


def calendars(config: Config) -> tuple[Snapshot, ...]:
    """What the calendars of announcements say, as they were last read."""
    return tuple(map(read_snapshot, calendar_sources(config)))


def calendar_sources(config: Config) -> tuple[CalendarSource, ...]:
    """Every calendar of the configuration, and where it is read from."""
    return tuple(
        CalendarSource(
            one.name, one.kind, one.zone or config.department.zone, timedelta(seconds=one.valid),
            config.calendar_folder / f"{one.name}.json", one.file, one.url or "",
        )
        for one in config.calendars
    )  # fmt: skip


def load_files(config: Config, versions: Mapping[str, bytes] | None = None) -> Register:
    """What the files say; `versions` are texts to read in place of the release files.

    Raises Faults with every fault of every file.
    """
    rules, department = config.rules, config.department
    return load_register(
        rules.releases, rules.domains, department.zone, department.domains, versions,
        LawFiles(*rules.laws, department.regime),
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
