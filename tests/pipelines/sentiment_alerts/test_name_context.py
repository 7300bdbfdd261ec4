import random

from pipelines.sentiment_alerts.name_context import as_module, candidates_in, fit

ARTICLES = [
    {"title": f"{name} {act} as the market waits for a sale of land", "entities": {name: "neutral"}}
    for name in ("Northmere", "Solvanta", "Larkfield", "Brackwell", "Corvane")
    for act in ("beats estimates", "says profit rose", "sues its rival", "cuts jobs", "wins order")
] * 4


def test_names_and_ordinary_words_are_candidates() -> None:
    text = "Northmere cuts jobs. Prices of land rise"
    found = list(candidates_in(text, ["Northmere"], random.Random(2)))
    assert found[0].is_company
    assert "<^" in found[0].features
    assert ">cuts" in found[0].features
    assert not any(one.is_company for one in found[1:])


def test_what_stands_beside_names_is_learned() -> None:
    fitted = fit(ARTICLES)
    assert fitted.balanced_accuracy > 0.9
    assert fitted.weights["<^"] > 0
    written: dict[str, object] = {}
    exec(as_module(fitted, len(ARTICLES)), written)  # noqa: S102 - our own
    assert written["WEIGHTS"] == fitted.weights
    assert written["BIAS"] == fitted.bias
