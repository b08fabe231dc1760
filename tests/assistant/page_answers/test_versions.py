"""A version that no source names is said to be not covered, with those that are; what is named is answered."""

from __future__ import annotations

import doctest

import pytest

from assistant.page_answers import versions
from assistant.page_answers.versions import asked_versions, names_a_product, unnamed

TEXTS = (
    "scikit-learn 1.2 user guide: New in version 1.1. The penalty is 1.9 at most.",
    "Install PyTorch with pip.",
    "pandas 1.0 brought a new type; pandas 2.0.0 copies on write.",
    "GPT-2 and GPT-3 are models, and so is GPT-4; a GPT-7B is none.",
    "Llama 2 is older than Llama 3.",
    "CUDA comes with the driver. With BERT and ResNet, as with YOLO, the words of Claude are no labels.",
    "import keras; in Keras a layer is built, Keras users say. A dense layer, a lesson, an assignment. NumPy is fast.",
    "import numpy as np; numpy.zeros(3). With NumPy arrays are fast.",
    "In Python 3.10 and with Python 3.10: python -m pip, python x. Async Python 4. Blocking; FastAPI serves.",
    "The top 5 of step 3; layer 2 of 4. Plots by seaborn. A learning rate 0.01 and dropout 0.5. Use Python 3.10.",
)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("what is new in scikit-learn 1.9?", "names scikit-learn 1.9; what they name is scikit-learn 1.2."),
        ("difference between scikit-learn 1.2 and 1.7", "names scikit-learn 1.7; "),
        ("what changed in pandas v3.7?", "pandas 3.7; what they name is pandas 1.0 and pandas 2.0.0."),
        ("how do I install PyTorch 2.99", "names PyTorch 2.99, nor another version of it by number."),
        ("what is GPT-7?", "names GPT-7; what they name is GPT-2, GPT-3 and GPT-4."),
        ("is Llama 9 better than Llama 2?", "names Llama 9; what they name is Llama 2 and Llama 3."),
        ("what does python 3.19 bring?", "python 3.19; what they name is python 3.10."),
        ("what is new in Python 4?", "Python 4; what they name is Python 3.10."),
        ("is version 4 of Python out?", "Python 4; what they name is Python 3.10."),
        ("what changed between Python 2 and Python 3?", "Python 2; what they name is Python 3.10."),
        ("how do I install CUDA 99.1?", "CUDA 99.1, nor another version of it by number."),
        ("does it run with CUDA (version 14)?", "CUDA 14, nor"),
        ("What does BERT 3 do differently?", "BERT 3, nor"),
        ("how do I call Claude 9?", "Claude 9, nor"),
        ("what is YOLOv8?", "YOLO 8, nor"),
        ("what does ResNet-5000 add", "ResNet-5000, nor"),
        ("is GPT9 out", "GPT 9; what they name is GPT-2, GPT-3 and GPT-4."),
        ("does Keras 8 have a new API?", "Keras 8, nor"),
        ("numpy 3 breaking changes", "numpy 3, nor"),
        ("pandas v7 features", "pandas 7; what they name is pandas 1.0"),
        ("new features of pandas 7", "pandas 7; what they name is pandas 1.0"),
        ("Python 4", "Python 4; what they name is Python 3.10"),
        ("BERT 3", "BERT 3, nor"),
        ("GPT-9", "GPT-9; what they name is GPT-2"),
        ("CUDA 77", "CUDA 77, nor"),
        ("PyTorch 7 compile", "PyTorch 7, nor"),
        ("FastAPI 5", "FastAPI 5, nor"),
        ("new features of seaborn 7", "seaborn 7, nor"),
        ("sklearn 3.0 changes", "sklearn 3.0, nor"),
    ],
)
def test_a_version_that_no_source_names_is_named_with_those_that_are(question: str, said: str) -> None:
    assert said in unnamed(question, TEXTS)


@pytest.mark.parametrize(
    "question",
    [
        "what is new in scikit-learn 1.2?",
        "what is new in scikit-learn 1.1?",
        "what is gpt-4",
        "is Llama 3 better than Llama 2?",
        "how do I use pandas 2.0?",
        "why a learning rate 0.03?",
        "which are the top 7?",
        "what is in step 9?",
        "what is Zookeeper 1.30?",
        "I spent 1.5 hours on chapter 2.3",
        "what is Python 3?",
        "what is GPT4?",
        "how do I stack layer 7 on a layer 9?",
        "what is in lesson 12, and in assignment 4",
        "what is word2vec, and is it ResNet or BERT-large?",
        "what was new in Keras in Keras-2015?",
        "is BERT trained in week 30 for 12 hours?",
        "Python 3",
        "GPT-2",
        "week 14",
        "Part 2",
        "top 5 courses",
        "the 2 books",
        "BERT",
        "Lesson 3",
        "Course 2 of the specialization",
        "Epoch 10",
        "Unit 3",
        "Assignment 4",
        "January 5",
        "Show 5 books",
        "Dropout 5",
    ],
)
def test_what_is_named_and_what_is_no_version_is_no_matter(question: str) -> None:
    assert unnamed(question, TEXTS) == ""


def test_several_versions_are_of_the_name_before_them() -> None:
    assert [asked.version for asked in asked_versions("pandas 1.0, 1.1 or 2.0?")] == ["1.0", "1.1", "2.0"]


def test_the_examples_hold() -> None:
    assert doctest.testmod(versions).failed == 0


@pytest.mark.parametrize(
    ("question", "is_one"),
    [("is there a Keras 9?", True), ("BERT 3", True), ("CUDA 77", True), ("Show 5 books", False), ("Lesson 3", False)],
)
def test_a_whole_number_behind_a_name_is_a_product(question: str, *, is_one: bool) -> None:
    assert names_a_product(question, ["keras"]) is is_one


def test_the_number_of_an_item_is_no_version() -> None:
    assert "names Python 4" in unnamed("what is Python 4?", ["Python 3.9 and Python 3.9.\nLearn Python\n4. Go on"])
