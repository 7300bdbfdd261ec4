from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import msgspec
import pytest

from services.support_qa.language_model.grounding import (
    LEAST_CONTENT,
    Evidence,
    Statement,
    links,
    support,
)
from textwire.samples import samples_dir
from textwire.support_qa.messages import Passage
from textwire.support_qa.passage_texts import sentences

CARD = Evidence(
    "Tap Card, then Order. Delivery takes 4 to 7 working days and costs £5. "
    "You cannot change the address once the card was sent.",
    "How do I order a physical card?",
    "https://larkfield.example/help/card-order",
)
FREEZE = Evidence(
    "Open the app, tap Card, then Freeze. It works at once. "
    "You can unfreeze the card at any time. If it was stolen, call us on 0800 555 0101.",
    "How do I freeze my lost card?",
)
POT = Evidence(
    "Pots pay 3.1 % a year. You can withdraw up to 1,000 euros a day, except from a locked pot. "
    "Withdrawals are not possible on public holidays.",
)
BOTH = [CARD, FREEZE, POT]


def rests_on(sentence: str) -> int | None:
    found = support(sentence, BOTH)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("sentence", "place"),
    [
        ("Delivery takes 4 to 7 working days.", 0),
        ("Delivery of your physical card takes four to seven working days.", 0),
        ("The delivery costs 5 pounds.", 0),
        ("Tap Card and then Order.", 0),
        ("You can't change the address once the card was sent.", 0),
        ("To freeze your card, open the app, tap Card and then Freeze.", 1),
        ("If your card was stolen, call 0800 555 0101.", 1),
        ("You can unfreeze your card at any time.", 1),
        ("Pots pay 3.1% per year.", 2),
        ("Withdrawals aren't possible on public holidays.", 2),
        ("You can withdraw up to €1000 a day, except from a locked pot.", 2),
    ],
)
def test_what_a_passage_says_is_supported_by_it_in_other_words_too(sentence, place) -> None:
    assert rests_on(sentence) == place


@pytest.mark.parametrize(
    "sentence",
    [
        "Delivery takes 2 to 7 working days.",
        "Delivery takes 4 to 7 hours.",
        "Delivery takes 14 working days.",
        "The delivery costs 7 pounds.",
        "The delivery costs £50.",
        "Pots pay 31 % a year.",
        "You can withdraw up to 10,000 euros a day, except from a locked pot.",
        "If your card was stolen, call 0900 555 0101.",
    ],
)
def test_an_invented_number_or_unit_is_not_supported(sentence) -> None:
    assert rests_on(sentence) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "You can change the address once the card was sent.",
        "You cannot unfreeze the card at any time.",
        "It doesn't work at once, so you cannot unfreeze the card.",
        "Withdrawals are possible on public holidays.",
        "Delivery never takes 4 to 7 working days.",
    ],
)
def test_the_opposite_is_not_supported(sentence) -> None:
    assert rests_on(sentence) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "The delivery of your card is free.",
        "Delivery always takes 4 to 7 working days.",
        "You can withdraw up to 1,000 euros a day.",
        "Your refund of a card is sent at once.",
        "Our headquarters are in Dublin.",
        "We recommend that you change your password regularly and contact your bank.",
        "Sure, I am happy to help you with that!",
        "Yes.",
        "",
    ],
)
def test_promises_omitted_exceptions_and_facts_of_its_own_are_not_supported(sentence) -> None:
    assert rests_on(sentence) is None


@pytest.mark.parametrize(
    ("sentence", "is_kept"),
    [
        ("Tap Card, then Order at https://larkfield.example/help/card-order.", True),
        ("Tap Card, then Order at https://larkfield.example.evil.test/card.", False),
        ("Tap Card, then Order at larkfield-cards.test/now.", False),
        ("Tap Card, then Order by writing to card@evil.test.", False),
        ("Tap Card, then Order javascript:alert(1).", False),
        # Of another passage: what a sentence says and where it leads come from one source.
        ("Open the app, tap Card, then Freeze: https://larkfield.example/help/card-order", False),
    ],
)
def test_an_address_comes_from_the_passage_or_the_sentence_goes(sentence, is_kept) -> None:
    assert (rests_on(sentence) is not None) == is_kept


def test_a_sentence_may_put_two_of_one_passage_together() -> None:
    found = support("Tap Card, then Order, and delivery takes 4 to 7 working days.", BOTH)
    assert found is not None
    assert found[0] == 0
    assert found[1] == (
        "Tap Card, then Order.",
        "Delivery takes 4 to 7 working days and costs £5.",
    )


