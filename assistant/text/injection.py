"""Passages are other people's text: what in them speaks to a language model instead of a reader. Pure.

`is_instruction` finds sentences that would steer an assistant, in several languages and wrappings; those are neither
quoted nor shown to a model. `defused` takes away what a model's server reads as its own control words. Neither is
proof: the fences of the prompt, the check of every sentence and the removal of every address stand behind them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from assistant.text.passes import until_still
from ingest.pages.sentences import sentence_spans

_MACHINE = r"(?:a\.?i\.?|llm|chat ?bot|language model|assistant|gpt\w*|large language model|crawler|agent)s?"
_RULES = r"(?:instruction|prompt|rule|guideline|direction|message|command|programming)s?"
_ASKER = r"(?:the |every |each |all |your |this )?(?:user|reader|student|learner|asker|person who asks|whoever asks)s?"

_OURS = r"(?:your|previous|prior|above|earlier|preceding|foregoing|original|initial|safety|these|those)"

_OVERRIDING = (
    rf"\b(?:ignor|disregard|forget|overrid|bypass)\w*\b(?: \w+){{0,4}}? {_OURS}\b(?: \w+){{0,2}}? {_RULES}\b",
    rf"\b(?:ignor|disregard|bypass)\w*\b(?: of)? (?:all|any|every|the system)\b(?: \w+){{0,3}}? {_RULES}\b",
    rf"\b(?:ignor|disregard|forget|overrid|bypass)\w*\b(?: \w+)? {_RULES} (?:above|before|given|from|of this|you)\b",
    rf"^\W*(?:(?:please|now|and|then|so|first) )*(?:ignore|disregard|forget)\b(?: \w+){{0,3}}? {_RULES}\b",
    r"\b(?:ignore|disregard|forget) (?:everything|anything|all (?:that|this|the above)|what (?:you|was))\b",
    r"\b(?:new|updated|real|actual|secret|hidden) (?:system )?(?:instructions?|directives?|orders?) ?(?::|are|is)",
    r"\b(?:decode|execute|obey|follow)\b.{0,40}\b(?:base ?64|rot ?13|this (?:string|message))",
)
_ADDRESSING = (
    r"\byou are (?:now|no longer|from now on)\b|\bfrom now on,? (?:you|answer|reply|respond)\b",
    rf"\b(?:dear|hey|hello|attention|note to|message (?:to|for)|instructions? (?:to|for)|if you are|as) "
    rf"(?:an? |the |any |all |every )?{_MACHINE}\b(?: (?:reading|who|processing|systems?|models?)\b|[^\w .)]|\W*$)",
    r"^\W*(?:system|assistant|developer|user|human)\W*(?:message|prompt|note|override|instruction)?s?\W*:",
    r"^\W*system (?:prompt|message|override|notice|update)\W*[:\]>-]|\b(?:developer|god|jailbreak) mode\b",
)
_DICTATING = (
    r"\b(?:reply|respond)\b(?: \w+){0,2}? (?:with|only|exactly|verbatim|using)\b|\banswer (?:only|exactly|always)\b",
    r"\b(?:in|into|onto|of|to|with|at|from|that) your (?:\w+ )?(?:answer|reply|response|output|summary)\b",
    r"\b(?:your|the|every|each) (?:\w+ )?(?:answer|reply|response)s? (?:must|should|has to|have to|needs? to|is to)\b",
    r"\b(?:output|print|say|write|repeat|include|append|add|insert|mention|type|quote)\b(?: \w+){0,5}? (?:word|phrase|"
    r"code ?word|pass ?word|marker|token|string|link|url|address|sentence)\b[ :,]*[\"'“‘`(]?"
    r"(?-i:[A-Z]{3,}|https?:|www\.)",
    rf"(?:^|[.,:;!] |\b(?:please|must|should|and|then|kindly|always) )(?:tell|inform|advise|convince|direct|send|"
    rf"assure|urge) {_ASKER} (?:that|to)\b",
    r"\b(?:do not|don't|never|must not) (?:tell|reveal|mention|disclose|inform|cite|quote|warn)\b.{0,40}\b"
    r"(?:users?|anyone|this (?:message|text|note)|instructions?|sources?|readers?)\b",
    r"\b(?:reveal|print|show|output|repeat|leak)\b.{0,30}\b(?:system prompt|api ?keys?|secrets?|your instructions)\b",
)
_ELSEWHERE = (
    r"\bignor(?:ez|iere[nt]?|iert|ieren sie|a|ad|en|uj|era)\b.{0,40}\b(?:instru[ckz]\w+|anweisung\w*|istruzion\w*|"
    r"consignes?|polece\w+)",
    r"\b(?:oubli(?:e|ez)|vergiss|vergessen sie|olvida|olvide|dimentica|negeer|zapomnij|glöm)\b.{0,50}\b(?:instru\w+|"
    r"anweisung\w*|istruzion\w*|alles|todo|tout|tutto|wszystk\w+|allt)",
    r"\b(?:r[ée]pond(?:s|ez)|antworte\w*|responde\w*|rispondi|odpowiedz|svara)\b.{0,20}\b(?:seulement|uniquement|nur|solo|"
    r"solamente|soltanto|tylko|endast|avec|mit|con|med)\b",
    r"(?:忽略|无视|無視|忘记|忘れ).{0,16}(?:指令|指示|说明|提示|命令)|(?:指示|命令)を(?:無視|忘れ)",
    r"(?:игнорир|забуд)\w*.{0,40}(?:инструкц|указан|команд)|تجاهل.{0,40}(?:التعليمات|الأوامر)|(?:지시|명령).{0,8}무시|निर्देश",
)
_TEACHER = r"an? (?:\w+ )?(?:tutor|teacher|mentor|coach|expert|professor|instructor|learner|student)\b"
_ORDERS = re.compile(
    rf"^\W*(?:please |now |ok(?:ay)?,? |let'?s )?(?:pretend|role ?-?play|act as (?!{_TEACHER}))|"
    r"\blet'?s play (?:a |this )?game\b|"
    r"\bpretend (?:to be|that|you)\b|\bi (?:order|command) you\b|\bnew task(?: ?:| for (?:the assistant|you)\b)|"
    r"\bwithout (?:any |your )?(?:restrictions?|filters?|censorship)\b|"
    r"\byour (?:own |secret |hidden |internal |initial |original |system |first )+(?:instructions?|prompts?|text|"
    r"rules?|messages?|configuration)\b|\b(?:hidden|secret) (?:instructions?|text|prompts?)\b|"
    r"\b(?:show|print|list|give|reveal|read|output|send|tell)\b.{0,60}(?:/etc/(?:passwd|shadow)\b|"
    r"\byour (?:environment|\.?env|api|prompt|secrets?|source code|files?)\b)",
    re.IGNORECASE,
)
"""Orders to the assistant in a question; on a page the same words may be subject matter."""
_SPEAKS = re.compile("|".join((*_OVERRIDING, *_ADDRESSING, *_DICTATING, *_ELSEWHERE)), re.IGNORECASE)
_ENCODED = re.compile(
    r"(?<![\w+/=.-])(?=[A-Za-z0-9+/]*\d)(?=[A-Za-z0-9+/]*[a-z])[A-Za-z0-9+/]{40,}={0,2}|(?:\\x[\da-fA-F]{2}){8,}"
)
_CONTROL = re.compile(
    r"<\|[^|<>]{0,40}\|>|</?s>|\[/?INST\]|<</?SYS>>|</?(?:start|end)_of_turn>|<｜[^｜]{0,40}｜>|"
    r"</?(?:think|tool_call|tool_response|system|assistant|user|human)>",
    re.IGNORECASE,
)
_CONTROL_SIGNS = re.compile(r"[<>|｜\[\]]")
_EDGES = re.compile(r"</?s>", re.IGNORECASE)
"""Marks of beginning and end, which pages on tokenizers speak of: taken from a prompt, no sign of an instruction."""
_ASKS = re.compile(r"\W*+(?:how|what|why|which|when|should|is|are)\b", re.IGNORECASE)
_QUOTED = re.compile(r"“[^”]{1,80}”|‘[^’]{1,80}’|\"[^\"]{1,80}\"|(?<!\w)'[^']{1,80}'(?!\w)")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")


def is_instruction(text: str) -> bool:
    """Whether a sentence speaks to a language model, or hides what it says from a reader."""
    folded = " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).split())
    return bool(_SPEAKS.search(folded) or _ENCODED.search(folded) or _CONTROL.search(_EDGES.sub(" ", folded)))


def is_order(question: str) -> bool:
    """Whether a question is an order to the assistant: to leave its task, to play a part, to show what is not ours.

    What a question quotes is not said to the assistant ("how do I stop users who type 'ignore your instructions'?"),
    nor is a control word that it asks about ("what does [INST] mean?").
    """
    asks = bool(_ASKS.match(question))
    said = _QUOTED.sub(" ", question) if asks else question
    first, _, rest = said.partition("?") if asks else ("", "", said)
    hidden = _ENCODED.search(question) or _CONTROL.search(rest)
    return bool(hidden or is_instruction(f"{_CONTROL.sub(' ', first)} {rest}") or _ORDERS.search(said))


@lru_cache(maxsize=2048)
def steers(block: str) -> bool:
    """Whether any sentence of a block is an instruction; the whole block is then left out, for what it says next.

    The blocks that answer one question answer others, too, and to read one takes as long as to find it.
    """
    return is_instruction(block) or any(
        is_instruction(line[a:b]) for line in block.splitlines() for a, b in sentence_spans(line)
    )


def defused(text: str) -> str:
    """The text without the control words of chat templates and without invisible characters."""
    # what is left around a removed word may form another
    return until_still(_INVISIBLE.sub("", text), lambda seen: _CONTROL.sub(" ", seen), _CONTROL_SIGNS)
