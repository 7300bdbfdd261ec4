import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.support_qa.masking import MASK, is_bare_datum, is_card, is_iban, masked, without_data


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("send it to DE89370400440532013000 please", f"send it to {MASK} please"),
        ("my iban is GB82 WEST 1234 5698 7654 32", f"my iban is {MASK}"),
        ("card 4111 1111 1111 1111 was charged", f"card {MASK} was charged"),
        ("5500-0000-0000-0004", MASK),
        ("my password is hunter2 and the pin 4711", f"my password is {MASK} and the pin {MASK}"),
        ("CVV: 123", f"CVV: {MASK}"),
        ("my pin is 4 8 2 1", f"my pin is {MASK}"),
        ("mein passwort ist Hund2020", f"mein passwort ist {MASK}"),
        ("password: correcthorse", f"password: {MASK}"),
        ("card 4539 1488 0343 6468", f"card {MASK}"),  # in groups one with a slip too
        ("4539.1488.0343.6467", MASK),
        ("passport number C01X00T47", f"passport number {MASK}"),
        ("my NI number is QQ 12 34 56 C", f"my NI number is {MASK}"),
        ("SSN 078-05-1120, ok?", f"SSN {MASK}, ok?"),
    ],
)
def test_numbers_of_accounts_and_cards_and_secrets_are_masked(text: str, kept: str) -> None:
    assert masked(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "cancel my order 88213",
        "order number 1234567890123456",  # no card: its check digit is wrong
        "DE89370400440532013001 has a typo",
        "call me back please, 0171 5550123",
        "how do I change my pin",
        "the password is wrong",
        "my passport is 5 years old",
        "tax id of 2024",
        "paid 1,200.50 on 12/04/2026",
        "",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert masked(text) == text


def luhn_digit(digits: str) -> str:
    return next(str(last) for last in range(10) if is_card(digits + str(last)))


@given(st.text("0123456789", min_size=12, max_size=18))
def test_every_card_number_is_masked(digits: str) -> None:
    assert masked(f"it is {digits}{luhn_digit(digits)}, thanks") == f"it is {MASK}, thanks"


@given(st.text("0123456789", min_size=11, max_size=11))
def test_one_wrong_digit_makes_no_card(digits: str) -> None:
    number = digits + "3" + luhn_digit(digits + "3")
    assert not is_card(digits + "4" + number[-1])


@given(st.text("0123456789", min_size=18, max_size=18))
def test_every_iban_is_known_by_its_check_digits(account: str) -> None:
    right = [f"{check:02}" for check in range(2, 99) if is_iban(f"DE{check:02}{account}")]
    assert len(right) == 1


@given(st.text(max_size=200))
def test_masking_twice_is_masking_once(text: str) -> None:
    assert masked(masked(text)) == masked(text)


@pytest.mark.timeout(5)
@pytest.mark.parametrize("piece", ["A", "1 ", "DE89 ", "pin ", "4-"])
def test_the_longest_message_is_read_quickly(piece: str) -> None:
    masked((piece * 8_000)[:8_000])


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("my password is hunter2", True),
        ("DE89370400440532013000", True),
        ("hi, my card number: 4111 1111 1111 1111 ok?", True),
        ("change my pin to 4711x", False),
        ("card 4111 1111 1111 1111 was charged twice", False),
        ("my password is wrong", False),
        ("", False),
    ],
)
def test_a_datum_is_bare_where_nothing_is_said_of_it(text: str, bare: bool) -> None:
    assert is_bare_datum(text) == bare


def test_a_phone_number_is_kept_but_not_read() -> None:
    assert without_data("+49 151 2345 6789 is my new number") == f"{MASK} is my new number"
    assert without_data("paid 1,200.50 on 12/04/2026") == "paid 1,200.50 on 12/04/2026"
