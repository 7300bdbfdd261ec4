"""What is searched for a message, by what it does in the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from services.support_qa.understanding.act_reading import HAS_PART, SURE
from services.support_qa.understanding.searching import Search
from textwire.support_qa.content_words import content
from textwire.support_qa.dialogue_acts import Reading
from textwire.support_qa.distress import Distress, distress_in
from textwire.support_qa.follow_ups import asked_before, read_with_turns
from textwire.support_qa.masking import is_bare_datum
from textwire.support_qa.messages import Act, Turn
from textwire.support_qa.offered_choices import choice_taken, points_at_choice
from textwire.support_qa.own_account import asks_of_own_account
from textwire.support_qa.passage_index import Candidate
from textwire.support_qa.splitting import clauses, split_questions, without_unwished

# Acts behind which there may be a question all the same: it is answered if an answer is sure.
PERHAPS_ASKING: frozenset[Act] = frozenset({"complaint", "refuses_person"})
SURELY_ASKING: frozenset[Act] = frozenset({"question", "follow_up", "two_questions"})
ASKING = PERHAPS_ASKING | SURELY_ASKING
# Of one that mainly complains or refuses so much of a question is enough. Held out, nine in ten of
# those that ask have 0.15 or more of it, and nine in ten of the others 0.14 or less; if all were
# searched, one refusal in five would find an answer that seems sure.
MAY_HAVE_PART = 0.1
# Read as one of these, but not surely, a message is searched: what surely has an answer asked. Of
# 634 held-out turns 55 are read so, and 12 of these ask something.
DOUBTED: frozenset[Act] = frozenset(
    {"greeting", "thanks", "goodbye", "small_talk", "nonsense", "wants_person"}
)
# A question that says no more than this may lean on what was asked: "what fees", after shares.
LITTLE = 1
# Nobody greets or thanks in so many words: there is something else in them.
LONG_WORDS = 25
CHAT: frozenset[Act] = frozenset({"small_talk", "complaint", "nonsense"})
LONG_ASKS: frozenset[Act] = frozenset({"greeting", "thanks", "goodbye", "small_talk", "nonsense"})


@dataclass(frozen=True)
class Understood:
    """A message with what it does, and the texts that are searched for it.

    searches  of which the best counts.
    parts     its questions where it asks several, each with searches of its own.
    leaning   what a question that says little is searched with if it goes on from another.
    rejected  what was asked before the answer that it complains of, if it does; else nothing.
    foreign   the language of a message that is not in the bot's; its act is not known then.
    distress  whether who writes grieves, or may be in danger.
    corrects  whether it says that something else was meant: "not the app's PIN, the card's".
    of_own    whether it asks what stands in the customer's own account, which no passage knows.
    """

    reading: Reading
    searches: tuple[Search, ...] = ()
    parts: tuple[tuple[Search, ...], ...] = ()
    leaning: tuple[Search, ...] = ()
    rejected: tuple[Search, ...] = ()
    foreign: str | None = None
    distress: Distress | None = None
    corrects: bool = False
    of_own: bool = False

    @property
    def act(self) -> Act:
        """What the message does."""
        return self.reading.act

    @property
    def all_searches(self) -> tuple[Search, ...]:
        """Everything that is searched for it."""
        in_parts = (search for part in self.parts for search in part)
        return (*self.searches, *in_parts, *self.leaning, *self.rejected)


def understood(
    text: str,
    before: Sequence[Turn],
    reading: Reading,
    foreign: str | None = None,
    *,
    is_heading: bool = False,
    asking: Sequence[str] = (),
) -> Understood:
    """What is searched for a message.

    Args: is_heading: it says what a passage is headed by: "How do I complain?" is no complaint.
          asking: the clauses that ask of one that refuses a person; see `asking_clauses`.
    """
    if (plain := _understood_by_its_words(text, before, reading, foreign, is_heading)) is not None:
        return plain
    read = _understood_by_its_act(text, before, _reconsidered(reading, text), asking)
    distress = distress_in(text)
    if distress or asks_of_own_account(text):
        read = replace(read, distress=distress, of_own=distress is None)
    return _of_a_death(text, read) if distress == "grief" else _after_a_death(read, before)


def _understood_by_its_act(
    text: str, before: Sequence[Turn], reading: Reading, asking: Sequence[str]
) -> Understood:
    text = " ".join(asking) or text
    alone = Search(text)
    with_turns = read_with_turns(text, before)
    leaning = () if with_turns == text else (Search(text, with_turns),)
    match reading.act:
        case "refuses_person" if asking:
            together = dict.fromkeys((text, *asking))
            return Understood(reading, tuple(Search(clause) for clause in together))
        case "follow_up":
            if (meant := without_unwished(text)) != text:
                return replace(_understood_by_its_act(meant, before, reading, ()), corrects=True)
            too = (alone,) if reading.probability < SURE or not leaning else ()
            return Understood(reading, (*leaning, *too))
        case "two_questions":
            return Understood(reading, (alone,), _parts(split_questions(text)))
        case "question":
            own = Search(without_unwished(text))
            if len(content(text)) <= LITTLE:
                return Understood(reading, (own,), leaning=leaning)
            return Understood(reading, (own, *(leaning if reading.probability < SURE else ())))
        case "complaint" | "refuses_person":
            searches = _complained_of(text, reading, leaning)
            return Understood(reading, searches, rejected=_rejected(reading.act, before))
        case _:
            return Understood(reading, (alone,) if _may_ask(reading) else ())


def _understood_by_its_words(
    text: str, before: Sequence[Turn], reading: Reading, foreign: str | None, is_heading: bool
) -> Understood | None:
    """What a message says whatever it was read as; None: what it was read as counts."""
    # After these the bot offered a colleague too, and a yes means that one.
    offers_colleague = reading.act == "yes" and _last_act(before) in ("complaint", "insult")
    choices = () if offers_colleague else standing_choices(before)
    if (choice := choice_taken(text, choices)) is not None:
        return Understood(Reading("question", 1.0, {}), (Search(choice),))
    if reading.act in SURELY_ASKING and points_at_choice(text):
        return Understood(Reading("nonsense", 1.0, {}))
    if is_heading and reading.act != "wants_person":
        return Understood(Reading("question", 1.0, {}), (Search(text),))
    if is_bare_datum(text):
        return Understood(Reading("personal_data", 1.0, {}))
    if foreign and not _is_name(text, reading):
        return Understood(Reading("question", 0.0, {}), (Search(text),), foreign=foreign)
    return None


def _complained_of(text: str, reading: Reading, leaning: tuple[Search, ...]) -> tuple[Search, ...]:
    """What a complaint, or who refuses a person, may ask for besides."""
    unsure = reading.act == "complaint" and reading.probability < SURE
    if not unsure and reading.parts.get("question", 0.0) < MAY_HAVE_PART:
        return ()
    said = without_unwished(text)
    parts = [Search(part) for part in clauses(said) if part != said]
    return (Search(said), *parts, *(leaning if unsure else ()))


def _is_name(text: str, reading: Reading) -> bool:
    """Whether it is a name alone: "Kowalczyk" is no message in Polish."""
    surely = reading.act == "personal_data" and reading.probability >= SURE
    return surely and len(text.split()) == 1


def _rejected(act: Act, before: Sequence[Turn]) -> tuple[Search, ...]:
    """What was asked, where a complaint comes right after an answer: "That is not what I asked"."""
    told = next((turn.outcome for turn in reversed(before) if turn.role == "bot"), None)
    asked = asked_before(before) if act == "complaint" and told == "answered" else ""
    return (Search(asked),) if asked else ()


def standing_choices(before: Sequence[Turn]) -> tuple[str, ...]:
    """What the bot asked back with last: "Technical data" is small talk of nobody then."""
    return next((turn.choices for turn in reversed(before) if turn.role == "bot"), ())


def _last_act(before: Sequence[Turn]) -> Act | None:
    return next((turn.act for turn in reversed(before) if turn.role == "customer"), None)


def _of_a_death(text: str, read: Understood) -> Understood:
    """Who tells of a death asks what is to be done, in whatever words."""
    if read.act == "wants_person":
        return read
    searches = dict.fromkeys((*read.searches, Search(text), *map(Search, clauses(text))))
    asks = read.act in SURELY_ASKING or read.act == "refuses_person"
    reading = read.reading if asks else Reading("question", 0.0, read.reading.parts)
    return replace(read, reading=reading, searches=tuple(searches))


def _after_a_death(read: Understood, before: Sequence[Turn]) -> Understood:
    """What else is said of it afterwards is no chat: "we were married 41 years"."""
    told = any(turn.role == "customer" and distress_in(turn.text) == "grief" for turn in before)
    asks = read.reading.parts.get("question", 0.0) >= HAS_PART
    if not told or asks or read.act not in CHAT:
        return read
    return Understood(read.reading, distress="grief")


def _reconsidered(reading: Reading, text: str) -> Reading:
    """What a long greeting, or a refusal that is nearly a wish, is taken for."""
    if reading.act in LONG_ASKS and len(text.split()) >= LONG_WORDS:
        return Reading("question", 1 - reading.probability, reading.parts)
    # "Rather a human than a machine": who is called in vain does less harm than who is not called.
    wishes = reading.parts.get("wants_person", 0.0) >= HAS_PART
    if reading.act == "refuses_person" and reading.probability < SURE and wishes:
        return Reading("wants_person", 1 - reading.probability, reading.parts)
    return reading


def _may_ask(reading: Reading) -> bool:
    """Whether a message that mainly does something else may ask something all the same."""
    if reading.act in DOUBTED and reading.probability < SURE:
        return True
    return reading.act != "wants_person" and reading.parts.get("question", 0.0) >= HAS_PART


def _parts(questions: Sequence[str]) -> tuple[tuple[Search, ...], ...]:
    """What is searched for each of several questions: first as it is understood, then alone.

    "What is the rate on pots and can I withdraw any time": the second has no subject of its own,
    so it is read beside the first.
    """
    if len(questions) < 2:
        return ()
    first, *others = questions
    return (
        (Search(first),),
        *((Search(other, f"{first}\n{other}"), Search(other)) for other in others),
    )


def each_a_new_passage(
    message: Understood, found: Sequence[Sequence[Candidate]]
) -> list[Sequence[Candidate]]:
    """Of several questions the later ones without what earlier ones found: each asks for its own.

    Args: found: for each of `message.all_searches`. What was searched for a question alone stays,
          and so does what was asked before.
    """
    kept = list(found[: len(message.searches)])
    each = iter(found[len(message.searches) :])
    taken: set[str] = set()
    for part in message.parts:
        as_understood, *alone = islice(each, len(part))
        new = [candidate for candidate in as_understood if candidate.passage.text not in taken]
        taken |= {candidate.passage.text for candidate in new[:1]}
        kept += [new, *alone]
    return [*kept, *each]
