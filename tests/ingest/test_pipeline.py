"""The whole run on small WARC files: once, again, changed, damaged, refused, without room on the disk."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from ingest_fixtures import SITE, TOPICS, page, pages, write_warc
from rich.console import Console

from corpus.notes import Notes
from corpus.roadmap import Roadmap
from corpus.settings import Settings
from ingest import pipeline
from ingest.coverage import read_changes, read_coverage
from ingest.index.generations import BusyError, Generations
from ingest.index.manifest import StaleIndexError, read_chunks, read_kept, read_manifest, verify
from ingest.index.model import find_model
from ingest.index.reader import open_current
from ingest.index.vectors import StoreError
from ingest.pipeline import IngestReport, ingest
from ingest.take import UNKNOWN
from ingest.version import LAYOUT, other_maker
from ui.cli.progress import build_if_needed

RESOURCE = "python-for-data-analysis"
GONE = f"{SITE}gone.html"


@pytest.fixture(autouse=True, scope="module")
def without_notes() -> Iterator[None]:
    """The roadmap's own records and the test's pages are enough: the notes cost half a minute of embedding."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "load_notes", Notes)
        yield


@pytest.fixture(name="first", scope="module")
def first_fixture(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, IngestReport]:
    """A data folder after one run on four pages, one that is gone and one of nobody; not to be changed."""
    data = tmp_path_factory.mktemp("first")
    answers: dict[str, str | int] = {**pages(), GONE: 404, "https://example.org/": "<p>nobody's</p>"}
    warc = write_warc(tmp_path_factory.mktemp("warc") / "first.warc.gz", answers)
    return data, run(data, warc)


@pytest.fixture(name="data")
def data_fixture(first: tuple[Path, IngestReport], tmp_path: Path) -> Path:
    return Path(shutil.copytree(first[0], tmp_path / "data"))


def run(data: Path, *warcs: Path, force: bool = False) -> IngestReport:
    return ingest(Settings(data=data), warcs, force=force)


def vectors(data: Path) -> dict[str, bytes]:
    """The vector of every chunk that is served."""
    folder = Generations(data).current()
    assert folder is not None
    _, chunks, rows = read_kept(folder)
    return {chunk.id: np.asarray(row).tobytes() for chunk, row in zip(chunks, rows, strict=True)}


def test_a_first_run_takes_pages_and_refuses_the_rest_with_reasons(
    first: tuple[Path, IngestReport], roadmap: Roadmap
) -> None:
    data, report = first
    refused = dict(report.refused)
    assert "404" in refused[GONE]
    assert "belongs to no resource" in refused["https://example.org/"]
    row = next(row for row in report.resources if row.id == RESOURCE)
    assert (row.status, row.pages) == ("indexed", len(TOPICS))
    assert report.embedded == report.chunks
    served = next(row for row in read_coverage(data, roadmap) if row.id == RESOURCE)
    assert served.chunks >= 3 * len(TOPICS)
    assert dict(served.by_status) == {"indexed": len(TOPICS), "dead": 1}


def test_an_index_of_another_version_is_built_anew_before_it_is_served(data: Path) -> None:
    folder = Generations(data).current()
    assert folder is not None
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "layout": 1, "inputs": "of then"}))
    before, said = vectors(data), StringIO()

    build_if_needed(Settings(data=data), Console(file=said))

    served = Generations(data).current()
    assert served is not None
    assert read_manifest(served).layout == LAYOUT
    assert vectors(data) == before
    assert said.getvalue().startswith("Building the index anew: the index was made with layout 1")
    build_if_needed(Settings(data=data), Console(file=said))
    assert Generations(data).current() == served


def test_the_same_model_under_another_name_makes_an_index_that_opens(data: Path, tmp_path: Path) -> None:
    here, moved = (str(shutil.copytree(find_model().folder, tmp_path / name)) for name in ("here", "moved"))
    ingest(Settings(data=data, embed_model=here))
    before = vectors(data)
    with pytest.raises(StaleIndexError, match="run `roadmap ingest` once"):
        open_current(data, find_model(moved), pytest.fail)
    assert ingest(Settings(data=data, embed_model=moved)).embedded == 0
    open_current(data, find_model(moved), pytest.fail).close()
    assert vectors(data) == before
    assert other_maker(data, moved) == ""


def test_the_report_has_the_contract_s_fields(first: tuple[Path, IngestReport]) -> None:
    report = json.loads(json.dumps(first[1].as_json()))
    wanted = {"generation", "documents", "chunks", "embedded", "reused", "removed", "seconds", "resources"}
    assert wanted <= report.keys()
    assert report["resources"][0].keys() == {"id", "status", "pages"}


