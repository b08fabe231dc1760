"""The phrases of `commands.understand` as patterns over cleaned text (lower-case, one space apart)."""

from __future__ import annotations

import re

from assistant.language.durations import CARDINALS, NUMBER


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
    + _any("nothing", "hardly", "barely", "almost", "nearly", "if", "when", "once", "after", "before", "until i")
    + r"\b"
)
DONE = re.compile(
    _any(
        rf"\b{IVE}(?: just| now| already| finally)? (?:finished|completed|done|did|passed|read|watched|covered)",
        rf"\b{IVE}(?: just| now| already| finally)? (?:gone|went|got|worked) through",
        rf"\b{IM}(?: now| finally)? (?:done|finished|through)(?: with)?",
        r"^(?:just |finally )?(?:finished|completed|done(?: with)?)",
        r"^(?:tick|check) off",
        r"^complete",
    )
    + r"\b(?! (?:about|that|somewhere)\b)|(?:\b(?:is|are) (?:now |finally )?|^[^,;]{2,80}(?::|\b) )"
    + r"(?:done|finished|completed?)[.!]*$"
)
FINISHED = re.compile(r"\b(?:finish(?:ed)?|complet(?:e|ed))\b")
PARTLY = re.compile(
    r"\b(?:half|most|parts?|some|few|several|bit|third|quarter|beginning|start|intro(?:duction)?) (?:of|the)\b"
    r"|\b(?:chapters|lessons|lectures|modules|units|videos|sections|weeks|pages|exercises|notebooks)\b"
    r"|\b\d+ ?(?:%|percent)"
)
WHOLLY = re.compile(r"\b(?:all|every|whole|entire|rest|remaining)\b")
OF_WEEKS = frozenset(
    "i ve have m am is are just now finally already finished completed done did with the all everything of up to until "
    "till through before from mark set note as skip skipped skipping undone not started week weeks phase phases whole "
    "entire passed stuff work for in please and".split()
) | set(CARDINALS)
"""All that may be said beside the weeks that are marked."""

AT_THE_TIME = re.compile(r"\b(?:in|during|by|since) weeks? \d")
SPENT = re.compile(
    r"\b(?:did|done|spent|studied|worked|put|read|watched|practi[sc]ed|learn(?:ed|t)|invested|logged)\b"
    r"|^(?:log|add|note|record)\b"
)
WISHED = re.compile(
    r"\b(?:should|would|could|might|want(?:ed)?|plan(?:ned)?|hope|need|must|wish|going to|tomorrow)\b"
    rf"|\b(?:in|within|after|took)(?: only| just| about)? {NUMBER} ?(?:h|hrs?|hours?|min|minutes?)\b"
)
"""What is meant to be, and the time that something took in all."""

LEVELS = re.compile(r"\b(optional|supplemental)\b")
OF_LEVEL = frozenset(
    "skip skipping i ll will want to d like let s leave out drop all the everything every that which is are optional "
    "supplemental and stuff things thing ones one parts part resources resource courses course please".split()
)
KNOWN = re.compile(r"^i (?:already |also |do )?know\b")
ONLY_KNOWN = frozenset(
    "i already also do know the stuff material course very quite well by heart and from all of everything in it".split()
)
MARK = re.compile(
    r"^(?:mark|set|note|record|put)\b.*?\b(?:as |to |is |: ?)?"
    + r"(not done|undone|not started|done|finished|completed?|skipped|started|begun|in progress)[.! ]*.*$"
)
RESET = re.compile(r"^(?:unmark|untick|uncheck|restart)\b")
INSTEAD = re.compile(r"\b(?:instead of|rather than)\b")
SKIP = re.compile(
    "^"
    + _any(
        r"i(?:'ll| will| want to|'d like to| would like to|'ve| have)? skip(?:ped)?",
        r"i(?:'ve| have)? (?:gave|give|given) up(?: on)?",
        r"i(?:'ve| have)? (?:dropped|abandoned|quit)",
        "skip|skipping|let's skip|leave out|drop",
    )
    + r"\b(?! (?:to|ahead|forward)\b)"
)
START = re.compile(
    "^"
    + _any(
        r"i(?:'ve| have| just|'ve just)? (?:just )?(?:started|begun|began)",
        rf"{IM} (?:starting|working on|doing|studying|in the middle of)",
        rf"{IVE}(?: been)? (?:worked on|working on|studied|studying)",
        "started|starting|begin|beginning",
    )
    + r"\b"
)
UNDO = re.compile(
    r"^(?:no[,!. ]+)?(?:undo|take (?:that|it) back|revert|never ?mind|"
    r"(?:forget|scratch|cancel|delete|ignore|reverse) (?:that|this|it|the last (?:one|change)|what i (?:just )?said)|"
    r"that was (?:wrong|a mistake|an error|not right))\b.{0,30}$"
)
RESUME = re.compile(
    rf"^(?:resume|{IM} back|continue (?:my|the) plan|(?:end|remove|cancel|stop|delete) (?:the|my) pause)\b"
)
_AWAY = _any(
    "away",
    "on (?:holiday|holidays|vacation|leave|a trip)",
    "ill|sick|unwell|busy|travell?ing",
    "off (?=today|tomorrow|this|next|for|until|from)",
)
PAUSE = re.compile(
    r"^pause\b|^skip (?:today|tomorrow|this week|next week)\b|\b"
    + _any(
        "i need a (?:break|pause)",
        rf"i(?:'m| am| will be|'ll be|'m going) {_AWAY}",
        "i(?:'ll| will) be back (?:on|in|next|tomorrow)",
        "take (?:a|some) (?:break|pause|time off)",
        "(?:take|have) (?:a|the) day off",
        "pause (?:my|the) plan",
        "i (?:can't|cannot|can not|won't|will not)(?: be able to)? (?:study|learn|work)",
        r"i(?:'ve| have)(?: got)? no time",
    )
    + r"\b|^no time\b"
)
SINCE = re.compile(r"\bsince\b")
WAS_AWAY = re.compile(rf"\bi(?: was|'ve been| have been) {_AWAY}\b")
REPLAN = re.compile(
    r"^(?:re-?plan|reschedule|(?:make (?:me )?|give me )?a new plan|(?:make|build) (?:my|the) plan (?:anew|again)|"
    r"(?:update|redo|remake|renew) (?:my|the) plan)\b.{0,40}$"
)
TIMEZONE = re.compile(r"^(?:set )?(?:my |the )?time ?zone (?:is |to )?([a-z_+\-/0-9 ]{2,40}?)[.! ]*$")
UNTIL = re.compile(r"\b(?:until|till|through|be back)\b")
MINE = re.compile(
    rf"^(?:i|i'(?:m|d|ve|ll)|have|my|we|set|change|make|put|use|plan|let's|only|just|about|around|from|with|now|{NUMBER})\b"
)
"""How a learner's own pace is told, and not what something takes."""

