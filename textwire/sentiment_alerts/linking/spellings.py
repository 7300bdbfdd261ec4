"""In which spellings a company's name stands in texts: `J.P. Morgan`, `Johnson and Johnson`."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from textwire.sentiment_alerts.folding import folded, lower

# Not `Corp`, `Group` or `Bank`: what is left of "Birla Corp" is a family.
LEGAL_FORMS = (
    "inc|incorporated|plc|ltd|limited|llc|llp|lp|ag|se|sa|s\\.a|nv|n\\.v|bv|ab|asa"
    "|oyj|spa|s\\.p\\.a|gmbh|kgaa|kk|pvt ltd|private limited|bhd|tbk|co ltd|pte ltd"
)
LEGAL_FORM = re.compile(rf",?\s+(?:{LEGAL_FORMS})\.?$", re.IGNORECASE)
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
INITIALS = re.compile(r"\b(?:[A-Z]\.\s?){2,}|\b[A-Z]{2,3}\b(?=\s[A-Z])")
UMLAUTS = str.maketrans(
    {
        "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "æ": "ae", "Æ": "Ae",
        "ø": "oe", "Ø": "Oe", "å": "aa", "Å": "Aa",
    }
)  # fmt: skip
ABBREVIATED = re.compile(r"\b(Dr|St|Mr|Mrs)\.? ")
ACRONYM = re.compile(r"[A-Z]{3,4}$")
# "3M India" is not 3M.
SHORTEST_ODD = 4
ODD = re.compile(r"(?=.*[^\W\d_])(?:[^\W\d_]+\d\w*|[a-z]{1,2}[A-Z]\w*)$")
AMPERSAND = re.compile(r"\s*&\s*")
AND = re.compile(r"\s+and\s+", re.IGNORECASE)


def spellings(name: str) -> list[str]:
    """A name as it stands, folded and in small letters, and what else it is written as."""
    given = html.unescape(" ".join(name.split()))
    found = dict.fromkeys([given, given.translate(UMLAUTS)])
    for variants in (_joined, _initials, _without_signs, _hyphens):
        found |= dict.fromkeys(other for one in list(found) for other in variants(one))
    return list(dict.fromkeys(lower(folded(one)) for one in found if len(one) > 1))


def without_legal_form(name: str) -> str | None:
    """The name without `Inc.` and the like; None where it has none."""
    short = LEGAL_FORM.sub("", name).rstrip(" ,")
    return short if short != name and len(short) > 1 else None


def short_name(name: str, ticker: str | None) -> str | None:
    """A name's first word, where it stands for all: "One97" of "One97 Communications", or None.

    It does where no other name looks so (a digit among letters, a capital after a small one:
    "eDreams Odigeo"), and where the exchange lists the company under it ("Wizz Air", `WIZZ.L`).
    """
    first, _, rest = name.partition(" ")
    symbol = re.split(r"[.:\s]", ticker, maxsplit=1)[0] if ticker else ""
    is_odd = len(first) >= SHORTEST_ODD and ODD.match(first) is not None
    return first if rest and (is_odd or (len(first) > 1 and first.upper() == symbol)) else None


def _joined(name: str) -> Iterator[str]:
    """`&` and `and`, with spaces and without."""
    if "&" in name:
        yield AMPERSAND.sub(" & ", name)
        yield AMPERSAND.sub("&", name)
        # "T and V" are two letters; "Tessel and Voss" is a name.
        if all(len(part) > 1 for part in AMPERSAND.split(name)):
            yield AMPERSAND.sub(" and ", name)
    elif AND.search(name):
        yield AND.sub(" & ", name)


def _initials(name: str) -> Iterator[str]:
    """`JPMorgan`, `JP Morgan`, `J.P. Morgan`, `J. P. Morgan`; `IBM` and `I.B.M.`."""
    if ACRONYM.match(name):
        yield "".join(f"{letter}." for letter in name)
    apart = CAMEL.sub(" ", name)
    if apart != name and "-" not in name:
        yield apart
    for match in [*INITIALS.finditer(name), *INITIALS.finditer(apart)]:
        before, after = match.string[: match.start()], match.string[match.end() :].lstrip()
        letters = re.sub(r"[^A-Z]", "", match[0])
        gap = " " if after else ""
        for written in (
            letters,
            "".join(f"{letter}." for letter in letters),
            " ".join(f"{letter}." for letter in letters),
            " ".join(letters),
        ):
            yield f"{before}{written}{gap}{after}"


def _without_signs(name: str) -> Iterator[str]:
    """`Macy's` and `Macys`, `C3.ai` and `C3 AI`, `Dr Reddy's` and `Dr. Reddy's`."""
    if re.search(r"['\u2019]", name):
        yield re.sub(r"['\u2019]", "", name)
    if re.search(r"\w\.\w{2,}$", name):
        yield name.replace(".", " ")
    if ABBREVIATED.search(name):
        yield ABBREVIATED.sub(r"\1. ", name)
        yield ABBREVIATED.sub(r"\1 ", name)


def _hyphens(name: str) -> Iterator[str]:
    """`Coca-Cola` and `Coca Cola`, `Wal Mart` and `Wal-Mart`."""
    if "-" in name:
        yield name.replace("-", " ")
        yield name.replace("-", "")
    elif name.count(" ") == 1 and "&" not in name and "." not in name:
        yield name.replace(" ", "-")
    elif name.count(" ") == 2 and "&" not in name and "." not in name:
        yield name.replace(" ", "-", 1)  # "Hewlett-Packard Enterprise"
