"""What is stored of a learner: shown, exported, or deleted after a second question."""

from __future__ import annotations

from assistant.answers import Answer, Choice, Part
from assistant.handling import Context, handles, notice
from assistant.language.message import Parsed
from assistant.recommendation.reasons import counted
from assistant.study.preferences import settings_json

DELETE_NOW = "Delete everything that you know about me, now"


@handles("my_data")
def my_data(parsed: Parsed, context: Context, capability: str) -> Answer | None:
    """Says what is kept and where; deletes only what is asked for twice."""
    if parsed.text == DELETE_NOW:
        context.companion.forget(context.person)
        said = "Deleted everything that was stored about you: progress, settings, reviews."
        return Answer(parsed.text, (Part("notice", said),), changes=(said,))
    if context.kind == "delete":
        choices = (
            Choice("Delete it all", DELETE_NOW, capability),
            Choice("Show it first", "What do you know about me?", capability),
        )
        text = (
            "That deletes your progress, settings and reviews, and cannot be undone. Export them first if you may want "
            "them back."
        )
        return notice(parsed, text, choices=choices)
    if context.kind == "import":
        return notice(parsed, "`roadmap import FILE` reads an export back; the page Settings has it as a button.")
    if context.kind == "export":
        return notice(
            parsed,
            "`roadmap export FILE` writes everything that is stored about you as JSON; so does the page Settings.",
        )
    return Answer(parsed.text, (Part("notice", _kept(context)),))


def _kept(context: Context) -> str:
    learner = context.learner
    settings = {name: value for name, value in settings_json(learner).items() if value and name != "learner"}
    lines = "\n".join(f"- {name.replace('_', ' ')}: {value}" for name, value in settings.items())
    where = "It is kept in a database on the machine that runs this, and sent nowhere."
    marks = counted(len(learner.marks), "mark")
    return f"This is what I know about you, with {marks} of progress:\n\n{lines}\n\n{where}"
