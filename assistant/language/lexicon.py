"""The cues of questions: for attributes, for criteria of a list, and for shapes. Data only."""

from __future__ import annotations

import re

_PLACED = r"\bwhere (?:in|on) (?:the|this|my) (?:roadmap|plan) (?:is|are) (?:it|this|that|they|those|these|·+)"
PLACED = re.compile(_PLACED)
"""Asks where something that was talked about stands, not for the roadmap as a whole."""

_ONE = (
    r"\b(?:thing|one|course|book|block|part) (?:that |which )?(?:comes |is |goes )?"
    r"(?:right |directly |just |straight )?"
)
"""What stands right beside something: "the thing that comes right after ..."."""

ATTRIBUTES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (
            "hours",
            r"\bhow many (?:hours|days|minutes)\b|\bhours (?:does|do|will|should|per|a|each)\b.*\b(?:take|"
            r"need|spend|plan)|\bhow much time\b",
        ),
        ("duration", r"\bhow long\b|\bhow many weeks\b|\bduration\b|\bnumber of weeks\b"),
        (
            "pros-cons",
            r"\bpros? (?:and|&|/|or|n) cons?\b|\b(?:dis)?advantages (?:and|&|or) (?:dis)?advantages\b|"
            r"\bupsides? and downsides?\b|\bstrengths? and weakness(?:es)?\b|\bgood and bad\b|"
            r"\btrade ?-?offs?\b",
        ),
        ("why", r"\bwhy (?:not|should i(?: not)?|would i|is|are|choose|pick|take|do|use|read|bother)\b|^why\b"),
        (
            "cons",
            r"\bcons?\b|\bdisadvantages?\b|\bdownsides?\b|\bdrawbacks?\b|\bweakness(?:es)?\b|"
            r"\bweak points?\b|\blimitations?\b|\bcaveats?\b|\bbad (?:about|thing)|\bminus(?:es)? points?\b|"
            r"\bproblems? with\b|\bcritici[sz]ms?\b|\bnegatives?\b",
        ),
        (
            "pros",
            r"\bpros?\b|\badvantages?\b|\bupsides?\b|\bstrengths?\b|\bstrong points?\b|\bbenefits?\b|"
            r"\bgood (?:about|thing)|\bplus points?\b|\bgreat about\b|\bspeaks for\b|\bpositives?\b",
        ),
        (
            "alternatives",
            r"\balternatives?\b|\balternativ(?:e?ly)?\b|\bsubstitutes?\b|\breplace(?:ment)?\b|"
            r"\binstead(?: of)?\b|\bother options?\b|\bswap\b|\belse (?:can|could) i\b|\bplan b\b",
        ),
        (
            "author",
            r"\bwho(?:'s| is| are| was)?(?: the)? (?:wrote|writes?|teach(?:es|ing)?|taught|"
            r"made|makes|created?|creates|behind|authored|author|runs?|offers?|gives?|instructors?|"
            r"teachers?|lecturers?|presents?|produced|published|publishes|by|lecturing|writing|"
            r"hosts?)\b|\bauthors?\b|\bauthored\b|\binstructors?\b|\bteachers?\b|\blecturers?\b|"
            r"\bwritten by\b|\btaught by\b|\bcreated by\b|\bmade by\b|\bby whom\b|\bplatforms?\b|"
            r"\bwho runs\b|\buni(?:versity|versities)?\b|\bpublishers?\b|\bproviders?\b|\bwriters?\b|"
            r"\bwho (?:is|are) (?:it|this|that|they) (?:by|from)\b|\bdoes ·+ (?:really |also |even )?teach ·+",
        ),
        (
            "prerequisites",
            r"\bprerequisites?\b|\bpre ?- ?requisites?\b|\brequirements?\b|\bwhat (?:does|"
            r"do) .{0,60}\brequire\b|\b(?:need|have) to know\b|\bknow beforehand\b|\bbackground\b|"
            r"\bprior knowledge\b|\bdo i need .{1,40}(?:before|for|to start)\b|\bshould i (?:already "
            r")?know (?:before(?:hand)?|first|already)\b|\b(?:require|requires|"
            r"needed to start)\b|\b(?:required|needed) (?:for|by|to start)\b|\bassumed?s?\b",
        ),
        (
            "price",
            r"\bprices?\b|\bcosts?\b|\bfree\b|\bpaid\b|\bpay(?:ing|ment)?\b|\bexpensive\b|"
            r"\bcheap(?:er|est)?\b|\bmoney\b|\bfees?\b|\bcharges?\b|\bsubscriptions?\b|\bhow much (?:is|"
            r"are) (?!left)\b|"
            r"\bbuy\b|\bgratis\b",
        ),
        (
            "hands-on",
            r"\bhands ?-? ?on(?: (?:focus|level))?\b|\bhow practical\b|\bhow much (?:coding|"
            r"practice|hands)|\bpractical (?:level|focus)\b|\bcoding ?-? ?heavy\b",
        ),
        (
            "difficulty",
            r"\bdifficult(?:y|ies)?\b|\bhard(?:er)?\b|\btough(?:er)?\b|\beas(?:y|ier)\b|\bchalleng(?:e|"
            r"es|ing)\b|\blevel\b|\bbeginner ?-? ?friendly\b|\bfor (?:absolute )?beginners?\b|"
            r"\bsteep\b|\bcomplicated\b|\bdemanding\b",
        ),
        (
            "recommendation",
            r"\brecommend(?:ed|ation|ations|s)?\b|\bmandatory\b|\brequired\b|\bcompulsory\b|"
            r"\bobligatory\b|\boptional\b|\bnecessary\b|\bskip(?:ped|pable|ping)?\b|\bessential\b|"
            r"^must i\b|\bmust ?- ?(?:do|have)\b|^(?!.*\b(?:what|which)\b).*\bdo i (?:really |actually |even )?"
            r"(?:have to|need)\b|\bbest for\b|\bsuit(?:s|ed|able)?\b|\bwho(?:m)? (?:is|"
            r"are) .{0,60}\bfor\b|\bworth\b|^(?:so |and |or |but )?should i (?:take|do|read|"
            r"watch|use|buy|even|really|skip)\b|\bfor whom\b",
        ),
        ("role", r"\b(?:what|which) role\b|\brole\b|\bpreferred\b|\bsupplement(?:al|ary)\b|\bprimary\b|\bmain or\b"),
        (
            "link",
            r"\blinks?\b|\burls?\b|\bweb ?-?(?:site|page)s?\b|\bhome ?page\b|\bsite\b|\baddress(?:es)?\b|"
            r"\bwhere (?:can|could|do|should|would) (?:i|we|you|one) (?:find|get|watch|read|"
            r"download|access|buy|take|see|enrol+|order|start|open)\b|\bwhere (?:is|are)\b|"
            r"\bwhere's\b|\bpoint me to\b|\bopen\b",
        ),
        (
            "outcome",
            r"\boutcomes?\b|\b(?:be )?able to\b|\benables?\b|\bdemonstrates?\b|"
            r"\bwill (?:i|we) (?:know|have (?:learned|learnt)|understand|gain|master|achieve|have)\b|"
            r"\bskills?\b|\b(?:what|which) (?:do|will|"
            r"can|would) i (?:get|gain|learn from|be|know)\b|\bgoals?\b|\bobjectives?\b|\bachieved?\b|"
            r"\bresults?\b|\bhave at the end\b|\bat the end of\b|\bby the end\b|\bget out of\b|"
            r"\btake ?-?aways?\b|\bwhat can i (?:do|build|make|create) (?:after|when|once)\b|\bcome away with\b|"
            r"\bshould i (?:have|know|be able)\b",
        ),
        (
            "task",
            r"\btasks?\b|\bprojects?\b|\bexercises?\b|\bassignments?\b|\bhomework\b|\bwhat (?:do|"
            r"should|must|will|would) (?:i|we) (?:build|implement|code|create|make|train|program)\b|"
            r"\bto build\b|\bhand in\b|\bdeliverables?\b|\bwhat do (?:i|we) (?:have|need) to (?:do|make|build)\b|"
            r"\bwhat will (?:i|we) do\b",
        ),
        (
            "focus",
            r"\bfocus(?:es|ed)?(?: (?:on|of))?\b|\bemphasi[sz]e?s?\b|\bemphasis\b|\bwhat (?:does|"
            r"do) .{0,80}\b(?:cover|teach)\b|\bwhat (?:is|are) .{0,80}\babout\b|\bconcentrates?\b|"
            r"\btopics? (?:of|does|in|covered)\b|\bwhat'?s .{0,60}\babout\b|\bpoint of\b|\bintegrates?\b",
        ),
        (
            "before",
            r"\b(?:what|which)\b.{0,30}\b(?:comes?|is|goes|do i do|should i do|should i (?:have )?finish)\b"
            r".{0,20}\b(?:before|"
            rf"ahead of|prior to)\b|\bprecedes?\b|\bwhat to do before\b|{_ONE}before\b",
        ),
        (
            "after",
            r"\b(?:what|which|where)\b.{0,30}\b(?:comes?|is|goes|follows|next|do i do|do i go|"
            r"should i do|to do|should i take|should i learn)\b.{0,20}\bafter\b|\bfollows\b|"
            r"\bcomes next\b|\bwhat(?:'s| is)? (?:comes |follows )?next\b|\bnext after\b|\bafter (?:that|"
            rf"this|it)\b|\b(?:finished|completed|done with)\b|{_ONE}after\b",
        ),
        (
            "weeks",
            r"\b(?:which|what) (?:weeks?|phases?|blocks?)\b|\bwhen\b|\bweeks? numbers?\b|\bwhich part "
            r"of the (?:roadmap|plan)\b|\bscheduled?\b|"
            rf"{_PLACED}",
        ),
    )
)
"""Attribute -> its cues; where several are cued, the first of the list is meant."""

