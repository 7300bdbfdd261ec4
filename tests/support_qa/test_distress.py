from __future__ import annotations

import pytest

from textwire.support_qa.distress import distress_in


@pytest.mark.parametrize(
    "text",
    [
        "my wife died",
        "My dear husband Tom has sadly passed away",
        "my late aunt had an account",
        "i’ve just lost my mother",
        "I am a widow now",
        "after the death of my brother",
    ],
)
def test_who_tells_of_a_death_grieves(text: str) -> None:
    assert distress_in(text) == "grief"


@pytest.mark.parametrize(
    "text",
    [
        "i don't want to live anymore",
        "I’m going to kill myself",
        "you took my rent money and i am standing on a bridge",
        "i will come to your office with a knife",
        "my husband beats me and wants my pin",
        "my wife died and i want to die too",
        "I'm going to die, i just want to die",
        "i keep hurting myself",
    ],
)
def test_where_a_life_may_be_in_danger_that_counts_first(text: str) -> None:
    assert distress_in(text) == "danger"


@pytest.mark.parametrize(
    "text",
    [
        "my phone died",
        "my wife says the battery of her phone died",
        "these fees are killing me",
        "i'd die for a coffee",
        "i lost my card",
        "my daughter turns 18",
        "my father passed the phone to me",
        "does the policy have a suicide clause",
        "hurry, my phone is going to die",
        "cut myself off from spending",
        "i could die laughing, i want to die laughing",
        "can i come to the branch with my gun licence",
        "does it cover what burns down the house insurance",
    ],
)
def test_what_only_sounds_like_it_is_none(text: str) -> None:
    assert distress_in(text) is None


@pytest.mark.timeout(5)
@pytest.mark.parametrize("piece", ["my wife ", "my ", "come with ", "i want to ", "burn the "])
def test_the_longest_message_is_read_quickly(piece: str) -> None:
    distress_in((piece * 8_000)[:8_000])
