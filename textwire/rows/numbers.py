"""Numbers as tables and shops write them: with a currency, with a comma, with gaps."""

from __future__ import annotations

import re
import unicodedata

from textwire.errors import RecordRejected

# What programs write where there is none.
NO_VALUE = frozenset(
    {
        *("", "-", "--", "–", "—", "nan", "null", "none", "n/a", "na", "#n/a", "nat", "<na>"),
        *("n.a.", "n. a.", "k.a.", "k. a.", "n.v.", "n. v."),
    }
)
_SYMBOL = r"[^\W\d_]{0,3}[$€£¥₹₩₽฿₺₫₴₱₦₪¢]"
_LETTERS = r"(?<![^\W\d_])[^\W\d_]{1,3}(?![^\W\d_])\.?"
_BEFORE = re.compile(rf"^(?:(?:{_SYMBOL}|{_LETTERS})\s*){{1,2}}")
_AFTER = re.compile(rf"(?:\s*(?:{_SYMBOL}|{_LETTERS})){{1,2}}$")
# Dinars and rials have a thousand parts: their points are never between thousands.
_OF_THOUSAND_PARTS = re.compile(r"\b(?:KWD|BHD|OMR|TND|JOD|IQD|LYD)\b", re.IGNORECASE)
_GAPS = re.compile(r"[\s'\u2019_\u00a0\u202f]")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:(?P<by>[.,])\d{3})(?:(?P=by)\d{3})*")
_LAKHS = re.compile(r"[+-]?\d{1,2}(?:,\d{2})+,\d{3}")
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
# `39.-`, `399:-`, `CHF 39.–`: no cents.
_NO_CENTS = re.compile(r"(?<=\d)[.,:]\s?[-–—]+(?=\D*$)")
# `39€90`
_SYMBOL_BETWEEN = re.compile(r"(?P<whole>\d+)[€$£](?P<cents>\d{2})")
_FREE = frozenset({"free", "gratis", "kostenlos", "gratuit", "免费"})
# Pence and cents.
_PARTS = re.compile(r"(?P<count>\d{1,3})\s?(?:p|pence|cts?|cents?)\.?", re.IGNORECASE)
# A price among words that hold no other number: `from $39.90`, `39,90 € incl. VAT`.
_AMOUNT = r"\d(?:[\d.,'\u2019\s]*\d)?"
_FROM_TO = re.compile(r"(?<=\S)\s*(?:[-–—]|\bto\b|\bbis\b|\bà\b)\s*(?=\S)")
_AMONG_WORDS = re.compile(
    rf"\D*?(?P<price>(?:{_SYMBOL}|\b[A-Z]{{3}})\s*{_AMOUNT}|{_AMOUNT}\s*(?:{_SYMBOL}|[A-Z]{{3}}\b))"
    r"[^\d]*"
)


def is_no_value(text: str) -> bool:
    """Whether a cell says that there is nothing."""
    return text.strip().casefold() in NO_VALUE


def as_number(text: str) -> float:
    """The number in a text: `12.5`, `€39,90`, `1.299,00 EUR`, `$1,299`, `from CHF 39.-`.

    Of a range of prices it is the lower, as of `from`: `$12.99 - $15.99`.

    Where both a comma and a point stand, the last parts off the decimals. A comma alone does so
    too, unless three digits follow it; a point does, but for an amount of money with three digits
    behind it, which is of thousands.

    Raises: RecordRejected: it is no number.
    """
    bare = _in_plain_digits(text)
    if _PLAIN.fullmatch(bare):
        return float(bare)
    if between := _SYMBOL_BETWEEN.fullmatch(bare):
        return float(f"{between['whole']}.{between['cents']}")
    found = _number_in(bare)
    if found is None and (among := _AMONG_WORDS.fullmatch(bare)):
        found = _number_in(among["price"])
    if found is None:
        found = _lower_of(bare)
    if found is None:
        raise RecordRejected(f"{text!r} is no number")
    return found / 100.0 if bare.endswith("¢") else found


def as_price(text: str) -> float:
    """The amount of money in a text, where all of a column are such: `12.99 - 15.99`, `99p`.

    Raises: RecordRejected: it is none.
    """
    if text.strip().casefold() in _FREE:
        return 0.0
    if parts := _PARTS.fullmatch(_in_plain_digits(text)):
        return as_number(parts["count"]) / 100.0
    try:
        return as_number(text)
    except RecordRejected:
        low = _lower_of(f"{_in_plain_digits(text)} €")
    if low is None:
        raise RecordRejected(f"{text!r} is no number")
    return low


def _lower_of(range_: str) -> float | None:
    """The lower of two prices; None where there are not two, or nothing says that it is money."""
    ends = _FROM_TO.split(range_)
    is_price = [_AFTER.sub("", _BEFORE.sub("", end)) != end for end in ends]
    if len(ends) != 2 or not any(is_price):
        return None
    # `39.90 - 49.90 €` says the currency once.
    told = [end if said else f"€{end}" for end, said in zip(ends, is_price, strict=True)]
    low, high = (_number_in(end) for end in told)
    return low if low is not None and high is not None and low <= high else None


def _in_plain_digits(text: str) -> str:
    """Digits and marks of other scripts as Latin texts have them."""
    known = unicodedata.normalize("NFKC", text.strip()).replace("٫", ".").replace("٬", ",")
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in known)


def _number_in(amount: str) -> float | None:
    """An amount without its currency; None where anything else is left."""
    whole = _NO_CENTS.sub("", amount)
    bare = _AFTER.sub("", _BEFORE.sub("", whole))
    digits = _GAPS.sub("", bare)
    is_money = bare != whole and not _OF_THOUSAND_PARTS.search(whole)
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and point >= 0:
        decimals = "," if comma > point else "."
        digits = digits.replace("." if decimals == "," else ",", "").replace(decimals, ".")
    elif comma >= 0 and (_THOUSANDS.fullmatch(digits) or _LAKHS.fullmatch(digits)):
        digits = digits.replace(",", "")
    elif _DECIMAL_COMMA.fullmatch(digits):
        digits = digits.replace(",", ".")
    elif _THOUSANDS.fullmatch(digits) and (is_money or digits.count(".") > 1):
        digits = digits.replace(".", "")
    return float(digits) if _PLAIN.fullmatch(digits) else None
