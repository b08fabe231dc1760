"""A file or folder of questions -> `Questions`. By its name: JSON Lines, CSV, TREC topics with qrels, a BEIR folder.

    mine.jsonl                  {"question": "...", "expects": "https://..."} a line; see `eval.own.example`
    mine.csv  mine.tsv          columns question, expects, and if wanted heading, sentence, grade, id, refuse
    mine.trec  topics.xml       TREC topics; their qrels beside them: mine.qrels, or qrels.txt
    folder/                     BEIR: queries.jsonl and qrels/test.tsv

Every line is looked at: what is wrong is kept with its number, and nothing is guessed. Knows nothing of an index.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from eval.cases import Relevant
from eval.own.questions import FieldError, OwnCase, Problem, Questions, QuestionsError, address, case_of

COLUMNS = ("question", "expects", "heading", "sentence", "grade", "id", "type", "refuse")
SPLITS = ("test", "dev", "train")
Fields = dict[str, Any]
Judged = dict[str, dict[str, int]]
"""Question id -> document -> grade."""

_TOPIC = re.compile(r"<top>((?:(?!</?top>).)*+)</top>", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"<num>\s*(?:Number:)?\s*([^\s<]+)", re.IGNORECASE)
_TITLE = re.compile(r"<title>\s*(?:Topic:)?\s*(.*?)\s*(?=<|\Z)", re.DOTALL | re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_questions(path: Path) -> Questions:
    """Reads it by its name. Errors: `QuestionsError` where nothing of it can be read; what is wrong in a line is kept
    in the result."""
    if path.is_dir():
        return _read_beir(path)
    readers: dict[str, Callable[[str, Path], Iterator[OwnCase | Problem]]] = {
        ".jsonl": _json_lines, ".ndjson": _json_lines, ".csv": _table, ".tsv": _table,
        ".trec": _topics, ".topics": _topics, ".xml": _topics, ".txt": _topics,
    }  # fmt: skip
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise QuestionsError(
            f"{path.name} is of no known kind: name a file .jsonl, .csv or .trec, or a BEIR folder. "
            "`roadmap eval init` writes an example."
        )
    raw = _bytes(path)
    return _collected(path.name, reader(_text(raw, path), path), raw)


def read_text(path: Path) -> str:
    """The text of a file, whose lines are numbered as those of its cases. Errors: `QuestionsError`."""
    return _text(_bytes(path), path)


def _collected(name: str, found: Iterable[OwnCase | Problem], raw: bytes) -> Questions:
    """The cases and the problems; an id that stands twice is one of them."""
    cases: dict[str, OwnCase] = {}
    problems: list[Problem] = []
    for one in found:
        if isinstance(one, Problem):
            problems.append(one)
        elif one.id in cases:
            before = cases[one.id]
            what = "question" if one.question == before.question else f"id {one.id!r}"
            problems.append(Problem(one.line, f"the {what} stands in line {before.line} already: keep one of them."))
        else:
            cases[one.id] = one
    if not cases and not problems:
        problems.append(Problem(0, "there is no question in it: `roadmap eval init` writes an example."))
    problems.sort(key=lambda problem: problem.line)
    return Questions(name, tuple(cases.values()), tuple(problems), hashlib.sha256(raw).hexdigest())


# --- JSON Lines -------------------------------------------------------------------------------------------------------


def _json_lines(text: str, _: Path) -> Iterator[OwnCase | Problem]:
    """Empty lines and those that begin with # are passed over."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and not line.lstrip().startswith(("#", "//")):
            yield _made(number, lambda line=line: _object(line))


def _object(line: str) -> Fields:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise FieldError('it is no JSON: write {"question": "...", "expects": "https://..."} on one line.') from error
    if not isinstance(fields, dict):
        raise FieldError('it is no JSON object: write {"question": "...", "expects": "https://..."}.')
    return cast("Fields", fields)


