"""Behind a proxy: the README's nginx configuration with the real nginx, and a prefix that is taken off or not."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import anyio
import httpx
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from openai import OpenAI
from playwright.sync_api import Page, expect

from assistant.service import Assistant
from corpus.settings import Settings
from tests.fakes import FakeAssistant, running
from tests.visiting import chromium
from ui.web.api import create_app

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
README = Path(__file__).parents[3] / "README.md"
NAME, TOKEN = "study.example.org", "a-token-of-this-start"
STARTS = ("POST", "/pages/sources/ingest")
with_nginx = pytest.mark.skipif(NGINX is None, reason="there is no nginx")


def location() -> str:
    """The README's configuration."""
    lines = README.read_text(encoding="utf-8").split("    location /study/ {\n")[1].split("\n    }\n")[0]
    return f"location /study/ {{\n{lines}\n}}"


def served(data: Path, prefix: str = "") -> Assistant:
    return Assistant(Settings(data=data, hosts=NAME, prefix=prefix))


@contextmanager
def proxied(folder: Path, to: str, block: str) -> Iterator[str]:
    """The address of an nginx with that location in front of the server at `to`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    block = block.replace("http://127.0.0.1:7860", to)
    conf = folder / "nginx.conf"
    conf.write_text(
        f"daemon off; pid {folder}/pid; error_log stderr; events {{}}"
        f"http {{ access_log off; {temporary} server {{ listen 127.0.0.1:{port}; {block} }} }}"
    )
    assert NGINX is not None
    process = subprocess.Popen([NGINX, "-p", str(folder), "-e", "stderr", "-c", str(conf)])
    try:
        for _ in range(100):
            if process.poll() is None and _answers(port):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _answers(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`http://127.0.0.1:PORT/study`, as the README sets it up."""
    if NGINX is None:
        pytest.skip("there is no nginx")
    assistant = served(tmp_path_factory.mktemp("data"), "/study")
    app = create_app(assistant, owner=TOKEN)
    with ExitStack() as stack:
        stack.enter_context(closing(assistant.companion))
        url = stack.enter_context(running(app))
        yield f"{stack.enter_context(proxied(tmp_path_factory.mktemp('nginx'), url, location()))}/study"


@with_nginx
def test_the_readmes_nginx_serves_pages_api_and_documentation(study: str) -> None:
    with httpx.Client(timeout=20, headers={"Host": NAME}) as client:
        page = client.get(f"{study}/")
        assert page.status_code == 200
        assert "static/roadmap/main.js" in page.text
        assert "/static/roadmap" not in page.text
        assert f"http://{NAME}/study" in page.text
        (manifest,) = re.findall(r'<link rel="manifest" href="([^"]+)"', page.text)
        icon = client.get(f"{study}/{manifest}").json()["icons"][0]["src"]
        ours = ("static/roadmap/main.js", "theme.css", "pages/today", "healthz", "docs", "api/v1/next")
        for path in (manifest, icon, *ours):
            assert client.get(f"{study}/{path}").status_code == 200, path
        assert "/study/api/v1/openapi.json" in client.get(f"{study}/docs").text
        answer = client.post(f"{study}/api/v1/ask", json={"question": "what should I do in week 14?"}).json()
        assert answer["weeks"] == [13, 16]


@with_nginx
@pytest.mark.parametrize(("size", "status"), [(3_000_000, 422), (20_000_000, 413)])
def test_what_is_too_large_is_refused_by_us_and_not_by_the_proxy(study: str, size: int, status: int) -> None:
    headers = {"Host": NAME, "Content-Type": "application/json"}
    refused = httpx.post(f"{study}/api/v1/import", content=b"a" * size, headers=headers, timeout=30)
    assert (refused.status_code, refused.json()["status"]) == (status, status)


@with_nginx
def test_another_host_name_is_refused(study: str) -> None:
    assert httpx.get(f"{study}/healthz", headers={"Host": "elsewhere.example"}).status_code == 400


@with_nginx
@pytest.mark.parametrize("headers", ["proxy_set_header X-Forwarded-For $remote_addr;", "", "proxy_http_version 1.1;"])
@pytest.mark.parametrize("host", ["proxy_set_header Host $http_host;", ""])
def test_no_visitor_through_a_proxy_is_the_owner(tmp_path: Path, headers: str, host: str) -> None:
    """Also where the proxy says nothing of whom it asks for: then it looks as a browser on this machine does."""
    assistant = served(tmp_path / "data")
    with closing(assistant.companion), running(create_app(assistant, owner=TOKEN)) as url:
        block = f"location / {{ proxy_pass {url}; {headers} {host} }}"
        with proxied(tmp_path, url, block) as front, httpx.Client(base_url=front, timeout=20) as client:
            forged = {"Origin": url, "Sec-Fetch-Site": "same-origin", "Forwarded": "for=127.0.0.1"}
            assert client.request(*STARTS, json={"crawl": "no"}, headers=forged).status_code == 403
            assert "start-ingest" not in client.get("/pages/sources").text


