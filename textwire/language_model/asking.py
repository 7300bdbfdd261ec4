"""Several questions to a language model at once, within one limit of time for all of them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

import httpx2

from textwire.language_model.circuit_breaker import CircuitBreaker
from textwire.language_model.endpoint import Endpoint, Heard, Messages, Said
from textwire.language_model.failures import NotWorded

# A batch that is processed again, since Redis was away or one of its records failed, asks nothing
# again; nor do customers who ask the same. For so long, lest what went wrong once stays.
KEPT_SAID = 256
KEPT_S = 600.0
# Less time than this is no use to ask in.
LEAST_S = 0.1

Came = Said | NotWorded
LEFT_ALONE = NotWorded("left_alone", "it failed too often, and is left alone for a while")
NO_TIME = NotWorded("no_time", "the time of the batch was over")


@dataclass
class TimeLimit:
    """When the time of a batch is over; by the clock of the model that is asked."""

    ends_at_s: float


class LanguageModel:
    """Asks, counts failures, and leaves a model alone that does not answer."""

    def __init__(
        self,
        endpoint: Endpoint,
        timeout_s: float,
        at_once: int,
        breaker: CircuitBreaker | None = None,
        clock: Callable[[], float] = monotonic,
        first_token: Callable[[float], None] = lambda _: None,
    ) -> None:
        """Nothing is asked yet.

        Args: timeout_s: of all questions of one batch. at_once: questions under way, at most.
              first_token: told after how many seconds a model begins to answer.
        """
        self._endpoint, self._timeout_s, self._at_once = endpoint, timeout_s, at_once
        self._breaker = breaker or CircuitBreaker(clock)
        self._clock, self._first_token = clock, first_token
        self._said: OrderedDict[Messages, tuple[float, Said]] = OrderedDict()
        # Kept from one batch to the next: closing it waits for a host name that is looked up.
        self._runner = asyncio.Runner()

    @property
    def is_left_alone(self) -> bool:
        """Whether it has failed too often, and has not answered since."""
        return self._breaker.is_open

    def begin(self) -> TimeLimit:
        """The time that the questions of one batch have, from now on."""
        return TimeLimit(self._clock() + self._timeout_s)

    def ask(
        self, prompts: Sequence[Messages], limit: TimeLimit, heard: Sequence[Heard] = ()
    ) -> list[Came]:
        """What the model said to each, or why there is nothing.

        Args: heard: for each prompt who is told what was said so far; none of what is kept.
        """
        came: dict[Messages, Came] = {
            prompt: said for prompt in prompts if (said := self._kept(prompt))
        }
        fresh = [prompt for prompt in dict.fromkeys(prompts) if prompt not in came]
        allowed = self._breaker.may_ask(len(fresh))
        left_s = limit.ends_at_s - self._clock()
        if fresh[:allowed] and left_s >= LEAST_S:
            hearing = _by_prompt(prompts, heard)
            answered = self._runner.run(self._ask_all(fresh[:allowed], left_s, hearing))
            came |= zip(fresh, answered, strict=False)
        for prompt, one in came.items():
            if isinstance(one, Said):
                self._keep(prompt, one)
        return [came.get(p, NO_TIME if p in fresh[:allowed] else LEFT_ALONE) for p in prompts]

    def close(self) -> None:
        """Ask no more."""
        self._runner.close()

    async def _ask_all(
        self, prompts: Sequence[Messages], within_s: float, hearing: Mapping[Messages, Heard]
    ) -> list[Came]:
        gate = asyncio.Semaphore(self._at_once)
        begun: set[int] = set()
        trying = self._breaker.is_open
        async with self._endpoint.client() as client:
            asking = [
                asyncio.create_task(
                    self._ask_one(client, gate, begun, number, prompt, trying, hearing[prompt])
                )
                for number, prompt in enumerate(prompts)
            ]
            _, late = await asyncio.wait(asking, timeout=within_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        return [
            self._too_late(number in begun, within_s) if task in late else task.result()
            for number, task in enumerate(asking)
        ]

    async def _ask_one(
        self,
        client: httpx2.AsyncClient,
        gate: asyncio.Semaphore,
        begun: set[int],
        number: int,
        prompt: Messages,
        trying: bool,
        heard: Heard,
    ) -> Came:
        async with gate:
            if self._breaker.is_open and not trying:
                return LEFT_ALONE
            begun.add(number)
            try:
                said = await self._endpoint.ask(client, prompt, self._timing(heard))
            except NotWorded as error:
                self._count(error)
                return error
            self._breaker.answered()
            return said

    def _timing(self, heard: Heard) -> Heard:
        """The same, and the first time it is told how long that took."""
        asked_s, begun = self._clock(), False

        def timed(text: str) -> None:
            nonlocal begun
            if not begun:
                begun = True
                self._first_token(self._clock() - asked_s)
            heard(text)

        return timed

    def _too_late(self, begun: bool, within_s: float) -> NotWorded:
        if not begun:
            return NO_TIME
        error = NotWorded("timeout", f"no answer within {within_s:.3g} s")
        self._count(error)
        return error

    def _count(self, error: NotWorded) -> None:
        if error.reason == "refused":
            self._breaker.answered()
        else:
            self._breaker.failed(error.retry_after_s)

    def _kept(self, prompt: Messages) -> Said | None:
        at_s, said = self._said.get(prompt, (0.0, None))
        return said if said and self._clock() - at_s < KEPT_S else None

    def _keep(self, prompt: Messages, said: Said) -> None:
        if self._kept(prompt):
            return
        self._said[prompt] = self._clock(), said
        self._said.move_to_end(prompt)
        while len(self._said) > KEPT_SAID:
            self._said.popitem(last=False)


def _by_prompt(prompts: Sequence[Messages], heard: Sequence[Heard]) -> dict[Messages, Heard]:
    """For each prompt all who are told; what several ask alike is asked once."""
    told: defaultdict[Messages, list[Heard]] = defaultdict(list)
    for prompt, one in zip(prompts, heard, strict=False):
        told[prompt].append(one)

    return {prompt: _telling(told[prompt]) for prompt in prompts}


def _telling(all_who_hear: Sequence[Heard]) -> Heard:
    def tell(text: str) -> None:
        for heard in all_who_hear:
            heard(text)

    return tell
