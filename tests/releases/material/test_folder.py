"""Registered material on disk: worthless without the key, whole or unavailable, never silently less."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.key_file import make_key
from gateway.model.keyed import KeyedDigest
from gateway.model.material import Digesters, Material
from gateway.model.trace import MaterialSource
from gateway.releases.material import find_material, open_material
from gateway.releases.material.folder import MaterialFolder
from gateway.releases.material.sealing import MaterialKey
from gateway.releases.material.unavailable import MaterialUnavailable, NotRegistered

FIGURES = ("48213", "90577", "10004")
WORDS = ("heron", "kestrel", "bittern")


def opened(folder: MaterialFolder, key_file: Path) -> Material:
    source = find_material(folder.path, key_file)
    assert source is not None and not source.fault, source
    material = open_material(source)
    assert material is not None
    return material


def found(material: Material, word: str) -> list[tuple[str, str, str]]:
    """Release, document and place of everything that has this word."""
    first, last = material.phrases.find(material.digesters.phrase.many([word.encode()]))
    entries = material.phrases.entries[first[0] : last[0]]
    return sorted(
        (
            material.documents[entry["document"]].release,
            material.documents[entry["document"]].name,
            material.place(int(entry["document"]), int(entry["place"])),
        )
        for entry in entries
    )


def files(folder: MaterialFolder) -> list[Path]:
    return sorted(p for p in folder.path.rglob("*") if p.is_file() and p.name != ".lock")


def test_what_was_registered_is_found_with_its_place(folder, key, key_file, document) -> None:
    folder.add([document(words=WORDS), document(name="b.docx", words=("heron", "egret"))], key)
    folder.add([document(release="adoption", name="c.docx", words=("heron",))], key)
    material = opened(folder, key_file)
    assert found(material, "heron") == [
        ("adoption", "c.docx", "sheet Kestrel, B2"),
        ("fostering", "b.docx", "sheet Kestrel, B2"),
        ("fostering", "tables.xlsx", "sheet Kestrel, B2"),
    ]
    assert found(material, "kestrel") == [("fostering", "tables.xlsx", "sheet Kestrel, B3")]
    assert found(material, "owl") == []


def test_each_figure_keeps_the_words_around_it(folder, key, key_file, document) -> None:
    folder.add([document(figures=FIGURES), document(release="adoption", figures=("7", "8"))], key)
    material = opened(folder, key_file)
    for figure in (*FIGURES, "7", "8"):
        first, last = material.figures.find(material.digesters.figure.many([figure.encode()]))
        (entry,) = material.figures.entries[first[0] : last[0]]
        begin = int(entry["context"])
        assert material.context[begin] == 1
        assert material.context[begin + 1] == material.digesters.context(figure.encode()) >> 32


def test_the_other_documents_of_a_release_stay(folder, key, key_file, document) -> None:
    folder.add([document(words=("heron",))], key)
    folder.add([document(name="second.docx", words=("egret",))], key)
    material = opened(folder, key_file)
    assert found(material, "heron") and found(material, "egret")


def test_the_same_bytes_are_registered_once_for_a_release(folder, key, document) -> None:
    folder.add([document()], key)
    before = {path: path.read_bytes() for path in files(folder)}
    with pytest.raises(NotRegistered, match="already"):
        folder.add([document(name="new.docx", words=("egret",)), document()], key)
    assert {path: path.read_bytes() for path in files(folder)} == before


def test_what_is_removed_is_gone_and_the_rest_stays(folder, key, key_file, document) -> None:
    first, second = document(), document(release="adoption", words=("egret",))
    folder.add([first, second], key)
    folder.remove([(first[0].release, first[0].id)], key)
    material = opened(folder, key_file)
    assert not found(material, "heron") and found(material, "egret")
    folder.remove([(second[0].release, second[0].id)], key)
    assert find_material(folder.path, key_file) is None
    assert files(folder) == []


def test_who_has_the_old_index_open_keeps_it(folder, key, key_file, document) -> None:
    folder.add([document()], key)
    material = opened(folder, key_file)
    folder.remove([(document()[0].release, document()[0].id)], key)
    assert found(material, "heron")


def test_nothing_on_disk_says_what_was_registered(folder, key, document, tmp_path) -> None:
    folder.add([document(name="Heron tables.xlsx", words=WORDS, figures=FIGURES)], key)
    for path in files(folder):
        content = path.read_bytes()
        for secret in (*WORDS, *FIGURES, "Heron tables", "Kestrel", "a.producer", "2036"):
            assert secret.encode() not in content, path
            assert secret.encode("utf-16-le") not in content, path
        for figure in FIGURES:
            for kind in ("<u4", "<u8", "<f8"):
                value = np.array([int(figure)], kind).tobytes()
                assert value not in content, path


def test_only_its_owner_may_read_it(folder, key, document) -> None:
    folder.add([document()], key)
    assert folder.path.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in files(folder))


def test_trying_every_figure_finds_nothing_without_the_key(folder, key, document) -> None:
    folder.add([document(figures=FIGURES)], key)
    (index,) = [path for path in files(folder) if path.name == ".index"]
    content = index.read_bytes()
    stored = {content[at : at + 8] for at in range(0, len(content) - 7, 4)}
    candidates = [str(number).encode() for number in range(10_000, 100_000)]

    def hits(digest) -> set[bytes]:
        return {one for one in candidates if digest(one) in stored}

    # An attacker knows this program, and tries it with keys of their own and without any.
    guessed = KeyedDigest(b"\0" * 32, "figure")
    assert not hits(lambda one: guessed(one).to_bytes(8, "little"))
    assert not hits(lambda one: hashlib.blake2b(one, digest_size=8).digest())
    assert not hits(lambda one: hashlib.blake2b(one, digest_size=8, person=b"figure").digest())
    known = Digesters(key.digests).figure
    assert hits(lambda one: known(one).to_bytes(8, "little")) == {f.encode() for f in FIGURES}


def test_the_key_of_the_digests_is_not_the_key_file(key, key_file) -> None:
    assert key.digests != key_file.read_bytes()


# -- damage -----------------------------------------------------------------------------------


def unavailable(source: MaterialSource | None) -> str:
    assert source is not None and source.fault
    with pytest.raises(MaterialUnavailable):
        open_material(source)
    return source.fault


def test_without_its_key_it_is_unavailable_and_the_releases_are_known(
    folder, key, key_file, document
) -> None:
    folder.add([document(), document(release="adoption")], key)
    key_file.unlink()
    source = find_material(folder.path, key_file)
    assert "the key file is missing" in unavailable(source)
    assert source.releases == {"fostering", "adoption"}


def test_another_key_opens_nothing(folder, key, key_file, document, tmp_path) -> None:
    folder.add([document()], key)
    make_key(tmp_path / "other.key")
    source = find_material(folder.path, tmp_path / "other.key")
    assert "not the one that the index was sealed with" in unavailable(source)


def test_a_key_that_others_can_read_is_not_used(folder, key, key_file, document) -> None:
    folder.add([document()], key)
    key_file.chmod(0o640)
    assert "others can use the key file" in unavailable(find_material(folder.path, key_file))


@pytest.mark.parametrize("how", ["flip", "cut", "grow", "empty"])
def test_damage_to_any_file_makes_all_of_it_unavailable(
    folder, key, key_file, document, how
) -> None:
    folder.add([document(words=WORDS, figures=FIGURES), document(release="adoption")], key)
    for path in files(folder):
        content = path.read_bytes()
        places = range(0, len(content), max(1, len(content) // 40)) if how == "flip" else [0]
        for place in places:
            changed = bytearray(content)
            changed[place] ^= 0x10
            path.write_bytes(
                {
                    "flip": bytes(changed),
                    "cut": content[:-1],
                    "grow": content + b"\0",
                    "empty": b"",
                }[how]
            )
            unavailable(find_material(folder.path, key_file))
        path.write_bytes(content)
    opened(folder, key_file)


def test_a_file_that_is_missing_makes_all_of_it_unavailable(
    folder, key, key_file, document
) -> None:
    folder.add([document(), document(release="adoption")], key)
    for path in files(folder):
        content = path.read_bytes()
        path.unlink()
        unavailable(find_material(folder.path, key_file))
        path.write_bytes(content)


def test_the_document_that_does_not_open_is_named(folder, key, key_file, document) -> None:
    folder.add([document(), document(name="b.docx", words=("egret",))], key)
    one, other = [path for path in files(folder) if path.suffix == ".document"]
    one.write_bytes(other.read_bytes())
    with pytest.raises(MaterialUnavailable, match=one.stem):
        folder.check(key)


def test_one_document_that_is_lost_for_good_is_given_up_with_the_index(
    folder, key, key_file, document
) -> None:
    folder.add([document(), document(name="b.docx", words=("egret",))], key)
    next(path for path in files(folder) if path.suffix == ".document").unlink()
    folder.index.unlink()
    folder.rebuild(key)
    assert len(folder.documents(key)) == 1
    opened(folder, key_file)


def test_files_cannot_be_exchanged(folder, key, key_file, document) -> None:
    folder.add([document(), document(name="b.docx", words=("egret",))], key)
    one, other = [path for path in files(folder) if path.suffix == ".document"]
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    unavailable(find_material(folder.path, key_file))


def test_nothing_is_added_beside_what_is_damaged(folder, key, document) -> None:
    folder.add([document()], key)
    (path,) = [path for path in files(folder) if path.suffix == ".document"]
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(MaterialUnavailable):
        folder.add([document(release="adoption")], key)


def test_an_index_that_is_lost_is_made_again_by_somebody(folder, key, key_file, document) -> None:
    folder.add([document()], key)
    (folder.path / ".index").unlink()
    unavailable(find_material(folder.path, key_file))
    folder.rebuild(key)
    assert found(opened(folder, key_file), "heron")


# -- changes that are broken off, and several at once ------------------------------------------


class PowerCut(Exception):
    pass


@pytest.mark.parametrize("calls", range(4))
def test_a_crash_while_adding_leaves_all_or_nothing_of_it(
    folder, key, key_file, document, monkeypatch, calls
) -> None:
    folder.add([document()], key)
    left = [calls]
    replace = os.replace

    def cut(*arguments: object) -> None:
        if not left[0]:
            raise PowerCut
        left[0] -= 1
        replace(*arguments)

    added = [document(name="b.docx", words=("egret",)), document(name="c.docx", words=("owl",))]
    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", cut)
        try:
            folder.add(added, key)
        except PowerCut:
            pass
    material = opened(folder, key_file)
    assert found(material, "heron")
    folder.remove([(document()[0].release, "no such document")], key)
    assert not list(folder.path.glob(".draft-*"))


def test_a_crash_while_removing_is_completed(folder, key, key_file, document, monkeypatch) -> None:
    first, second = document(), document(name="b.docx", words=("egret",))
    folder.add([first, second], key)
    with monkeypatch.context() as patched:
        patched.setattr(MaterialFolder, "_exchange", lambda *_: (_ for _ in ()).throw(PowerCut))
        with pytest.raises(PowerCut):
            folder.remove([(first[0].release, first[0].id)], key)
    material = opened(folder, key_file)
    assert not found(material, "heron") and found(material, "egret")
    assert not list(folder.path.rglob("*.removed"))


def _add(path: Path, key_file: Path, number: int) -> None:
    from datetime import UTC, datetime

    from gateway.model.material import PHRASE, DocumentPrints
    from gateway.releases.material.document import Registered

    key = MaterialKey.load(key_file)
    digests = Digesters(key.digests).phrase.many([f"word{number}".encode()]).tobytes()
    prints = DocumentPrints((digests, np.zeros(1, PHRASE).tobytes()), places=("page 1",), words=1)
    id = key.document(str(number).encode())
    about = Registered("fostering", id, f"{number}.txt", False, "x", datetime.now(UTC), 1, 0)
    MaterialFolder(path).add([(about, prints)], key)


def test_several_processes_add_at_once(folder, key, key_file) -> None:
    context = multiprocessing.get_context("forkserver")
    workers = [
        context.Process(target=_add, args=(folder.path, key_file, number)) for number in range(6)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0] * 6
    material = opened(folder, key_file)
    assert all(found(material, f"word{number}") for number in range(6))


# -- finding it -------------------------------------------------------------------------------


def test_where_nothing_was_ever_registered_there_is_nothing(tmp_path, key_file) -> None:
    assert find_material(tmp_path / "none", key_file) is None


def test_what_has_not_changed_is_not_looked_through_again(folder, key, key_file, document) -> None:
    folder.add([document()], key)
    first = find_material(folder.path, key_file)
    assert find_material(folder.path, key_file, first) is first
    folder.add([document(release="adoption")], key)
    second = find_material(folder.path, key_file, first)
    assert second is not None and first is not None and second.edition != first.edition


def test_a_reader_with_an_older_edition_gets_what_is_there_now(
    folder, key, key_file, document
) -> None:
    folder.add([document()], key)
    source = find_material(folder.path, key_file)
    folder.add([document(release="adoption", words=("egret",))], key)
    assert source is not None
    material = open_material(source)
    assert material is not None and found(material, "egret")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=6, unique=True), min_size=1, max_size=5)
)
def test_the_index_finds_what_its_documents_hold(tmp_path_factory, key, key_file, document, kept):
    folder = MaterialFolder(tmp_path_factory.mktemp("material"))
    folder.add(
        [document(name=f"{n}.docx", words=words, figures=()) for n, words in enumerate(kept)], key
    )
    material = opened(folder, key_file)
    for letter in "abcdefgh":
        holders = [f"{n}.docx" for n, words in enumerate(kept) if letter in words]
        assert [document for _, document, _ in found(material, letter)] == sorted(holders)


def test_a_release_may_be_called_like_our_own_files(folder, key, key_file, document) -> None:
    for name in ("index", "lock", "documents"):
        folder.add([document(release=name)], key)
    assert len(found(opened(folder, key_file), "heron")) == 3
