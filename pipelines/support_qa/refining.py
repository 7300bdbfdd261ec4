"""A new champion from what people thought of the last one's answers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import msgspec

from pipelines.pipeline import Pipeline
from pipelines.registry.promoting import promote_if_better
from pipelines.running.options import RunOptions, asked_settings
from pipelines.running.progress import Progress
from pipelines.running.run import run_pipeline
from pipelines.running.training_spec import Source
from pipelines.support_qa.data import SupportData
from pipelines.support_qa.feedback import OWN_FILES, Learnable, WithFeedback, learnable
from pipelines.support_qa.settings import SupportQaTrainingSettings
from textwire.addresses import redis_url
from textwire.errors import DataError
from textwire.file_rights import make_private
from textwire.models.artifacts.registry import Registry, open_registry
from textwire.results.redis import RedisResults
from textwire.rows.known import known_messages
from textwire.settings import StackSettings, load
from textwire.stream.clients.reading import read_to_end
from textwire.support_qa.feedback_results import Judged, read_judged
from textwire.support_qa.messages import Passage
from textwire.support_qa.topics import SUPPORT_KNOWLEDGE
from textwire.wire.message import Message

MOST_LISTED = 20


def refine(
    pipeline: Pipeline[SupportData, SupportQaTrainingSettings],
    own: Source[SupportData] | None,
    options: RunOptions,
    progress: Progress,
) -> None:
    """Learn from the data and from feedback, say what is worse, and let it serve if it may.

    Raises: DataError: there is no feedback to learn from. BrokerUnavailable; RedisUnavailable.
    """
    judged, known = read_feedback()
    refine_from(judged, known, pipeline, own, options, progress)


def read_feedback() -> tuple[list[Judged], dict[str, Passage]]:
    """What was judged and replied, from Redis; the passages that there are, from their topic.

    Raises: BrokerUnavailable; UnknownTopic; RedisUnavailable.
    """
    with closing(RedisResults.from_url(redis_url())) as results:
        judged = read_judged(results)
    records = read_to_end(SUPPORT_KNOWLEDGE.name)
    known = known_messages(records, SUPPORT_KNOWLEDGE, Passage).messages
    return judged, {passage.id: passage for passage in known}


def refine_from(
    judged: list[Judged],
    known: dict[str, Passage],
    pipeline: Pipeline[SupportData, SupportQaTrainingSettings],
    own: Source[SupportData] | None,
    options: RunOptions,
    progress: Progress,
) -> None:
    """The same, of what was read.

    The files that are learned from hold customers' words, and go when it is done.

    Raises: DataError: there is nothing to learn from.
    """
    found = learnable(judged, known)
    progress.say(
        f"{len(found.rows):,} of {len(judged):,} judgements and replies teach something; for "
        f"{found.unused:,} nobody said what is right, or its passage is gone."
    )
    if not found.rows:
        raise DataError(
            "There is no feedback to learn from yet. Thumbs and corrections come from the chat and "
            "the agent desk, or from any program that writes to support.feedback."
        )
    samples, usual = pipeline.usual()
    settings = asked_settings(usual, options)
    registry, work_dir = open_registry(), load(StackSettings).data_dir
    make_private(work_dir)
    with tempfile.TemporaryDirectory(prefix="refine-", dir=work_dir) as folder:
        source = WithFeedback(own or samples, Path(folder))
        write_files(found, known, source)
        spec = pipeline.spec(source, settings, options.mapping)
        version = run_pipeline(pipeline, spec, registry, work_dir, progress, force=options.force)
        tell_regressions(pipeline.task, version, source, registry, progress)
        if not options.no_promote:
            promote_if_better(
                pipeline, spec, version, registry, progress, rules_file=options.rules_file
            )


def write_files(found: Learnable, known: dict[str, Passage], source: WithFeedback) -> None:
    """What is learned from, as files: the rows, and the passages that they name."""
    named = {name for row in found.rows for name in (row.right, row.wrong) if name}
    contents: tuple[Iterable[Message], ...] = (
        found.rows,
        [known[name] for name in sorted(named)],
    )
    for name, messages in zip(OWN_FILES, contents, strict=True):
        lines = b"".join(msgspec.json.encode(message) + b"\n" for message in messages)
        (source.folder / f"{name}.jsonl").write_bytes(lines)


def tell_regressions(
    task: str,
    version: str,
    source: Source[SupportData],
    registry: Registry,
    progress: Progress,
) -> None:
    """List the held-out questions that the champion finds the passage of and the new model not."""
    from pipelines.support_qa.regressions import compare_models

    champion = registry.alias(task)
    if champion is None or champion == version:
        return
    data = source.read()
    before, after = registry.open(task, champion), registry.open(task, version)
    compared = compare_models(before, after, data)
    progress.say(
        f"Of {len(data.held_out):,} held-out questions {len(compared.better):,} find their passage "
        f"first that did not with {champion}, and {len(compared.worse):,} do not any more"
        f"{':' if compared.worse else '.'}"
    )
    for question in compared.worse[:MOST_LISTED]:
        progress.say(f"  {question.passage_id}: {question.text}")
    if len(compared.worse) > MOST_LISTED:
        progress.say(f"  and {len(compared.worse) - MOST_LISTED:,} more.")
