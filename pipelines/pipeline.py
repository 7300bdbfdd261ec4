"""What an application gives, so that one command can make the models of all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Generic

from pipelines.continual.predecessor import Predecessor
from pipelines.distillation.settings import Distillation
from pipelines.measuring.judgement import Judge
from pipelines.running.progress import Progress
from pipelines.running.training_spec import D, S, Source, TrainingSpec, read_spec
from textwire.models.artifacts.manifest import Manifest
from textwire.results.store import ResultStore

# Fills a folder with the artifact's files; what it says of them.
Make = Callable[[TrainingSpec[D, S], Path, Progress], Manifest]


@dataclass(frozen=True)
class Pipeline(Generic[D, S]):
    """A task, and how its model is made."""

    application: str  # the folder's name
    task: str  # the registry's name for what comes out
    usual: Callable[[], tuple[Source[D], S]]  # the samples, and the settings chosen on them
    load_make: Callable[[], Make[D, S]]  # imports torch, so only what makes something calls it
    summary: Callable[[Mapping[str, float]], str]  # the metrics, in one line for people
    # What a served model makes of held-out rows; None: its versions are not compared by rows.
    load_judge: Callable[[], Judge] | None = None
    # A file of somebody's own rows, `field=column` and whether repeats are dropped to a source.
    own_rows: Callable[[Path, tuple[str, ...], bool], Source[D]] | None = None
    in_shadow: bool = False  # whether its service lets a challenger read beside the champion
    # How many judgements of people stand in the store since a moment, to learn from; and a source
    # with these beside another, whose files are written into a folder.
    count_feedback: Callable[[ResultStore, datetime], int] | None = None
    with_feedback: Callable[[Source[D], Path], Source[D]] | None = None
    # It learns from people's own data alone, and no service asks for it: `--all` leaves it out.
    on_demand: bool = False
    # Serving does without it: `--all` means it only where its champion travels with the code.
    optional: bool = False

    def spec(
        self,
        source: Source[D],
        settings: S,
        mapping: Sequence[str] = (),
        distillation: Distillation | None = None,
        predecessor: Predecessor | None = None,
    ) -> TrainingSpec[D, S]:
        """All that decides what it makes of these; see `read_spec`.

        Raises: DataError: a file, the base model or a teacher is not there.
        """
        return read_spec(
            self.application, self.task, source, settings, mapping, distillation, predecessor
        )