HOURS_TO = re.compile(rf"^(?:set|change) (?:my )?hours (?:a |per )?(?:week |weekly )?to {NUMBER}\b")
AT_HAND = re.compile(
    r"^(?:(?:today|tonight|now|right now),? )?(?:i(?:'ve)? (?:only |just )?(?:have|got)|i've|"
    r"i can (?:only |just )?(?:spare|spend|do|study)|i'm free for|only|just|there(?:'s| is| are))\b"
)
SOME_WEEK = re.compile(r"\b(?:this|next) week\b")
DEADLINE = re.compile(
    r"\b(?:must|have to|need to|want to|would like to|should|got to|plan to|hope to) "
    r"(?:be )?(?:done|finish(?:ed)?|ready|through)\b.*?\b((?:by|before|until|in|within)\b.*)$"
)
TIME_LEFT = re.compile(
    rf"^{IVE}(?: got)?(?: only| just)? (?P<length>{NUMBER} (?:weeks?|months?|years?)) (?:left|to finish|to go)\b"
)
BEGIN = re.compile(
    "^"
    + _any(
        r"i(?:'ll| will|'m going to| want to)? ?(?:start|begin|started|began)",
        r"start(?:ing)?",
        r"my start(?: date)? is",
        r"(?:set|move|change|shift|postpone) (?:my |the )?start(?: date)?(?: to)?",
    )
    + r"\b"
)
BEGAN = re.compile(r"\b(?:started|began)\b")
FORMATS = {
    "book": r"\b(?:books?|reading|text)\b",
    "video": r"\b(?:videos?|lectures?|watching|youtube)\b",
    "course": r"\bcourses?\b",
    "interactive": r"\b(?:interactive|notebooks?|exercises|quizzes)\b",
}
"""The formats of curriculum.toml as people say them."""

OVER = re.compile(r"\b(?:over|rather than|instead of|than|not)\b|(?<=s) to\b")
PAID_TOO = re.compile(
    r"^(?:i )?(?:can |will |would |could )?(?:also )?(?:pay\b|paid\b).*\b(?:fine|ok|okay|too|also|allowed|as well)\b"
    r"|^not only free\b"
)
PREFER = re.compile(
    r"\b(?:i(?:'d)? (?:rather|prefer)|prefer|set (?:my )?preference)\b"
    r"|^i (?:like|love) (?:books|videos|courses|exercises|notebooks|reading)\b"
    r"|^i learn (?:best|better) (?:from|with|by)\b|^(?:\S+ ){1,2}(?:first|only)\b"
    r"|^(?:i (?:want|like|need)|only|give me)\b.*"
    r"\b(?:first|only|resources|courses|books|videos|stuff|things|ones|material)\b"
)
BECAUSE = re.compile(r"\b(?:because|since|as i|:|—)\s*(.+)$")
BARE = re.compile(r"\b(?:it|that|this|the (?:course|book|project|one))\b|\beverything[.! ]*$")
