"""What `gateway check` says of registered material: what keeps it from being used, and what is odd."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from gateway.config import Config
from gateway.config_reading import Reading
from gateway.decide.embargo import embargoed
from gateway.model.fault import Fault
from gateway.model.register import Register
from gateway.releases.material import MaterialUnavailable, find_material
from gateway.releases.material.public_edition import ADVICE, without_public_edition

_HINT = "gateway releases material verify says more; until then mail that may hold it is held"


def of_material(
    reading: Reading, register: Register | None, now: datetime
) -> tuple[list[Fault], list[str]]:
    """Faults of the machine, and warnings."""
    config, document = reading.config, reading.document
    warnings = []
    watch = config.material.watch
    if watch is not None and not watch.is_dir():
        warnings.append(f"material.watch: {watch} is no folder: nobody's packs are registered")
    source = find_material(config.material_folder, config.material_key)
    if source is None:
        return [], warnings
    if source.fault:
        message = f"material register unavailable: {source.fault}"
        return [document.fault(("material", "key_file"), message, _HINT)], warnings
    if config.material_key.parent == config.material_folder.parent:
        warnings.append(
            "the key of the material lies beside it: whoever copies that folder has both; set"
            " material.key_file to a place on another disk, in another backup"
        )
    try:
        warnings += _of_documents(config, register, now)
    except MaterialUnavailable as error:
        return [document.fault(("material", "key_file"), str(error), _HINT)], warnings
    return [], warnings


def _of_documents(config: Config, register: Register | None, now: datetime) -> Iterator[str]:
    from gateway.releases.material.folder import MaterialFolder
    from gateway.releases.material.sealing import MaterialKey

    documents = MaterialFolder(config.material_folder).documents(
        MaterialKey.load(config.material_key)
    )
    if register is not None:
        for id in without_public_edition(documents, register.releases):
            yield f"material of {id}: {ADVICE}"
    old = now - timedelta(seconds=config.material.review)
    for id in sorted({one.release for one in documents}):
        mine = [one for one in documents if one.release == id]
        release = register.releases.get(id) if register is not None else None
        if register is not None and release is None:
            yield f"material of {id}: there is no such release; remove it, or put its file back"
        elif (
            release is not None
            and not embargoed(release, now)
            and any(not one.public for one in mine)
        ):
            yield f"material of {id}: its embargo is over; a running gateway forgets it by itself"
        aged = sum(one.at < old for one in mine)
        if aged:
            days = round(config.material.review / 86400)
            yield (
                f"material of {id}: {aged} document(s) were registered more than {days} days ago;"
                " remove what is not needed any more"
            )
        unread = sum(bool(one.gaps) for one in mine)
        if unread:
            yield f"material of {id}: {unread} document(s) could not be read entirely; list says which"
