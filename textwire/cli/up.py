"""`textwire up`: everything, from nothing."""

from __future__ import annotations

import click

from textwire.cli._options import data_dir_option
from textwire.file_rights import owner_only


@click.command()
@data_dir_option
@click.option("--detach", is_flag=True, help="Return when all is ready; `textwire down` stops it.")
@click.option(
    "--no-samples", is_flag=True, help="Do not send the sample world: questions, news, shoppers."
)
@click.option("--no-sample-knowledge", is_flag=True, help="Do not load the sample knowledge.")
@click.option("--bootstrap-servers", metavar="HOST:PORT", help="Use this Kafka, start none.")
@click.option("--redis-url", metavar="URL", help="Use this Redis, start none.")
@click.option("--only", type=click.Choice(["servers"]), help="Start Kafka and Redis alone.")
@click.option("--prepared", is_flag=True, hidden=True)
@owner_only()
def up(
    detach: bool,
    no_samples: bool,
    no_sample_knowledge: bool,
    bootstrap_servers: str | None,
    redis_url: str | None,
    only: str | None,
    prepared: bool,
) -> None:
    """Start everything, from Kafka to the dashboard, and watch over it."""
    # Imported here, so that `textwire --help` need not.
    from textwire.cli._detaching import start_detached
    from textwire.cli._report import Report
    from textwire.cli._stack import Stack, Wishes
    from textwire.urls import without_secrets

    wishes = Wishes.from_settings(
        bootstrap_servers=bootstrap_servers,
        redis_url=redis_url,
        sample_world=not no_samples,
        sample_knowledge=not no_sample_knowledge,
        servers_only=only == "servers",
    )
    report = Report()
    if redis_url and without_secrets(redis_url) != redis_url:
        report.tell(
            "all users of this machine can see the password in --redis-url while this runs; "
            "from the environment's TEXTWIRE_REDIS_URL it is seen by you alone"
        )
    stack = Stack(wishes, report)
    if detach:
        start_detached(stack)
    else:
        stack.run(prepared=prepared)
