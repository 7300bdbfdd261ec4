"""What must not be kept of a message: account and card numbers, passwords, codes, ids of states."""

from __future__ import annotations

import re
from collections.abc import Callable

MASK = "•••"
# ISO 13616: country, two check digits, up to 30 letters and digits, often in groups of four.
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,40}", re.IGNORECASE)
# ISO/IEC 7812: 13 to 19 digits, often in groups.
CARD = re.compile(r"(?<![\d-])\d(?:[ .-]?\d){12,18}(?![\d-])")
# In such groups it is one with a slip too, which a check digit would let pass.
CARD_IN_GROUPS = re.compile(r"(?<![\d-])\d{4}([ .-])\d{4}\1\d{4}\1\d{4}(?![\d-])")
# A secret that is named: what stands behind the word, to the next blank that no digit follows.
IS_NAMED = (
    r"password|passwort|kennwort|passwd|passcode|pass|pw|pin|cvv|cvc|tan|otp|security code|"
    r"(?:login|sms|text|verification|confirmation|one-time) code"
)
SECRET = re.compile(
    rf"(\b(?:{IS_NAMED})\b(?: (?:is|was|ist|war|lautet|code|number))?[ :=]+)"
    r"(?=\S*\d)\S+(?:[ -]\d{1,4}(?![\w.,:]))*",
    re.IGNORECASE,
)
# Without any digit it is one only where it is written like a field: "password: correcthorse".
FIELD = re.compile(r"(\b(?:password|passwort|kennwort|passwd|pass|pw) ?[:=] ?)\S+", re.IGNORECASE)
# Numbers that states give a person, which are told apart by their names alone.
NAMED_ID = re.compile(
    r"(\b(?:passport|(?:national |identity |id )card|national id|identity number|"
    r"personalausweis\w*|"
    r"national insurance|ni|ssn|social security|tax id|steuer-?id\w*|dni|nie|nif|pesel|bsn|"
    r"driving licen[cs]e)\b(?:,? (?:no\.?|number|nr\.?|nummer|is|ist|my|:))*[ :=#]+)"
    r"((?:[A-Z]{1,3}[ -]?)?[A-Z0-9]*\d[A-Z0-9]*(?:[ .-]\d[A-Z0-9]*)*(?: [A-Z]\b)?)",
    re.IGNORECASE,
)
LEAST_ID_DIGITS = 5
# E.164 or a national number: kept, for a colleague may have to ring; but it is nothing to read.
PHONE = re.compile(r"(?<![\w.+])(?:(?:\+|00)\d[\d ()/-]{7,16}\d|0\d{2,5}[ /-]?\d{5,9})(?!\w)")

LETTERS = re.compile(r"[^\W\d_]+")
# What stands around such a datum without asking anything.
SAYING_NO_MORE = """
password passwort passcode pass pin cvv cvc tan otp security code number iban card account konto
my mine the a is was it its s this that here and so for login app to you hi hello ok okay yes sure
please pls mein meine das ist hier passport national identity tax no nr
"""
AROUND = frozenset(SAYING_NO_MORE.split())


def masked(text: str) -> str:
    """The text with a mask for each account or card number, password, code and id of a state."""
    said = IBAN.sub(_without_iban, text)
    said = CARD.sub(lambda found: _without(found, is_card), said)
    said = CARD_IN_GROUPS.sub(MASK, said)
    said = SECRET.sub(lambda found: found[1] + MASK, said)
    said = FIELD.sub(lambda found: found[1] + MASK, said)
    return NAMED_ID.sub(_without_id, said)


def without_data(text: str) -> str:
    """The text as it reads without its data: phone numbers are masked too."""
    return PHONE.sub(MASK, masked(text))


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


def _without_id(found: re.Match[str]) -> str:
    digits = sum(letter.isdigit() for letter in found[2])
    return found[1] + MASK if digits >= LEAST_ID_DIGITS else found[0]


def _without(found: re.Match[str], is_one: Callable[[str], bool]) -> str:
    return MASK if is_one(found[0]) else found[0]
