"""The page of results on public data: ours beside what others published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from pipelines.measuring.report_page import machine, settings_line, table
from pipelines.sentiment_alerts.public.benchmark import LearningResult
from pipelines.sentiment_alerts.public.champion import ChampionResult
from pipelines.sentiment_alerts.public.other_sets import NEUTRAL_BAND
from pipelines.sentiment_alerts.settings import SentimentSettings

PAGE = """# Sentiment on public data

`pipelines evaluate sentiment-alerts --data FOLDER`, {day}, on {machine}. MiniLM-L6 has 22 million
parameters, and serves at int8 on one core; BERT-base has 110 million. Figures of others are quoted
and not run again. No text that is judged on was used to choose anything: the epoch is chosen, and
the temperature fitted, on the watched part.

{sections}
"""
CHAMPION = """## The model that serves, on data it was not fitted to

{name}, {method}; int8. A tone less probable than its manifest's threshold is neutral.
Of SEntFiN it has learned from other headlines if its card says so; of the rest from none.

| data set | read | judged | accuracy, % | macro-F1, % | ECE |
|---|---|---|---|---|---|
{rows}

SEntFiN's headlines that say opposite things of their companies: all of a headline right in
{both_right} of {conflicting}.

- financial_phrasebank: all distinct sentences of which half of the judges were of one mind.
- SEntFiN: the tenth of the headlines that nothing is learned from or chosen on, by company.
- fiqa_posts: posts with a target; a score within {band:g} of zero is neutral.
- gold_headlines: what they say of the price of gold; "none" is neutral.

"""
PHRASEBANK = """## financial_phrasebank, 50 % agreement

Sentences of company news. FinBERT's split (80 to 20 by seed 0, then a tenth to watch) of the
distinct sentences: {train:,} to learn from, {valid:,} watched, {test:,} judged.

| model | accuracy, % | macro-F1, % | ECE |
|---|---|---|---|
{ours}

Published:

| model | accuracy, % | macro-F1, % |
|---|---|---|
| FinBERT (Araci 2019) | 86 | 84 |
| Llama-3.1-8B, zero-shot (Open-Finance-Lab/FinLoRA) | 68.7 | - |
| Llama-3.1-8B, tuned (same) | 85.6 | - |
| GPT-4o (same) | 81.1 | - |
| always neutral | 59.4 | - |

{how}"""
SENTFIN = """## SEntFiN: what a headline says of each company

Headlines with a tone for each entity. Split by headline, 80, 10 and 10 of a hundred by seed
{seed}: {train:,} entities to learn from, {valid:,} watched, {test:,} judged. An entity is named as
the data set names it, and read beside the headline as in serving.

| model | accuracy, % | average accuracy, % | macro-F1, % | ECE |
|---|---|---|---|---|
{ours}

Accuracy counts the entities whose label is right. Average accuracy is the mean over the three
labels of how often it is told rightly whether an entity has that label; it is always the higher.

Published: RoBERTa and FinBERT, 94.29 and F1 93.27 (Sinha et al. 2022), on a split that is not
given. They call it "average accuracy"; which of the two above that is, is not stated in what we
could read.

{how}"""
HOW = """\
- One run, seed {seed}; the epoch kept is {epoch} of {epochs}{frozen}.
- int8 beside fp32: the same label for {same_label:.1%} of the texts; probabilities differ by
  {mean_gap:.3f} on average, {max_gap:.3f} at most.
- Settings: {settings}.

| stage | seconds |
|---|---|
{seconds}
"""
MODELS = {
    "heads on the base model, fp32": "base",
    "fine-tuned, fp32": "fp32",
    "**fine-tuned, int8**": "int8",
}


def write_page(path: Path, sections: list[str]) -> None:
    """Write the page, in Markdown."""
    page = PAGE.format(
        day=f"{datetime.now(UTC):%Y-%m-%d}", machine=machine(), sections="\n".join(sections).strip()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")


def champion_section(outcome: ChampionResult) -> str:
    """The part on the model that serves."""
    rows = [
        f"| {one.name} | {one.read} | {one.texts:,} | {100 * one.figures['accuracy']:.2f} | "
        f"{100 * one.figures['macro_f1']:.2f} | {one.figures['ece']:.3f} |"
        for one in outcome.transfers
    ]
    return CHAMPION.format(
        name=outcome.name,
        method=outcome.method,
        rows="\n".join(rows),
        both_right=outcome.conflicts.right,
        conflicting=outcome.conflicts.headlines,
        band=NEUTRAL_BAND,
    )


def phrasebank_section(
    outcome: LearningResult, settings: SentimentSettings, seconds: Mapping[str, float]
) -> str:
    """The part on financial_phrasebank."""
    return PHRASEBANK.format(
        ours=_ours(outcome, ("accuracy", "macro_f1")),
        how=_how(outcome, settings, seconds),
        **_sizes(outcome),
    )


def sentfin_section(
    outcome: LearningResult, settings: SentimentSettings, seconds: Mapping[str, float]
) -> str:
    """The part on SEntFiN."""
    return SENTFIN.format(
        ours=_ours(outcome, ("accuracy", "average_accuracy", "macro_f1")),
        how=_how(outcome, settings, seconds),
        seed=settings.seed,
        **_sizes(outcome),
    )


def _ours(outcome: LearningResult, names: tuple[str, ...]) -> str:
    f = outcome.figures
    rows = []
    for model, key in MODELS.items():
        percents = [f"{100 * f[f'{key}_{name}']:.2f}" for name in names]
        rows.append(f"| {' | '.join([model, *percents, format(f[f'{key}_ece'], '.3f')])} |")
    return "\n".join(rows)


def _how(outcome: LearningResult, settings: SentimentSettings, seconds: Mapping[str, float]) -> str:
    return HOW.format(
        seed=settings.seed,
        epoch=outcome.epoch,
        epochs=settings.epochs,
        frozen="" if outcome.epoch else ", which is the heads on the frozen model",
        settings=settings_line(settings),
        seconds=table((name, f"{value:.0f}") for name, value in seconds.items()),
        **asdict(outcome.agreement),
    )


def _sizes(outcome: LearningResult) -> dict[str, int]:
    return dict(zip(("train", "valid", "test"), outcome.sizes, strict=True))
