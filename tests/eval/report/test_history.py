"""Trends: runs over the same questions stand beside each other, as a table and as a picture."""

from __future__ import annotations

from eval.report import history

RUN = {"at": "2026-11-0{}T10:00:00+00:00", "asked": "same", "index": "i", "code": "c"}


def run(number: int, **figures: str) -> dict[str, str]:
    return {**RUN, "at": RUN["at"].format(number), **{name.replace("_", " "): said for name, said in figures.items()}}


def test_a_figure_that_a_run_lacks_is_left_open_and_the_newest_is_set_off() -> None:
    section = history.section((run(1, own="0.700"), run(2, own="0.812", weeks="81.2 %")))
    assert section.grid is not None
    assert section.grid.head == ("run", "own", "weeks", "index", "code")
    assert section.grid.rows[0] == ("2026-11-01 10:00", "0.700", "", "i", "c")
    assert section.grid.strong == 1


def test_the_picture_has_a_line_for_each_figure_with_its_name() -> None:
    (plot,) = history.section((run(1, own="0.700"), run(2, own="0.812", weeks="81.2 %"))).plots
    for name in ("own", "weeks", "the newest last"):
        assert f">{name}" in plot or name in plot
    assert plot.count('id="line2d_') > plot.count(">0.") > 1
