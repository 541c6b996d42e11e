"""Two sentences out of forty pages are the release's; what everybody may say is nobody's."""

from __future__ import annotations

import pickle
import textwrap
from dataclasses import replace
from functools import cache
from typing import Sequence

import pytest
from detect.material import bulletins
from detect.material.phrase_register import bits, document, matcher, material, said

from gateway.detect.material.conclude import conclude
from gateway.detect.material.phrases import AT_MOST, PhraseMatcher
from gateway.model.content import Table, Text
from gateway.model.message import Location
from gateway.model.trace import ORDINARY

ENOUGH = ORDINARY.bits
BULLETIN = bulletins.document("this year", pages=40)
PARAGRAPHS = BULLETIN.split("\n")
TWO_SENTENCES = " ".join(PARAGRAPHS[70].split(". ")[:2]) + "."
DISCLAIMER = (
    "This bulletin was produced by the Office for Moorland Statistics. Complaints about its contents "
    "may be addressed to the Chief Statistician within thirty working days, in writing or by telephone "
    "through a relay operator, and translations are available from our Skelby reading room."
)


@cache
def known() -> PhraseMatcher:
    return matcher(document(BULLETIN))


def test_two_sentences_out_of_forty_pages_are_found() -> None:
    assert bits(known().in_text(said(f"Hi both,\n\n{TWO_SENTENCES}\n\nBest, Jo"))) >= ENOUGH


def test_twenty_words_of_its_own_are_found() -> None:
    passage = (
        "unaccompanied kestrels overwintering along the Garsmouth embankment outnumbered ringed plovers "
        "by 1,482 in February, reversing the pattern of earlier winters"
    )
    found = matcher(document(f"{BULLETIN}\nWe note that {passage}, says nobody."))
    assert bits(found.in_text(said(passage))) >= ENOUGH


def test_a_finding_says_which_document_and_where_in_it() -> None:
    traces = known().in_text(said(TWO_SENTENCES))
    assert {trace.document for trace in traces} == {"bulletin.docx"}
    assert "paragraph 71" in {trace.place for trace in traces}
    (finding,) = conclude(traces, {})
    assert (finding.kind, finding.facts["release"]) == ("release-material", "herons")


@pytest.mark.parametrize(
    "sentence",
    [
        "Figures may not sum to totals because of rounding.",
        "At the end of the financial year the number of cases was lower than in the previous year.",
        "There were no significant changes compared with the same quarter of the previous year.",
        "Please contact the press office if you have any questions about these statistics.",
        "Figures for the latest quarter are provisional and subject to revision.",
        "Mae'r ystadegau hyn ar gyfer y flwyddyn a bydd rhagor yn ystod y chwarter.",
        "Le nombre est en hausse par rapport au trimestre de cette annee, selon les statistiques.",
    ],
)
def test_one_sentence_that_anybody_might_write_proves_nothing(sentence: str) -> None:
    found = matcher(document(f"{BULLETIN}\n{sentence}"))
    assert bits(found.in_text(said(sentence))) < ENOUGH


def test_turns_of_phrase_from_all_over_the_document_do_not_add_up() -> None:
    scattered = [" ".join(paragraph.split()[8:14]) for paragraph in PARAGRAPHS[::5]]
    text = " Meanwhile somebody else wondered aloud whether lunch was ready. ".join(scattered)
    assert bits(known().in_text(said(text))) == 0


def test_what_is_public_already_proves_nothing() -> None:
    background = bulletins.document("background", pages=4)
    found = matcher(
        document(f"{BULLETIN}\n{background}"), document(background, "herons", public=True)
    )
    assert not found.in_text(said(background))
    assert bits(found.in_text(said(f"{background}\n{TWO_SENTENCES}"))) >= ENOUGH


def test_what_another_release_has_made_public_proves_nothing_either() -> None:
    found = matcher(document(DISCLAIMER), document(DISCLAIMER, "curlews", public=True))
    assert not found.in_text(said(DISCLAIMER))


def test_a_disclaimer_that_stands_in_many_packs_proves_nothing() -> None:
    packs = [
        document(f"{bulletins.document(number, pages=1)}\n{DISCLAIMER}", f"release-{number}")
        for number in range(8)
    ]
    assert not matcher(*packs).in_text(said(DISCLAIMER))


def test_a_note_that_goes_with_two_releases_is_found_for_both() -> None:
    note = "\n".join(PARAGRAPHS[:6])
    found = matcher(document(note), document(note, "curlews"))
    traces = found.in_text(said(note))
    assert min(bits(traces), bits(traces, "curlews")) >= ENOUGH


def test_the_header_of_every_page_proves_nothing() -> None:
    header = (
        "Herons, curlews and dunlins overwintering in Moorland estuaries, February 2027 edition"
    )
    pages = "\n".join(f"{header}\n{paragraph}" for paragraph in PARAGRAPHS)
    assert bits(matcher(document(pages)).in_text(said(header))) < ENOUGH


