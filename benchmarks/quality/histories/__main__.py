"""Real histories as `textwire backtest` reads them: `python -m benchmarks.quality.histories`.

Give DATA and a FOLDER for them. DATA holds `headlines_2017_2020`, `stocknet_tweets` and
`reuters21578`; one that it lacks is passed over. Which companies are watched stands in
`companies.jsonl` and, of the posts, in `posted.jsonl`.
"""

from __future__ import annotations

import csv
import gzip
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

HERE = Path(__file__).parent
Row = dict[str, str]

# The posts were cut into tokens: "$ aapl" is a cashtag, "AT_USER" and "URL" stand for masked ones.
CASHTAG = re.compile(r"\$ ([a-z]{1,5})\b")
MASKED = re.compile(r"\b(AT_USER|URL)\b")
# Of a body, as much as says what a story is about.
BODY_CHARACTERS = 1500


def headlines(folder: Path) -> Iterator[Row]:
    """Of the Guardian and CNBC, 2017 to 2020."""
    with (folder / "headlines.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield {
                "published_at": row["published_at"],
                "source": row["source"],
                "title": row["headline"],
                "body": row["description"],
            }


def posts(folder: Path) -> Iterator[Row]:
    """On the companies of `posted.jsonl`, 2014 and 2015; one that names several is one post."""
    companies = map(msgspec.json.decode, (HERE / "posted.jsonl").read_bytes().splitlines())
    watched = {company["ticker"] for company in companies}
    seen: set[tuple[str, str]] = set()
    with gzip.open(folder / "tweets.tsv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            post = row["created_at"], row["text"]
            if row["symbol"] in watched and post not in seen:
                seen.add(post)
                text = CASHTAG.sub(lambda tag: "$" + tag[1].upper(), row["text"])
                title = " ".join(MASKED.sub(" ", text).split())
                if title:
                    yield {"published_at": f"{row['created_at']}Z", "title": title}


def newswire(folder: Path) -> Iterator[Row]:
    """Of Reuters, in 1987."""
    for part in sorted(folder.glob("reuters21578_part*.jsonl.gz")):
        with gzip.open(part, "rt", encoding="utf-8") as file:
            for line in file:
                story = msgspec.json.decode(line)
                if story["title"]:
                    yield {
                        "published_at": story["published_at"],
                        "title": story["title"],
                        "body": (story["body"] or "")[:BODY_CHARACTERS],
                    }


HISTORIES: dict[str, Callable[[Path], Iterator[Row]]] = {
    "headlines_2017_2020": headlines,
    "stocknet_tweets": posts,
    "reuters21578": newswire,
}


def main(data: Path, folder: Path) -> None:
    """Write what there is, each in one file, oldest first."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, read in HISTORIES.items():
        if (data / name).is_dir():
            rows = sorted(read(data / name), key=lambda row: row["published_at"])
            lines = b"\n".join(msgspec.json.encode(row) for row in rows)
            (folder / f"{name}.jsonl").write_bytes(lines + b"\n")
            print(f"{name}: {len(rows):,} articles")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