def test_a_second_run_embeds_nothing_and_builds_nothing(data: Path, tmp_path: Path) -> None:
    before = Generations(data).pointer()
    report = run(data, write_warc(tmp_path / "again.warc.gz", pages(), day=2))
    assert (report.embedded, report.removed, report.reused) == (0, 0, report.chunks)
    assert report.generation == before == Generations(data).pointer()


def test_one_changed_paragraph_embeds_at_most_three_chunks(data: Path, tmp_path: Path, roadmap: Roadmap) -> None:
    old = vectors(data)
    changed = pages(extra="A merge keeps the order of the left keys.")
    report = run(data, write_warc(tmp_path / "changed.warc.gz", changed, day=2))
    assert 1 <= report.embedded <= 3
    assert report.removed == len(old.keys() - vectors(data).keys()) <= 3
    assert [(c.resource, c.what, c.at[:10]) for c in read_changes(data, roadmap)] == [
        (RESOURCE, "changed", "2026-03-02")
    ]
    assert len(list(Generations(data).root.iterdir())) == 1


def test_the_changes_are_those_of_the_last_run_that_found_any(data: Path, tmp_path: Path, roadmap: Roadmap) -> None:
    def found() -> list[tuple[str, str]]:
        return [(change.url.removeprefix(SITE), change.what) for change in read_changes(data, roadmap)]

    merge, groupby = (f"{SITE}{topic}.html" for topic in ("merge", "groupby"))
    assert sorted(found()) == [(f"{topic}.html", "new") for topic in sorted(TOPICS)]
    second = write_warc(tmp_path / "2.warc.gz", {merge: page("merge", "Another paragraph."), groupby: 404}, day=2)
    run(data, second)
    assert found() == [("groupby.html", "stale"), ("merge.html", "changed")]
    run(data, second)
    assert found() == [("groupby.html", "stale"), ("merge.html", "changed")]
    run(data, write_warc(tmp_path / "3.warc.gz", {f"{SITE}more.html": page("missing", "More.")}, day=3))
    assert found() == [("more.html", "new")]


def test_both_versions_of_a_page_in_one_run_leave_the_newer(data: Path, tmp_path: Path) -> None:
    url = f"{SITE}{next(iter(TOPICS))}.html"
    both = [(url, page(next(iter(TOPICS)), "The second version.")), (url, page(next(iter(TOPICS)), "The third one."))]
    report = run(data, write_warc(tmp_path / "both.warc.gz", both, day=3))
    assert not report.refused
    folder = Generations(data).current()
    assert folder is not None
    text = (folder / "chunks.jsonl").read_text()
    assert "The third one." in text
    assert "The second version." not in text


@pytest.mark.parametrize("answer", [404, 301, "", "<html><body><script>x()</script></body></html>"])
def test_a_page_that_is_gone_moved_or_emptied_keeps_its_chunks_and_is_stale(
    data: Path, tmp_path: Path, roadmap: Roadmap, answer: str | int
) -> None:
    before = vectors(data)
    report = run(data, write_warc(tmp_path / "gone.warc.gz", dict.fromkeys(pages(), answer), day=4))
    assert vectors(data) == before
    assert report.embedded == 0
    row = next(row for row in read_coverage(data, roadmap) if row.id == RESOURCE)
    assert (row.status, row.pages, row.since[:10]) == ("stale", len(TOPICS), "2026-03-04")


def test_a_page_that_was_never_held_and_moved_is_no_page_of_its_own(
    data: Path, tmp_path: Path, roadmap: Roadmap
) -> None:
    report = run(data, write_warc(tmp_path / "moved.warc.gz", {f"{SITE}moved.html": 301}, day=4))
    assert "has moved" in dict(report.refused)[f"{SITE}moved.html"]
    row = next(row for row in read_coverage(data, roadmap) if row.id == RESOURCE)
    assert dict(row.by_status) == {"indexed": len(TOPICS), "dead": 1}


def test_a_page_that_repeats_another_is_no_page_of_the_index(data: Path, tmp_path: Path, roadmap: Roadmap) -> None:
    before = vectors(data)
    again = write_warc(tmp_path / "twin.warc.gz", {f"{SITE}print/merge.html": page("merge")}, day=2)
    later = write_warc(tmp_path / "later.warc.gz", {f"{SITE}print/merge.html": page("merge")}, day=3)
    for warc in (again, later):
        report = run(data, warc)
        assert vectors(data) == before
        row = next(row for row in read_coverage(data, roadmap) if row.id == RESOURCE)
        assert (row.status, row.pages) == ("indexed", len(TOPICS))
        assert dict(row.by_status) == {"indexed": len(TOPICS), "duplicate": 1, "dead": 1}
        assert next(row for row in report.resources if row.id == RESOURCE).pages == len(TOPICS)


