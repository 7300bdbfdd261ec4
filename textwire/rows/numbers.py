"""Numbers as tables and shops write them: with a currency, with a comma, with gaps."""

from __future__ import annotations

import re

from textwire.errors import RecordRejected

# What programs write where there is none.
NO_VALUE = frozenset({"", "-", "nan", "null", "none", "n/a", "na", "#n/a", "nat", "<na>"})
_SIGN = r"(?:[^\W\d_]{0,3}[$€£¥₹₩₽฿₺₫]|[^\W\d_]{1,3})\.?"
_CURRENCY = re.compile(rf"^{_SIGN}\s*|\s*{_SIGN}$")
_GAPS = re.compile(r"[\s'\u2019_\u00a0\u202f]")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:(?P<by>[.,])\d{3})(?:(?P=by)\d{3})*")
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


def is_no_value(text: str) -> bool:
    """Whether a cell says that there is nothing."""
    return text.strip().casefold() in NO_VALUE


def as_number(text: str) -> float:
    """The number in a text: `12.5`, `€39,90`, `1.299,00 EUR`, `$1,299`.

    Where both a comma and a point stand, the last parts off the decimals. A comma alone does so
    too, unless three digits follow it; a point always does.

    Raises: RecordRejected: it is no number.
    """
    bare = text.strip()
    if _PLAIN.fullmatch(bare):
        return float(bare)
    digits = _GAPS.sub("", _CURRENCY.sub("", bare))
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and point >= 0:
        decimals = "," if comma > point else "."
        digits = digits.replace("." if decimals == "," else ",", "").replace(decimals, ".")
    elif comma >= 0 and _THOUSANDS.fullmatch(digits):
        digits = digits.replace(",", "")
    elif _DECIMAL_COMMA.fullmatch(digits):
        digits = digits.replace(",", ".")
    if not _PLAIN.fullmatch(digits):
        raise RecordRejected(f"{text!r} is no number")
    return float(digits)
