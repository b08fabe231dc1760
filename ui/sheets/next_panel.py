"""What is next and why, as a panel of the Today page: reason, first part, effort, price, two others. HTML only."""

from __future__ import annotations

from assistant.recommendation.recommend import Alternative, Recommendation
from assistant.study.learner import Learner
from ui.markup import link, open_link, plain
from ui.sheets.parts import button, rows
from ui.sheets.review import MARK

NOT_THIS = "pages/today/not-this"
PREFER = "pages/today/prefer"

_COSTS = {
    "free": "Free",
    "free-to-audit": "Free to audit; a certificate costs money",
    "paid": "Costs money",
    "own-work": "Nothing: work of your own",
}
_WISHES = (("code", "Code first"), ("theory", "Theory first"), ("free", "Free only"))


def next_html(found: Recommendation, learner: Learner) -> str:
    """The panel; without anything left, the sentence that says so."""
    if found.resource is None:
        return f'<section class="panel"><h3>Next</h3><p>{plain(found.reason)}</p></section>'
    week = f'<a href="?page=roadmap&amp;week={found.weeks.first}">{plain(str(found.weeks))}</a>' if found.weeks else ""
    begun = any(mark.resource == found.resource for mark in learner.marks)
    buttons = button("I began it", MARK, id="next-begun", resource=found.resource, status="in-progress")
    buttons = "" if begun else buttons
    buttons += button("I finished it", MARK, id="next-done", resource=found.resource, status="done")
    buttons += button("Not this one", NOT_THIS, id="next-not", resource=found.resource)
    return (
        f'<section class="panel next-up"><h3>Next: {link(found.url, plain(found.title)) or plain(found.title)}</h3>'
        f"<p>{plain(found.why)}</p>{_facts(found, week, begun=begun)}"
        f'<div class="row">{buttons}</div>{_others(found.alternatives)}{_wishes(learner)}</section>'
    )


def _facts(found: Recommendation, week: str, *, begun: bool) -> str:
    unit, way = found.first_unit, found.free_way
    begin = f"{link(unit.url, plain(unit.title)) or plain(unit.title)} ({unit.hours:g} h)" if unit else ""
    price = plain(_COSTS.get(found.cost or "", ""))
    if found.cost == "paid" and way:
        price += f"; a free way: {link(way.url, plain(way.what))}"
    return rows(
        (
            ("Go on with" if begun else "Begin with", begin),
            ("Takes", plain(found.effort)),
            ("Costs", price),
            ("At the end", plain(found.outcome)),
            ("In the roadmap", " · ".join(piece for piece in (week, open_link(found.url)) if piece)),
        )
    )


def _others(alternatives: tuple[Alternative, ...]) -> str:
    """Two others, with what speaks for each."""
    lines = "".join(
        f"<li>{link(other.url, plain(other.title)) or plain(other.title)}: {plain(other.text)}</li>"
        for other in alternatives
    )
    return f"<h4>Or something else</h4><ul>{lines}</ul>" if lines else ""


def _wishes(learner: Learner) -> str:
    """What suits the learner, one press each; what is pressed holds everywhere."""
    held = {learner.prefer} | ({"free"} if learner.free_only else set())
    buttons = "".join(
        button(label, PREFER, id=f"prefer-{wish}", wish=wish, pressed=wish in held) for wish, label in _WISHES
    )
    return f'<div class="row" role="group" aria-label="What suits you"><span>What suits you:</span>{buttons}</div>'