def _made(line: int, fields: Callable[[], Fields]) -> OwnCase | Problem:
    try:
        return case_of(fields(), line)
    except FieldError as error:
        return Problem(line, str(error))


# --- CSV --------------------------------------------------------------------------------------------------------------


def _table(text: str, path: Path) -> Iterator[OwnCase | Problem]:
    """Rows with the same id, or without ids the same question, are one case with several places."""
    head = text.partition("\n")[0]
    delimiter = (
        "\t" if path.suffix.lower() == ".tsv" or "\t" in head else ";" if head.count(";") > head.count(",") else ","
    )
    rows = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    try:
        names = [name.strip().casefold() for name in next(rows, [])]
        if wrong := _wrong_columns(names):
            yield Problem(1, wrong)
            return
        yield from _joined(_rows(rows, names))
    except csv.Error as error:
        yield Problem(rows.line_num, f"it is no CSV ({error}): put texts with commas or quotes into double quotes.")


def _wrong_columns(names: list[str]) -> str:
    unknown = [name for name in names if name not in COLUMNS]
    if unknown or "question" not in names or len(set(names)) < len(names):
        return (
            f"the columns are {', '.join(names) or 'none'}: the first line must name them, question and expects at "
            f"least; known are {', '.join(COLUMNS)}."
        )
    return ""


def _rows(rows: Any, names: list[str]) -> Iterator[OwnCase | Problem]:
    for cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(names):
            yield Problem(rows.line_num, f"it has {len(cells)} cells, and there are {len(names)} columns.")
            continue
        row = {name: cell.strip() for name, cell in zip(names, cells, strict=True) if cell.strip()}
        place = {name: row.pop(name) for name in ("heading", "sentence", "grade") if name in row}
        urls = row.pop("expects", "").split()
        if urls or "sentence" in place:
            row["expects"] = [{"url": url, **place} for url in urls or [""]]  # pyright: ignore[reportArgumentType]
        yield _made(rows.line_num, lambda row=row: dict(row))


def _joined(found: Iterable[OwnCase | Problem]) -> Iterator[OwnCase | Problem]:
    cases: dict[str, OwnCase] = {}
    for one in found:
        if isinstance(one, Problem):
            yield one
        elif (known := cases.get(one.id)) and known.question == one.question and one.expects:
            grades = {place.name: place.grade for place in known.expects}
            if clash := [p for p in one.expects if p.name in grades]:
                yield Problem(one.line, f"{clash[0].url} is judged for this question in line {known.line} already.")
            else:
                cases[one.id] = replace(known, expects=(*known.expects, *one.expects))
        elif known:
            yield one  # told as one that stands twice
        else:
            cases[one.id] = one
    yield from cases.values()


# --- TREC -------------------------------------------------------------------------------------------------------------


def _topics(text: str, path: Path) -> Iterator[OwnCase | Problem]:
    """Topics in tags, or an id and the question a line with a tab between."""
    judged, problems = _qrels_beside(path)
    yield from problems
    found = list(_tagged(text)) if "<top>" in text.lower() else list(_tabbed(text))
    for line, id, question in found:
        yield _judged_case(line, id, question, judged)
    known = {id for _, id, _ in found}
    for id in judged:
        if id not in known:
            yield Problem(0, f"the qrels judge the question {id!r}, and it is not among the topics.")


def _tagged(text: str) -> Iterator[tuple[int, str, str]]:
    for topic in _TOPIC.finditer(text):
        number, title = _NUMBER.search(topic.group(1)), _TITLE.search(topic.group(1))
        line = text.count("\n", 0, topic.start()) + 1
        yield line, number.group(1) if number else "", title.group(1) if title else ""


def _tabbed(text: str) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            id, _, question = line.partition("\t")
            yield number, id, question


