"""What people say around a question: greetings, requests, how the answer should sound. Pure; no subject matter."""

from __future__ import annotations

import re

PLAINLY = (
    r"(?:in|using|with) (?:a |very |more |just )*(?:simple|simpler|plain|easy|short|brief|few|one|two|layman'?s?|"
    r"everyday|your own|other|detail)(?:,? (?:and )?(?:simple|plain|easy|short))?"
    r"(?: ?(?:terms?|words?|sentences?|lines?|language|english|paragraph))?"
)
"""How an answer should sound: "in plain words"."""
_LIKE_A_CHILD = (
    r"(?:to me )?(?:like|as if|as though) (?:i'?m|i am|i was|i were|to) (?:an? )?(?:5|five|6|six|child|kid|beginner|"
    r"newbie|noob|dummy|idiot)\b(?:[ -]years?[ -]olds?)?"
)
LONGEST = 400
"""Characters of a question that anything is taken off from: around a longer one little is said."""

_I = r"(?:i|we)(?:'d| would|'m| am| was|'re| are)? ?(?:just |really |still |not |a bit |so |totally |completely )*"
_LEADS = (
    r"(?:hi|hey|hello|ok|okay|so|well|now|and|but|also|um+|hmm+|please|pls|plz|sorry|thanks|thank you|alright|great|"
    r"cool|just)(?: there| all| again| then)?(?=[\s,.!:;-])",
    r"(?:(?:a )?(?:quick|short|small|another|dumb|stupid|silly|basic|noob|next) )?(?:question|q)\s*[:,–-]+(?=\s)",
    r"(?:system|user|assistant|human)\s*:",
    r"(?:can|could|would|will) (?:you|u|someone|anyone|somebody)(?: (?:please|pls|kindly|quickly|maybe|just|briefly))*"
    r"(?= )",
    r"(?:tell|show|teach) me(?= (?:what|how|why|when|where|which|the)\b)",
    rf"{_I}(?:want|wanted|like|love|need|trying|wondering|curious)(?: to (?:know|understand|learn|find out))?"
    r"(?: (?:more )?about)?(?= (?:what|how|why|when|where|which|if)\b)",
    rf"{_I}(?:want|like|need|trying) to (?:know|understand)(?: (?:more )?about)?(?= )",
    rf"{_I}(?:don'?t|do not|can'?t|cannot|didn'?t) (?:really |quite |fully )?(?:get|understand|grasp|know)(?= )",
    rf"{_I}(?:confused|lost|sure|unsure|clear)(?: (?:about|by|on|with))?(?=[ ,])",
    r"(?:do you know|does anyone know|any idea|(?:help|let) me (?:to )?(?:understand|get|grasp))(?= )",
    r"(?:explain|describe)(?: to)?(?: me)?(?= how\b)",
    r"eli ?5\b",
    r"tl;? ?dr\b(?:\s+(?:of|on|for)\b)?",
    rf"(?:{PLAINLY}|{_LIKE_A_CHILD})\s*(?=[,:])",
    r"(?:answer|reply|respond|explain|say it|write)(?: to)?(?: me)?(?: only)? in [a-z]+(?: [a-z]+)?\s*(?=[:,.])",
)
_TAILS = (
    r"please|pls|plz|thanks|thank you|thx|exactly|again|anyway|briefly|lol|haha+|btw",
    PLAINLY,
    _LIKE_A_CHILD,
    r"(?:to|for) (?:me|(?:an? )?(?:beginners?|dummies|child|newbie|five[ -]year[ -]old|5[ -]year[ -]old))",
    r"(?:answer|reply|respond|explain(?: it)?) in [a-z]+",
)
_LEAD = re.compile(rf"\W*+(?:{'|'.join(_LEADS)})[\s,.:;!–-]*", re.IGNORECASE)
_TAIL = re.compile(rf"(?<![\s,.;:!?–-])[\s,.;:!?–-]+(?:{'|'.join(_TAILS)})\W*$", re.IGNORECASE)

YES_OR_NO = re.compile(
    r"^(?:so |and |but |ok |hey )?(?:is|are|was|were|do|does|did|can|could|should|will|would|has|have|must|may|am|"
    r"need)\b",
    re.IGNORECASE,
)
"""How a question begins that asks for a yes or a no, without what is said around it (see `bare`)."""

_COURTESY = re.compile(
    r"\W*+(?:(?:many )?thanks?|thank you|thx|hello|hi|hey|good (?:morning|evening|day)|bye|ok(?:ay)?|great|cool|nice)"
    r"(?:,? (?:a lot|so much|very much|there|again|you|a million|for that|for this|for the help|great|thanks|bye))*\W*",
    re.IGNORECASE,
)

_ITSELF = re.compile(
    r"\W*+(?:help(?: me)?|(?:who|what) are you|what (?:else )?(?:can|could) (?:you|u) (?:do|answer|help(?: me)? with)"
    r"(?: for me)?|what (?:can|could|should|may) i ask(?: you)?(?: about)?|what do you (?:do|know)|how do you work|"
    r"how (?:do|can|should) i use (?:you|this (?:assistant|bot|chat|tool|app))|"
    r"are you (?:an? )?(?:real |human |chat)?(?:person|human|(?:ro)?bot|machine|ai|gpt|chatgpt|llm|assistant))\W*",
    re.IGNORECASE,
)


_GLADLY = "Gladly. Ask me about a week, a resource or a subject, such as “what should I do in week 14?”."
_WHAT_I_DO = (
    "I answer questions about the 48 weeks of the roadmap, its resources and what their pages teach, and name the "
    "source of each sentence. Ask me “what should I do in week 14?”, “which resources are free?”, “what is "
    "overfitting?” or “what should I do next?”."
)


def small_talk(text: str) -> str:
    """What to say to who asks for nothing ("thanks", "ok great"), or what one may ask ("help", "who are you?"); "" for
    all that is about a subject."""
    if _COURTESY.fullmatch(text):
        return _GLADLY
    return _WHAT_I_DO if _ITSELF.fullmatch(bare(text)) else ""


def bare(question: str) -> str:
    """The question on one line, without what is said around it: "hi, can you explain what a CNN is, in simple words?"
    is "explain what a CNN is". A long one, or one that is nothing but such words, keeps them."""
    text = " ".join(question.split())
    if len(text) > LONGEST:
        return text
    while (match := _LEAD.match(text)) and re.search(r"\w", text[match.end() :]):
        text = text[match.end() :]
    while (match := _TAIL.search(text)) and re.search(r"\w", text[: match.start()]):
        text = text[: match.start()]
    return text


def is_yes_or_no(text: str) -> bool:
    """Whether a question asks for a yes or a no.

    >>> is_yes_or_no("Hey, do I have to read DDIA?"), is_yes_or_no("who wrote DDIA?")
    (True, False)
    """
    return YES_OR_NO.match(bare(text)) is not None
