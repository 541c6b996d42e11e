"""What somebody wrote in other signs than its own is judged as if he had not; everyday letters that
look alike hold nothing."""

from __future__ import annotations

import base64
import random
from datetime import UTC, datetime
from time import process_time
from typing import Any, Callable
from urllib.parse import quote

import pytest
from support.text_codings import CODINGS, folded, headless_uuencode, shifted

from gateway.detect import Context, DetectorSpec
from gateway.extract.text.base_codings import UNKNOWN
from gateway.extract.text.turned_letters import turned_back
from gateway.model.finding import PartReport
from gateway.model.limits import ReadLimits
from gateway.model.message import Part
from gateway.pipeline import PartReader, ReaderSpec

Read = Callable[..., Any]
NOW = datetime(2026, 11, 19, tzinfo=UTC)
DICE = random.Random(11)
ROWS = "id,age,sex,region,marital,income,occupation\n" + "".join(
    f"{1000 + i},{DICE.randrange(16, 90)},{DICE.choice(('male', 'female'))},"
    f"{DICE.choice(('north', 'south', 'east'))},{DICE.choice(('single', 'married'))},"
    f"{DICE.randrange(9000, 60000)},{DICE.choice(('nurse', 'teacher', 'driver'))}\n"
    for i in range(40)
)
BANNER = "STRICT EMBARGO: not to be published before 9:30 am on 20 November 2026.\nPlease keep the figures below to yourselves.\n"
LETTER = (
    "Dear Bo,\n\nthank you for the call. Here it is:\n\n{}\n\nKind regards\nAnn\n+44 20 7946 0000\n"
)
NOISE = DICE.randbytes(3 * UNKNOWN)


def judged(text: str, name: str | None = None) -> PartReport:
    """What the gateway says of a body, or of a file with that name."""
    reader = PartReader(ReaderSpec(DetectorSpec(()), ReadLimits()))
    role: Any = "attachment" if name else "body"
    part = Part("1", "text/plain", role, text.encode(), name)
    return reader.report(part, Context(NOW, NOW, "Europe/London"))


@pytest.mark.parametrize("coding", CODINGS)
def test_rows_in_another_coding_are_judged_like_any_other_rows(coding: str) -> None:
    assert judged(LETTER.format(CODINGS[coding](ROWS))).facts.verdict == "microdata"


@pytest.mark.parametrize("coding", CODINGS)
def test_a_banner_in_another_coding_is_a_banner(coding: str) -> None:
    found = judged(LETTER.format(CODINGS[coding](BANNER)))
    assert "embargo-banner" in {finding.kind for finding in found.findings}


@pytest.mark.parametrize("coding", ["rot13", "base32", "percent", "base64, a row a line"])
def test_a_file_is_looked_through_like_a_body(coding: str) -> None:
    assert judged(CODINGS[coding](ROWS), "notes.txt").facts.verdict == "microdata"


def test_uuencoded_lines_without_their_head_are_read() -> None:
    assert judged(LETTER.format(headless_uuencode(ROWS))).facts.verdict == "microdata"


def test_one_coding_within_another_is_undone_too() -> None:
    inner = folded(base64.b32encode(ROWS.encode()).decode())
    assert judged(LETTER.format(CODINGS["percent"](inner))).facts.verdict == "microdata"


def test_words_that_are_reversed_one_by_one_are_words() -> None:
    text = "\n".join(
        " ".join(word[::-1] for word in line.split(" ")) for line in BANNER.split("\n")
    )
    assert judged(text).findings


def test_long_letters_of_no_known_coding_are_a_gap(read: Read) -> None:
    signs = [chr(code) for code in range(33, 127) if chr(code) not in "\\\"'"]
    letters = folded("".join(signs[byte % len(signs)] for byte in NOISE))
    assert read(letters.encode(), "text/plain").reasons == {"unreadable"}


def test_letters_exchanged_in_very_many_ways_are_a_gap(read: Read) -> None:
    text = "\n".join(shifted("embargo", by) for by in range(1, 26))
    assert read(text.encode(), "text/plain").reasons == {"limit"}


def pgp(what: str) -> str:
    letters = folded(base64.b64encode(NOISE[:6000]).decode(), 64)
    return f"-----BEGIN PGP {what}-----\nVersion: 2\n\n{letters}\n=a1B2\n-----END PGP {what}-----\n"


