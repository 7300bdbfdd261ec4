"""A small company's tickets, of one class each or of several."""

import json
from pathlib import Path

SUBJECTS = {
    "Lost Card": [
        "my card is lost",
        "card lost",
        "lost my cards",
        "block the card",
        "i lost a card",
    ],
    "fees": ["what fee can i pay", "fees", "a fee for money", "pay the fees", "why a fee"],
    "delivery": ["the parcel is late", "order late", "where is the order", "late order", "parcel"],
}
PLACES = ("", " please", " you and i", " now it", " not the phone", " in the shop")


def ticket_rows() -> list[dict[str, object]]:
    """One class each; every fifth is held out."""
    rows: list[dict[str, object]] = [
        {"text": f"{text}{place}", "label": name}
        for name, texts in SUBJECTS.items()
        for text in texts
        for place in PLACES
    ]
    for at, row in enumerate(rows):
        row["split"] = "test" if at % 5 == 0 else "train"
    return rows


def several_rows() -> list[dict[str, object]]:
    """Two texts put together have both classes; some have none."""
    names = list(SUBJECTS)
    rows: list[dict[str, object]] = []
    for place in range(5):
        for at, name in enumerate(names):
            other = names[(at + 1) % len(names)]
            texts = SUBJECTS[name][place], SUBJECTS[other][place]
            rows += [
                {"text": f"{texts[0]} and {texts[1]}", "labels": f"{name} | {other}"},
                {"text": f"{texts[0]} , {texts[1]}", "labels": [name, other]},
                {"text": f"{texts[0]} it is", "labels": [name]},
            ]
        rows.append({"text": "you and i " * (place + 1), "labels": []})
    for at, row in enumerate(rows):
        row["split"] = "test" if at % 3 == 0 else "train"
    return rows


def write_rows(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
