"""What is searched for a message, by what it does in the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textwire.support_qa.dialogue_acts import Reading, Said, message_in_context
from textwire.support_qa.follow_ups import read_with_turns
from textwire.support_qa.messages import Act, Turn
from textwire.support_qa.splitting import clauses, split_questions, without_unwished

# Acts behind which there may be a question all the same: it is answered if an answer is sure.
PERHAPS_ASKING: frozenset[Act] = frozenset({"complaint", "refuses_person"})
ASKING: frozenset[Act] = PERHAPS_ASKING.union(("question", "follow_up", "two_questions"))
# A reading that is less sure is checked against what the search says.
SURE = 0.75
# Of one that mainly complains or refuses so much of a question is enough. Held out, nine in ten of
# those that ask have 0.15 or more of it, and nine in ten of the others 0.14 or less; if all were
# searched, one refusal in five would find an answer that seems sure.
MAY_HAVE_PART = 0.1
# An act of which a message has this much is in it.
HAS_PART = 0.5


@dataclass(frozen=True)
class Understood:
    """A message with what it does, and the texts that are searched for it.

    searches  of which the best counts.
    parts     its questions where it asks several, each with searches of its own.
    foreign   the language of a message that is not in the bot's; its act is not known then.
    """

    reading: Reading
    searches: tuple[str, ...] = ()
    parts: tuple[tuple[str, ...], ...] = ()
    foreign: str | None = None

    @property
    def act(self) -> Act:
        """What the message does."""
        return self.reading.act

    @property
    def all_searches(self) -> tuple[str, ...]:
        """Everything that is searched for it."""
        return (*self.searches, *(text for part in self.parts for text in part))


def in_context(text: str, before: Sequence[Turn]) -> str:
    """What the classifier of dialogue acts reads of a message."""
    said = [Said(turn.role == "customer", turn.text) for turn in before if not turn.refused]
    return message_in_context(text, said)


def understood(
    text: str, before: Sequence[Turn], reading: Reading, foreign: str | None = None
) -> Understood:
    """What is searched for a message."""
    if foreign:
        return Understood(Reading("question", 0.0, {}), (text,), foreign=foreign)
    with_turns = read_with_turns(text, before)
    match reading.act:
        case "follow_up":
            alone = () if reading.probability >= SURE else (text,)
            return Understood(reading, (with_turns, *alone))
        case "two_questions":
            return Understood(reading, (text,), _parts(split_questions(text)))
        case "question":
            leaning = (with_turns,) if reading.probability < SURE and with_turns != text else ()
            return Understood(reading, (without_unwished(text), *leaning))
        case "complaint" | "refuses_person":
            said = without_unwished(text)
            parts = [part for part in clauses(said) if part != said]
            asks = reading.parts.get("question", 0.0) >= MAY_HAVE_PART
            return Understood(reading, (said, *parts) if asks else ())
        case _:
            asks = reading.parts.get("question", 0.0) >= HAS_PART
            return Understood(reading, (text,) if asks and reading.act != "wants_person" else ())


def _parts(questions: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """What is searched for each of several questions.

    "What is the rate on pots and can I withdraw any time": the second has no subject of its own, so
    it is also searched as one that follows the first.
    """
    if len(questions) < 2:
        return ()
    first, *others = questions
    return ((first,), *((other, f"{first}\n{other}") for other in others))