def test_of_a_page_that_moved_the_new_place_is_in_the_index(data: Path, tmp_path: Path) -> None:
    old, new = f"{SITE}merge.html", f"{SITE}a/longer/address/merge.html"
    run(data, write_warc(tmp_path / "moved.warc.gz", {old: 301, new: page("merge")}, day=2))
    folder = Generations(data).current()
    assert folder is not None
    urls = {chunk.url for chunk in read_chunks(folder)}
    assert new in urls
    assert old not in urls


def test_force_builds_a_generation_of_the_same_vectors_without_embedding(data: Path) -> None:
    before, name = vectors(data), Generations(data).pointer()
    report = run(data, force=True)
    assert report.generation != name
    assert report.embedded == 0
    assert vectors(data) == before


def test_a_damaged_index_and_a_lost_cache_are_mended_without_the_model(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = vectors(data)
    folder = Generations(data).current()
    assert folder is not None
    shutil.rmtree(folder / "chroma")
    (data / "vectors.db").unlink()
    monkeypatch.setattr(pipeline, "load_encoder", lambda *_: pytest.fail("the model was loaded"))
    assert run(data).embedded == 0
    assert vectors(data) == before


def test_a_generation_that_was_built_but_not_switched_to_is_removed(data: Path) -> None:
    generations = Generations(data)
    served = generations.current()
    assert served is not None
    shutil.copytree(served, generations.root / "20990101T000000000000-deadbeef")
    run(data)
    assert generations.current() == served
    assert list(generations.root.iterdir()) == [served]


def test_a_second_run_at_the_same_time_is_refused(data: Path) -> None:
    with Generations(data).writing(), pytest.raises(BusyError, match="another `roadmap ingest`"):
        run(data)


def test_a_full_disk_leaves_the_old_index_and_says_so(data: Path) -> None:
    served = Generations(data).current()
    assert served is not None
    code = (
        "import resource, sys\nfrom pathlib import Path\nfrom corpus.errors import ProjectError\n"
        "from corpus.notes import Notes\nfrom corpus.settings import Settings\nfrom ingest import pipeline\n"
        "pipeline.load_notes = Notes\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))\n"
        "try: pipeline.ingest(Settings(data=Path(sys.argv[1])), force=True)\n"
        "except ProjectError as error: print(error); sys.exit(1)\n"
    )
    for limit in (2_000, 60_000):
        command = [sys.executable, "-c", code, str(data), str(limit)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 1, done.stderr
        assert len(done.stdout.splitlines()) == 1
    assert Generations(data).current() == served
    assert list(Generations(data).root.iterdir()) == [served]
    assert verify(served)


def test_pages_of_nobody_belong_where_their_owner_says_and_stay_there(
    data: Path, roadmap: Roadmap, tmp_path: Path
) -> None:
    warc = write_warc(tmp_path / "own.warc.gz", {"https://own.example/": page("merge").replace("merge", "tessel")})

    def homes() -> dict[str, tuple[str, tuple[int, int]]]:
        folder = Generations(data).current()
        assert folder is not None
        chunks = [chunk for chunk in read_chunks(folder) if chunk.url == "https://own.example/"]
        return {chunk.url: (chunk.resource, (chunk.first_week, chunk.last_week)) for chunk in chunks}

    settings = Settings(data=data)
    assert UNKNOWN in ingest(settings, own=[warc]).refused[0][1]
    assert homes() == {}
    assert ingest(settings, own=[warc], under="topic:Tessel").refused == ()
    assert homes() == {"https://own.example/": ("", (roadmap.weeks.first, roadmap.weeks.last))}
    (row,) = [row for row in read_coverage(data, roadmap) if row.id == "topic:Tessel"]
    assert (row.title, row.status, row.pages) == ("Tessel", "indexed", 1)
    assert row.chunks > 0
    assert ingest(settings, own=[warc]).refused == ()  # it has its place by now
    ingest(settings, own=[warc], under=RESOURCE)
    assert homes()["https://own.example/"][0] == RESOURCE


@pytest.mark.parametrize("name", ["generations", "pages.db"])
def test_a_data_folder_that_cannot_be_written_is_one_clear_error(tmp_path: Path, name: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    if name == "generations":
        (data / name).write_text("in the way")
    else:
        (data / name).mkdir()
    with pytest.raises(StoreError, match="data folder"):
        run(data)
