"""A classifier that learns one period after another."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file

from pipelines.continual.ewc import Anchor, anchor
from pipelines.continual.replay import Kept, Reservoir, read_reservoir
from pipelines.continual.settings import ContinualSettings
from pipelines.distillation.losses import blended, soft_labels_loss
from pipelines.running.progress import Stage
from pipelines.training.fine_tuning import fine_tune
from pipelines.training.schedule import Schedule
from pipelines.training.text_model import TextModel
from pipelines.tuning.methods import Method, choose_trainable_layers, learning_rate
from textwire.errors import DataError
from textwire.models.engines.token_batches import token_batches

Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Period:
    """Texts with their labels, of one stretch of time."""

    name: str
    texts: Sequence[str]
    labels: Labels  # (n,), columns of the head


class Classifier(torch.nn.Module):
    """A head over the mean of a text's tokens."""

    def __init__(self, text: TextModel, labels: int) -> None:
        super().__init__()
        self.text = text
        self.head = torch.nn.Linear(text.dimension, labels)

    def logits(self, texts: Sequence[str], train_tokens: int) -> torch.Tensor:
        """(n, labels) float32, with gradients."""
        logits: torch.Tensor = self.head(self.text.pool(texts, train_tokens))
        return logits.float()

    @torch.inference_mode()
    def said(self, texts: Sequence[str], train_tokens: int) -> torch.Tensor:
        """The same without: (n, labels) float32."""
        self.eval()
        rows = self.text.reader.read(texts)
        found = torch.empty(len(rows), self.head.out_features)
        for places in token_batches([min(len(row), train_tokens) for row in rows]):
            found[places] = self.logits([texts[place] for place in places], train_tokens).cpu()
        return found


class ContinualLearner:
    """Learns periods in turn by one strategy; keeps what that needs of the earlier ones."""

    def __init__(self, text: TextModel, labels: int, settings: ContinualSettings) -> None:
        """Put a head on a base model, which is changed in place."""
        torch.manual_seed(settings.seed)
        self.model = Classifier(text, labels)
        self._settings = settings
        self._rng = random.Random(settings.seed)  # noqa: S311 - an order, no secret
        self.memory = Reservoir(settings.replay_size)
        self._anchor: Anchor | None = None
        self._learned: list[str] = []
        self._adapters: dict[str, dict[str, torch.Tensor]] = {}
        choose_trainable_layers(text, "lora" if settings.strategy == "adapters" else "full")
        self._new = _learning(self.model)  # adapters and a head as they are before any period

    def learn(self, period: Period, stage: Stage) -> list[float]:
        """One more period; the mean loss of each epoch.

        Raises: DataError: a period of that name was learned before.
        """
        if period.name in self._learned:
            raise DataError(f"The period {period.name} was learned already.")
        settings = self._settings
        examples = [
            Kept(text, int(label), period.name)
            for text, label in zip(period.texts, period.labels, strict=True)
        ]
        if settings.strategy == "adapters":
            self.model.load_state_dict(self._new, strict=False)
        told = self._said_before(period)
        replayed = list(self.memory.kept) if settings.strategy == "replay" else []
        method: Method = "lora" if settings.strategy == "adapters" else "full"
        losses = fine_tune(
            self.model,
            lambda: self._batches([*examples, *replayed]),
            lambda model, batch: self._loss(model, batch, told),
            Schedule(
                settings.epochs,
                learning_rate(method, settings.learning_rate),
                seed=settings.seed,
            ),
            stage,
        )
        self._remember(period, examples)
        return losses

    def accuracy(self, period: Period) -> float:
        """The part of a period's texts that are told rightly; of a period's own adapters if any."""
        if self._adapters:
            nearest = period.name if period.name in self._adapters else self._learned[-1]
            self.model.load_state_dict(self._adapters[nearest], strict=False)
        said = self.model.said(period.texts, self._settings.train_tokens)
        return float((said.argmax(dim=1).numpy() == period.labels).mean())

    def save_memory(self, folder: Path) -> None:
        """Keep beside an artifact what the next period needs: examples, or Fisher and weights."""
        self.memory.write(folder)
        if self._anchor:
            named = {
                f"{kind}:{name}": value
                for kind, values in (
                    ("weights", self._anchor.weights),
                    ("fisher", self._anchor.fisher),
                )
                for name, value in values.items()
            }
            save_file(named, folder / "ewc.safetensors")

    def load_memory(self, folder: Path) -> None:
        """Go on from there.

        Raises: DataError: it is damaged.
        """
        self.memory = read_reservoir(folder, self._settings.replay_size)
        if (folder / "ewc.safetensors").exists():
            named = load_file(folder / "ewc.safetensors")
            weights, fisher = (
                {n.partition(":")[2]: value for n, value in named.items() if n.startswith(kind)}
                for kind in ("weights:", "fisher:")
            )
            self._anchor = Anchor(weights, fisher)

    def _said_before(self, period: Period) -> dict[str, torch.Tensor]:
        """What the model says of the new texts before it learns them, each (labels,) float32."""
        if self._settings.strategy != "lwf" or not self._learned:
            return {}
        said = self.model.said(period.texts, self._settings.train_tokens)
        return dict(zip(period.texts, said, strict=True))

    def _batches(self, examples: Sequence[Kept]) -> list[list[Kept]]:
        order = self._rng.sample(list(examples), len(examples))
        size = self._settings.batch_texts
        return [order[at : at + size] for at in range(0, len(order), size)]

    def _loss(
        self, model: Classifier, batch: Sequence[Kept], told: dict[str, torch.Tensor]
    ) -> torch.Tensor:
        settings = self._settings
        logits = model.logits([example.text for example in batch], settings.train_tokens)
        labels = torch.tensor([example.label for example in batch], device=logits.device)
        loss = torch.nn.functional.cross_entropy(logits, labels)
        if told:
            before = torch.stack([told[example.text] for example in batch]).to(logits.device)
            kd = soft_labels_loss(logits, before, settings.lwf_temperature)
            loss = blended(kd, loss, settings.lwf_weight)
        if self._anchor:
            loss = loss + settings.ewc_weight * self._anchor.penalty(model)
        return loss

    def _remember(self, period: Period, examples: Sequence[Kept]) -> None:
        settings = self._settings
        self._learned.append(period.name)
        self.memory.add(self._rng.sample(list(examples), len(examples)), self._rng)
        if settings.strategy == "adapters":
            self._adapters[period.name] = _learning(self.model)
        if settings.strategy == "ewc":
            texts = self._rng.sample(list(period.texts), min(settings.ewc_texts, len(period.texts)))
            self._anchor = anchor(
                self.model,
                texts,
                lambda model, some: model.logits(some, settings.train_tokens).log_softmax(dim=1),
                self._anchor,
                settings.seed,
            )


def _learning(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {
        name: weight.detach().clone()
        for name, weight in model.named_parameters()
        if weight.requires_grad
    }
