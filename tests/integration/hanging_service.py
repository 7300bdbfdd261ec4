"""The echo service as services are run, but that the word `hang` makes its model hang for ever.

python hanging_service.py NAME; the rest by the environment, as for every service.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from tests.integration.echo import Echo, EchoTopics
from textwire.addresses import redis_url
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.results.redis import RedisResults
from textwire.stream.processor import Received, Result
from textwire.stream.running import run_service, service_main


class Hanging(Echo):
    """Answers with the question's text, or never."""

    def process(self, batch: Sequence[Received]) -> list[Result]:
        if any(received.message.text == "hang" for received in batch):
            time.sleep(3_600)
        return super().process(batch)


def main() -> None:
    name = sys.argv[1]
    results = RedisResults.from_url(redis_url())
    run_service(
        [Hanging(EchoTopics(name))], results, ServiceMetrics(name, 0, Health()), background=()
    )


if __name__ == "__main__":
    service_main(sys.argv[1], main)
