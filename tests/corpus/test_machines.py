"""Settings and proxies on the machines that there are: no home, quotes in values, odd proxy variables."""

from __future__ import annotations

import doctest
import os
from pathlib import Path

import httpx
import pytest

import corpus.proxies
from corpus.proxies import hosts, is_usable, tidy_proxies, unusable
from corpus.settings import SettingsError, load_settings


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An environment with a home and without settings."""
    for name in list(os.environ):
        if name.startswith("ROADMAP_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(corpus.proxies, "_left_out", {})


def read(tmp_path: Path, line: str) -> Path:
    file = tmp_path / ".env"
    file.write_bytes(line.encode())
    return load_settings(file).data


@pytest.mark.parametrize(
    ("line", "folder"),
    [
        ("ROADMAP_DATA=~/study-data", "home/study-data"),
        ("ROADMAP_DATA = ~/study-data ", "home/study-data"),
        ('ROADMAP_DATA="~/study data"', "home/study data"),
        ("ROADMAP_DATA='~/study data'", "home/study data"),
        ("ROADMAP_DATA=$HOME/study-data", "home/study-data"),
        ("ROADMAP_DATA=${HOME}/study-data", "home/study-data"),
        ("export ROADMAP_DATA=~/study-data\r\n", "home/study-data"),
        ("\ufeffROADMAP_DATA=~/study-data", "home/study-data"),
        ("ROADMAP_DATA=~/study-data # mine", "home/study-data"),
    ],
)
def test_the_home_folder_quotes_and_blanks_are_read_as_meant(tmp_path: Path, line: str, folder: str) -> None:
    assert read(tmp_path, line) == tmp_path / folder


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('ROADMAP_DATA="~/study-data\n', 1),
        ("# mine\n\nROADMAP_DATA='~/study-data\n", 3),
        ('export ROADMAP_DATA="~/study-data', 1),
        ('ROADMAP_LLM_MODEL="small\nROADMAP_DATA="~/study-data"\n', 1),
        ('OTHER="of another program\nROADMAP_DATA="~/study-data"\n', 1),
        ("A=1\nROADMAP_DATA ~/study-data\n", 2),
    ],
)
def test_a_setting_that_cannot_be_read_is_not_passed_over(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(SettingsError, match=f"from line {line} on: close the quote"):
        read(tmp_path, text)


@pytest.mark.parametrize("other", ['OTHER="open', "no assignment", 'KEY="-----BEGIN\nMII\n-----END"'])
def test_lines_of_other_programs_are_theirs(tmp_path: Path, other: str) -> None:
    assert read(tmp_path, f"ROADMAP_DATA=~/study-data\n{other}\n") == tmp_path / "home/study-data"


@pytest.mark.parametrize("value", ['"{}"', "'{}'", " {} ", '" {} "'])
def test_quotes_that_a_container_leaves_around_a_value_are_taken_off(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROADMAP_DATA", value.format(tmp_path / "a b"))
    monkeypatch.setenv("ROADMAP_LLM_MODEL", value.format("small"))
    settings = load_settings(tmp_path / "none")
    assert (settings.data, settings.llm_model) == (tmp_path / "a b", "small")


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """An account without HOME and without an entry in passwd."""

    def unknown(_: int) -> object:
        raise KeyError("getpwuid(): uid not found")

    monkeypatch.delenv("HOME")
    monkeypatch.setattr("pwd.getpwuid", unknown)


@pytest.mark.usefixtures("homeless")
def test_without_a_home_a_given_folder_is_enough(tmp_path: Path) -> None:
    assert read(tmp_path, f"ROADMAP_DATA={tmp_path / 'data'}") == tmp_path / "data"
    assert Path.home() == tmp_path / "data"  # where libraries keep what they keep


@pytest.mark.usefixtures("homeless")
@pytest.mark.parametrize("line", ["", "ROADMAP_DATA=~/data", "ROADMAP_DATA=~nobody-here/data"])
def test_without_a_home_a_folder_is_asked_for(tmp_path: Path, line: str) -> None:
    with pytest.raises(SettingsError, match="home folder"):
        read(tmp_path, line)


PROXIES = [
    "socks5://127.0.0.1:9",
    "socks5h://user:secret@127.0.0.1:9",
    "socks4://127.0.0.1:9",
    "socks://127.0.0.1:1080/",
    "ftp://proxy.example",
    "http://[::1",
    "http://proxy:port",
    "http://",
    "http://proxy.example:3128",
    "proxy.example:3128",
    "",
]
EXCEPTIONS = [
    "localhost,[::1]",
    "[fe80::1]:80",
    "*.example.com,.local",
    "10.0.0.0/8",
    "<local>",
    "fd00::/8",
    "a b",
    "*",
    ",",
]


@pytest.mark.parametrize("name", ["all_proxy", "ALL_PROXY", "https_proxy", "HTTP_PROXY"])
@pytest.mark.parametrize("proxy", PROXIES)
def test_whatever_the_proxy_clients_can_be_made(proxy: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, proxy)
    tidy_proxies(os.environ)
    httpx.Client().close()
    assert (name in os.environ) == is_usable(proxy)
    assert bool(unusable()) != is_usable(proxy)
    assert "secret" not in unusable()


@pytest.mark.parametrize("text", EXCEPTIONS)
def test_whatever_is_excepted_from_the_proxy_clients_can_be_made(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", text)
    tidy_proxies(os.environ)
    httpx.Client().close()
    assert os.environ["no_proxy"] == hosts(text)


def test_the_examples_hold() -> None:
    assert doctest.testmod(corpus.proxies).failed == 0
