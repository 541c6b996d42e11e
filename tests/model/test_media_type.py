"""A declared type is contradicted where somebody who trusts it would be misled, and nowhere else."""

from __future__ import annotations

import pytest

from gateway.model.media_type import contradicts


@pytest.mark.parametrize(
    ("declared", "detected"),
    [
        ("application/octet-stream", "application/zip"),
        ("application/x-zip-compressed", "application/zip"),
        ("application/vnd.ms-excel", "text/csv"),
        ("text/plain", "text/csv"),
        ("text/csv", "text/plain"),
        ("application/xml", "text/xml"),
        ("image/jpg", "image/jpeg"),
        ("application/pdf", ""),
    ],
)
def test_other_names_for_the_same_thing_are_no_mismatch(declared: str, detected: str) -> None:
    assert not contradicts(declared, detected)


@pytest.mark.parametrize(
    ("declared", "detected"),
    [
        ("image/png", "application/zip"),
        ("text/plain", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("application/pdf", "text/plain"),
        ("application/pdf", "application/octet-stream"),
        ("application/vnd.ms-excel", "application/x-dosexec"),
        ("application/zip", "application/vnd.rar"),
    ],
)
def test_another_thing_than_was_declared_is_a_mismatch(declared: str, detected: str) -> None:
    assert contradicts(declared, detected)
