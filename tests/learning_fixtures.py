"""What the tests of a learner share: databases, the command line over a folder of its own, an edited roadmap."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from corpus.roadmap import Roadmap
from ui.cli.app import main

ROOT = Path(__file__).parents[1]
Call = Callable[..., tuple[int, str, str]]


@dataclass(frozen=True)
class Postgres:
    """A server of our own on a socket in a temporary folder; it can be stopped and started again."""

    folder: Path
    user: str | None
    pg_ctl: str

    @property
    def url(self) -> str:
        return f"postgresql://tester@/postgres?host={self.folder}"

    def start(self) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c fsync=off"
        self._control("-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        self._control("-m", "immediate", "stop")

    def _control(self, *arguments: str) -> None:
        run_as([self.pg_ctl, "-D", str(self.folder / "data"), *arguments], self.user)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Skips where PostgreSQL is not installed."""
    initdb, pg_ctl = _tool("initdb"), _tool("pg_ctl")
    if not initdb or not pg_ctl:
        pytest.skip("no PostgreSQL here")
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    user = _unprivileged()
    if user:
        shutil.chown(folder, user)
    run_as([initdb, "-D", str(folder / "data"), "-U", "tester", "-A", "trust", "--no-sync", "-E", "UTF8"], user)
    server = Postgres(folder, user, pg_ctl)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The address of an empty PostgreSQL database, emptied again after the test."""
    yield postgres.url
    engine = create_engine(postgres.url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where learners are kept: a folder, and an address."""
    return tmp_path if request.param == "sqlite" else request.getfixturevalue("postgres_url")


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Call:
    """Calls `main` with arguments -> exit status, output, errors; a data folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ROADMAP_DATA", str(tmp_path / "data"))

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["roadmap", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return (int(ended.value.code or 0), *capfd.readouterr())

    return run


def edited(roadmap: Roadmap, gone: str = "") -> Roadmap:
    """The rows of every block in reverse, one row removed."""
    phases = tuple(
        replace(
            phase,
            blocks=tuple(
                replace(b, resources=tuple(r for r in reversed(b.resources) if r.id != gone)) for b in phase.blocks
            ),
        )
        for phase in roadmap.phases
    )
    return Roadmap(roadmap.title, phases, roadmap.findings)


def imported_by(modules: str) -> set[str]:
    """Top-level names that a new interpreter holds after importing the modules ("a, b.c")."""
    code = f"import sys, {modules}\nprint(*(name for name in sys.modules if '.' not in name))"
    command = [sys.executable, "-c", code]
    return set(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split())


def run_as(command: list[str], user: str | None) -> None:
    """Runs a server's tool, as another user if one is given."""
    subprocess.run(
        command, check=True, user=user, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60
    )


def _tool(name: str) -> str | None:
    """Debian keeps the server's tools out of the path."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(debian[-1]) if debian else None)


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
