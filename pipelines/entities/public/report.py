"""The page of results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.entities.settings import EntitySettings


@dataclass(frozen=True)
class Measured:
    """Figures of entities as exact spans.

    new, new_recall  entities whose names no text that was learned from holds, and the part of them
                     that was found.
    """

    learned: int
    tested: int
    entities: int
    figures_by_name: Mapping[str, float]
    of_texts: str
    new: int
    new_recall: float

    def figures(self) -> str:
        """In one line."""
        m = self.figures_by_name
        return (
            f"F1 {m['f1']:.3f}, precision {m['precision']:.3f}, recall {m['recall']:.3f}, F1 of "
            f"texts {self.of_texts}; of {self.new:,} names never seen {self.new_recall:.1%}; "
            f"{self.learned:,} learned from, {self.tested:,} read, {self.entities:,} entities"
        )


def write_report(page: Path, command: str, settings: EntitySettings, found: Measured) -> None:
    """Write one table."""
    m = found.figures_by_name
    cells = (
        f"{found.learned:,} / {found.tested:,}",
        f"{found.entities:,}",
        *(f"{100 * m[name]:.1f}" for name in ("f1", "precision", "recall")),
        found.of_texts,
    )
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(
        f"""# Entities, on public data

Made by `{command}`: base {settings.base}, method {settings.method}, {settings.epochs} epochs, the
int8 graph as it serves.

SEntFiN's headlines, an entity wherever its name stands as whole words (14,386 of 14,405 names stand
in their headline letter by letter). The set has no fixed split: a headline is of the test part if
the first 32 bits of the sha256 of its title, in small letters with single blanks, are 0 modulo 5.
One in ten of the others calibrates the model and chooses its threshold; the test part decides
nothing. An entity counts if its first and its last letter are right (conlleval). No published
figure is known.

| headlines learned from / tested on | entities | F1 | precision | recall | F1 of texts (95 %) |
|---|---|---|---|---|---|
| {" | ".join(cells)} |

Of {found.new:,} entities whose names stand in no headline that was learned from
{found.new_recall:.1%} are found.
""",
        encoding="utf-8",
    )
