"""The people of a quoted message are found in the pages that mail programs write, as in plain text."""

from __future__ import annotations

import pytest

from gateway.detect.thread import newest_quoted
from gateway.extract import read_nested
from gateway.model.acquaintance import Participants
from gateway.model.content import Text
from gateway.model.limits import ReadLimits
from gateway.model.message import Part

FIELD, MOSS, DALE = "s.field@dept.example", "t.moss@dept.example", "r.dale@dept.example"
NAMES = {("sam", "field"), ("terry", "moss"), ("rowan", "dale")}
PAGES = {
    "outlook": (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>'
        "p.MsoNormal{margin:0cm}</style></head><body lang=EN-GB><div class=WordSection1>"
        "<p class=MsoNormal>Thanks<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><div>"
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"
        "<p class=MsoNormal><b><span lang=EN-US>From:</span></b><span lang=EN-US>"
        " Field, Sam &lt;FIELD@&gt; <br><b>Sent:</b> 27 March 2018 09:30<br><b>To:</b>"
        " Moss, Terry &lt;MOSS@&gt;; Dale, Rowan &lt;DALE@&gt;<br><b>Subject:</b>"
        " Children in care<o:p></o:p></span></p></div></div><p class=MsoNormal>Please find</p></div>"
        "</body></html>"
    ),
    "outlook-names": (
        "<html><body><div>Thanks</div><div><br></div>"
        '<hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">'
        '<font face="Calibri, sans-serif" style="font-size:11pt" color="#000000"><b>From:</b>'
        " Field, Sam<br><b>Sent:</b> 27 March 2018 09:30:00<br><b>To:</b>"
        " Moss, Terry; Dale, Rowan<br><b>Subject:</b> Children</font><div>&nbsp;</div></div><div>"
        "body</div></body></html>"
    ),
    "gmail": (
        '<div dir="ltr">Thanks</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        'On Tue, 27 Mar 2018 at 09:30, Sam Field &lt;<a href="mailto:FIELD@">FIELD@</a>'
        '&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex"><div>'
        "x</div></blockquote></div>"
    ),
    "gmail-fwd": (
        '<div dir="ltr"><br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        '---------- Forwarded message ---------<br>From: <b class="gmail_sendername" dir="auto">'
        'Sam Field</b> <span dir="auto">&lt;<a href="mailto:FIELD@">FIELD@</a>&gt;</span><br>'
        "Date: Tue, 27 Mar 2018 at 09:30<br>Subject: Pack<br>"
        'To: Terry Moss &lt;<a href="mailto:MOSS@">MOSS@</a>&gt;<br>'
        'Cc: Rowan Dale &lt;<a href="mailto:DALE@">DALE@</a>&gt;<br></div><br><br>hello</div></div>'
    ),
    "thunderbird": (
        '<html><body><p><br></p><div class="moz-forward-container"><br><br>'
        '-------- Forwarded Message --------<table class="moz-email-headers-table" cellspacing="0" ce'
        'llpadding="0" border="0"><tbody><tr><th valign="BASELINE" align="RIGHT" nowrap="nowrap">'
        'Subject: </th><td>Pack</td></tr><tr><th valign="BASELINE" align="RIGHT" nowrap="nowrap">'
        "Date: </th><td>Tue, 27 Mar 2018 09:30:00 +0100</td></tr><tr>"
        '<th valign="BASELINE" align="RIGHT" nowrap="nowrap">From: </th><td>'
        'Sam Field <a class="moz-txt-link-rfc2396E" href="mailto:FIELD@">&lt;FIELD@&gt;</a></td></tr>'
        '<tr><th valign="BASELINE" align="RIGHT" nowrap="nowrap">To: </th><td>'
        'Terry Moss <a href="mailto:MOSS@">&lt;MOSS@&gt;</a>, Rowan Dale <a href="mailto:DALE@">'
        "&lt;DALE@&gt;</a></td></tr></tbody></table><br><br>Hello</div></body></html>"
    ),
    "apple": (
        '<html><body>FYI<br><div><br><blockquote type="cite"><div>Begin forwarded message:</div>'
        '<br class="Apple-interchange-newline"><div style="margin-top: 0px;">'
        '<span style="font-family: -webkit-system-font;"><b>From: </b></span><span>'
        'Sam Field &lt;<a href="mailto:FIELD@">FIELD@</a>&gt;<br></span></div><div><span><b>'
        "Subject: </b></span><span><b>Pack</b><br></span></div><div><span><b>Date: </b></span><span>"
        "27 March 2018 at 09:30:00 BST<br></span></div><div><span><b>To: </b></span><span>"
        'Terry Moss &lt;<a href="mailto:MOSS@">MOSS@</a>'
        '&gt;, "Dale, Rowan" &lt;<a href="mailto:DALE@">DALE@</a>&gt;<br></span></div><br><div>'
        "Hello</div></blockquote></div></body></html>"
    ),
    "notes": (
        '<html><body><font size=2 face="sans-serif">Thanks</font><br><br><table width=100%>'
        '<tr valign=top><td><font size=1 color=#5f5f5f face="sans-serif">'
        'From: &nbsp; &nbsp; &nbsp; &nbsp;</font><font size=1 face="sans-serif">Sam Field/DEPT</font>'
        "<tr valign=top><td><font size=1 color=#5f5f5f>To: &nbsp; &nbsp; &nbsp; &nbsp;</font>"
        "<font size=1>Terry Moss/DEPT@DEPT, Rowan Dale/DEPT@DEPT</font><tr><td><font size=1>"
        "Date: &nbsp;</font><font size=1>27/03/2018 09:30</font><tr><td><font size=1>"
        "Subject: &nbsp;</font><font size=1>Pack</font></table><br>hello</body></html>"
    ),
    "owa-fr": (
        '<html><body><div>Merci</div><hr><div id="divRplyFwdMsg"><b>De&nbsp;:</b>'
        " Field, Sam &lt;FIELD@&gt;<br><b>Envoyé&nbsp;:</b> mardi 27 mars 2018 09:30<br><b>"
        "À&nbsp;:</b> Moss, Terry &lt;MOSS@&gt;; Dale, Rowan &lt;DALE@&gt;<br><b>Objet&nbsp;:</b>"
        " Pack</div></body></html>"
    ),
}


def quoted(program: str) -> Participants:
    page = PAGES[program]
    for mark, address in (("FIELD@", FIELD), ("MOSS@", MOSS), ("DALE@", DALE)):
        page = page.replace(mark, address)
    part = Part("1", "text/html", "body", page.encode(), None, "utf-8")
    (body,) = (
        content
        for content in read_nested(part, ReadLimits(), None, False, "text/html")
        if isinstance(content, Text) and content.location.where == "body"
    )
    found = newest_quoted(body.text)
    assert found is not None
    return found


@pytest.mark.parametrize("program", ["outlook", "gmail-fwd", "thunderbird", "apple", "owa-fr"])
def test_everybody_in_a_page_that_quotes_addresses(program: str) -> None:
    assert quoted(program) == Participants(frozenset({FIELD, MOSS, DALE}))


@pytest.mark.parametrize("program", ["outlook-names", "notes"])
def test_everybody_in_a_page_that_quotes_names(program: str) -> None:
    assert quoted(program) == Participants(names=frozenset(NAMES))


def test_a_page_that_says_who_wrote_does_not_say_who_received() -> None:
    assert quoted("gmail") == Participants(frozenset({FIELD}), complete=False)
