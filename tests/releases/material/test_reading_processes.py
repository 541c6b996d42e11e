"""What processes that read mail do with material: they open it or say so, and need nothing without."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from gateway.detect import Context, DetectorSpec
from gateway.model.limits import ReadLimits
from gateway.model.message import Part
from gateway.model.trace import UNREAD_MATERIAL
from gateway.pipeline import PartReader, ReaderSpec
from gateway.releases.material import find_material

LETTER = Part("1", "text/plain", "body", b"Shall we meet on Tuesday?\n")


def spec(folder, key_file) -> ReaderSpec:
    source = find_material(folder.path, key_file)
    return ReaderSpec(DetectorSpec(()), ReadLimits(), material=source)


def test_a_reader_that_cannot_open_the_material_says_so_of_every_part(
    folder, key, key_file, document
) -> None:
    folder.add([document()], key)
    readers = spec(folder, key_file)
    key_file.rename(key_file.with_name("elsewhere"))
    report = PartReader(readers).report(LETTER, _context())
    (gap,) = [gap for gap in report.gaps if gap.location == UNREAD_MATERIAL]
    assert gap.reason == "unreadable" and "the key file is missing" in gap.detail


def test_a_reader_that_can_says_nothing(folder, key, key_file, document) -> None:
    folder.add([document()], key)
    assert PartReader(spec(folder, key_file)).report(LETTER, _context()).gaps == ()


def _context() -> Context:
    return Context(datetime(2037, 3, 24, 20, 35, tzinfo=UTC), None, "Europe/London")


@pytest.mark.parametrize(
    "module",
    ["gateway.app", "gateway.live", "gateway.cli.inspect", "gateway.cli.releases_material"],
)
def test_nobody_loads_what_only_material_needs(module: str) -> None:
    asked = f"import sys, {module}; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
