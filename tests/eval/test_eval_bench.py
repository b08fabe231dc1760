"""The table of the speed measurement says where a figure does not hold. Nothing is measured here."""

from __future__ import annotations

import pytest
from rich.console import Console

from eval.bench import Cost, Row, growth, table


@pytest.mark.parametrize(("embedded", "holds"), [(0, False), (1, True), (3, True), (4, False)])
def test_a_changed_paragraph_that_was_never_taken_does_not_hold(embedded: int, holds: bool) -> None:
    assert Row("chunks embedded after one changed paragraph", embedded, "", 3, least=1).holds is holds


def test_a_floor_of_nought_holds_at_nought_and_no_floor_always() -> None:
    assert Row("chunks embedded by a second run", 0, "", 0).holds
    assert Row("the same, second run", 40.0, "x").holds


@pytest.mark.parametrize(("large", "holds"), [(1100.0, True), (2400.0, False)])
def test_memory_that_grows_with_the_pages_does_not_hold(large: float, holds: bool) -> None:
    row = growth(Cost(1.0, 1.0, 800.0, {}), Cost(4.0, 4.0, large, {}))
    assert row.holds is holds
    assert row.detail == f"{large:,.0f} MB against 800 MB"


def test_the_table_shows_the_least_and_the_most() -> None:
    console = Console(width=200)
    with console.capture() as shown:
        console.print(table([Row("changed", 0, "", 3, least=1), Row("again", 0, "", 0)]))
    assert "1 to 3" in shown.get()
    assert "NO" in shown.get()
    assert "<= 0" in shown.get()
