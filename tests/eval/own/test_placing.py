"""What questions expect is looked up in the index first: any spelling is found, and what is missing is named."""

from __future__ import annotations

from dataclasses import replace

from eval.cases import Relevant
from eval.own.checking import check
from eval.own.placing import Shelf, place, told
from eval.own.questions import OwnCase, Questions
from eval.runs import Hit, ranked
from ingest.pages.chunk import Chunk
from ingest.state import PageState

URL = "https://a.example/page"


def chunk(url: str, heading: str, text: str) -> Chunk:
    return Chunk(f"{url}{heading}", "page", "", url, "A page", heading, "", text, (), 0, 0, 48, 0)


SHELF = Shelf(
    [
        chunk(URL, "Guide › Install", "Unpack it. Run the set-up."),
        chunk(URL, "Guide", "Remove\n\nDelete the folder."),
        chunk("http://b.example/", "", "Another page."),
    ],
    [
        PageState("https://a.example/twin", "", "duplicate", f"It says what {URL} says.", "", "", "", ""),
        PageState("https://a.example/gone", "", "dead", "the site answered 404.", "", "", "", ""),
    ],
)


def case(question: str, *expects: Relevant, refuse: bool = False, line: int = 1) -> OwnCase:
    return OwnCase(question, question, expects, refuse, line=line)


def test_a_page_is_found_under_any_spelling_and_by_its_twin() -> None:
    assert SHELF.page("http://a.example/page/") == URL
    assert SHELF.page("https://b.example") == "http://b.example/"
    assert SHELF.page("https://a.example/twin") == URL
    assert SHELF.page("https://a.example/other") == ""


def test_headings_and_sentences_are_found_where_they_stand() -> None:
    for wanted in (
        Relevant(URL, 2, heading="install"),
        Relevant(URL, 2, heading="Remove"),  # a short section, which was joined with the one before
        Relevant("", 2, sentence="Run  the set-up."),
    ):
        assert isinstance(SHELF.place(wanted), Relevant), wanted
    assert "has no heading 'Instal'" in str(SHELF.place(Relevant(URL, 2, heading="Instal")))
    assert "holds the sentence 'Never.'" in str(SHELF.place(Relevant("", 2, sentence="Never.")))


def test_what_the_index_lacks_is_named_and_not_measured() -> None:
    cases = (
        case("one", Relevant(URL, 2), Relevant("https://a.example/gone", 1), line=3),
        case("two", Relevant("https://a.example/pags", 2), line=4),
        case("three", line=5),
        case("four", refuse=True),
    )
    placed = place(cases, SHELF)
    assert [(c.id, c.relevant) for c in placed.pages] == [("one", (Relevant(URL, 2),))]
    assert [c.id for c in placed.refused] == ["four"]
    said = told(placed)
    assert "line 3, 'one'" in said[0]
    assert "dead (the site answered 404)" in said[0]
    assert f"did you mean {URL}?" in said[1]
    assert "it is left out" in said[1]
    assert "1 question waits to be judged" in said[2]


def test_a_check_finds_duplicates_what_is_unjudged_and_what_cannot_be_answered() -> None:
    cases = (
        case("how do I install it?", Relevant(URL, 2), line=1),
        case("how do i install it", Relevant(URL, 2), line=2),
        case("something else", line=3),
        case("nothing here", Relevant("https://c.example/", 2), line=4),
    )
    found = check(Questions("mine", cases, ()), SHELF)
    assert [(one.kind, one.line) for one in found.findings] == [("duplicate", 2), ("unjudged", 3), ("absent", 4)]
    assert (found.cases, found.measured) == (4, 2)


def test_a_ranking_counts_pages_unless_a_section_or_a_sentence_is_wanted() -> None:
    hits = [
        Hit(URL, "Guide", 3.0, text="Remove\n\nDelete the folder."),
        Hit(URL, "Guide", 2.5, text="More of it."),
        Hit(URL, "Guide › Install", 2.0, text="Unpack it."),
    ]
    page = place([case("q", Relevant(URL, 2))], SHELF).pages[0]
    assert [hit.name for hit in ranked(hits, page)] == [URL]
    section = replace(page, relevant=(Relevant(URL, 2, heading="Install"),))
    assert [hit.name for hit in ranked(hits, section)] == [f"{URL}#guide", f"{URL}#install"]
    sentence = Relevant("", 1, sentence="delete the folder.")
    both = replace(page, relevant=(*section.relevant, sentence))
    assert [hit.name for hit in ranked(hits, both)] == [sentence.name, f"{URL}#guide", f"{URL}#install"]