def _judged_case(line: int, id: str, question: str, judged: Judged) -> OwnCase | Problem:
    if not id.strip():
        return Problem(line, "the topic has no number: write <num> NUMBER </num>, or the id, a tab and the question.")
    made = _made(line, lambda: {"id": id, "question": question})
    if isinstance(made, Problem):
        return made
    return replace(made, expects=tuple(Relevant(doc, grade) for doc, grade in judged.get(made.id, {}).items()))


def _qrels_beside(path: Path) -> tuple[Judged, list[Problem]]:
    places = (path.with_suffix(".qrels"), path.with_name("qrels.txt"))
    for place in places:
        if place.is_file():
            return _qrels(place, _text(_bytes(place), place))
    raise QuestionsError(f"{path.name} has no judgements: put its qrels beside it as {places[0].name} or qrels.txt.")


def _qrels(path: Path, text: str) -> tuple[Judged, list[Problem]]:
    """Lines of TREC (question, iteration, document, grade), or of BEIR (question, document, grade) under a head."""
    judged: Judged = {}
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), 1):
        cells = line.split()
        if not cells or (number == 1 and cells[0].casefold() in ("query-id", "qid", "query_id")):
            continue
        try:
            _judge(judged, cells)
        except FieldError as error:
            problems.append(Problem(0, f"line {number} of {path.name}: {error}"))
    return judged, problems


def _judge(judged: Judged, cells: list[str]) -> None:
    if len(cells) not in (3, 4) or not re.fullmatch(r"-?\d{1,3}", cells[-1]):
        raise FieldError("it is no judgement: write the question's id, 0, the document and a whole grade.")
    id, doc, grade = cells[0], cells[-2], max(0, int(cells[-1]))
    doc = address(doc) if "://" in doc else doc
    if judged.setdefault(id, {}).setdefault(doc, grade) != grade:
        raise FieldError(f"{doc} is judged twice for {id}, as {judged[id][doc]} and as {grade}.")


# --- BEIR -------------------------------------------------------------------------------------------------------------


def _read_beir(folder: Path) -> Questions:
    queries = folder / "queries.jsonl"
    files = [folder / "qrels" / f"{split}.tsv" for split in SPLITS]
    qrels = next((file for file in files if file.is_file()), None)
    if not queries.is_file() or qrels is None:
        raise QuestionsError(f"{folder.name} is no BEIR folder: it needs queries.jsonl and qrels/test.tsv.")
    raw, raw_qrels = _bytes(queries), _bytes(qrels)
    judged, problems = _qrels(qrels, _text(raw_qrels, qrels))
    found = _collected(folder.name, _queries(_text(raw, queries), judged), raw + raw_qrels)
    asked = {case.id for case in found.cases}
    unasked = [id for id in judged if id not in asked]
    problems += [Problem(0, f"{qrels.name} judges the question {id!r}, which queries.jsonl lacks.") for id in unasked]
    return replace(found, problems=(*problems, *found.problems))


def _queries(text: str, judged: Judged) -> Iterator[OwnCase | Problem]:
    """Those that the qrels judge: queries.jsonl holds those of all splits."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            fields = _object(line)
        except FieldError as error:
            yield Problem(number, str(error))
            continue
        id, question = str(fields.get("_id") or ""), str(fields.get("text") or "")
        if not id:
            yield Problem(number, "the query has no _id.")
        elif id in judged:
            yield _judged_case(number, id, question, judged)


# --- bytes ------------------------------------------------------------------------------------------------------------


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise QuestionsError(
            f"{path} cannot be read ({error.strerror}): `roadmap eval init` writes an example of a file of questions."
        ) from error


def _text(raw: bytes, path: Path) -> str:
    """UTF-8, or UTF-16 with its mark; lines end with "\\n". Errors: `QuestionsError` with the line."""
    encoding = next((name for mark, name in _BOMS if raw.startswith(mark)), "utf-8")
    try:
        return raw.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise QuestionsError(f"{path.name}, line {line}: it is not UTF-8: save the file as UTF-8 text.") from error
