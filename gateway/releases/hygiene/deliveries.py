"""Remarks from what became of earlier mail: addresses that are gone, places that nobody uses."""

from __future__ import annotations

from typing import Iterator, Sequence

from gateway.model.edition import earlier
from gateway.model.receipt import Receipt
from gateway.model.register import Register
from gateway.model.release import Release
from gateway.releases.hygiene.entries import on_list
from gateway.releases.hygiene.remark import Remark
from gateway.releases.wording import day, listed

_LAST = 3
"""How many earlier releases of the series are asked who used their place."""


def of_deliveries(
    register: Register, release: Release, receipts: Sequence[Receipt]
) -> Iterator[Remark]:
    yield from _bounces(release, receipts)
    yield from _never_used(register, release, receipts)


def _bounces(release: Release, receipts: Sequence[Receipt]) -> Iterator[Remark]:
    newest: dict[str, Receipt] = {}
    for receipt in receipts:
        before = newest.get(receipt.address)
        if before is None or before.at <= receipt.at:
            newest[receipt.address] = receipt
    for address in on_list(release.roster):
        last = newest.get(address)
        if last and last.state == "failed" and last.code.startswith("5"):
            sentence = (
                f"Mail to {address} came back for good ({last.code}) on {day(last.at.date())}:"
                " is the address still right?"
            )
            yield Remark(release.id, "bounces", sentence, address)


def _never_used(
    register: Register, release: Release, receipts: Sequence[Receipt]
) -> Iterator[Remark]:
    """Who was on the last lists of the series and never got anything by any of their addresses."""
    delivered: dict[str, set[str]] = {}
    for receipt in receipts:
        if receipt.state == "delivered":
            delivered.setdefault(receipt.release, set()).add(receipt.address)
    asked = [one for one in earlier(register, release) if one.id in delivered][:_LAST]
    if not asked:
        sentence = (
            "Who never uses their place cannot be told: the store has no deliveries of earlier"
            " releases of this series."
        )
        yield Remark(release.id, "never-used", sentence, warning=False)
        return
    names = listed([one.id for one in asked])
    for address in on_list(release.roster):
        aliases = set(register.directory.aliases(address))
        if all(aliases & one.roster.appointed.keys() for one in asked) and not any(
            aliases & delivered[one.id] for one in asked
        ):
            sentence = f"{address} was on the lists of {names} and never got anything of them."
            yield Remark(release.id, "never-used", sentence, address)
