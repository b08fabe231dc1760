"""Sums of money as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.amounts import MOST, find_money
from assistant.language.weeks.reader import clean

SUMS = {
    "I can spend 300 euros": 300,
    "$50": 50,
    "€ 1,200": 1200,
    "1.200 euros": 1200,
    "1,200.50 EUR": 1200.5,
    "12.5 eur": 12.5,
    "50€": 50,
    "50,- €": 50,
    "£20 a month": 20,
    "US$ 40": 40,
    "usd 30": 30,
    "200 bucks": 200,
    "fifty quid": 50,
    "twenty-five euros": 25,
    "a hundred dollars": 100,
    "two hundred and fifty euros": 250,
    "a couple hundred bucks": 200,
    "a couple of hundred euros": 200,
    "five thousand two hundred rupees": 5200,
    "2k euros": 2000,
    "$1.5k": 1500,
    "a dollar a day": 1,
    "a 100-euro course": 100,
    "100 to 200 euros": 100,
    "100-200 euros": 100,
    "between 100 and 200 euros": 100,
    "$100 or $200": 100,
    "50 cents": 0.5,
    "my budget is 200": 200,
    "a budget of about 300": 300,
    "I have no more than 200 euros": 200,
    "I have 300 euros and no money for more": 300,
    "I can't spend anything over 100 euros": 100,
    "without spending more than $40": 40,
}
NOTHING = (
    "no money",
    "zero budget",
    "nothing to spend",
    "I have no budget for courses",
    "I don't want to spend anything",
    "I can't afford anything",
    "can I do it without paying?",
    "without paying for anything",
    "I don't have any money",
    "I haven't got any money",
    "I'm broke",
    "0 euros",
    "budget: 0",
    "my budget is zero",
    "no money, so not even 10 euros",
)
NO_SUM = (
    "",
    "I have 5 hours",
    "a budget of 5 hours a week",
    "is it free?",
    "money is no problem",
    "no budget limit",
    "a no money-back course",
    "paid courses are fine",
    "week 12 to 14",
    "the pounding heart",
)


@pytest.mark.parametrize(("text", "money"), SUMS.items())
def test_a_sum_is_read(text: str, money: float) -> None:
    assert find_money(clean(text)) == money


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_to_spend_is_zero(text: str) -> None:
    assert find_money(clean(text)) == 0.0


@pytest.mark.parametrize("text", NO_SUM)
def test_what_names_no_money_is_none(text: str) -> None:
    assert find_money(clean(text)) is None


@given(st.text())
def test_no_text_raises(text: str) -> None:
    find_money(text)
    find_money(clean(text))


@given(st.integers(0, 10**12), st.sampled_from(("{} euros", "${}", "{}€", "usd {}")))
def test_any_number_is_read_up_to_the_most(number: int, shape: str) -> None:
    assert find_money(shape.format(number)) == (number if number <= MOST else None)
