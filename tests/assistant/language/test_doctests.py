"""The examples in the docstrings of `assistant.language` are run as they stand, and there are some."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import assistant.language
from corpus.reader import read_roadmap

GIVEN = {"read_roadmap": read_roadmap}
"""What an example may use beside the names of its module."""

MODULES = sorted(module.name for module in pkgutil.walk_packages(assistant.language.__path__, "assistant.language."))


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name), extraglobs=GIVEN).failed == 0


def test_there_are_examples() -> None:
    counts = [doctest.testmod(importlib.import_module(name), extraglobs=GIVEN).attempted for name in MODULES]
    assert sum(counts) >= 10
