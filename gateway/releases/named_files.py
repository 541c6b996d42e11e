"""The files of a folder that holds one thing a file, under its id."""

from __future__ import annotations

import re
from pathlib import Path

from gateway.model.fault import Fault

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def named_files(folder: Path | None, example: str, faults: list[Fault]) -> list[Path]:
    """The YAML files to read, in order; what would be overlooked is added to `faults`. None where
    there is no such folder."""
    found = []
    for path in sorted(folder.iterdir()) if folder is not None and folder.is_dir() else ():
        if path.name.startswith(".") or path.suffix in (".md", ".txt"):
            continue
        if path.suffix == ".yaml" and _ID.fullmatch(path.stem) and not path.is_dir():
            found.append(path)
            continue
        hint = f"name it like {example}: small letters, digits and hyphens"
        faults.append(Fault(str(path), 0, 0, "would be overlooked: not such a file", hint))
    return found
