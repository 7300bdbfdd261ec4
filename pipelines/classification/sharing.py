"""Soft sharing: each head has an encoder of its own, and a penalty holds both near each other.

    loss = loss of both heads + weight * sum over layers of |a - b|^2

of what learns in encoders a and b, which start alike. Hard sharing, one encoder under both heads,
is the usual; the more both tasks want different things of a text, the more two encoders are worth.
They cost twice the time and the memory when they serve.

Source: Duong et al. 2015, "Low Resource Dependency Parsing" (cross-lingual parameter sharing).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from pipelines.classification.model import TextClassifier
from pipelines.classification.settings import ClassificationSettings
from pipelines.training.text_model import TextModel
from pipelines.tuning.methods import OF_CLASSIFIERS, WITHOUT_TUNING
from textwire.errors import SettingsError
from textwire.models.base_model import BaseModel


class TwinTextModel(TextModel):
    """Two encoders that read the same tokens; their vectors stand one behind the other."""

    def __init__(self, base: BaseModel, folder: Path, max_tokens: int) -> None:
        """Load a base model twice; see `TextModel`."""
        super().__init__(base, folder, max_tokens)
        self.other = TextModel(base, folder, max_tokens)
        self.stays_in_graph = True

    def pooled(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """(n, length) int64 token ids and mask to (n, 2 * dimension) float32."""
        self.other.pooled_until = self.pooled_until
        return torch.cat([super().pooled(ids, mask), self.other.pooled(ids, mask)], dim=1)

    def pool_once(self, texts: Sequence[str], max_tokens: int) -> torch.Tensor:
        """The same of texts while nothing learns, (n, 2 * dimension) float32."""
        self.other.transformer.eval()
        return super().pool_once(texts, max_tokens)

    def _learned(self) -> dict[str, torch.Tensor]:
        of_other = {f"other.{name}": weight for name, weight in self.other._learned().items()}
        return super()._learned() | of_other

    def apart(self) -> torch.Tensor:
        """The squared distance of what learns in both encoders, summed: a scalar, ()."""
        others = dict(self.other.transformer.named_parameters())
        return torch.stack(
            [
                (weight.float() - others[name].float()).square().sum()
                for name, weight in self.transformer.named_parameters()
                if weight.requires_grad
            ]
        ).sum()


class SoftlySharedClassifier(TextClassifier):
    """The label stands on the one encoder, topics on the other."""

    def __init__(self, text: TwinTextModel, labels: int, topics: int) -> None:
        """Put a head on each of both encoders."""
        super().__init__(text, labels, topics)

    def heads(self, pooled: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Logits of labels, (n, labels), and of topics, (n, topics).

        Args: pooled: (n, 2 * dimension) float32.
        """
        assert self.topics is not None  # noqa: S101 - as `read_by` requires
        of_labels, of_topics = pooled.chunk(2, dim=1)
        return self.labels(of_labels), self.topics(of_topics)


def read_by(
    base: BaseModel, folder: Path, settings: ClassificationSettings, *, two_heads: bool
) -> TextModel:
    """One encoder, or two where the settings ask for soft sharing.

    Args:   two_heads: whether the model is to tell both a label and topics.
    Raises: SettingsError: there are no two heads to share anything, or nothing would keep both
            encoders alike. DataError: the base model cannot be loaded.
    """
    if not settings.soft_sharing:
        return TextModel(base, folder, settings.max_tokens)
    _require_shareable(settings, two_heads=two_heads)
    return TwinTextModel(base, folder, settings.max_tokens)


def classifier_on(text: TextModel, labels: int, topics: int) -> TextClassifier:
    """Heads on one encoder, or on each of two."""
    if isinstance(text, TwinTextModel):
        return SoftlySharedClassifier(text, labels, topics)
    return TextClassifier(text, labels, topics)


def encoders_of(text: TextModel) -> list[TextModel]:
    """The encoders that learn: one, or both."""
    return [text, text.other] if isinstance(text, TwinTextModel) else [text]


def sharing_penalty(text: TextModel, weight: float) -> torch.Tensor | float:
    """What is added to a batch's loss, a scalar, (); 0 where there is one encoder."""
    return weight * text.apart() if isinstance(text, TwinTextModel) else 0.0


def _require_shareable(settings: ClassificationSettings, *, two_heads: bool) -> None:
    if settings.soft_sharing < 0:
        raise SettingsError(
            f"soft_sharing={settings.soft_sharing:g} would drive both encoders apart: give 0 or "
            "more."
        )
    if not two_heads:
        raise SettingsError(
            "soft_sharing gives the label and topics an encoder each, and here is one head: leave "
            "it out."
        )
    if settings.method in WITHOUT_TUNING | OF_CLASSIFIERS:
        raise SettingsError(
            f"By --method {settings.method} encoders do not learn from both heads, so two would "
            "gain nothing: share softly with --method full or lora, or leave soft_sharing out."
        )
    if settings.prune_heads or settings.prune_layers:
        raise SettingsError(
            "soft_sharing holds two encoders together weight by weight, and pruning takes others "
            "out of each: leave out one of both."
        )
