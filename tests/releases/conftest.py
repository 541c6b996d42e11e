"""A folder of release files that tests write line by line."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Callable

import pytest

from gateway.model.fault import Fault, Faults
from gateway.model.register import Register
from gateway.releases import load_register

Load = Callable[..., Register]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Write the given files (name without ending -> text) and load them as a register."""

    def loaded(domains: str | None = None, **files: str) -> Register:
        folder = tmp_path / "releases"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            stem = name if name.startswith("_") else name.replace("_", "-")
            (folder / f"{stem}.yaml").write_text(textwrap.dedent(text))
        classes = None
        if domains is not None:
            classes = tmp_path / "domains.yaml"
            classes.write_text(textwrap.dedent(domains))
        return load_register(folder, classes, "Europe/London", ("dept.example",))

    return loaded


@pytest.fixture
def faults(load: Load) -> Callable[..., list[Fault]]:
    def found(domains: str | None = None, **files: str) -> list[Fault]:
        with pytest.raises(Faults) as caught:
            load(domains, **files)
        return list(caught.value.faults)

    return found