def newsletter() -> str:
    target = quote("https://news.example/read?id=12,5&to=ann lee&utm_source=mail", safe="")
    links = (
        f"https://click.example/f/{n}?u={target}&h={NOISE[n : n + 24].hex()}" for n in range(40)
    )
    return "\n\n".join(f"Story number {n}: read more\n{link}" for n, link in enumerate(links))


EVERYDAY = {
    "a public key": pgp("PUBLIC KEY BLOCK"),
    "a signature": pgp("SIGNATURE"),
    "a newsletter": newsletter(),
    "DKIM": "DKIM-Signature: v=1; a=rsa-sha256; d=mail.example;\n h=from:to:subject;\n bh="
    + base64.b64encode(NOISE[:32]).decode() + ";\n b=" + folded(base64.b64encode(NOISE[:256]).decode()),
    "hashes": "\n".join(f"{NOISE[n:n + 32].hex()}  file{n}.tar" for n in range(30)),
    "bare hashes": "\n".join(NOISE[n : n + 20].hex() for n in range(30)),
    "a token": "eyJ" + ".".join(base64.urlsafe_b64encode(NOISE[:n]).decode().strip("=") for n in (30, 400, 64)),
    "a patch": "diff --git a/x b/x\nindex 83db48f..bf2a9c1 100644\n--- a/x\n+++ b/x\n@@ -1,4 +1,4 @@\n"
    + "".join(f"-    value = '\\u00e9\\x1b[{n}m'\n+    value = \"%{n:02x}\"\n" for n in range(30)),
    "a log": "".join(f"2026-11-19 10:{n:02}:00 GET /a%20b?q=%C3%A9 200 0x{n:08x}\n" for n in range(60)),
    "secrets for two factors": "\n".join(base64.b32encode(NOISE[n : n + 20]).decode() for n in range(20)),
    "ticket numbers": "\n".join(f"INC{DICE.randrange(10**9):09d}" for _ in range(30)),
    "telephone numbers": "\n".join(f"0{DICE.randrange(10**10):010d}" for _ in range(30)),
    "one word a line": "\n".join("evaluation documents programme telephone agreement available".split()),
    "percentages": "\n".join(" ".join(str(DICE.randrange(20, 99)) for _ in range(9)) for _ in range(9)),
    "Russian": "Уважаемые коллеги, отчёт будет готов в среду, и мы его обсудим на совещании. " * 20,
    "Greek": "Αγαπητοί συνάδελφοι, η έκθεση θα είναι έτοιμη την Τετάρτη. " * 20,
    "Welsh": "Annwyl bawb, bydd yr adroddiad yn barod ddydd Mercher ac fe gawn ei drafod. " * 20,
    "Finnish": "Hei kaikki, raportti valmistuu keskiviikkona ja kokous pidetään aamulla. " * 20,
    "DNA": "DNA and RNA: red dna samples, dna tests, dna kits, aol, esp, max and pda. " * 20,
    "rows of code": "".join(f"if (a[{n}] != b->c && x%{n} == 0) {{ f(&a[{n}]); }}\n" for n in range(60)),
    "drawn lines": "\n".join(("=-" * 36, "~=" * 36, "-=#=-" * 14, "*~" * 36, "<>" * 36, "_.-'" * 18)),
    "quoted-printable left over": "Caf=E9 =3D open=20\n" * 20,
}  # fmt: skip


@pytest.mark.parametrize("kind", EVERYDAY)
def test_everyday_letters_are_no_secret(kind: str) -> None:
    found = judged(LETTER.format(EVERYDAY[kind]))
    assert not found.gaps and not found.findings


def test_ordinary_letters_are_turned_in_no_way() -> None:
    assert not list(turned_back(LETTER.format("The figures of the region and the release.")))


def test_hostile_text_costs_no_more_than_its_size(read: Read) -> None:
    turns = " ".join(shifted("confidential", by) for by in range(1, 26))
    for piece in (
        f"{turns}\n",
        "%41",
        "\\u0041",
        "&#65;",
        "=41",
        "=\n",
        "a1B2==",
        "32 ",
        "> ",
        "ABC=",
        "M!!!\n",
        "A" * 900 + "a\n",
    ):
        started = process_time()
        read((piece * (100_000 // len(piece))).encode(), "text/plain")
        assert process_time() - started < 2, piece
