"""The documentation of the API: whole, true to what is answered, and clean under schemathesis against a real server."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.answer_fixtures import Make
from tests.fakes import running
from ui.web.api import create_app

SCHEMATHESIS = shutil.which("st", path=Path(sys.executable).parent)
EXAMPLES = 4
"""Cases an operation in its fuzzing: the whole run stays below a minute."""
NOT_TOLD = {"timings_ms", "proposed_split", "by_status"}
"""Objects with fields of any name."""


@pytest.fixture(scope="module")
def served(make_assistant: Make) -> Iterator[str]:
    assistant = make_assistant()
    with closing(assistant.companion), running(create_app(assistant)) as url:
        yield url


@pytest.fixture(scope="module")
def client(served: str) -> Iterator[httpx.Client]:
    """Of a learner who has begun, and has a conversation."""
    with httpx.Client(base_url=served, timeout=30) as client:
        client.post("/api/v1/settings", json={"start": "2027-01-04", "hours": 8}).raise_for_status()
        yield client


@pytest.fixture(scope="module")
def document(client: httpx.Client) -> dict[str, Any]:
    return client.get("/api/v1/openapi.json").json()


@pytest.fixture
def conversation(client: httpx.Client) -> str:
    return new_conversation(client)


def new_conversation(client: httpx.Client) -> str:
    asked = {"question": "what is in week 14?", "conversation": "new"}
    return client.post("/api/v1/ask", json=asked).json()["conversation"]


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def test_every_field_parameter_and_error_is_described(document: dict[str, Any]) -> None:
    bare = [
        f"{name}.{field}"
        for name, schema in document["components"]["schemas"].items()
        for field, place in schema.get("properties", {}).items()
        if not place.get("description")
    ]
    bare += [
        f"{method} {path}: {what}"
        for method, path, operation in operations(document)
        for what, described in (
            ("summary", operation.get("description")),
            *((p["name"], p.get("description")) for p in operation.get("parameters", ())),
            *((status, response.get("description")) for status, response in operation["responses"].items()),
        )
        if not described
    ]
    assert bare == []


def test_every_error_is_a_problem(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        errors = {status: r for status, r in operation["responses"].items() if int(status) >= 400}
        assert errors.keys() >= {"401", "422", "500", "503"}, (method, path)
        assert {kind for r in errors.values() for kind in r["content"]} == {"application/problem+json"}


def test_every_example_can_be_sent(client: httpx.Client, document: dict[str, Any], conversation: str) -> None:
    client.post("/api/v1/progress", json={"resource": "python-for-data-analysis", "status": "done"}).raise_for_status()
    sent = {}
    for method, path, operation in operations(document):
        if path == "/api/v1/import":
            body: Any = {"data": client.get("/api/v1/export").json(), "replace": True}
        else:
            body = example(document, operation)
        if body and "conversation" in body and path.endswith("feedback"):
            body["conversation"] = conversation
        where = {p["name"]: p["example"] for p in operation.get("parameters", ()) if p["in"] == "path"}
        where |= {"id": new_conversation(client) if method == "DELETE" else conversation, "name": "week_content"}
        given = {p["name"]: p["example"] for p in operation.get("parameters", ()) if p["in"] == "query"}
        if path in ("/api/v1/roadmap", "/api/v1/quiz"):  # one place at a time
            given = {"week": given["week"]}
        response = client.request(method, path.format(**where), json=body, params=given)
        sent[f"{method} {path}"] = response.status_code
    refused = {"POST /api/v1/ingest": 403, "DELETE /api/v1/ingest": 403, "GET /api/v1/eval": 404}
    assert len(sent) >= 35
    assert {name: status for name, status in sent.items() if status != 200} == refused


def example(document: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any] | None:
    """The body that the documentation shows: its own example, or those of its fields."""
    if "requestBody" not in operation:
        return None
    name = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    schema = document["components"]["schemas"][name]
    if "examples" in schema:
        return dict(schema["examples"][0])
    return {field: place["examples"][0] for field, place in schema["properties"].items() if "examples" in place}


@pytest.mark.skipif(SCHEMATHESIS is None, reason="schemathesis is not installed")
def test_schemathesis_finds_nothing(served: str, client: httpx.Client, conversation: str, tmp_path: Path) -> None:
    """All checks, in all phases. What is asked for and cannot be (an unknown id, no plan to show) is a 422 here."""
    token = client.post("/api/v1/token").json()["token"]
    accepted = '["2xx", "3xx", "401", "403", "404", "422"]'
    config = tmp_path / "schemathesis.toml"
    config.write_text(
        f"[checks.positive_data_acceptance]\nexpected-statuses = {accepted}\n\n[[operations]]\n"
        f'include-path = "/api/v1/conversations/{{id}}"\nparameters = {{ id = "{conversation}" }}\n'
    )
    assert SCHEMATHESIS is not None
    found = subprocess.run(
        [SCHEMATHESIS, "--config-file", str(config), "run", f"{served}/api/v1/openapi.json", "--checks", "all",
         "--max-examples", str(EXAMPLES), "--seed", "19", "--no-color", "-H", f"Authorization: Bearer {token}"],
        cwd=tmp_path, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    assert found.returncode == 0, found.stdout[-6000:]
