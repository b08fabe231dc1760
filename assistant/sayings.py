"""The phrases of `assistant.commands` as patterns over cleaned text (lower-case, one space apart)."""

from __future__ import annotations

import re

from assistant.saydates import NUMBER


def _any(*alternatives: str) -> str:
    return "(?:" + "|".join(alternatives) + ")"


IM = "i(?:'m| am)"
IVE = "i(?:'ve| have)?"
POLITE = re.compile(r"^(?:hi|hello|hey|ok|okay|so|well|and|now|please|then)[,!. ]+")
ASKED = re.compile(r"^(?:can|could|would|will) you (?:please )?(?=mark|set|skip|pause|undo|note|record|change|add|put)")
QUESTION = re.compile(
    "^"
    + _any("what", "how", "can", "could", "should", "shall", "is", "are", "am", "do", "does", "did", "when", "why")
    + r"\b|^"
    + _any("which", "who", "where", "will", "would", "may", "if", "has", "have i")
    + r"\b"
)
NEGATED = re.compile(
    r"\b"
    + _any("not", "never", "haven't", "hasn't", "isn't", "didn't", "don't", "won't", "can't", "cannot")
    + r"\b|\b"
    + _any("almost", "nearly", "half", "if", "when", "once", "after", "before", "until i")
    + r"\b"
)
DONE = re.compile(
    _any(
        rf"\b{IVE}(?: just| now| already| finally)? (?:finished|completed|done|did|passed|read)",
        rf"\b{IM}(?: now| finally)? (?:done|finished|through)(?: with)?",
        r"^(?:just |finally )?(?:finished|completed|done(?: with)?)",
        r"^(?:tick|check) off",
        r"^complete",
    )
    + r"\b|\b(?:is|are) (?:now |finally )?(?:done|finished|complete)[.!]*$"
)
MARK = re.compile(
    r"^(?:mark|set|note|record|put)\b.*?\b(?:as |to |is |: ?)?"
    + r"(not done|undone|not started|done|finished|completed?|skipped|started|begun|in progress)[.! ]*.*$"
)
SKIP = re.compile(
    "^"
    + _any(r"i(?:'ll| will| want to|'d like to| would like to)? skip(?:ped)?", r"i(?:'ve| have) skipped", "skip")
    + r"\b|^(?:skipping|let's skip)\b"
)
START = re.compile(
    "^"
    + _any(
        r"i(?:'ve| have| just|'ve just)? (?:just )?(?:started|begun|began)",
        rf"{IM} (?:starting|working on|doing|in the middle of)",
        "started|starting|begin|beginning",
    )
    + r"\b"
)
UNDO = re.compile(r"^(?:undo|take (?:that|it) back|revert|no,? undo)\b.{0,30}$")
RESUME = re.compile(rf"^(?:resume|{IM} back|continue (?:my|the) plan|end (?:the|my) pause)\b")
PAUSE = re.compile(
    r"^pause\b|\b"
    + _any(
        "i need a (?:break|pause)",
        r"i(?:'m| am| will be|'ll be) (?:away|on (?:holiday|vacation|leave))",
        "take a (?:break|pause)",
        "pause (?:my|the) plan",
    )
    + r"\b"
)
REPLAN = re.compile(
    r"^(?:re-?plan|(?:make (?:me )?|give me )?a new plan|(?:make|build) (?:my|the) plan (?:anew|again)|"
    r"(?:update|redo|remake|renew) (?:my|the) plan)\b.{0,40}$"
)
TIMEZONE = re.compile(r"^(?:set )?(?:my |the )?time ?zone (?:is |to )?([a-z_+\-/0-9 ]{2,40}?)[.! ]*$")
UNTIL = re.compile(r"\b(?:until|till|to|through)\b")
_PER = r"(?: each| every| per| a|/| in a)? ?(week|day|weekly|daily|wk)\b"
HOURS = re.compile(rf"\b{NUMBER} ?(?:h|hrs?|hours?){_PER}")
HOURS_TO = re.compile(rf"^(?:set|change) (?:my )?hours (?:a |per )?(?:week |weekly )?to {NUMBER}(?:{_PER})?")
MINUTES = re.compile(rf"\b{NUMBER} ?(min|mins|minutes?|h|hrs?|hours?)\b")
AT_HAND = re.compile(rf"^(?:{IVE}(?: got)?(?: only| just)?|only|just|there (?:is|are))\b")
DEADLINE = re.compile(
    r"\b(?:must|have to|need to|want to|should|got to) (?:be )?(?:done|finish(?:ed)?|ready|through)\b"
    + r".*\b(?:by|before|until)\b(.*)$"
)
BEGIN = re.compile(
    "^"
    + _any(
        r"i(?:'ll| will|'m going to| want to)? ?(?:start|begin|started|began)",
        r"start(?:ing)?",
        r"my start(?: date)? is",
        r"set (?:my |the )?start(?: date)?(?: to)?",
    )
    + r"\b"
)
PREFER = re.compile(
    r"\b(?:i(?:'d)? (?:rather|prefer)|prefer|set (?:my )?preference)\b"
    + r"|^(?:i (?:want|like|need)|only|give me)\b.*\b(?:first|only|resources|courses)\b|^\S+ (?:first|only)\b"
)
BECAUSE = re.compile(r"\b(?:because|since|as i|:|—)\s*(.+)$")
UNIT = re.compile(r"\b(chapter|ch|lesson|lecture|module|unit|part|section|video|week) ?\.? ?(\d+)\b")
BARE = re.compile(r"\b(?:it|that|this|the (?:course|book|project|one))\b")
