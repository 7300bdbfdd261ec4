"""The sentences of what a language model said, in plain text."""

from __future__ import annotations

import re

from services.support_qa.language_model.prompt import NOTHING
from textwire.language_model.failures import NotWorded
from textwire.language_model.plain_data import without_thinking
from textwire.support_qa.passage_texts import sentences

MARKDOWN_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]*)[^)]*\)")
# Bullets, numbers of steps, headings and quotes at the beginning of a line.
LINE_MARK = re.compile(r"^[ \t]*(?:[-*•>]|#{1,6}|\d{1,2}[.)])[ \t]+", re.MULTILINE)
EMPHASIS = re.compile(r"\*\*|__|`+|(?<!\w)[*_](?=\w)|(?<=[\w.,!?])[*_](?!\w)")
# The citations are ours, by what a sentence rests on, and not what the model says that it does.
CITATION = re.compile(
    r"\s*[\[(](?:(?:passages?|sources?|quellen?)\s*)?\d{1,2}(?:\s*,\s*\d{1,2})*[\])]", re.IGNORECASE
)
TAG = re.compile(r"</?[a-z][^<>]{0,200}>", re.IGNORECASE)
# What leads in and says nothing; and a yes or no, which fits the question or not, as nobody checks.
LEAD = re.compile(
    r"^(?:(?:yes|no|sure|certainly|of course|absolutely|great question|ja|nein|klar|natürlich)"
    r"\s*[,.!:–—-]+\s*)+",
    re.IGNORECASE,
)
# A customer sees no passage that states.
SAYS_WHO = re.compile(
    r"^(?:the (?:passages?|text) (?:clearly |also )?(?:states?|says?|mentions?)(?: that\b)?"
    r"|according to the (?:passages?|text))\s*[,:]?\s*",
    re.IGNORECASE,
)
ENDED = re.compile(r"[.!?…。！？][\"'”’)\]]*$")


def read_sentences(text: str, *, cut_off: bool) -> list[str]:
    """What was said, sentence by sentence, each once.

    Args:   cut_off: whether the model was stopped before its end; an unfinished sentence is left.
    Raises: NotWorded: nothing was said, or that nothing can be.
    """
    said = EMPHASIS.sub("", MARKDOWN_LINK.sub(r"\1 \2", without_thinking(text)))
    said = CITATION.sub("", TAG.sub(" ", LINE_MARK.sub("", said))).strip()
    if not said:
        raise NotWorded("empty", "it said nothing")
    if said.strip(" .\"'").upper() == NOTHING:
        raise NotWorded("declined", "it found no answer in the passages")
    found = sentences(said)
    if cut_off and found and not ENDED.search(found[-1]):
        found.pop()
    plain = [_without_lead(" ".join(one.split())) for one in found]
    return list(dict.fromkeys(one for one in plain if one))


def without_citations(text: str) -> str:
    """A text of the bot's in one line, without the numbers of its sources."""
    return " ".join(CITATION.sub("", text).split())


def _without_lead(sentence: str) -> str:
    rest = SAYS_WHO.sub("", LEAD.sub("", sentence))
    return rest[:1].upper() + rest[1:] if rest != sentence else sentence
