from random import Random

from pipelines.augmentation.name_swaps import NameSwap

BETWEEN = " [SEP] "
TEXTS = [
    "Ford [SEP] [MASK] posts a loss as Tesla grows",
    "Tesla [SEP] Ford posts a loss as [MASK] grows",
    "Nokia [SEP] [MASK] wins a contract",
    "Markets close higher",
]


def wordings(text: str) -> set[str]:
    swap = NameSwap(TEXTS, BETWEEN)
    return {swap(text, Random(seed)) for seed in range(50)}


def test_what_is_said_is_read_for_other_companies_too() -> None:
    assert wordings(TEXTS[2]) == {
        f"{name} [SEP] [MASK] wins a contract" for name in ("Ford", "Tesla", "Nokia")
    }


def test_a_company_that_the_text_names_already_does_not_take_the_place() -> None:
    assert wordings(TEXTS[0]) == {
        "Ford [SEP] [MASK] posts a loss as Tesla grows",
        "Nokia [SEP] [MASK] posts a loss as Tesla grows",
    }


def test_a_text_that_is_read_for_nobody_stays() -> None:
    assert wordings(TEXTS[3]) == {TEXTS[3]}
