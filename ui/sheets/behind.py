"""The way out for who lies behind the plan. HTML only."""

from __future__ import annotations

from assistant.study.today import Where
from ui.sheets.parts import button


def behind_html(where: Where, replan: str) -> str:
    """One button that plans anew, with what it means; nothing where one is on time. replan: where it sends to."""
    if not where.behind:
        return ""
    return (
        f'<p class="row" id="behind">{button("Plan anew from today", replan, id="replan")} '
        '<span class="quiet">You count as on time again, and what is done stays done.</span></p>'
    )
