"""What must not be kept of a message: account and card numbers, passwords and codes."""

from __future__ import annotations

import re
from collections.abc import Callable

MASK = "•••"
# ISO 13616: country, two check digits, up to 30 letters and digits, often in groups of four.
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,40}", re.IGNORECASE)
# ISO/IEC 7812: 13 to 19 digits, often in groups.
CARD = re.compile(r"(?<![\d-])\d(?:[ -]?\d){12,18}(?![\d-])")
# A secret that is named: what stands behind the word, as far as the next blank.
SECRET = re.compile(
    r"(\b(?:password|passwort|passcode|pin|cvv|cvc|tan|otp|security code)\b"
    r"(?: (?:is|was|code|number))?[ :=]+)(?=\S*\d)\S+",
    re.IGNORECASE,
)

LETTERS = re.compile(r"[^\W\d_]+")
# What stands around such a datum without asking anything.
SAYING_NO_MORE = """
password passwort passcode pass pin cvv cvc tan otp security code number iban card account konto
my mine the a is was it its s this that here and so for login app to you hi hello ok okay yes sure
please pls mein meine das ist hier
"""
AROUND = frozenset(SAYING_NO_MORE.split())


def masked(text: str) -> str:
    """The text with a mask in place of each account or card number, password or code."""
    said = IBAN.sub(_without_iban, text)
    said = CARD.sub(lambda found: _without(found, is_card), said)
    return SECRET.sub(lambda found: found[1] + MASK, said)


def is_bare_datum(text: str) -> bool:
    """Whether hardly anything is said but what is masked: "my password is hunter2"."""
    said = masked(text)
    return MASK in said and all(word.lower() in AROUND for word in LETTERS.findall(said))


def is_iban(text: str) -> bool:
    """Whether the check digits of an IBAN are right (ISO 7064, mod 97-10)."""
    compact = re.sub(r"\s", "", text).upper()
    digits = "".join(str(int(letter, 36)) for letter in compact[4:] + compact[:4])
    return 15 <= len(compact) <= 34 and int(digits) % 97 == 1


def is_card(text: str) -> bool:
    """Whether the check digit of a card's number is right (Luhn, ISO/IEC 7812-1)."""
    digits = [int(digit) for digit in re.sub(r"\D", "", text)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _without_iban(found: re.Match[str]) -> str:
    """Words may follow an IBAN and look like its last groups: the longest that is one counts."""
    said = found[0]
    ends = [end for end in range(len(said), 14, -1) if said[end : end + 1] in ("", " ")]
    end = next((end for end in ends if is_iban(said[:end])), 0)
    return MASK + said[end:] if end else said


def _without(found: re.Match[str], is_one: Callable[[str], bool]) -> str:
    return MASK if is_one(found[0]) else found[0]
