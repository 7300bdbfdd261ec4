"""A made-up folder of the same form as the public one."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from pipelines.recommendations.public.cases import TEST_FROM, VALID_FROM

DAY = 86_400
KINDS = ("card", "phone", "parcel", "loan")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Each user buys things of one kind, day after day, over both divisions of the time."""
    rng = random.Random(0)
    items = [
        {"item_id": 10 * kind + n, "title": f"{word} {n}", "description": "", "brand": word}
        for kind, word in enumerate(KINDS)
        for n in range(10)
    ]
    (tmp_path / "items.jsonl").write_text("\n".join(map(json.dumps, items)))
    bought = []
    for user in range(12):
        for times in range(9):
            at = int(VALID_FROM.timestamp()) + (times - 5) * 70 * DAY + user * DAY
            bought.append((f"u{user}", 10 * (user % 4) + rng.randrange(10), at))
    lines = [f"{user},{item},5.0,{at}" for user, item, at in bought]
    header = "user_id,item_id,rating,timestamp"
    (tmp_path / "interactions.csv").write_text("\n".join([header, *lines]))
    borders = (int(VALID_FROM.timestamp()), int(TEST_FROM.timestamp()), 2**33)
    for name, start, end in (("valid", *borders[:2]), ("test", *borders[1:])):
        cases = [
            ",".join((user, str(at), str(item), "5.0", *past_of(bought, user, at)))
            for user, item, at in bought
            if start <= at < end
        ]
        columns = "user_id,timestamp,item_id,rating,history_item_ids,history_timestamps"
        (tmp_path / f"{name}.csv").write_text("\n".join([columns, *cases]))
    return tmp_path


def past_of(bought, user: str, before: int) -> tuple[str, str]:
    past = [(item, at) for who, item, at in bought if who == user and at < before]
    return " ".join(str(item) for item, _ in past), " ".join(str(at) for _, at in past)