SENTENCE = "The {} herons of {} marshes raised {} chicks in {}, of which {} fledged by {} June."
THIS_YEAR = SENTENCE.format("2,341", 48, "6,870", 2026, "4,112", 19)
LAST_YEAR = SENTENCE.format("2,298", 51, "7,003", 2025, "3,986", 23)


def test_last_years_sentence_with_last_years_figures_is_not_this_years() -> None:
    found = matcher(document(THIS_YEAR))
    assert bits(found.in_text(said(THIS_YEAR))) >= ENOUGH
    assert bits(found.in_text(said(LAST_YEAR))) < ENOUGH


def test_this_years_sentence_in_last_years_words_is_this_years() -> None:
    found = matcher(document(THIS_YEAR), document(LAST_YEAR, public=True))
    assert bits(found.in_text(said(THIS_YEAR))) >= ENOUGH
    assert not found.in_text(said(LAST_YEAR))


def test_the_same_passage_twice_counts_once() -> None:
    once, twice = said(TWO_SENTENCES), said(textwrap.indent(TWO_SENTENCES, "> "), "quoted")
    alone = conclude(known().in_text(once), {})
    both = conclude([*known().in_text(once), *known().in_text(twice)], {})
    assert both == alone
    quoted = bits(known().in_text(said(f"{TWO_SENTENCES}\n\n> {TWO_SENTENCES}")))
    assert quoted == pytest.approx(bits(known().in_text(once)), rel=0.2)


def test_two_drafts_of_one_document_count_once() -> None:
    drafts = [document(BULLETIN, name=f"draft {number}.docx") for number in (1, 2)]
    found = matcher(*drafts).in_text(said(TWO_SENTENCES))
    assert bits(found) == pytest.approx(bits(known().in_text(said(TWO_SENTENCES))))


def test_a_passage_is_found_in_the_cells_of_a_table() -> None:
    rows = [["Note", "Text"], ["1", PARAGRAPHS[12]], ["2", "see above"]]
    assert bits(known().in_table(Table(Location("2", "notes.xlsx", "sheet Notes"), rows))) >= ENOUGH


def test_sentences_that_stand_in_cells_of_a_workbook_are_registered_with_their_rows() -> None:
    rows = [["Notes", ""], ["1", DISCLAIMER]]
    table = Table(Location("1", "tables.xlsx", "sheet Notes"), rows)
    found = matcher(replace(document(""), contents=(table,))).in_text(said(DISCLAIMER))
    assert {trace.place for trace in found} == {"sheet Notes, row 2"}


def test_an_excerpt_across_two_pages_is_one_excerpt() -> None:
    pages = [Text(Location("1", None, f"page {n}"), PARAGRAPHS[n]) for n in range(6)]
    end, start = PARAGRAPHS[2].split()[-11:], PARAGRAPHS[3].split()[:11]
    found = matcher(replace(document(""), contents=tuple(pages)))
    traces = found.in_text(said(" ".join([*end, *start])))
    assert bits(traces) >= ENOUGH
    assert {trace.place for trace in traces} == {"page 2", "page 3"}


def test_text_without_blanks_is_found() -> None:
    text = "".join(chr(0x4E00 + number * 37 % 9000) for number in range(600))
    assert bits(matcher(document(text)).in_text(said(text[200:240]))) >= ENOUGH


def test_another_key_finds_nothing() -> None:
    ours = material(document(BULLETIN))
    theirs = replace(ours, digesters=material(document(""), key=b"o" * 32).digesters)
    assert not PhraseMatcher(theirs).in_text(said(TWO_SENTENCES))


def test_with_nothing_registered_nothing_is_found() -> None:
    assert not PhraseMatcher(material(document(""))).in_text(said(TWO_SENTENCES))


def test_traces_repeat_no_words() -> None:
    carried = pickle.dumps(known().in_text(said(TWO_SENTENCES))).lower()
    assert not [
        word for word in TWO_SENTENCES.lower().split() if len(word) > 6 and word.encode() in carried
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t> > |",
        "RE: minutes",
        "x" * 500_000,
        "heron " * 200_000,
        f"{TWO_SENTENCES} " * 2000,
        "\n".join(PARAGRAPHS * 3),
    ],
    ids=["nothing", "signs", "subject", "one word", "a word again", "a passage again", "all of it"],
)
def test_what_is_given_is_bounded_whatever_the_text(text: str) -> None:
    assert len(known().in_text(said(text))) <= AT_MOST


def test_material_of_one_release_does_not_hide_that_of_another() -> None:
    other = bulletins.document("another year", pages=40)
    excerpt = other.split("\n")[90]
    found = matcher(document(BULLETIN), document(other, "curlews"))
    text = "\n".join([*PARAGRAPHS * 4, excerpt])
    assert bits(found.in_text(said(text)), "curlews") >= ENOUGH


def _edited(words: Sequence[str], every: int) -> str:
    return " ".join("altered" if n % every == every // 2 else word for n, word in enumerate(words))


@pytest.mark.parametrize("every", [10, 12, 15, 20])
def test_a_paragraph_with_words_replaced_here_and_there_is_found(every: int) -> None:
    assert bits(known().in_text(said(_edited(PARAGRAPHS[33].split(), every)))) >= ENOUGH
