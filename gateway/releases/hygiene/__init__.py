"""What is worth a look in one release's list before its window opens: remarks, never faults.

Pure: the register, the moment, and what the gateway knows besides (`Circumstances`) are arguments.
"""

from __future__ import annotations

from datetime import datetime

from gateway.model.register import Register
from gateway.model.release import Release
from gateway.releases.hygiene.deliveries import of_deliveries
from gateway.releases.hygiene.lists import of_list
from gateway.releases.hygiene.people import of_people
from gateway.releases.hygiene.remark import Circumstances, Remark

__all__ = ["Circumstances", "Remark", "hygiene"]


def hygiene(
    register: Register, release: Release, now: datetime, known: Circumstances
) -> tuple[Remark, ...]:
    """Remarks about one list, those about single people first; none twice."""
    found = (
        *of_people(register, release, known),
        *of_deliveries(register, release, known.receipts),
        *of_list(register, release, now, known),
        *(
            Remark(release.id, "calendar", conflict.sentence)
            for conflict in register.conflicts
            if conflict.release == release.id
        ),
    )
    return tuple(dict.fromkeys(found))
