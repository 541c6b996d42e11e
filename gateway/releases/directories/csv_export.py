"""A table of distribution lists -> lists: one row for each member of each list.

Columns are found by their heads, those of Exchange's `Get-DistributionGroupMember` among them. A
member whose kind the table gives as a list is taken apart where its own rows are in the table; a
kind that is not understood (a dynamic list, a public folder) makes its list unlisted. A column such
as `forward_to` says where mail to the member goes on to; a table that has one, and no lists, is one of
mailboxes (`Get-Mailbox`). A row that
belongs to nobody knows which list makes the whole table unreadable: some list lacks a member.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import Any

from gateway.model.address import is_usable, normalise_address
from gateway.model.fault import Fault, Faults
from gateway.releases.directories.forwarding import FORWARDS, forwarding
from gateway.releases.directories.json_text import MAX_ENTRIES, decoded
from gateway.releases.directories.records import (
    Account,
    Extract,
    Forwarding,
    Listing,
    addresses,
    text,
)

_HEADS = {
    "group": (
        "groupaddress", "groupemail", "groupemailaddress", "groupmail", "groupprimarysmtpaddress",
        "groupsmtp", "listaddress", "listemail", "distributiongroup", "distributionlist",
        "mailinglist", "group", "list",
    ),
    "member": (
        "memberaddress", "memberemail", "memberemailaddress", "memberprimarysmtpaddress",
        "membersmtp", "primarysmtpaddress", "windowsemailaddress", "smtpaddress", "emailaddress",
        "email", "mail", "address", "member",
    ),
    "name": ("membername", "memberdisplayname", "displayname", "name", "member"),
    "kind": (
        "recipienttypedetails", "recipienttype", "memberrecipienttype", "membertype", "type", "kind",
    ),
    "title": ("title", "jobtitle"),
    "department": ("department",),
    "aliases": ("emailaddresses", "proxyaddresses"),
}  # fmt: skip
_PEOPLE = (
    "", "user", "person", "contact", "mailbox", "usermailbox", "mailuser", "mailcontact",
    "guestmailuser", "remoteusermailbox", "linkedmailbox",
)  # fmt: skip
_LISTS = (
    "group", "list", "mailuniversaldistributiongroup", "mailuniversalsecuritygroup",
    "mailnonuniversalgroup", "distributiongroup", "groupmailbox", "roomlist",
)  # fmt: skip


@dataclass
class _Rows:
    """One list as it is read: the line it begins at, and its members."""

    line: int
    members: dict[str, None] = field(default_factory=dict)
    fault: str = ""


def read_csv(raw: bytes, name: str) -> Extract:
    """Raises Faults where the file as a whole cannot be relied on."""
    return csv_extract(decoded(raw, name), name)


def csv_extract(table: str, name: str) -> Extract:
    """What a table says. Raises Faults."""
    lines = table.splitlines(keepends=True)
    # Windows PowerShell writes a line with the type of its objects above the heads.
    skipped = 1 if lines and lines[0].lstrip().lower().startswith("#type") else 0
    head = lines[skipped] if len(lines) > skipped else ""
    delimiter = max(",;\t", key=head.count)
    rows = csv.reader(io.StringIO("".join(lines[skipped:])), delimiter=delimiter, strict=True)
    try:
        heads = [_plain(head) for head in next(rows, [])]
        onward = [number for number, head in enumerate(heads) if head in FORWARDS]
        columns = _columns(heads, name, skipped + 1, ("member",) if onward else ("group", "member"))
        return _Table(name, columns, onward, skipped).extract(rows)
    except csv.Error as error:
        line = rows.line_num + skipped
        hint = "export the table again as CSV"
        raise Faults([Fault(name, line, 0, f"not a table: {error}", hint)]) from None


def _plain(head: str) -> str:
    return "".join(c for c in head.casefold() if c.isalnum())


def _columns(plain: list[str], name: str, line: int, needed: tuple[str, ...]) -> dict[str, int]:
    """Which column is what: of several that could be meant, the one named first in the table."""
    found: dict[str, int] = {}
    for what, spellings in _HEADS.items():
        free = [plain.index(one) for one in spellings if one in plain]
        number = next((one for one in free if one not in found.values()), None)
        if number is not None:
            found[what] = number
    missing = [what for what in needed if what not in found]
    if missing:
        known = "; ".join(f"{what}: {', '.join(_HEADS[what][:6])}" for what in missing)
        message = f"no column for the {' and the '.join(missing)}"
        raise Faults([Fault(name, line, 0, message, f"give the columns heads such as {known}")])
    return found


class _Table:
    def __init__(self, name: str, columns: dict[str, int], onward: list[int], skipped: int) -> None:
        self._name = name
        self._width = max(*columns.values(), *onward) + 1
        self._onward = onward
        self._forwardings: dict[str, Forwarding] = {}
        self._group, self._member = columns.get("group", -1), columns["member"]
        self._mailboxes: dict[str, Listing] = {}
        self._called, self._kind, self._title, self._department, self._aliases = (
            columns.get(what, -1) for what in ("name", "kind", "title", "department", "aliases")
        )
        self._skipped = skipped
        self._lists: dict[str, _Rows] = {}
        self._accounts: dict[str, Account] = {}
        self._inner: dict[str, int] = {}
        self._addresses: dict[str, str | None] = {}
        self._faults: list[Fault] = []

    def extract(self, rows: Any) -> Extract:
        for number, row in enumerate(rows, 1):
            if number > MAX_ENTRIES:
                raise Faults([Fault(self._name, 0, 0, f"more than {MAX_ENTRIES:,} rows")])
            if any(row):
                self._row(rows.line_num + self._skipped, row)
        if self._faults:
            raise Faults(self._faults)
        for address, line in self._inner.items():
            if address not in self._lists:
                self._lists[address] = _Rows(line, fault="the table has none of its members")
        listings = [
            Listing((address,), f"line {one.line}", address, (address,), (*one.members,), one.fault)
            for address, one in self._lists.items()
        ]
        return Extract(
            tuple(self._accounts.values()),
            (*listings, *self._mailboxes.values()),
            tuple(self._forwardings.values()),
        )

    def _row(self, line: int, row: list[str]) -> None:
        # One more cell stands for every column that the table does not have.
        row = [*row, *[""] * (self._width - len(row)), ""]
        if self._group < 0:
            self._mailbox(line, row)
            return
        group = self._address(row[self._group])
        if group is None:
            given = text(row[self._group])[:60]
            message = f"the list's address is missing: {given}" if given else "no list is named"
            hint = "export the address of each list beside its name, in every row"
            self._faults.append(Fault(self._name, line, 0, message, hint))
            return
        rows = self._lists.get(group) or self._lists.setdefault(group, _Rows(line))
        kind = row[self._kind].replace(" ", "").lower()
        member = self._address(row[self._member])
        if member is not None and self._onward:
            self._forward(line, member, [row[number] for number in self._onward])
        if member is None:
            given = text(row[self._called]) or f"line {line}"
            unread = f"an address that cannot be read, on line {line}"
            had = unread if row[self._member].strip() else f"no address: {given}"
            rows.fault = rows.fault or f"a member has {had}"
        elif kind in _PEOPLE:
            rows.members[member] = None
            if member not in self._accounts:
                self._person(line, row, member)
        elif kind in _LISTS:
            self._inner.setdefault(member, line)
            rows.members[member] = None
        else:
            shown = text(row[self._kind])[:40]
            rows.fault = rows.fault or f"a member is of a kind that is not understood: {shown}"

    def _mailbox(self, line: int, row: list[str]) -> None:
        """A row of a table that has no lists."""
        address, kind = self._address(row[self._member]), row[self._kind].replace(" ", "").lower()
        if address is None:
            hint = "export the address of each mailbox, in every row"
            message = f"the mailbox has no address: {text(row[self._called])[:60] or 'no name'}"
            self._faults.append(Fault(self._name, line, 0, message, hint))
            return
        self._forward(line, address, [row[number] for number in self._onward])
        if kind in _PEOPLE:
            self._person(line, row, address)
        else:
            what = text(row[self._kind])[:40]
            fault = f"it is a mailbox of the kind {what}, and the table does not say who reads it"
            self._mailboxes[address] = Listing(
                (address,), f"line {line}", text(row[self._called]) or address, (address,), (), fault,
                mailbox=True,
            )  # fmt: skip

    def _forward(self, line: int, member: str, cells: list[str]) -> None:
        found = forwarding((member,), f"line {line}", cells)
        before = self._forwardings.get(member)
        if found is not None and before is not None:
            to = tuple(dict.fromkeys((*before.to, *found.to)))
            found = Forwarding((member,), before.place, to, before.fault or found.fault)
        if found is not None:
            self._forwardings[member] = found

    def _person(self, line: int, row: list[str], member: str) -> None:
        name = text(row[self._called])
        if not name or name == member:
            return  # an address alone says nothing of whose it is
        own: tuple[str, ...] = (member,)
        if aliases := row[self._aliases]:
            more = addresses(*aliases.replace(",", " ").replace(";", " ").split())
            own = tuple(dict.fromkeys((member, *more)))
        title, office = text(row[self._title]), text(row[self._department])
        self._accounts[member] = Account(own, f"line {line}", name, own, title, office)

    def _address(self, cell: str) -> str | None:
        """Lists stand in many rows, so that each spelling is looked at once."""
        if cell not in self._addresses:
            normal = normalise_address(cell.strip())
            self._addresses[cell] = normal if is_usable(normal) else None
        return self._addresses[cell]
