"""Questions about what stands in the customer's own account, as "What is my balance?".

No passage knows that. One may say where it is to be seen, and another has the same words, so none
is a sure answer to it.
"""

from __future__ import annotations

import re

NOW = (
    r"(?:yet|now|right now|at the moment|currently|already|today|so far|"
    r"this (?:morning|week|month|year)|last (?:week|month|year)|yesterday)"
)
AMOUNT = (
    r"\bhow (?:much|many)\b(?! (?:\w+ )?(?:days|weeks|hours|minutes|months|years|time|times)\b)"
)
HELD = r"(?:have|own|hold|owe|got|spen[dt]|saved)(?! to\b)"
# What is decided or booked for each customer.
CASE = (
    r"(?:application|loan|overdraft|complaint|dispute|chargeback|claim|return|refund|request|"
    r"transfer|payment|salary|wages?|pension|rent|deposit|card|account|standing order|order|"
    r"documents?|identification)"
)
DONE = (
    r"(?:approved|decided|accepted|rejected|declined|received|processed|booked|paid|sent|executed|"
    r"filled|run|ran|arrived?|come|came|gone|frozen|blocked|unblocked|active|used up|in)"
)
THING = (
    r"(?:balance|limit|iban|account number|card number|customer number|pin|rate|interest|plan|"
    r"score|portfolio|depot|address|phone number|number|status|points?|larkpoints|overdraft|"
    r"debt|savings|fees?|transactions?|payments?|bookings?|instalments?|statement|email|contract)"
)
WHICH = r"(?:\w+ ){0,2}"

NOT_WHY = "".join(rf"(?<!\b{word} )" for word in ("why", "when", "where", "how", "what"))

OF_OWN = (
    rf"{AMOUNT}[^?.!]{{0,100}}\b(?:do|did|have|am) i (?:still |currently |actually )?{HELD}\b",
    rf"{AMOUNT}[^?.!]{{0,100}}\bhave i\b",
    rf"{AMOUNT}[^?.!]{{0,100}}\b(?:i still|still (?:owe|left|to pay)|"
    rf"(?:is|are|s) (?:still )?left)\b",
    rf"{AMOUNT}[^?.!]{{0,100}}\b(?:is|are|was|s) (?:there )?(?:still )?(?:on|in|of) my\b",
    rf"{AMOUNT}[^?.!]{{0,100}}\b(?:i|my|me)\b[^?.!]{{0,100}}\b{NOW}[?.! ]*$|"
    rf"{AMOUNT}[^?.!]{{0,100}}\b(?:expire|run out)\b[^?.!]{{0,100}}\b{NOW}",
    rf"\bwhat(?:'?s| is| are|) (?:the )?my {WHICH}{THING}(?: (?:worth|{NOW}|please|pls))*[?.! ]*$",
    rf"\bwhat (?:is|s|are) the \w+ (?:on|of|for) my (?:own )?{WHICH}(?:{THING}|{CASE}|fixed term|"
    rf"pots?)[?.! ]*$",
    r"\bwhat (?:did i (?:spend|earn|pay|get)|have i (?:spent|earned|paid|got)|do i owe)\b|"
    r"\bwhat interest did i\b",
    r"\bwhat(?:'?s| is) my (?:portfolio|depot|account) worth\b",
    r"\bwhats? (?:is )?(?:left )?(?:on|of|in) my "
    r"(?:account|card|pots?|overdraft|portfolio|depot)\b",
    r"\bwhen(?:'?s| is| was| will) my (?:next|last|latest|final|first)\b|\bwhen was my\b",
    r"\bwhen (?:does|do|will) my (?:\w+ )?(?:fixed terms?|card|loan|plan|contract) (?:end|expire|"
    r"run out|finish)\b",
    rf"{NOT_WHY}\b(?:has|have|did|is|are|was|were) my (?:\w+ )?{CASE}s? (?:\w+ ){{0,3}}?{DONE}\b",
    rf"^(?:has|have|did|is|are|was|were) my [^?.!]{{0,100}}\b{NOW}[?.! ]*$",
    r"\b(?:which|what) [\w ]{2,30} (?:do|have) you (?:have |got |hold |saved? |stored? |keep )+"
    r"(?:\w+ )?(?:for|on|of|about) me\b",
    r"\b(?:which|what) (?:plan|account|tariff|rate|contract|card) (?:am i|do i have|have i)\b",
    r"\bam i (?:overdrawn|in the red|"
    r"(?:still )?(?:on|in) (?:plus|metal|basic|lark|the red|debt))\b",
    r"\bhow (?:high|low|big|far) (?:is|are|s) my\b",
    r"\bhow far (?:over|into|below)\b[^?.!]{0,100}\bam i\b",
    rf"\b(?:show|tell|give|read) me (?:out )?(?:the \w+ of )?my (?:\w+ )?{WHICH}{THING}\b",
    r"^(?:my |current |account ){0,2}(?:balance|saldo)(?:,? (?:please|pls|now))*[?.! ]*$",
    r"\bwhere (?:exactly )?is my (?:order|parcel|return)\b[^?.!]{0,100}\d{3}",
)
OWN_ACCOUNT = re.compile("|".join(OF_OWN), re.IGNORECASE)

# That a passage may say.
ASKS_WHERE = re.compile(
    r"\bwhere (?:can|do|could|should) i\b|\bhow (?:can|do|could) i (?:see|find|check|look)\b",
    re.IGNORECASE,
)


def asks_of_own_account(text: str) -> bool:
    """Whether it asks for a fact of the customer's own account rather than how something works."""
    said = " ".join(text.replace("’", "'").split())
    return OWN_ACCOUNT.search(said) is not None and ASKS_WHERE.search(said) is None
