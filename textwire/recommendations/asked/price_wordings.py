"""The wordings that make a limit of an amount, in English, German and Chinese.

All are matched in small letters, and where nothing else is said right before or behind an amount.
"""

from __future__ import annotations

import re

_SPENDING = r"(?:want(?:ing)?\s+to\s+|wish\s+to\s+|like\s+to\s+)?(?:spend|pay|cost|exceed|go|be)"
_REFUSED = r"(?:do(?:es)?|can|could|should|must|would|will)(?:n?['’]?t|\s*not)\s+" + _SPENDING
# What stands before an amount, by what it makes of it.
_MOST = rf"""
under|below|less\ than|lower\ than|cheaper\ than|beneath
|no(?:t|thing)?\ (?:more|dearer|higher)\ (?:expensive\ )?than|no\ more\ expensive\ than
|(?:not|nothing|never|none)\ (?:over|above|beyond|exceeding|past)
|{_REFUSED}(?:\ (?:more\ than|over|above|beyond))?
|at\ (?:the\ )?most|up\ to|max(?:imum)?\.?(?:\ of)?|within
|budget(?:\ (?:is|of|around|about|max\.?|up\ to|under|limit))*:?|limit(?:\ (?:is|of))?:?
|bis(?:\ zu)?|unter|höchstens|maximal|nicht\ (?:mehr|teurer)\ als|nicht\ über|weniger\ als
|(?:billiger|günstiger)\ als
|不超过|不到|低于|少于|小于|最多|不高于|便宜于|预算(?:是|为|在)?
"""
_LEAST = r"""
over|above|more\ than|at\ (?:the\ )?least|no(?:t)?\ (?:less|cheaper)\ than|not\ (?:under|below)
|nothing\ cheaper\ than|from|starting\ (?:at|from)|min(?:imum)?\.?(?:\ of)?|upwards\ of|dearer\ than
|ab|über|mehr\ als|mindestens|teurer\ als|nicht\ unter
|超过|高于|大于|至少|不低于|最少
"""
_NEAR = r"""
around|about|roughly|approximately|approx\.?|circa|ca\.?|close\ to|near|for
|um(?:\ die)?|etwa|ungefähr|rund|für
|大约|大概|差不多|约
"""


def _ending(alternatives: str) -> re.Pattern[str]:
    """The wordings at the end of what stands before an amount."""
    spaced = re.sub(r"\s*\n\s*", "", alternatives).replace(r"\ ", r"\s+")
    return re.compile(rf"(?:(?<!\w)|(?<=[^\x00-\u024f]))(?:{spaced})\s*$")


