"""`roadmap doctor`: what of this installation works, and what to do about the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import typer
from rich.console import Console

from corpus.errors import ProjectError
from corpus.settings import Settings, load_settings
from ui.cli.output import print_json
from ui.cli.study import JsonFlag

out = Console()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `works` is False only where questions about pages cannot be answered."""

    what: str
    works: bool
    said: str


def doctor(as_json: JsonFlag = False) -> None:
    """Look at the model, what it was exported to, and the index; exit status 1 where pages cannot be searched."""
    findings = list(examine(load_settings()))
    if as_json:
        print_json({"findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            said = f"{'works' if finding.works else 'FAILS'}  {finding.what}: {finding.said}"
            out.print(said, markup=False, highlight=False, soft_wrap=True)
    if not all(finding.works for finding in findings):
        raise typer.Exit(1)


def examine(settings: Settings) -> Iterator[Finding]:
    """What there is to say of the model, the encoder and the index, in this order."""
    from ingest.index.encoder import encoder_state
    from ingest.index.generations import Generations
    from ingest.index.manifest import check_model, verify
    from ingest.index.model import find_model

    try:
        model = find_model(settings.embed_model)
        yield Finding("embedding model", True, f"{model.name}, {model.dimension} numbers a vector")
        slow = encoder_state(settings.data, model)
        said = f"sentence-transformers, which starts slowly, since {slow}" if slow else "ONNX Runtime"
        yield Finding("encoder", True, said)
    except ProjectError as error:
        yield Finding("embedding model", False, str(error))
        return
    try:
        folder = Generations(settings.data).current()
        if folder is None:
            yield Finding("index", False, "there is none yet: run `roadmap ingest`.")
            return
        manifest = verify(folder)
        check_model(manifest, model)
    except ProjectError as error:
        yield Finding("index", False, str(error))
        return
    yield Finding("index", True, f"generation {manifest.generation}, {manifest.chunks:,} passages")
