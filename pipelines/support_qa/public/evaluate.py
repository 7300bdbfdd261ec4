"""Support QA on public data, one data set after another, and the page of results."""

from __future__ import annotations

from pipelines.measuring.evaluation import EvaluationOptions
from pipelines.running.progress import Progress
from pipelines.support_qa.public.banking77 import Banking77Settings, evaluate_banking77
from pipelines.support_qa.public.report import banking77_section, stackfaq_section, write_page
from pipelines.support_qa.public.stackfaq import StackFaqSettings, evaluate_stackfaq


def evaluate_support_qa(options: EvaluationOptions, progress: Progress) -> None:
    """Measure, say the figures, and write the page unless only one data set was asked for.

    Raises: DataError: the data are not there, or not as they should be.
    """
    sections = []
    if options.wants("banking77"):
        sections.append(_banking77(options, progress))
    if options.wants("stackfaq"):
        sections.append(_stackfaq(options, progress))
    if options.only is None:
        write_page(options.report, sections)
        progress.say(f"Written to {options.report}.")


def _banking77(options: EvaluationOptions, progress: Progress) -> str:
    settings = options.applied(Banking77Settings())
    with progress.part("banking77", 1, 2):
        outcome = evaluate_banking77(options.data / "banking77", settings, progress)
    progress.say(f"banking77, int8, by vote: {outcome.figures['int8_vote']:.2%} right.")
    return banking77_section(outcome, settings, progress.take_seconds())


def _stackfaq(options: EvaluationOptions, progress: Progress) -> str:
    settings = options.applied(StackFaqSettings())
    with progress.part("stackfaq", 2, 2):
        outcome = evaluate_stackfaq(
            options.data / "stackfaq" / "stackfaq.jsonl", settings, progress
        )
    progress.say(f"stackfaq, int8, as it serves: MAP {outcome.figures['int8_served']:.2%}.")
    return stackfaq_section(outcome, settings, progress.take_seconds())
