"""A shop to be measured with: catalogues of any size, and what their users do and ask for."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count, cycle
from random import Random

import numpy as np
from msgspec.structs import replace

from benchmarks.driving import Sending
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.messages import BehaviourEvent, Item, ScoreRequest
from textwire.recommendations.topics import RECS_EVENTS, RECS_REQUESTS
from textwire.sample_world.shop import sample_items, sample_tastes, simulate_shoppers
from textwire.samples import samples_dir

BEHAVIOUR_EVENTS = 5_000
# A request in so many says in words what its user is after.
IN_WORDS = 4
# Of a copy's vector, beside the original's length of 1: cosines of about 0.9.
NOISE = 0.5


def shop_items() -> list[Item]:
    """The sample catalogue, all of it published some days ago."""
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(days=7)
    return sample_items(samples_dir() / "recommendations", start)


def composed_items(items: Sequence[Item], count: int) -> list[Item]:
    """The items and as many more as make `count`, put together from their parts.

    The n-th has the title of item n modulo their number, with another's description and tags.
    """
    draw = Random(0)  # noqa: S311 - nothing to guess
    more = []
    for number in range(len(items), count):
        titled, described, tagged = items[number % len(items)], *draw.choices(items, k=2)
        more.append(
            replace(
                titled,
                id=f"x{number:06d}",
                title=f"{titled.title} {number}",
                description=described.description,
                tags=tagged.tags,
            )
        )
    return [*items, *more]


class NoisyCopies:
    """Stands for an encoder that would take half an hour for 100,000 texts.

    The n-th text of all gets the vector of original n modulo their number, and noise.
    """

    def __init__(self, name: str, originals: Vectors) -> None:
        """`originals`: (n, d), of unit length; `name`: of the encoder that made them."""
        self.name = name
        self.dimension = originals.shape[1]
        self._originals = originals
        self._draw = np.random.default_rng(0)
        self._next = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, d) float32, of unit length."""
        places = np.arange(self._next, self._next + len(texts)) % len(self._originals)
        self._next += len(texts)
        noise = self._draw.standard_normal((len(texts), self.dimension), dtype=np.float32)
        noisy = self._originals[places] + NOISE / np.sqrt(self.dimension) * noise
        copies: Vectors = noisy / np.linalg.norm(noisy, axis=1, keepdims=True)
        return copies.astype(np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens are not read."""
        return [0 for _ in texts]


class Shoppers:
    """Users who do and ask, without end, in turns; an event is known as `<user>#<n>`, its n-th."""

    def __init__(self, users: int) -> None:
        """New users, whom nobody knows yet."""
        run = time.time_ns()
        self._users = [f"u{run}-{number}" for number in range(users)]
        self._run = run

    def events(self) -> Iterator[Sending]:
        """What the sample shoppers do, done by these users just now."""
        tastes = sample_tastes(samples_dir() / "recommendations")
        done = simulate_shoppers(shop_items(), tastes, datetime.now(UTC), events=BEHAVIOUR_EVENTS)
        behaviour: list[BehaviourEvent] = [event for event in done if event.kind != "forget"]
        for number, event in enumerate(cycle(behaviour)):
            user = self._users[number % len(self._users)]
            id_ = f"{user}#{number // len(self._users) + 1}"
            now = datetime.now(UTC)
            yield Sending(id_, RECS_EVENTS, replace(event, id=id_, user_id=user, at=now))

    def requests(self) -> Iterator[Sending]:
        """Each user's list; one in four says what it is to be about."""
        tastes = sample_tastes(samples_dir() / "recommendations")
        searches = cycle([search for taste in tastes for search in taste.searches])
        for number in count():
            id_ = f"r{self._run}-{number}"
            user = self._users[number % len(self._users)]
            context = None if number % IN_WORDS else next(searches)
            yield Sending(id_, RECS_REQUESTS, ScoreRequest(id=id_, user_id=user, context=context))
