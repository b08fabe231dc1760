"""`make run` asks for PyTorch's CPU build exactly where no NVIDIA driver is."""

from __future__ import annotations

import os
import platform
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
INDEX = "https://download.pytorch.org/whl/cpu"

pytestmark = pytest.mark.skipif(platform.system() != "Linux", reason="elsewhere PyPI's PyTorch holds no CUDA")


def _told(path: str, *given: str) -> str:
    command = ["make", "--dry-run", "--always-make", f"VENV={ROOT}/no-venv", f"{ROOT}/no-venv/.installed", *given]
    environment = {"PATH": path, "HOME": "/nonexistent"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def without_driver(tmp_path: Path) -> str:
    """A path with what make needs, and no nvidia-smi."""
    for tool in ("sh", "make", "uname", "python3", "echo", "test", "touch"):
        found = next(p for folder in os.environ["PATH"].split(":") if (p := Path(folder) / tool).exists())
        (tmp_path / tool).symlink_to(found.resolve())
    return str(tmp_path)


def test_without_a_driver_the_cpu_build_comes_first(without_driver: str) -> None:
    told = _told(without_driver)
    assert 0 < told.index(f"--no-deps --retries 2 --index-url {INDEX} torch") < told.index("--editable .")
    assert "--constraint constraints.txt" in told


def test_with_a_driver_or_by_choice_it_does_not(without_driver: str) -> None:
    assert INDEX not in _told(without_driver, "CPU_TORCH=")
    driver = Path(without_driver) / "nvidia-smi"
    driver.write_text("#!/bin/sh\n")
    driver.chmod(0o755)
    assert INDEX not in _told(without_driver)
