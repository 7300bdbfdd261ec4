"""The page of results: ours beside what others published."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.quantising import Agreement
from pipelines.support_qa.voting import Voting

if TYPE_CHECKING:
    from pipelines.support_qa.banking77 import Banking77Settings

# Accuracy on the same 3,080 test questions with the whole training part.
PUBLISHED = {
    "BERT-large, fine-tuned (Casanueva et al. 2020)": 93.66,
    "USE, dual encoder (same paper)": 92.81,
    "ConveRT, dual encoder (same paper)": 93.01,
    "USE + ConveRT (same paper)": 93.36,
    "bge-small embeddings and a linear SVM (a public page)": 93.08,
    "embedding and reranking of examples (a public page)": 94.42,
}
OURS = {
    "base model as it comes, fp32, nearest question": "base_nearest",
    "base model as it comes, fp32, vote": "base_vote",
    "fine-tuned, fp32, nearest question": "fp32_nearest",
    "fine-tuned, fp32, vote": "fp32_vote",
    "fine-tuned, int8, nearest question": "int8_nearest",
    "fine-tuned, int8, first of the service's search (meaning and words)": "int8_fused",
    "**fine-tuned, int8, vote**": "int8_vote",
}
PAGE = """# Support QA on banking77

Which of 77 intents does a bank's customer mean? 10,003 training questions are indexed with their
intents; each of the 3,080 test questions gets the intent of what is found for it. MiniLM-L6 has 22
million parameters, and serves at int8 on one core; BERT-large has 340 million.

| retriever | accuracy, % |
|---|---|
{ours}

On 3,080 questions one standard error of such a figure is 0.5 points; so is what lies between most
of these rows.

Published, with the whole training part, quoted and not run again:

| classifier | accuracy, % |
|---|---|
{published}

## How

- `pipelines evaluate support-qa --data FOLDER`, {day}, on {machine}; one run, seed {seed}.
- Fine-tuning: supervised contrastive (Khosla et al. 2020) on the training part alone. No test
  question was used to choose anything.
- Vote: the {neighbours} nearest training questions, each with weight exp(cosine / {temperature});
  both numbers chosen by leaving one out, on the training questions and the base model's vectors.
- int8 beside fp32: cosine {cosine_mean:.4f} on average, {cosine_min:.4f} at worst; the same nearest
  training question for {top1:.1%} of the test questions.

Settings: {settings}.

| stage | seconds |
|---|---|
{seconds}
"""


def write_report(
    path: Path,
    figures: Mapping[str, float],
    agreement: Agreement,
    voting: Voting,
    settings: Banking77Settings,
    seconds: Mapping[str, float],
) -> None:
    """Write the page, in Markdown."""
    page = PAGE.format(
        ours=_table((name, f"{100 * figures[key]:.2f}") for name, key in OURS.items()),
        published=_table((name, f"{value:.2f}") for name, value in PUBLISHED.items()),
        seconds=_table((name, f"{value:.0f}") for name, value in seconds.items()),
        settings=", ".join(f"{name} {value}" for name, value in asdict(settings).items()),
        day=f"{datetime.now(UTC):%Y-%m-%d}",
        machine=_machine(),
        seed=settings.seed,
        **asdict(agreement),
        **voting._asdict(),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")


def _table(rows: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"| {name} | {value} |" for name, value in rows)


def _machine() -> str:
    return f"{os.cpu_count()} cores of {_processor()}"


def _processor() -> str:
    cpus = Path("/proc/cpuinfo")
    lines = cpus.read_text(encoding="utf-8").splitlines() if cpus.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
