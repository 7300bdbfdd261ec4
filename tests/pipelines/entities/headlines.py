"""A small world of companies and people whose names follow certain words."""

import json
from pathlib import Path

COMPANIES = ["wallet bank", "phone shop", "parcel", "app loan"]
PEOPLE = ["how", "why", "late one"]


def span_rows() -> list[dict[str, object]]:
    """A company behind "buy", a person behind "you"; every fifth is held out."""
    rows: list[dict[str, object]] = []
    for company in COMPANIES:
        for person in PEOPLE:
            for before, between in (
                ("buy ", " and you "),
                ("now buy ", " , you "),
                ("buy ", ". you "),
            ):
                text = f"{before}{company}{between}{person} paid"
                start, other = len(before), len(before) + len(company) + len(between)
                spans = [
                    [start, start + len(company), "ORG"],
                    {"start": other, "end": other + len(person), "label": "PER"},
                ]
                rows.append({"text": text, "spans": spans})
            rows.append({"text": f"sell the card to {person} {company}", "spans": []})
    for at, row in enumerate(rows):
        row["split"] = "test" if at % 5 == 1 else "train"
    return rows


def write_rows(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
