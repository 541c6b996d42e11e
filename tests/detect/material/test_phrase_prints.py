"""What is kept of a document: where its words stand, and none of them."""

from __future__ import annotations

import textwrap

import numpy as np
import pytest
from detect.material import bulletins

from gateway.detect.material import phrase_prints as module
from gateway.detect.material.phrase_prints import OFTEN, PhrasePrints, phrase_prints
from gateway.model.content import Content, Properties, Table, Text
from gateway.model.material import Digesters
from gateway.model.message import Location

DIGESTERS = Digesters(b"k" * 32)
HERE = Location("1", "bulletin.docx")
PARAGRAPHS = bulletins.paragraphs("prints", "bulletin", 30)


def taken(*contents: Content) -> PhrasePrints:
    return phrase_prints(contents, DIGESTERS)


def test_places_are_pages_slides_notes_and_rows() -> None:
    found = taken(
        Text(HERE.at("page 3"), PARAGRAPHS[0]),
        Text(HERE.at("slide 4, notes"), PARAGRAPHS[1]),
        Table(HERE.at("sheet Notes"), [["", ""], ["2", PARAGRAPHS[2]]]),
    )
    assert found.places == ("page 3", "slide 4, notes", "sheet Notes, row 2")


@pytest.mark.parametrize("part", ["\n", "\n\n", "\r\n\r\n"])
def test_long_texts_are_parted_by_paragraphs(part: str) -> None:
    found = taken(Text(HERE, part.join(PARAGRAPHS)))
    assert found.places[-1] == "paragraph 30"


def test_lines_of_a_wrapped_paragraph_are_one_place() -> None:
    wrapped = [textwrap.fill(paragraph, 72) for paragraph in PARAGRAPHS]
    assert taken(Text(HERE, "\n\n".join(wrapped))).places[-1] == "paragraph 30"


def test_files_of_one_pack_are_told_apart() -> None:
    found = taken(
        Text(Location("1!1", "notes.txt"), PARAGRAPHS[0]),
        Text(Location("1!2", "slides.pptx", "slide 1"), PARAGRAPHS[1]),
    )
    assert found.places == ("notes.txt", "slides.pptx, slide 1")


def test_entries_lead_to_the_place_of_their_words() -> None:
    found = taken(Text(HERE.at("page 1"), PARAGRAPHS[0]), Text(HERE.at("page 2"), PARAGRAPHS[1]))
    alone = taken(Text(HERE.at("page 2"), PARAGRAPHS[1]))
    second = set(found.digests[found.entries["place"] == 1].tolist())
    assert set(alone.digests.tolist()) <= second


def test_digests_are_sorted_and_positions_go_on_through_the_document() -> None:
    found = taken(*(Text(HERE.at(f"page {n}"), text) for n, text in enumerate(PARAGRAPHS)))
    assert (np.diff(found.digests.astype(object)) >= 0).all()
    order = np.argsort(found.entries["position"])
    assert (np.diff(found.entries["place"][order].astype(int)) >= 0).all()


def test_nothing_that_leaves_holds_a_word() -> None:
    found = taken(Text(HERE, "\n".join(PARAGRAPHS)))
    kept = found.digests.tobytes() + found.entries.tobytes() + repr(found.places).encode()
    assert not [
        word
        for word in set(" ".join(PARAGRAPHS).split())
        if len(word) > 3 and word.encode() in kept
    ]


def test_labels_and_properties_are_not_prose() -> None:
    table = Table(HERE, [["Region", "Year ending March 2027"], ["Skelby", "12,345"]])
    found = taken(table, Properties(HERE, (("Title", PARAGRAPHS[0]),)))
    assert (len(found.digests), found.words) == (0, 0)


def test_what_a_document_repeats_is_kept_a_few_times() -> None:
    found = taken(Text(HERE, "Overwintering herons in Moorland estuaries this season\n" * 500))
    assert np.unique(found.digests, return_counts=True)[1].max() == OFTEN


def test_an_empty_document_yields_nothing() -> None:
    for found in (taken(), taken(Text(HERE, " \n"))):
        assert (len(found.digests), len(found.entries), found.words) == (0, 0, 0)


def test_what_lies_beyond_the_limit_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_MOST", 200)
    found = taken(*(Text(HERE.at(f"page {n}"), text) for n, text in enumerate(PARAGRAPHS)))
    (gap,) = found.gaps
    assert (gap.reason, gap.location.where in found.places) == ("limit", True)
    assert len(found.places) < 30
