"""The page of results on public data: ours beside what others published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.measuring.report_page import machine, settings_line, table

if TYPE_CHECKING:
    from pipelines.support_qa.public import banking77, stackfaq

# Accuracy on the same 3,080 test questions with the whole training part.
PUBLISHED_BANKING77 = {
    "BERT-large, fine-tuned (Casanueva et al. 2020)": 93.66,
    "USE, dual encoder (same paper)": 92.81,
    "ConveRT, dual encoder (same paper)": 93.01,
    "USE + ConveRT (same paper)": 93.36,
    "bge-small embeddings and a linear SVM (a public page)": 93.08,
    "embedding and reranking of examples (a public page)": 94.42,
}
OUR_BANKING77 = {
    "base model as it comes, fp32, nearest question": "base_nearest",
    "base model as it comes, fp32, vote": "base_vote",
    "fine-tuned, fp32, nearest question": "fp32_nearest",
    "fine-tuned, fp32, vote": "fp32_vote",
    "fine-tuned, int8, nearest question": "int8_nearest",
    "fine-tuned, int8, first of the service's search (meaning and words)": "int8_fused",
    "**fine-tuned, int8, vote**": "int8_vote",
}

# MAP, lexical and BERT: the repository ML-Recipes/BERT-FAQ.
PUBLISHED_STACKFAQ = {
    "lexical search over questions": 66.48,
    "lexical search over questions and answers": 63.66,
    "BERT ranker, trained on the FAQ's own pairs": 77.77,
    "BERT ranker, trained on paraphrases too, at best": 97.81,
}
OUR_STACKFAQ = {
    "base model as it comes, fp32, by meaning": "base_meaning",
    "base model as it comes, fp32, the service's search without close reading": "base_skimmed",
    "base model as it comes, fp32, the service's search": "base_served",
    "fine-tuned, fp32, by meaning": "fp32_meaning",
    "fine-tuned, fp32, the service's search without close reading": "fp32_skimmed",
    "fine-tuned, fp32, the service's search": "fp32_served",
    "fine-tuned, int8, by meaning": "int8_meaning",
    "fine-tuned, int8, the service's search without close reading": "int8_skimmed",
    "**fine-tuned, int8, the service's search**": "int8_served",
}
PAGE = """# Support QA on public data

`pipelines evaluate support-qa --data FOLDER`, {day}, on {machine}. MiniLM-L6 has 22 million
parameters, and serves at int8 on one core; BERT-large has 340 million. Figures of others are quoted
and not run again. No question that is judged on was used to choose anything.

{sections}
"""
BANKING77 = """## banking77: the intent of a question

Which of 77 intents does a bank's customer mean? 10,003 training questions are indexed with their
intents; each of the 3,080 test questions gets the intent of what is found for it.

| retriever | accuracy, % |
|---|---|
{ours}

On 3,080 questions one standard error of such a figure is 0.5 points; so is what lies between most
of these rows.

Published, with the whole training part:

| classifier | accuracy, % |
|---|---|
{published}

- One run, seed {seed}. Fine-tuning: supervised contrastive (Khosla et al. 2020) on the training
  part alone.
- Vote: the {neighbours} nearest training questions, each with weight exp(cosine / {temperature});
  both numbers chosen by leaving one out, on the training questions and the base model's vectors.
- int8 beside fp32: cosine {cosine_mean:.4f} on average, {cosine_min:.4f} at worst; the same nearest
  training question for {top1:.1%} of the test questions.
- Settings: {settings}.

| stage | seconds |
|---|---|
{seconds}
"""
STACKFAQ = """## stackfaq: the answers to a question

125 threads of a question-and-answer site with 719 answers, and 1,250 paraphrases of the questions.
All answers are ranked for a paraphrase; those of its own thread are right. Learned from the first
half of each thread's paraphrases, judged on the other half.

| retriever | mean average precision, % |
|---|---|
{ours}

Published:

| ranker | mean average precision, % |
|---|---|
{published}

The published rankers were judged on splits of their own, which the repository does not give, so
these rows stand beside ours and not in one contest with them. With paraphrases of the same threads
to learn from, the task is to recognise a thread in other words.

- One run, seed {seed}. Fine-tuning: InfoNCE, one answer of a thread for all its paraphrases,
  another one in each epoch.
- int8 beside fp32: cosine {cosine_mean:.4f} on average, {cosine_min:.4f} at worst.
- Settings: {settings}.

| stage | seconds |
|---|---|
{seconds}
"""


def write_page(path: Path, sections: list[str]) -> None:
    """Write the page, in Markdown."""
    page = PAGE.format(
        day=f"{datetime.now(UTC):%Y-%m-%d}", machine=machine(), sections="\n".join(sections).strip()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")


def banking77_section(
    outcome: banking77.IntentResult,
    settings: banking77.Banking77Settings,
    seconds: Mapping[str, float],
) -> str:
    """The part on banking77."""
    return BANKING77.format(
        ours=_percent(OUR_BANKING77, outcome.figures),
        published=_percent(PUBLISHED_BANKING77),
        seconds=table((name, f"{value:.0f}") for name, value in seconds.items()),
        settings=settings_line(settings),
        seed=settings.seed,
        **asdict(outcome.agreement),
        **outcome.voting._asdict(),
    )


def stackfaq_section(
    outcome: stackfaq.FaqResult, settings: stackfaq.StackFaqSettings, seconds: Mapping[str, float]
) -> str:
    """The part on stackfaq."""
    return STACKFAQ.format(
        ours=_percent(OUR_STACKFAQ, outcome.figures),
        published=_percent(PUBLISHED_STACKFAQ),
        seconds=table((name, f"{value:.0f}") for name, value in seconds.items()),
        settings=settings_line(settings),
        seed=settings.seed,
        **asdict(outcome.agreement),
    )


def _percent(
    rows: Mapping[str, str] | Mapping[str, float], figures: Mapping[str, float] | None = None
) -> str:
    values = {name: 100 * figures[str(key)] if figures else key for name, key in rows.items()}
    return table((name, f"{value:.2f}") for name, value in values.items())
