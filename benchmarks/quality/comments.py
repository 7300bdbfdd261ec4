"""How comments are read by the champion's encoder: `python -m benchmarks.quality.comments`.

The comments in comments.jsonl are none of the examples that readers are fitted to. Half of them
were looked at while the reader was made, and half were held out.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Literal

import msgspec

from textwire.models.artifacts.registry import open_registry
from textwire.models.engines.serving import load_encoder
from textwire.recommendations.profiles.comments import CommentReader, CommentReading
from textwire.settings import ModelSettings, load

COMMENTS = Path(__file__).with_name("comments.jsonl")


class Comment(msgspec.Struct, frozen=True):
    """A comment, and how a person reads it."""

    part: Literal["looked_at", "held_out"]
    tone: Literal["for", "neither", "against"]
    subject: Literal["item", "service"]
    text: str


def outcomes(comment: Comment, reading: CommentReading) -> dict[str, bool]:
    """What is judged, and whether it was read as a person does."""
    against = comment.tone == "against"
    of_item = comment.subject == "item"
    return {
        "tone": reading.against == against,
        "subject": (reading.substance >= 0.5) == of_item,
        "turns the item down": reading.against_item == (against and of_item),
        "may be quoted": reading.quotable == (not against and of_item),
    }


def main() -> None:
    """Print, of each part, how many comments were read right."""
    comments = [
        msgspec.json.decode(line, type=Comment) for line in COMMENTS.read_bytes().splitlines()
    ]
    encoder = load_encoder(open_registry().champion("recommendations"), load(ModelSettings))
    reader = CommentReader(encoder)
    vectors = encoder.encode([comment.text for comment in comments])
    right: dict[str, Counter[str]] = {"looked_at": Counter(), "held_out": Counter()}
    sizes = Counter(comment.part for comment in comments)
    for comment, vector in zip(comments, vectors, strict=True):
        judged = outcomes(comment, reader.read(comment.text, vector))
        right[comment.part].update(name for name, is_right in judged.items() if is_right)
        if not all(judged.values()):
            wrong = ", ".join(name for name, is_right in judged.items() if not is_right)
            print(f"  {comment.part}: {comment.text!r}: wrong in {wrong}")
    for part, counts in right.items():
        told = ", ".join(f"{name} {counts[name]}" for name in counts)
        print(f"{part}, of {sizes[part]}: {told}")


if __name__ == "__main__":
    main()