def test_a_not_is_not_lent_from_one_sentence_to_another() -> None:
    passage = Evidence("You can close a pot online. You cannot close a loan online.")
    assert support("You cannot close a pot online.", [passage]) is None
    assert support("You can close a loan online.", [passage]) is None
    assert support("You can close a pot online.", [passage]) is not None


def test_the_heading_alone_supports_nothing() -> None:
    passage = Evidence("Tap Card.", "Can I order a card without any fee in my country?")
    assert support("You can order a card without any fee in your country.", [passage]) is None


def test_languages_without_blanks_are_judged_by_pairs_of_letters() -> None:
    passage = Evidence("您可以在应用中冻结银行卡。冻结后不能取现。")
    assert support("您可以在应用中冻结银行卡。", [passage]) is not None
    assert support("冻结后可以取现。", [passage]) is None
    assert support("银行卡年费是一百元人民币。", [passage]) is None


def test_german_is_judged_too() -> None:
    passage = Evidence("Die Lieferung dauert 4 bis 7 Werktage. Sie kostet nichts extra.")
    assert support("Die Lieferung dauert 4 bis 7 Werktage.", [passage]) is not None
    assert support("Die Lieferung dauert 4 bis 7 Stunden.", [passage]) is None
    assert support("Die Lieferung dauert nicht 4 bis 7 Werktage.", [passage]) is None


def test_addresses_are_found_in_every_form() -> None:
    text = "See https://A.example/x/, www.b.example. c@d.example or e.example/f (not e.g. 3.5)."
    assert links(text) == [
        "https://a.example/x",
        "www.b.example",
        "c@d.example",
        "e.example/f",
    ]


def test_long_runs_of_dots_and_letters_are_judged_without_end() -> None:
    hostile = "a." * 5_000 + "a" * 5_000
    assert support(hostile, [Evidence(hostile + ".")]) is None


@pytest.fixture(scope="module")
def said() -> list[tuple[str, Evidence]]:
    """The sentences of every third sample passage, each with its passage."""
    with (samples_dir() / "support_qa" / "knowledge.jsonl").open("rb") as lines:
        passages = [msgspec.json.decode(line, type=Passage) for line in lines][::3]
    return [
        (sentence, Evidence(one.text, one.heading or "", one.url or ""))
        for one in passages
        for sentence in sentences(one.text)
        if len(Statement(sentence).content) >= LEAST_CONTENT
    ]


def turned(sentence: str) -> str | None:
    """The opposite, where a word or two make it."""
    pairs = ((" cannot ", " can "), (" can ", " cannot "), (" do not ", " "), (" not ", " "),
             (" is ", " is not "), (" are ", " are not "), ("n't ", " "))  # fmt: skip
    return next((sentence.replace(a, b, 1) for a, b in pairs if a in sentence), None)


def with_another_number(sentence: str) -> str | None:
    found = re.search(r"\d+", sentence)
    return sentence.replace(found[0], str(int(found[0]) + 3), 1) if found else None


def with_another_unit(sentence: str) -> str | None:
    pairs = ((r"\bdays\b", "hours"), (r"\bhours\b", "weeks"), (r"\bmonths\b", "days"), ("€", "£"))
    is_counted = re.search(r"\d", sentence)
    changed = (re.sub(a, b, sentence, count=1) for a, b in pairs if is_counted)
    return next((one for one in changed if one != sentence), None)


def test_every_sentence_of_the_samples_is_supported_by_its_passage(said) -> None:
    assert [sentence for sentence, passage in said if not support(sentence, [passage])] == []


@pytest.mark.parametrize(
    ("changed", "at_most"), [(turned, 0.01), (with_another_number, 0.02), (with_another_unit, 0.05)]
)
def test_hardly_any_sentence_of_the_samples_is_still_supported_once_its_sense_is_changed(
    said, changed: Callable[[str], str | None], at_most: float
) -> None:
    def wrong() -> Iterator[bool]:
        for sentence, passage in said:
            if other := changed(sentence):
                yield support(other, [passage]) is not None

    passed = list(wrong())
    assert len(passed) > 40
    assert sum(passed) / len(passed) <= at_most


def test_no_sentence_of_the_samples_is_supported_by_another_passage(said) -> None:
    others = [passage for _, passage in said[50:] + said[:50]]
    assert [
        sentence
        for (sentence, passage), other in zip(said, others, strict=True)
        if other is not passage and sentence not in other.text and support(sentence, [other])
    ] == []
