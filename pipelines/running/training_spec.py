"""All that decides what a pipeline makes: data, base model, settings, code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import msgspec

from pipelines.augmentation.asked import PARAPHRASE, asked_augmentations
from pipelines.augmentation.paraphrasing import configured_model
from pipelines.distillation.settings import Distillation
from pipelines.distillation.teachers import find_teachers
from pipelines.pruning.requirements import require_suits
from pipelines.running.fingerprint import fingerprint
from pipelines.running.source_code import hash_source
from pipelines.training.run import UNKEPT, TrainingRun
from pipelines.tuning.methods import Method
from textwire.errors import DataError, SettingsError
from textwire.models.artifacts.artifact import hash_file
from textwire.models.base_model import PACKAGED, BaseModel, find_base

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from pipelines.continual.predecessor import Predecessor

D_co = TypeVar("D_co", covariant=True)


class Source(Protocol[D_co]):
    """Where data come from."""

    @property
    def files(self) -> Mapping[str, Path]:
        """What is read, by its path in the data folder; see `data_files.by_path`."""
        ...

    def read(self) -> D_co:
        """All of it, checked.

        Raises: DataError, DataFileError: files or rows are wrong.
        """
        ...


@dataclass(frozen=True)
class Settings:
    """What every pipeline can be told; each adds its own, which are numbers, texts or switches."""

    base: str = PACKAGED
    method: Method = "full"
    epochs: int = 3
    max_tokens: int = 256  # what the model reads when it serves
    seed: int = 0
    accumulation: int = 1  # batches whose gradients are added up before a step
    gradient_checkpointing: bool = False  # less memory for a third more time
    patience: int = 0  # epochs without a better figure after which to stop; 0: all are run
    adversarial: float = 0.0  # how far FGM pushes word vectors, 0.1 to 1 as a rule; 0: not at all
    averaged: float = 0.0  # the last part of all steps of whose weights the mean is kept; 0: none
    frozen_layers: int = 3  # from the lowest, of method `frozen`
    prune_heads: float = 0.0  # the part of all attention heads that is taken out after learning
    prune_layers: int = 0  # how many layers are taken out
    prune_epochs: int = 1  # in which what is left learns on


S = TypeVar("S", bound=Settings)
D = TypeVar("D")


@dataclass(frozen=True)
class TrainingSpec(Generic[D, S]):
    """All that decides what comes out."""

    task: str
    source: Source[D]
    base: BaseModel
    settings: S
    data: dict[str, str]  # path in the data folder -> sha256
    fingerprint: str
    run: TrainingRun = UNKEPT  # where it is kept while it lasts; decides nothing of what comes out
    distillation: Distillation | None = None
    predecessor: Predecessor | None = None  # the version that it learns on from
    # What the manifest says of both beside the settings.
    told: Mapping[str, str | float] = field(default_factory=dict)


def with_wishes(
    usual: S,
    base: str | None,
    epochs: int | None,
    method: Method | None,
    others: Mapping[str, Any] | None = None,
) -> S:
    """The usual settings, but for what was asked for.

    Args: others: values by the names of settings; see `read_settings`. Where one of them is asked
          for by an option too, the option counts.
    """
    asked = {"base": base, "epochs": epochs, "method": method}
    named = {name: value for name, value in asked.items() if value is not None}
    return replace(usual, **{**(others or {}), **named})


def read_settings(usual: DataclassInstance, written: Sequence[str]) -> dict[str, Any]:
    """Values of settings out of `name=value`.

    Raises: SettingsError: there is no such setting, or it takes other values.
    """
    known = {field.name: type(getattr(usual, field.name)) for field in fields(usual)}
    values = {}
    for one in written:
        name, _, value = one.partition("=")
        if name not in known:
            raise SettingsError(f"There is no setting `{name}` here. Known: {', '.join(known)}.")
        try:
            values[name] = msgspec.convert(value, known[name], strict=False)
        except msgspec.ValidationError as error:
            raise SettingsError(f"The setting {name} cannot be `{value}`: {error}.") from error
    return values


def read_spec(
    application: str,
    task: str,
    source: Source[D],
    settings: S,
    mapping: Sequence[str] = (),
    distillation: Distillation | None = None,
    predecessor: Predecessor | None = None,
) -> TrainingSpec[D, S]:
    """Hash what would be read and what would be run; nothing is learned yet.

    Args:   application: the folder's name in `pipelines/`.
            mapping: `field=column`, which decides with the files what is read.
    Raises: DataError: a file, the base model or a teacher is not there.
            SettingsError: the method does not suit what is to be pruned, or no language model is
            configured that is to word texts.
    """
    require_suits(settings)
    base = find_base(settings.base)
    try:
        data = {name: hash_file(file) for name, file in source.files.items()}
        if distillation and distillation.unlabelled:
            data[f"unlabelled/{distillation.unlabelled.name}"] = hash_file(distillation.unlabelled)
    except OSError as error:
        raise DataError(f"{error.filename} cannot be read: {error.strerror}.") from error
    told = (_told(distillation) if distillation else {}) | _told_of_wordings(settings)
    told |= predecessor.described() if predecessor else {}
    made_from = fingerprint(
        data=data,
        columns=mapping,
        base=base.weights_hash(),
        settings=asdict(settings) | told,
        code=hash_source(application),
    )
    return TrainingSpec(
        task,
        source,
        base,
        settings,
        data,
        made_from,
        distillation=distillation,
        predecessor=predecessor,
        told=told,
    )


def _told_of_wordings(settings: Settings) -> dict[str, str | float]:
    """Which language model words what is learned, where one is asked to."""
    if PARAPHRASE not in asked_augmentations(getattr(settings, "augment", "")):
        return {}
    return {"paraphrased_by": configured_model().model}


def _told(distillation: Distillation) -> dict[str, str | float]:
    teachers = find_teachers(distillation.teachers, distillation.cache)
    return distillation.described(
        [teacher.name for teacher in teachers], [teacher.sha256 for teacher in teachers]
    )
