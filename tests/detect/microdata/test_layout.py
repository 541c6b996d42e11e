"""Where a table stands in a sheet: its head, its body, what is around it."""

from __future__ import annotations

from gateway.detect.microdata.layout import lay_out


def test_figures_that_are_evenly_spaced_are_no_second_axis() -> None:
    years = ["Region", "2014", "2015", "2016"]
    rows = [["Table 1"], years, ["North", "300", "305", "310"], ["South", "400", "405", "410"]]
    rows += [["East", "500", "505", "510"], ["Total", "1200", "1215", "1230"]]
    found = lay_out(rows)
    assert (found.headers, len(found.body)) == (tuple(years), 4)
