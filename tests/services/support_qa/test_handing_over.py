import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.support_qa.handing_over import asks_for_person


@pytest.mark.parametrize(
    "text",
    [
        "I want to talk to a human",
        "can I speak with a member of staff",
        "agent!!!",
        "human please",
        "Please connect me with one of your advisors.",
        "put me through",
        "real person pls",
        "I need an agent",
        "i\u2019m not talking to a bot",
        "customer service",
        "let me   chat\nwith someone",
    ],
)
def test_these_ask_for_a_person(text) -> None:
    assert asks_for_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "someone used my card in Spain",
        "does a joint account need a second person?",
        "is there a way to send money to a person abroad",
        "I don't want to talk to an agent, just tell me the fee",
        "can I open an account without speaking to anyone, I hate phoning people",
        "how many people can share a pot",
        "I need to transfer money to a company",
        "",
    ],
)
def test_these_do_not(text) -> None:
    assert not asks_for_person(text)


@given(st.text(max_size=300))
def test_any_text_gets_a_plain_yes_or_no(text) -> None:
    assert asks_for_person(text) in (True, False)


@pytest.mark.timeout(5)
@pytest.mark.parametrize("piece", [" ", "!", "talk to a ", "not a ", "a ", "don't "])
def test_the_longest_question_is_read_quickly(piece) -> None:
    assert not asks_for_person((piece * 8_000)[:8_000])
