"""Sending what a customer asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from dashboards.connections import MessageSender
from dashboards.requests import send_all
from dashboards.support_qa.conversation import WaitingQuestion
from textwire.support_qa.topics import SUPPORT_QUESTIONS


def send_waiting(waiting: list[WaitingQuestion], sender: Callable[[], MessageSender]) -> bool:
    """Send what is not sent yet, noting in place what became of it.

    Returns: whether something could not be sent just now.
    """
    fresh = [index for index, asked in enumerate(waiting) if not asked.sent and not asked.problem]
    for index in fresh:
        waiting[index] = _sent(waiting[index], sender)
    return any(waiting[index].problem for index in fresh)


def forgiven(waiting: Sequence[WaitingQuestion]) -> list[WaitingQuestion]:
    """The same questions, to be tried again."""
    return [replace(asked, problem="") for asked in waiting]


def _sent(asked: WaitingQuestion, sender: Callable[[], MessageSender]) -> WaitingQuestion:
    problem = send_all([(SUPPORT_QUESTIONS, asked.question)], sender)
    return replace(asked, sent=not problem, problem=problem)