PRIOR = re.compile(
    r"\b(?:need(?:ed)?|required?|(?:have|need) to know|(?:should|must) (?:i|one) (?:already )?know)\b.{0,40}\bbefore\b"
)
"""Asks what a place or row takes for granted, not what precedes it."""

_ROWS_WITH = (
    r"\b(?:which|what|resources?|courses?|rows?|ones|books?|anything|something)\b.{0,30}?"
    r"\b(?:have|has|with|without|lacks?|names?|states?) (?:an? |any |no |neither |their |its )*"
)

CRITERIA: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern)
    for name, pattern in {
        "not-mandatory": r"\b(?:not|non|aren't|isn't|un)[ -]?(?:mandatory|required|compulsory|necessary)\b|"
        r"\b(?:can|could|may) (?:i|be) (?:skip|leave out|omit|skipped)\b|\bskippable\b",
        "mandatory": r"\b(?:cannot|can't|cant|can not|may not|must not|mustn't) (?:i |we |be )?(?:skip|skipped|"
        r"leave out|omit)\b|\bmandatory\b|\brequired\b|\bcompulsory\b|\bobligatory\b|\bmust ?- ?(?:do|have)s?\b|"
        r"\bmusts\b|\bessential\b|\b(?:which|what) .{0,40}do i have to\b(?! pay)|\bhave to be done\b",
        "optional": r"\boptional(?:ly)?\b",
        "recommended": r"\brecommended\b",
        "paid": r"\bpaid\b|\bcosts? (?:money|something)\b|\bpay for\b|\bnot free\b|\bcosting\b",
        "free": r"(?<![^\W\d_]-)\bfree\b(?! (?:of|from)\b(?! (?:charge|cost)))|"
        r"\bgratis\b|\b(?:without|no) (?:any )?(?:pay(?:ing|ment)|costs?|charges?|fees?)\b|"
        r"\bcosts? nothing\b",
        "theory-first": r"\btheory ?-? ?(?:first|oriented|heavy|minded|focused|based|learners?|people)\b|"
        r"\btheoretical(?:ly)?\b|\b(?:like|prefer|want|love|start with) (?:the )?theory\b",
        "coding-first": r"\bcod(?:e|ing) ?-? ?(?:first|oriented|heavy|minded|focused|based)\b|\b(?:like|"
        r"prefer|want|love) (?:to )?cod(?:e|ing)\b|\bcoders\b|\blearn(?:ing)? by (?:coding|"
        r"doing)\b",
        "very-hands-on": r"\b(?:very|most|highly|extremely|super|really) (?:high )?(?:hands ?-? ?on|practical)\b|"
        r"\bvery high hands\b",
        "hands-on": r"\bhands ?-? ?on\b",
        "checkpoint": r"\bcheckpoints?\b|\bmilestones?\b|\bcheck ?-points?\b",
        "preferred": r"\bpreferred\b",
        "supplemental": r"\bsupplement(?:al|ary|s)\b",
        "alternative": r"\balternatives?\b",
        "has-alternative": rf"{_ROWS_WITH}alternatives?\b(?! (?:to|for|of)\b)",
        "has-link": rf"{_ROWS_WITH}(?:links?|urls?|web ?-?(?:site|page)s?)\b(?! (?:to|for|of)\b)",
        "medium-high": r"\bmedium ?-? ?high\b",
        "high": r"\b(?:high|hard|difficult|tough|challenging|hardest|toughest|most difficult) ?(?:difficulty|"
        r"ones?|level)?\b|\bhigh difficulty\b",
        "medium": r"\bmedium\b|\bmoderate(?:ly)?\b|\bintermediate\b",
        "easy": r"\beas(?:y|iest)\b|\bsimplest\b|\bbeginner ?-? ?friendly\b",
        "requires": r"\b(?:prerequisite|pre-?requisite|precondition)s?\b|\brequir(?:es?|ed|ing|ements?)\b|"
        r"\b(?:prior|previous|earlier|existing|pre-?existing) (?:knowledge|experience|background|skills?|courses?)\b|"
        r"(?<!\bi )(?<!\bwe )(?<!\byou )\b(?:need|presuppos|assum|expect|demand|presum)(?:e?s?|ing|ed) "
        r"(?:anything|nothing|(?:any|no) (?:knowledge|experience|background))\b|"
        r"\b(?:depend|rel|build)(?:s|y|ies|ing)? (?:up)?on (?:anything|nothing)\b",
        "book": r"\bbooks?\b",
        "video": r"\bvideos?\b|\byoutube\b",
    }.items()
}
"""Criterion of a list -> its cues; `listing.TESTS` says what each means for a row."""


PICK = re.compile(
    r"\b(?:the )?(?P<which>first|second|third|1st|2nd|3rd|other|last|former|latter|"
    r"preferred|alternative)(?: (?:one|ones|course|book|resource|option|two))?\b"
)
BACK = re.compile(
    r"\b(?:and |what |what's |what is |what comes )?(?P<side>after|before|next|then|"
    r"previous(?:ly)?)(?: (?:that|this|it|one))?\b"
)
