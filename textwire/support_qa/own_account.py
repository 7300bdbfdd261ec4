"""Questions about what stands in the customer's own account: "What is my balance?"

No passage knows that. One may say where it is to be seen, and another has the same words, so none
is a sure answer to it.
"""

from __future__ import annotations

import re

NOW = (
    r"(?:yet|now|right now|at the moment|currently|already|today|so far|this (?:morning|week|month|year)|"
    r"last (?:week|month|year)|yesterday)"
)
AMOUNT = r"\bhow (?:much|many)\b(?! (?:\w+ )?(?:days|weeks|hours|minutes|months|years|time|times)\b)"
HELD = r"(?:have|own|hold|owe|got|spen[dt]|saved)(?! to\b)"
# What is decided or booked for each customer.
CASE = (
    r"(?:application|loan|overdraft|complaint|dispute|chargeback|claim|return|refund|request|transfer|"
    r"payment|salary|wages?|pension|rent|deposit|card|account|standing order|order|documents?|identification)"
)
DONE = (
    r"(?:approved|decided|accepted|rejected|declined|received|processed|booked|paid|sent|executed|"
    r"filled|run|ran|arrived?|come|came|gone|frozen|blocked|unblocked|active|used up|in)"
)
THING = (
    r"(?:balance|limit|iban|account number|card number|customer number|pin|rate|interest|plan|score|"
    r"portfolio|depot|address|phone number|number|status|points?|larkpoints|overdraft|debt|savings|"
    r"fees?|transactions?|payments?|bookings?|instalments?|statement|email|contract)"
)
WHICH = r"(?:(?:current|actual|present|exact|own|remaining|latest|last|next|total|new|old|daily|personal|\w+) ){0,2}"

OF_OWN = (
    rf"{AMOUNT}[^?.!]*\b(?:do|did|have|am) i (?:still |currently |actually )?{HELD}\b",
    rf"{AMOUNT}[^?.!]*\bhave i\b",
    rf"{AMOUNT}[^?.!]*\b(?:i still|still (?:owe|left|to pay)|(?:is|are|s) (?:still )?left)\b",
    rf"{AMOUNT}[^?.!]*\b(?:is|are|was|s) (?:there )?(?:still )?(?:on|in|of) my\b",
    rf"{AMOUNT}[^?.!]*\b(?:i|my|me)\b[^?.!]*\b{NOW}[?.! ]*$|{AMOUNT}[^?.!]*\b(?:expire|run out)\b[^?.!]*\b{NOW}",
    rf"\bwhat(?:'?s| is| are|) (?:the )?my {WHICH}{THING}(?: (?:worth|{NOW}|please|pls))*[?.! ]*$",
    rf"\bwhat (?:is|s|are) the \w+ (?:on|of|for) my (?:own )?{WHICH}(?:{THING}|{CASE}|fixed term|pots?)[?.! ]*$",
    rf"\bwhat (?:did i (?:spend|earn|pay|get)|have i (?:spent|earned|paid|got)|do i owe)\b|\bwhat interest did i\b",
    rf"\bwhat(?:'?s| is) my (?:portfolio|depot|account) worth\b|\bwhats? (?:is )?(?:left )?(?:on|of|in) my "
    rf"(?:account|card|pots?|overdraft|portfolio|depot)\b",
    r"\bwhen(?:'?s| is| was| will) my (?:next|last|latest|final|first)\b|\bwhen was my\b",
    r"\bwhen (?:does|do|will) my (?:\w+ )?(?:fixed terms?|card|loan|plan|contract) (?:end|expire|run out|finish)\b",
    rf"\b(?:has|have|did|is|are|was|were) my (?:\w+ )?{CASE}s? (?:\w+ ){{0,3}}?{DONE}\b",
    rf"^(?:has|have|did|is|are|was|were) my [^?.!]*\b{NOW}[?.! ]*$",
    r"\b(?:which|what) [\w ]{2,30} (?:do|have) you (?:have |got |hold |saved? |stored? |keep )+"
    r"(?:\w+ )?(?:for|on|of|about) me\b",
    r"\b(?:which|what) (?:plan|account|tariff|rate|contract|card) (?:am i|do i have|have i)\b",
    r"\bam i (?:overdrawn|in the red|(?:still )?(?:on|in) (?:plus|metal|basic|lark|the red|debt))\b",
    r"\bhow (?:high|low|big|far) (?:is|are|s) my\b|\bhow far (?:over|into|below)\b[^?.!]*\bam i\b",
    rf"\b(?:show|tell|give|read) me (?:out )?(?:the \w+ of )?my (?:\w+ )?{WHICH}{THING}\b",
    rf"^(?:my |current |account ){{0,2}}(?:balance|saldo)(?:,? (?:please|pls|now))*[?.! ]*$",
    r"\bwhere (?:exactly )?is my (?:order|parcel|return)\b[^?.!]*\d{3}",
)
OWN_ACCOUNT = re.compile("|".join(OF_OWN), re.IGNORECASE)


def asks_of_own_account(text: str) -> bool:
    """Whether it asks for a fact of the customer's own account rather than how something works."""
    return OWN_ACCOUNT.search(" ".join(text.replace("’", "'").split())) is not None
