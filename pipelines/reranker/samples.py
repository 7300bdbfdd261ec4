"""The sample world's bank, and public sets beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.reranker.data import RerankerData
from pipelines.reranker.public_sets import PUBLIC_SETS
from pipelines.running.training_spec import Source
from pipelines.support_qa.data import SupportData


@dataclass(frozen=True)
class RankedQuestions:
    """A source of data: questions as support QA learns from, and maybe public sets.

    public  a folder of public data sets. added: those of `PUBLIC_SETS` that are learned from too.
    """

    questions: Source[SupportData]
    public: Path | None = None
    added: tuple[str, ...] = ()

    @property
    def files(self) -> Mapping[str, Path]:
        """What is read, by its path in its folder."""
        return {**self.questions.files, **self._public_files()}

    def read(self) -> RerankerData:
        """All of it, checked.

        Raises: DataError, DataFileError: files or rows are wrong.
        """
        sets = [
            PUBLIC_SETS[name].read(file)
            for name, file in zip(self.added, self._public_files().values(), strict=True)
        ]
        return RerankerData(self.questions.read(), sets)

    def _public_files(self) -> dict[str, Path]:
        if self.public is None:
            return {}
        files = [PUBLIC_SETS[name].file for name in self.added]
        return {file: self.public / file for file in files}
