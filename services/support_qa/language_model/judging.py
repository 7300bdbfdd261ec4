"""A reply judged while it comes: which of its whole sentences the sources support."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from services.support_qa.language_model.grounding import Evidence, support
from services.support_qa.language_model.reading import read_sentences
from services.support_qa.replying.extracting import GOES_ON
from textwire.language_model.failures import NotWorded
from textwire.support_qa.messages import Source

Kept = tuple[str, int, tuple[str, ...]]
"""A sentence, the place of its source, and the sentences of it that it rests on."""

# An answer of which most had to be dropped is not one to build on.
LEAST_KEPT = 0.5
# Nobody reads more; and a sentence as long as this is none.
MOST_SENTENCES = 12
MOST_SENTENCE_CHARACTERS = 600
# Nothing else ends a sentence, or a line that is one.
ENDING = re.compile(r"[.!?…。！？\n]")


class Judge:
    """Keeps the sentences that the sources support, in their order; each is judged for good.

    One that goes on from a sentence that is dropped ("It costs…") is dropped with it.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        self._passages = [Evidence(one.text, one.title or "", one.url or "") for one in sources]
        self._dropped_before = False
        self.judged: list[str] = []
        self.kept: list[Kept] = []

    def judge(self, sentence: str) -> None:
        """Keep the next sentence, or drop it."""
        if len(self.judged) < MOST_SENTENCES:
            leans = self._dropped_before and GOES_ON.match(sentence)
            too_long = len(sentence) > MOST_SENTENCE_CHARACTERS
            found = None if leans or too_long else support(sentence, self._passages)
            self._dropped_before = found is None
            if found:
                self.kept.append((sentence, *found))
        self.judged.append(sentence)

    @property
    def enough(self) -> bool:
        """Whether of what was judged so much is kept that it can be built on."""
        return len(self.kept) >= max(1, LEAST_KEPT * len(self.judged))


def supported(sentences: Sequence[str], sources: Sequence[Source]) -> list[Kept]:
    """The sentences that the sources support, in their order."""
    judge = Judge(sources)
    for sentence in sentences:
        judge.judge(sentence)
    return judge.kept


class JudgedReply:
    """A model's reply on its way: each sentence is judged once it is whole.

    `show` is told the sentences to be shown, each time there are more of them. None is ever taken
    back: the last sentence may still grow and waits, a reply of which most was dropped shows no
    more until that changes, and nothing is shown that could yet become what was `said_before`.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        said_before: Sequence[str],
        show: Callable[[Sequence[Kept]], None] | None,
    ) -> None:
        """Args: show: None: to nobody."""
        self._judge = Judge(sources)
        self._said_before, self._show = said_before, show
        self._read_characters = 0
        self._may_have_ended = False
        self.shown = 0

    @property
    def kept(self) -> list[Kept]:
        """The sentences that the sources support."""
        return self._judge.kept

    @property
    def dropped(self) -> int:
        """How many are not."""
        return len(self._judge.judged) - len(self._judge.kept)

    @property
    def enough(self) -> bool:
        """Whether so much is kept that it can be built on."""
        return self._judge.enough

    def heard(self, text: str) -> None:
        """All that was said so far."""
        added, self._read_characters = text[self._read_characters :], len(text)
        self._may_have_ended = self._may_have_ended or bool(ENDING.search(added))
        if not self._may_have_ended:
            return
        try:
            *whole, growing = read_sentences(text, cut_off=False) or [""]
        except NotWorded:  # not yet, at least
            return
        self._may_have_ended = bool(ENDING.search(growing))
        if self._go_on(whole):
            self._show_more()

    def ended(self, text: str, *, cut_off: bool) -> None:
        """All that was said.

        Raises: NotWorded: nothing was said, or that nothing can be.
        """
        sentences = read_sentences(text, cut_off=cut_off)
        if not self._go_on(sentences):
            # What came behind made other sentences of it. What was judged stays as it was judged.
            judged = set(self._judge.judged)
            for sentence in sentences:
                if sentence not in judged:
                    self._judge.judge(sentence)

    def _go_on(self, sentences: Sequence[str]) -> bool:
        """Judge those that are new, where the others are what they were."""
        judged = len(self._judge.judged)
        if list(sentences[:judged]) != self._judge.judged:
            return False
        for sentence in sentences[judged:]:
            self._judge.judge(sentence)
        return True

    def _show_more(self) -> None:
        if self._show is None or len(self.kept) == self.shown:
            return
        if not self.enough or self._may_repeat():
            return
        self.shown = len(self.kept)
        self._show(self.kept)

    def _may_repeat(self) -> bool:
        text = plain_text(self.kept)
        return any(before.startswith(text) for before in self._said_before)


def plain_text(kept: Sequence[Kept]) -> str:
    """The sentences alone."""
    return " ".join(sentence for sentence, _, _ in kept)


def cited_text(kept: Sequence[Kept]) -> str:
    """The sentences; behind those of one source its number, as the answer counts its sources."""
    text = ""
    for place, (sentence, source, _) in enumerate(kept):
        is_last_of_source = place + 1 == len(kept) or kept[place + 1][1] != source
        text += f"{sentence} [{source + 1}] " if is_last_of_source else f"{sentence} "
    return text.rstrip()
