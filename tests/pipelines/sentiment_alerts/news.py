"""A small world of news, which a tiny model can learn in seconds."""

import json
from pathlib import Path

from pipelines.sentiment_alerts.samples import SampleNews

SAID = {
    "negative": ["{} lost money", "{} is late", "why did {} block", "fees charged twice by {}"],
    "neutral": ["{} is in the shop", "{} and you", "how is {}", "where can i buy {}"],
    "positive": ["{} paid interest", "open a new account with {}", "share with {}", "{} did pay"],
}
COMPANIES = ("Loan", "Wallet", "Parcel")
ABOUT = {"Loan": ["money"], "Wallet": ["shops"], "Parcel": ["money", "shops"]}


def write_jsonl(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def article_rows() -> list[dict[str, object]]:
    """36 articles, one in four held out, and a copy of the first."""
    rows: list[dict[str, object]] = []
    for label, patterns in SAID.items():
        for pattern in patterns:
            for company in COMPANIES:
                rows.append(
                    {
                        "id": f"a{len(rows)}",
                        "title": pattern.format(company),
                        "label": label,
                        "topics": ABOUT[company],
                        "entities": {company: label},
                        "split": "held_out" if pattern == patterns[-1] else "train",
                    }
                )
    return [*rows, rows[0] | {"id": "copy", "copy_of": "a0"}]


def headline_rows() -> list[dict[str, object]]:
    """Two headlines, one held out, of companies that nobody watches."""
    return [
        {
            "title": "Card paid while Fee lost money",
            "label": "positive",
            "topics": ["money"],
            "entities": {"Card": "positive", "Fee": "negative"},
            "split": split,
            "kind": "wire",
        }
        | changes
        for split, changes in (("train", {}), ("held_out", {"title": "Card paid, Fee lost"}))
    ]


def write_news(folder: Path) -> SampleNews:
    folder.mkdir()
    write_jsonl(folder / "articles.jsonl", article_rows())
    write_jsonl(folder / "headlines.jsonl", headline_rows())
    write_jsonl(folder / "topics.jsonl", [{"topic": "money"}, {"topic": "shops"}])
    write_jsonl(folder / "watchlist.jsonl", [{"name": company} for company in COMPANIES])
    return SampleNews(folder)
