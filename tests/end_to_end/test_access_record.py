"""Who had access to a release before its publication is on record, however the mail travelled."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from end_to_end.letters import mail
from support.gateway import InThread

BANNER = "EMBARGOED UNTIL 9:30AM ON WEDNESDAY 28 MARCH 2018"
LIST = ["j.marsh@dept.example", "e.hart@dept.example"]


def _send(gateway: InThread, when: str, to: list[str], body: str) -> str:
    at = datetime.fromisoformat(when).replace(tzinfo=ZoneInfo("Europe/London"))
    gateway.clock.at = at
    sender = "s.field@dept.example"
    return gateway.send(sender, to, mail(sender, to, "Children in care 2018", body, at))


def test_mail_that_goes_to_the_list_at_once_is_on_record(gateway: InThread) -> None:
    _send(gateway, "2018-03-27T10:00", LIST, BANNER)
    (entry,) = gateway.store.audit_entries("cla-2018")
    assert (entry.action, entry.facts["recipients"]) == ("relayed", LIST)
    found = [(one.release, one.address, one.state) for one in gateway.store.receipts()]
    assert found == [("cla-2018", address, "delivered") for address in LIST]
    assert gateway.store.verify().fault == ""


def test_what_is_public_leaves_no_record(gateway: InThread) -> None:
    _send(gateway, "2018-03-28T09:30", LIST, BANNER)
    _send(gateway, "2018-03-28T09:31", LIST, "Lunch?")
    assert gateway.store.receipts() == ()
