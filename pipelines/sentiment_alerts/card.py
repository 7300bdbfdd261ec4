"""The model card: what the model is, what made it, how good it is, and where it fails."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.artifacts.drafting import made_from
from pipelines.classification.examples import Examples
from pipelines.sentiment_alerts.calibrate import Halves
from pipelines.sentiment_alerts.data import NewsData
from pipelines.sentiment_alerts.events.card import events_part
from textwire.models.artifacts.manifest import Manifest
from textwire.sentiment_alerts.scoring.article_scorer import TOPIC_PREFIX
from textwire.sentiment_alerts.scoring.tone import TONE_THRESHOLD

MODELS = (("as it began, fp32", "base_"), ("tuned, fp32", "fp32_"), ("tuned, int8", ""))


def write_card(manifest: Manifest, data: NewsData, halves: Halves) -> str:
    """The card, in Markdown."""
    m = manifest.metrics
    t = manifest.temperatures
    fitted, reported = halves
    return f"""# {manifest.task} {manifest.version}

Tells the tone of a piece of news, {", ".join(manifest.labels)}, as an investor reads it: of the
whole article, and for each company that it names (`Company [SEP] headline`, and the sentences of
the body that name it, with `[MASK]` for the company). {_about(manifest)}
Reads at most {manifest.max_tokens} tokens of a text.

- Base: {manifest.base}. Licence: {manifest.licence or "that of the base model"}.
- Method: {manifest.method}.
- Made by Textwire {manifest.textwire_version}, {manifest.created_at:%Y-%m-%d %H:%M} UTC.

## How good it is

{_count(reported)}, held out; calibrated on {_count(fitted)}, held out too, the two
halves drawn by lot.

### Tone

{_tones(m)}

### Topics

{_topics(m, data)}

int8 beside torch: the same label for {m["int8_same_label"]:.1%} of the texts; probabilities differ
by {m["int8_mean_gap"]:.3f} on average, {m["int8_max_gap"]:.3f} at most.

## Confidence

Logits are divided by a temperature of {t["labels"]:.2f} (labels) and {t["topics"]:.2f} (topics),
fitted on the one half. On the other: ECE {m["all_ece"]:.3f}, Brier score {m["all_brier"]:.3f}, over
articles and companies.

A tone less probable than {manifest.thresholds[TONE_THRESHOLD]:.2f} is taken for neutral, in the
accuracies above too. A topic is named from this probability on, chosen by F1 on the fitted half:
{_topic_thresholds(manifest)}.

{events_part(manifest)}## What it does not do

It learned from these texts alone, and its probabilities are calibrated for these: how it reads
texts of others is measured by `pipelines evaluate sentiment-alerts`. Irony, sums to be compared,
and facts that only an expert sees through are beyond it. It knows the languages of its base model.

## Made from

{_learned(data)}. Copies were left out{_repeated(data)}.{_borrowed(data)}

{made_from(manifest)}"""


def _about(manifest: Manifest) -> str:
    if not manifest.topics:
        return "It knows no topics."
    return f"Of an article it tells the topics too: {', '.join(manifest.topics)}."


def _count(examples: Examples) -> str:
    articles = int(examples.has_topics.sum())
    return f"{articles:,} articles with {len(examples) - articles:,} companies in them"


def _topic_thresholds(manifest: Manifest) -> str:
    topics = {
        name.removeprefix(TOPIC_PREFIX): least
        for name, least in manifest.thresholds.items()
        if name.startswith(TOPIC_PREFIX)
    }
    return ", ".join(f"{topic} {least}" for topic, least in topics.items()) or "none"


def _learned(data: NewsData) -> str:
    companies = sum(len(article.entities) for article in data.train)
    return f"{len(data.train):,} articles with {companies:,} companies in them"


def _borrowed(data: NewsData) -> str:
    return "".join(f"\n\n{notice}" for notice in data.notices)


def _tones(m: Mapping[str, float]) -> str:
    rows = [
        f"| {name} | {_figures(m, key)} | {_figures(m, f'{key}company_')} |" for name, key in MODELS
    ]
    heading = (
        "| model | articles: accuracy | macro-F1 | companies: accuracy | macro-F1 |\n"
        "|---|---|---|---|---|"
    )
    return "\n".join([heading, *rows])


def _figures(m: Mapping[str, float], key: str) -> str:
    names = (f"{key}accuracy", f"{key}macro_f1")
    return " | ".join(f"{m[name]:.3f}" if name in m else "-" for name in names)


def _topics(m: Mapping[str, float], data: NewsData) -> str:
    if not data.topics or "topic_micro_f1" not in m:
        return "There are none." if not data.topics else "No reported article has one."
    rows = [
        f"| {name} | {m[f'{key}topic_micro_f1']:.3f} | {m[f'{key}topic_macro_f1']:.3f} |"
        for name, key in MODELS
    ]
    return "\n".join(["| model | micro-F1 | macro-F1 |\n|---|---|---|", *rows])


def _repeated(data: NewsData) -> str:
    return f", and {data.repeated} rows that repeat another" if data.repeated else ""
