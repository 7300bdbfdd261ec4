"""How much of a model learns: all of it, adapters inside it, or only what stands on top of it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from pipelines.adapters import learned_updates
from textwire.errors import DataError

if TYPE_CHECKING:
    from pipelines.text_model import TextModel

Method = Literal["full", "head", "lora"]
METHODS: tuple[Method, ...] = get_args(Method)

# Hu et al. 2021, arXiv:2106.09685, with twice the rank as scale; on every linear layer and not on
# attention alone: Schulman et al. 2025, "LoRA Without Regret". On MiniLM 1.3 MB in half precision.
LORA_RANK = 16
LORA_ALPHA = 32
LORA_DROPOUT = 0.05
POOLER = "pooler"  # of BERT's own, which we do not use
# Few weights bear a higher rate than all of them. Ten times for LoRA: Schulman et al. 2025, "LoRA
# Without Regret"; a head on frozen vectors is a convex problem or near one, and bears it too.
RATE_FACTORS: dict[Method, float] = {"full": 1.0, "lora": 10.0, "head": 10.0}


@dataclass(frozen=True)
class Objective:
    """What a model learns by, in words for its manifest and its card."""

    loss: str
    methods: Mapping[Method, str]

    def by(self, method: Method) -> str:
        """What learns, and by which loss."""
        return f"{self.methods[method]} ({self.loss})"


def choose_trainable(model: TextModel, method: Method) -> None:
    """Let that part of a model learn which turns texts into vectors.

    full: all weights but the words' own vectors.
    lora: low-rank adapters on every linear layer; `merged` folds them in at the end.
    head: a square matrix over the pooled vectors, the identity at first. The transformer is frozen,
          so each text goes through it once, however many epochs there are.

    Raises: DataError: LoRA knows none of the model's layers.
    """
    choose_trainable_layers(model, method)
    if method == "head":
        model.add_projection()


def choose_trainable_layers(model: TextModel, method: Method) -> None:
    """The same for the transformer alone, where a head of the caller's stands on it.

    Raises: DataError: LoRA knows none of the model's layers.
    """
    if method != "head":
        model.forget_pooled()
    if method == "full":
        model.freeze_embeddings()
    elif method == "head":
        model.freeze()
    else:
        _add_adapters(model)


def merged(model: TextModel) -> None:
    """Fold LoRA's adapters into the weights, so that the model is exported as any other.

    What they learned is kept beside it: that is all of the model that has to travel.
    """
    if hasattr(model.transformer, "merge_and_unload"):
        model.adapters = learned_updates(model.transformer)
        model.transformer = model.transformer.merge_and_unload()


def learning_rate(method: Method, full_rate: float) -> float:
    """The rate for a method, given the one at which all weights learn."""
    return RATE_FACTORS[method] * full_rate


def _add_adapters(model: TextModel) -> None:
    import torch
    from peft import LoraConfig, get_peft_model

    targets = [
        name
        for name, layer in model.transformer.named_modules()
        if isinstance(layer, torch.nn.Linear) and POOLER not in name
    ]
    if not targets:
        raise DataError(
            f"LoRA finds no linear layer in the base model {model.name}. Use --method full."
        )
    adapters = LoraConfig(
        r=LORA_RANK, lora_alpha=LORA_ALPHA, lora_dropout=LORA_DROPOUT, target_modules=targets
    )
    # Adapters are drawn at random: the same ones whatever was trained before in this process.
    with torch.random.fork_rng(), warnings.catch_warnings():
        torch.manual_seed(0)
        # peft asks transformers for something by its older name.
        warnings.simplefilter("ignore", FutureWarning)
        model.transformer = get_peft_model(model.transformer, adapters)