@with_nginx
def test_the_owners_address_works_through_the_proxy(study: str) -> None:
    with httpx.Client(timeout=20, headers={"Host": NAME}) as client:
        greeted = client.get(f"{study}/?owner={TOKEN}&page=sources")
        assert greeted.headers["location"] == "?page=sources"
        cookie = greeted.headers["set-cookie"].split(";")[0]
        assert "start-crawl" in client.get(f"{study}/pages/sources", headers={"Cookie": cookie}).text


@with_nginx
def test_a_session_over_https_is_never_sent_without(tmp_path: Path) -> None:
    assistant = served(tmp_path / "data")
    with closing(assistant.companion), running(create_app(assistant)) as url:
        block = f"location / {{ proxy_pass {url}; proxy_set_header X-Forwarded-Proto https; }}"
        with proxied(tmp_path, url, block) as front:
            assert "Secure" in httpx.get(f"{front}/api/v1/today").headers["set-cookie"]


@with_nginx
def test_a_stream_arrives_as_it_is_made(study: str) -> None:
    body = {"question": "what should I do in week 14?", "stream": True}
    with httpx.stream("POST", f"{study}/api/v1/ask", json=body, headers={"Host": NAME}, timeout=20) as streamed:
        assert streamed.status_code == 200
        assert sum(1 for _ in streamed.iter_raw()) > 1


@with_nginx
def test_other_peoples_tools_come_through_the_proxy(study: str) -> None:
    """With the owner's host name, below the prefix, and as a learner."""
    token = httpx.post(f"{study}/api/v1/token", headers={"Host": NAME}).json()["token"]
    headers = {"Host": NAME, "Authorization": f"Bearer {token}"}
    with OpenAI(base_url=f"{study}/v1", api_key=token, default_headers=headers, max_retries=0) as client:
        asked: list[Any] = [{"role": "user", "content": "what should I do in week 14?"}]
        said = client.chat.completions.create(model="roadmap", messages=asked)
        assert "Zero to Hero" in (said.choices[0].message.content or "")

    async def work(mode: Any) -> None:
        async with (
            httpx2.AsyncClient(headers=headers, timeout=20) as http,
            Client(streamable_http_client(f"{study}/mcp", http_client=http), mode=mode) as mcp,
        ):
            marked = await mcp.call_tool("mark_done", {"resource": "fast.ai"})
            assert (marked.structured_content or {})["written"]
            assert (await mcp.call_tool("undo", {})).structured_content

    for mode in ("legacy", "auto"):
        anyio.run(work, mode)


@with_nginx
def test_a_stream_of_the_openai_protocol_is_not_held_back(tmp_path: Path) -> None:
    fake = FakeAssistant(settings=Settings(data=tmp_path / "data"))
    with running(create_app(fake)) as url, proxied(tmp_path, url, f"location / {{ proxy_pass {url}; }}") as front:  # type: ignore[arg-type]
        with OpenAI(base_url=f"{front}/v1", api_key="none", max_retries=0) as client:
            asked: list[Any] = [{"role": "user", "content": "slow"}]
            began = time.monotonic()
            with client.chat.completions.create(model="roadmap", messages=asked, stream=True) as stream:
                next(iter(stream))
                assert time.monotonic() - began < 5
        assert fake.closed.wait(2)


@with_nginx
@pytest.mark.browser
def test_a_browser_asks_and_moves_about_below_the_prefix(study: str) -> None:
    with chromium() as browser:
        _moves_about(browser.new_page(), study)


def _moves_about(page: Page, study: str) -> None:
    failed: list[str] = []
    page.on("response", lambda r: failed.append(r.url) if r.status >= 400 else None)
    page.goto(f"{study}/")
    page.get_by_role("textbox", name="Your question").fill("what should I do in week 14?")
    page.keyboard.press("Enter")
    expect(page.locator("#chat")).to_contain_text("Zero to Hero", timeout=20_000)
    page.locator("#to-roadmap").click()
    expect(page.locator("#sheet-roadmap")).to_be_visible(timeout=20_000)
    assert urlsplit(page.url).path == "/study/"
    page.reload()
    expect(page.locator("#sheet-roadmap")).to_be_visible(timeout=20_000)
    assert failed == []


@pytest.mark.parametrize("before", ["", "/study"])
def test_a_prefix_works_whether_the_proxy_takes_it_off_or_not(tmp_path: Path, before: str) -> None:
    assistant = served(tmp_path, "/study")
    app = create_app(assistant)
    with closing(assistant.companion), running(app) as url, httpx.Client(base_url=url, timeout=20) as client:
        for path in ("/", "/static/roadmap/main.js", "/theme.css", "/pages/today", "/healthz", "/api/v1/next", "/docs"):
            assert client.get(f"{before}{path}").status_code == 200, path
        assert client.get(f"{before}/config").status_code == 404
        assert client.get(f"{before}/gradio_api/upload").status_code == 403
        assert client.get(f"{before}/healthz").headers.get("set-cookie") is None
