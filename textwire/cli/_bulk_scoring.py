"""What `textwire recs score` does: users from a file, their lists into another."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Protocol

import click
import msgspec

from textwire.errors import DataFileError
from textwire.recommendations.messages import Item, ScoredList, ScoreRequest

HEADING = ("user_id", "rank", "item_id", "score", "reason")
Write = Callable[[ScoredList], None]


def score_users(
    users: Path, out: Path, k: int | None, items: list[Item], ray_address: str | None = None
) -> None:
    """Write the list of each user of a file, by the champion and what the service knows now.

    Args:   users: a name a line (.txt), or rows with `user_id` and, where wanted, other fields of
            a request. out: .jsonl, as on recs.scores, or .csv, a row for each place.
            ray_address: of a cluster where they are made, or `local`; None: in this process.
    Raises: DataFileError: a file's form is not known, or a row names no user.
            ArtifactError, RedisUnavailable; SettingsError: Ray is not installed.
    """
    from textwire.addresses import redis_url
    from textwire.recommendations.lists.bulk_setup import BulkSetup
    from textwire.results.redis import RedisResults

    requests = _requests(users, k)
    writer = _writer_of(out)
    with closing(RedisResults.from_url(redis_url())) as store:
        setup = BulkSetup.taken(items, store, datetime.now(UTC))
        if ray_address is None:
            count, behind = _written(setup.scoring(store), requests, out, writer)
        else:
            from textwire.recommendations.lists.bulk_on_ray import RayScoring

            with closing(RayScoring(setup, ray_address)) as scoring:
                count, behind = _written(scoring, requests, out, writer)
    if behind:
        click.echo(
            f"{behind:,} users were last met under another model: their lists do not go by "
            "what they read and said. The service catches up with them as it meets them.",
            err=True,
        )
    click.echo(f"Wrote the lists of {count:,} users to {out}.")


class Scoring(Protocol):
    """Makes lists, here or elsewhere."""

    behind: int

    def lists(self, requests: Iterable[ScoreRequest]) -> Iterator[ScoredList]:
        """A list for each request, in their order."""
        ...


def _written(
    scoring: Scoring,
    requests: Iterable[ScoreRequest],
    out: Path,
    writer: Callable[[IO[str]], Write],
) -> tuple[int, int]:
    """How many lists were written, and of how many users the profile was behind."""
    count = 0
    with out.open("w", encoding="utf-8", newline="") as file:
        write = writer(file)
        for made in scoring.lists(requests):
            write(made)
            count += 1
    return count, scoring.behind


def _requests(users: Path, k: int | None) -> Iterator[ScoreRequest]:
    for fields in _rows(users):
        request = msgspec.convert({"k": k, **fields}, ScoreRequest, strict=False)
        yield msgspec.structs.replace(request, id=request.id or request.user_id)


def _rows(users: Path) -> Iterator[Mapping[str, object]]:
    """The fields of a request for each user.

    Raises: DataFileError: a row is bad.
    """
    from textwire.rows.columns import Columns
    from textwire.rows.files import read_rows
    from textwire.rows.lines import check_file
    from textwire.rows.row import BadRow, as_message
    from textwire.rows.tidying import tidied

    check_file(users)
    if users.suffix.lower() == ".txt":
        with users.open(encoding="utf-8") as lines:
            yield from ({"user_id": line.strip()} for line in lines if line.strip())
        return
    for row in read_rows(users, Columns(ScoreRequest)):
        if isinstance(row, BadRow):
            raise DataFileError(f"{users}, line {row.line:,}: {row.reason}.")
        fields = tidied(row.fields, ScoreRequest)
        as_message(fields, ScoreRequest, strict=False)
        yield fields


def _writer_of(out: Path) -> Callable[[IO[str]], Write]:
    writers: dict[str, Callable[[IO[str]], Write]] = {".jsonl": _json_lines, ".csv": _table}
    writer = writers.get(out.suffix.lower())
    if writer is None:
        raise DataFileError(f"{out} ends in neither of {', '.join(writers)}. Name it otherwise.")
    return writer


def _json_lines(file: IO[str]) -> Write:
    def write(made: ScoredList) -> None:
        file.write(msgspec.json.encode(made).decode() + "\n")

    return write


def _table(file: IO[str]) -> Write:
    table = csv.writer(file)
    table.writerow(HEADING)

    def write(made: ScoredList) -> None:
        table.writerows(
            (made.user_id, item.rank, item.item_id, item.score, item.reason) for item in made.scores
        )

    return write
