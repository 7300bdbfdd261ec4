"""How the exchange of a ticker is written beside it: `NYSE:F`, `(Nasdaq: AAPL)`, `AAPL US`."""

from __future__ import annotations

import re

from textwire.sentiment_alerts.linking.words import words_of

EXCHANGE = (
    r"(?:nyse(?:[ -]?(?:american|arca|mkt))?"
    r"|nasdaq(?:[ -]?(?:gs|gm|cm|global select|capital market))?"
    r"|amex|cboe|otc(?:qx|qb|mkts|bb| markets)?|lse|aim|lon|tsxv?|tse|tyo|asx|hkex|hkg|hkse|sehk"
    r"|nse|bse|fra|xetra|xetr|etr|fwb|epa|euronext(?: \w+)?|enx|bit|mil|ams|swx|six|vtx|sgx|krx"
    r"|kospi|kosdaq"
    r"|jse|bme|bmad|sto|omx|cph|hel|osl|ose|wse|ist|bist|tadawul|sse|szse|shse|twse|tpe|idx|set|pse"
    r"|bursa|klse|bmv|b3|bovespa|nzx|tase|ise)"
)
# Reuters' codes of exchanges, after a dot, and Bloomberg's, after a space.
RIC_SUFFIX = words_of(
    "O OQ N K A P PK OB L PA DE F T HK SS SZ NS BO AX TO V MI AS BR ST CO HE OL SW S VX MC LS "
    "WA IS SI KS KQ JK BK KL TW TWO SA MX NZ TA JO IR VI"
)
BLOOMBERG_CODE = words_of(
    "US LN GR GY FP JP HK IN CN AU SW SM IM NA BB SS DC NO FH SP KS TT IJ TB MK PM NZ SJ BZ MM "
    "CT UN UW UQ CH"
)
AFTER_EXCHANGE = re.compile(rf"\b{EXCHANGE}\s?(?:[:\-–]\s?|\s)$", re.IGNORECASE)
BLOOMBERG = re.compile(r"[ :]([A-Z]{2})(?: Equity)?(?!\w)")


def is_behind_exchange(before: str) -> bool:
    """Whether what stands before a ticker ends with the name of an exchange."""
    return AFTER_EXCHANGE.search(before) is not None


def has_bloomberg_code(text: str, end: int) -> bool:
    """Whether a Bloomberg code of an exchange follows: ` US`, ` LN Equity`."""
    code = BLOOMBERG.match(text, end)
    return code is not None and code[1] in BLOOMBERG_CODE


def is_beside_exchange(text: str, start: int, end: int) -> bool:
    """Whether an exchange stands before a ticker, or its code behind it."""
    return AFTER_EXCHANGE.search(text, max(0, start - 24), start) is not None or (
        has_bloomberg_code(text, end)
    )
