"""Who writes in grief, or may be in danger: nobody is small talk to a bot then.

A safety net beside the model of dialogue acts, and a narrow one: it knows what is said outright, in
English. It has to hold whichever model stands.
"""

from __future__ import annotations

import re
from typing import Literal

Distress = Literal["danger", "grief"]

RELATION = (
    r"(?:wife|husband|spouse|partner|fianc[eé]e?|boyfriend|girlfriend|mother|father|mum|mom|mam|"
    r"mummy|dad|daddy|parents?|son|daughter|child|baby|brother|sister|grand(?:mother|father|ma|pa|"
    r"dad|mum|son|daughter|parents?)|gran|granny|nan|nana|aunt(?:ie|y)?|uncle|cousin|nephew|niece|"
    r"(?:best )?friend|flatmate|twin)"
)
WHOSE = r"(?:my|our|his|her|their)"
DIES = (
    r"(?:died|has died|have died|dies|passed(?: away| on)?|is dead|was killed|is no longer with us)"
)
# Between who and what happened stand few words: "my dear wife Ann has sadly died".
BETWEEN = r"(?:[ ,]+(?!phone|card|account|car|app|who|that|which)[\w'’-]+){0,4}?[ ,]+"
GRIEF = re.compile(
    rf"\b{WHOSE} (?:\w+ ){{0,2}}?{RELATION}\b(?:{BETWEEN}|[ ,]+){DIES}\b(?! (?:the|my|your|his|"
    rf"her|a|it|on to)\b)"
    rf"|\b{WHOSE} (?:late|deceased) {RELATION}\b"
    rf"|\b(?:i|we)(?:'ve| have)?(?: just)? (?:lost|buried|am burying) {WHOSE} (?:\w+ )?{RELATION}\b"
    rf"|\b(?:death|funeral|passing|loss) of {WHOSE} (?:\w+ )?{RELATION}\b"
    r"|\bi(?:'m| am) (?:now )?a (?:widow|widower)\b|\bi (?:was|have been) widowed\b",
    re.IGNORECASE,
)
ONESELF = (
    r"\b(?:kill(?:ing)?|hurt(?:ing)?|harm(?:ing)?|hang(?:ing)?|shoot(?:ing)?|"
    r"cut(?:ting)?) myself\b(?! (?:off|short|out|loose|down|laughing))",
    r"\b(?:end|ending|take|taking) my (?:own )?life\b|\bend it all\b|\bcommit(?:ting)? suicide\b",
    r"\bsuicid(?:e|al)\b(?! (?:squad|film|movie|prevention|cover|clause))",
    r"\b(?:don'?t|do not|no longer|not) (?:really )?(?:want|wish) to "
    r"(?:live|be alive|be here any ?more|wake up|go on living)\b",
    # A battery that is going to die endangers nobody.
    r"\b(?:i(?:'m| am|'d)?|just) (?:\w+ )?(?:want|wanna|going|rather|wish) (?:to )?"
    r"(?:die|be dead)\b(?! (?:of|laughing)\b)",
    r"\b(?:i'?d|i would) be better off dead\b|\bi wish i (?:was|were) dead\b",
    r"\b(?:no|any) (?:reason|point) (?:to|in) (?:live|living)\b",
    r"\blife is(?:n'?t| not) worth living\b",
    r"\b(?:stand|sit|on top)\w* (?:on|at|of) (?:a|the) "
    r"(?:bridge|roof|edge|rails|tracks|platform edge)\b",
    r"\bjump(?:ing)? (?:off|from|in front of) (?:a|the) (?:bridge|roof|train|building|balcony)\b",
)
OTHERS = (
    r"\b(?:i'?ll|i will|i'?m going to|i am going to|gonna|we will|we'?ll|want to|could|"
    r"someone should) (?:\w+ ){0,2}?(?:kill|shoot|stab|hurt|strangle|murder) "
    r"(?:you|him|her|them|your|somebody|someone)\b",
    r"\b(?:bring|come|coming|turn up|show up)\b[^.?!]{0,40}\b(?:with|have) (?:a|my) "
    r"(?:knife|gun|rifle|axe|hammer|bomb|petrol)\b(?! (?:set|licen[cs]e|permit|shop|can|card))",
    r"\b(?:burn|blow|bomb)(?:ing)? (?:down |up )?(?:your|the) (?:\w+ )?"
    r"(?:office|branch|bank|building|house|place|headquarters)\b(?! (?:picture|photo|insurance))",
    r"\bmy (?:husband|wife|partner|boyfriend|girlfriend|father|son|ex) (?:\w+ )?"
    r"(?:beats|hits|threatens to kill|is going to kill) (?:me|us)\b",
)
DANGER = re.compile("|".join((*ONESELF, *OTHERS)), re.IGNORECASE)


def distress_in(text: str) -> Distress | None:
    """Whether it speaks of danger to a life, or else of a death among one's own."""
    said = " ".join(text.replace("’", "'").split())
    if DANGER.search(said):
        return "danger"
    return "grief" if GRIEF.search(said) else None
