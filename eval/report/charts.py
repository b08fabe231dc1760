"""Six plots of a report as inline SVG, by matplotlib. Knows nothing of HTML around them.

The object interface only (no pyplot): no global figure, no display. Text stays text, so it can be read and searched.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

from eval.report.measure import MAIN
from eval.results import Abstention, PageTable, Told
from eval.runs import OURS

ACCENT, PLAIN = "#0b6e4f", "#5b6570"
SMALL = 9
STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "roadmap",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def quality_against_latency(table: PageTable) -> str:
    """Each configuration: median time of its search (log scale) against its mean nDCG@10, with intervals.

    Ours without one of its parts stands where ours does: those are left to `ablation`.
    """
    figure, axes = _figure(7.2, 3.8)
    for row in (row for row in table.rows if row.search_ms and not is_ablation(row.system)):
        value, middle = row.means[MAIN], sorted(row.search_ms)[len(row.search_ms) // 2]
        colour = ACCENT if row.system == OURS else PLAIN
        error = [[value.value - value.low], [value.high - value.value]]
        axes.errorbar(middle, value.value, yerr=error, fmt="o", color=colour, capsize=2)
        axes.annotate(
            row.system, (middle, value.value), xytext=(5, 3), textcoords="offset points", fontsize=SMALL, color=colour
        )
    axes.set_xscale("log", subs=(2, 5))
    axes.margins(x=0.15)
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axes.xaxis.set_minor_formatter(StrMethodFormatter("{x:g}"))
    axes.set_xlabel("median search time beyond encoding, ms")
    axes.set_ylabel("nDCG@10")
    return _svg(figure, f"{table.suite}: quality against latency")


def by_type(tables: Sequence[PageTable]) -> str:
    """nDCG@10 of our default for every suite and type of question, with its interval."""
    rows = [
        (f"{t.suite}: {kind}", mean)
        for t in tables
        for row in t.rows
        if row.system == OURS
        for kind, mean in row.by_type.items()
    ]
    figure, axes = _figure(7.2, 0.8 + 0.26 * len(rows))
    for place, (_, mean) in enumerate(rows):
        error = [[mean.value - mean.low], [mean.high - mean.value]]
        axes.barh(place, mean.value, xerr=error, color=ACCENT, height=0.65, error_kw={"elinewidth": 0.8})
    axes.set_yticks(range(len(rows)), [f"{label} ({mean.n})" for label, mean in rows], fontsize=SMALL)
    axes.set_xlim(0, 1)
    axes.margins(y=0.01)
    axes.invert_yaxis()
    axes.set_xlabel("nDCG@10")
    return _svg(figure, "By type of question")


def ablation(table: PageTable) -> str:
    """What nDCG@10 loses when a part of ours is left out, in hundredths; red bars are parts that cost."""
    rows = [row for row in table.rows if is_ablation(row.system)]
    figure, axes = _figure(7.2, 0.8 + 0.32 * len(rows))
    for place, row in enumerate(rows):
        loss, p = 100 * row.against[MAIN].difference, row.against[MAIN].p
        axes.barh(place, loss, color=ACCENT if loss >= 0 else "#b3402f", height=0.6)
        chance = "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
        axes.annotate(f"{loss:+.1f}, {chance}", (max(loss, 0), place), xytext=(3, -3),
                      textcoords="offset points", fontsize=SMALL)  # fmt: skip
    axes.set_yticks(range(len(rows)), [row.system.removeprefix(f"{OURS}-without-") for row in rows])
    axes.axvline(0, color="black", linewidth=0.6)
    axes.margins(x=0.25)
    axes.set_xlabel("loss of nDCG@10 without it, x 100")
    return _svg(figure, f"{table.suite}: ablation")


def abstention_curve(halves: Sequence[Abstention]) -> str:
    """False refusals against refusals of outside questions, over all thresholds, and where we stand."""
    figure, axes = _figure(5.2, 3.6)
    for half in halves:
        colour = ACCENT if half.split == "test" else PLAIN
        axes.plot(
            [p.falsely_refused for p in half.curve], [p.refused for p in half.curve], color=colour, label=half.split
        )
        axes.plot([half.false_refusal_rate], [half.recall], "o", color=colour)
    axes.set_xlabel("answerable questions refused")
    axes.set_ylabel("outside questions refused")
    axes.set_xlim(-0.01, 0.3)
    axes.set_ylim(0.5, 1.01)
    axes.legend(title="half", loc="lower right", frameon=False)
    return _svg(figure, "Abstention: each threshold, and the one in use (dot)")


def reliability(told: Sequence[Told]) -> str:
    """How sure answers were told to be against the share of them that was acceptable; on the line all is as told."""
    figure, axes = _figure(5.2, 3.6)
    axes.plot([0, 1], [0, 1], color=PLAIN, linewidth=0.8)
    shares = [one.acceptable / one.of for one in told]
    axes.plot([one.sure for one in told], shares, "o-", color=ACCENT)
    for one, share in zip(told, shares, strict=True):
        axes.annotate(str(one.of), (one.sure, share), xytext=(5, -10), textcoords="offset points", fontsize=SMALL)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_xlabel("told probability, mean (beside it: answers)")
    axes.set_ylabel("acceptable")
    return _svg(figure, "How sure, and how often right")


def trend(runs: Sequence[Mapping[str, float]]) -> str:
    """Each figure from run to run, the newest at the right. A run may lack a figure."""
    names = list(dict.fromkeys(name for run in runs for name in run))
    figure, axes = _figure(7.2, 2.6 + 0.16 * len(names))
    for name in names:
        held = [(place, run[name]) for place, run in enumerate(runs, 1) if name in run]
        axes.plot(*zip(*held, strict=True), marker="o", markersize=4, label=name)
    axes.set_xticks(range(1, len(runs) + 1))
    axes.set_xlabel("run, the newest last")
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, fontsize=SMALL)
    return _svg(figure, "From run to run")


def is_ablation(system: str) -> bool:
    """Whether a configuration is ours without one of its parts."""
    return system.startswith(f"{OURS}-without-")


def _figure(width: float, height: float) -> tuple[Figure, Any]:
    figure = Figure(figsize=(width, height), layout="constrained")
    with mpl.rc_context(STYLE):
        return figure, figure.subplots()


def _svg(figure: Figure, title: str) -> str:
    figure.axes[0].set_title(title, fontsize=11, loc="left")
    file = io.StringIO()
    with mpl.rc_context(STYLE), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a font without some glyph is no matter: text is drawn by the browser
        figure.savefig(file, format="svg", metadata={"Date": None, "Title": title})
    text = file.getvalue()
    return text[text.index("<svg") :]
