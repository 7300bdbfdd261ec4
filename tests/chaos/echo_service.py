"""One replica of the service under test: `python -m tests.chaos.echo_service NAME`.

Everything else is set as it is for every service of ours, by TEXTWIRE_ variables.
"""

from __future__ import annotations

import sys
from functools import partial

from tests.chaos.echo import EchoTopics, Numbering
from textwire.addresses import redis_url
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.results.redis import RedisResults
from textwire.settings import ServiceSettings, load
from textwire.stream.running import run_service, service_main


def main(name: str) -> None:
    """Serve until told to stop."""
    results = RedisResults.from_url(redis_url())
    metrics = ServiceMetrics(name, load(ServiceSettings).replica, Health())
    run_service([Numbering(EchoTopics(name), results)], results, metrics)


if __name__ == "__main__":
    service_main(sys.argv[1], partial(main, sys.argv[1]))