BEFORE = {"most": _ending(_MOST), "least": _ending(_LEAST), "near": _ending(_NEAR)}
BEHIND = {
    "most": re.compile(
        r",?\s*(?:(?:or|and)\s+(?:less|under|below|cheaper|lower)\b|max(?:imum|imal)?\b\.?|tops\b"
        r"|at\s+(?:the\s+)?most\b|budget\b|to\s+spend\b|oder\s+weniger\b|höchstens\b|(?:以下|以内|之内|内)的?)"
    ),
    "least": re.compile(
        r",?\s*(?:(?:or|and)\s+(?:more|up|above|over|upwards?)\b|upwards?\b|min(?:imum)?\b\.?"
        r"|oder\s+mehr\b|以上|起)"
    ),
    "near": re.compile(r"\s*(?:or\s+so\b|-?ish\b|左右|上下)"),
}
BETWEEN = re.compile(r"(?:(?<!\w)(?:between|from|zwischen|von)|在)\s*$")
AND = re.compile(r"\s*(?:[-–—~]|to\b|and\b|bis\b|und\b|到|至|和)\s*")
BEHIND_TWO = re.compile(r"\s*(?:之间的?|apiece\b|each\b)")
# Wordings before which, and only before which, a number is a price without a currency beside it.
PLAIN_MOST = re.compile(
    r"(?:under|below|(?:less|lower|cheaper)\s+than"
    r"|no(?:t|thing)?\s+(?:more|dearer|higher)\s+than"
    r"|(?:not|nothing)\s+(?:over|above)|at\s+(?:the\s+)?most|budget\D*|spend\D*|pay\D*|cost\D*)\s*$"
)
PLAIN_NEAR = re.compile(r"(?:around|about|roughly|approx\.?|approximately)\s*$")
PLAIN_MAX = re.compile(r"(?:^|[,;(])\s*max(?:imum)?\.?\s*$")
# "A chair, 50 max".
PLAIN_MAX_BEHIND = re.compile(r"\s*(?:max(?:imum)?\b\.?|tops\b)$")
ALONE = re.compile(r"(?:^|[,;(])\s*$")
# Words of money a little before it: then any number is a price.
MONEY = re.compile(
    r"\b(?:costs?|costing|priced?|prices|budget|spend(?:ing)?|pay(?:ing)?|worth|cheaper|dearer"
    r"|expensive)\b(?:\W+(?:is|are|be|at|of|range|limit|me|for|a|the|max|maximum))*\W*$"
)
# What a number is of when it follows these: ages, sizes and other measures.
MEASURED = re.compile(
    r"\b(?:kids?|child(?:ren)?|toddlers?|bab(?:y|ies)|boys?|girls?|teens?|teenagers?|adults?"
    r"|women|woman|men|man|ladies|people|persons?|seniors?|players?|guests?|anyone|everyone|those"
    r"|age[sd]?|aged|aging|sizes?|waist|chest|inseam|length|width|height|depth|weights?|diameter"
    r"|volume|capacity|temperatures?|pages?|levels?|numbers?|nos?\.?|years?|models?|versions?"
    r"|chapters?|episodes?|volumes?|resolution|spf|grades?|scores?|rated|ratings?|stars?|dates?"
    r"|published|written|set|born|made|war|wars|history|century|centuries|calories)\W*$"
)
# A plain number ends what is said, or only little words follow it.
ENDS = re.compile(
    r"\s*(?:$|[,.;:!?)](?!\d)|(?:and|but|or|for|please|with|that|which|if|as|each|apiece|per\s+piece"
    r"|a\s+piece|in\s+total|total|thanks|would)\b)"
)
# What leads to a limit and goes with it: "that costs under", "my budget is".
LEAD = re.compile(
    r"(?:(?:[,;]\s*)?(?:\b(?:and|but|which|that|it|they|each|all|both|everything|anything\s+that)\s+)*"
    r"\b(?:(?:should|must|may|can|to)\s+)?(?:be\s+)?(?:costs?|costing|priced?(?:\s+at)?|prices?"
    r"(?:\s+range)?|spend(?:ing)?|pay(?:ing)?|for|at|in|is"
    r"|i|we|have|can|each|all|both|only|a|my|our|with\s+a|on\s+a|preis|kosten|kostet|价格|价钱)\s*:?\s*)+$"
)
CHEAP_PHRASE = re.compile(
    r"(?:,\s*|\b(?:but|and|that(?:['’]s|\s+is|\s+are)|which\s+(?:is|are))\s+)*\b"
    r"(?:(?:is|are)n['’]?t|not|nothing|nicht)\s+"
    r"(?:(?:too|very|so|that|overly|all\s+that|terribly|zu|so|allzu|sehr)\s+)?"
    r"(?:expensive|pricey|costly|dear|teuer)\b|\bon\s+a\s+(?:tight\s+|small\s+)?budget\b"
    r"|(?:不要?|别)(?:太)?贵的?"
)
# What it is to be cheaper than is not looked up: it is a wish for less, and the rest is not wanted.
CHEAPER_PHRASE = re.compile(
    r"(?:,\s*|\b(?:but|and|that(?:['’]s|\s+is|\s+are)|which\s+(?:is|are))\s+)*\b"
    r"(?:(?:a\s+bit|a\s+little|much|way)\s+)?"
    r"(?:cheaper|less\s+(?:expensive|pricey|costly)|billigere?[nrs]?|günstigere?[nrs]?)\b"
    r"(?:\s+(?:than|als)\s+(?:the|that|this|those|these|my|it|mine|de[rmn]|die|das|what)\b"
    r"(?:\s+(?!(?:but|and|or|with|for|in|please)\b)[\w-]+){0,5})?"
)
# A word may also be part of a name: it counts, and stays where it is.
CHEAP_WORD = re.compile(
    r"\b(?:cheap|inexpensive|affordable|low[- ](?:cost|priced?)|budget[- ]friendly"
    r"|reasonably\s+priced|günstige?[nmrs]?|billige?[nmrs]?|preiswerte?[nmrs]?)\b|便宜|平价|实惠"
)
