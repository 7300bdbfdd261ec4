"""How much of a model learns: all of it, parts inside it, or only what stands on top of it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from pipelines.tuning.adapters import learned_updates, put_updates
from textwire.errors import DataError

if TYPE_CHECKING:
    from pipelines.training.text_model import TextModel
    from textwire.models.shipped.adapters import LowRankUpdate

Method = Literal[
    "full",
    "head",
    "frozen",
    "lora",
    "adalora",
    "bottleneck",
    "ia3",
    "prefix",
    "prompt",
    "few-shot",
    "zero-shot",
]
METHODS: tuple[Method, ...] = get_args(Method)
# The transformer stays as it is, and only heads on it are set.
WITHOUT_TUNING: frozenset[Method] = frozenset({"head", "zero-shot"})
# Of labels that have examples or words; a retriever's pairs are contrastive as they are.
OF_CLASSIFIERS: frozenset[Method] = frozenset({"few-shot", "zero-shot"})

# By these a model learns from labels alone: a teacher's logits have no part in them.
FROM_LABELS_ALONE = WITHOUT_TUNING | {"few-shot"}

# Hu et al. 2021, arXiv:2106.09685, with twice the rank as scale; on every linear layer and not on
# attention alone: Schulman et al. 2025, "LoRA Without Regret". On MiniLM 1.3 MB in half precision.
LORA_RANK = 16
LORA_ALPHA = 32
LORA_DROPOUT = 0.05
# Lester et al. 2021, arXiv:2104.08691, figure 3: more than 20 gain little. A prefix stands in every
# layer, so half as many.
PROMPT_TOKENS = 20
PREFIX_TOKENS = 10
# Few weights bear a higher rate than all of them. Ten times for LoRA: Schulman et al. 2025, "LoRA
# Without Regret"; a head on frozen vectors is a convex problem or near one, and bears it too. The
# fewest, vectors that scale or stand before the text, are given more yet, which is not measured.
RATE_FACTORS: dict[Method, float] = {
    "full": 1.0,
    "head": 10.0,
    "frozen": 1.0,
    "lora": 10.0,
    "adalora": 10.0,
    "bottleneck": 10.0,
    "ia3": 50.0,
    "prefix": 50.0,
    "prompt": 100.0,
    "few-shot": 1.0,
    "zero-shot": 1.0,
}
# What peft gives a model that it has wrapped.
FOLDS = "merge_and_unload"
# What learns, for people.
PARTS: dict[Method, str] = {
    "full": "all layers",
    "head": "a head on the frozen model",
    "frozen": "the upper layers",
    "lora": "LoRA's adapters on every linear layer",
    "adalora": "AdaLoRA's adapters on every linear layer, ranks where they matter",
    "bottleneck": "bottleneck adapters after attention and feed-forward",
    "ia3": "IA3's scales of keys, values and feed-forward",
    "prefix": "a prefix in every layer's attention",
    "prompt": "a soft prompt before the text",
    "few-shot": "all layers by contrastive pairs, then a head",
    "zero-shot": "nothing: labels are the vectors of their descriptions",
}


@dataclass(frozen=True)
class Objective:
    """What a model learns by, in words for its manifest and its card."""

    loss: str
    methods: Mapping[Method, str]

    def by(self, method: Method) -> str:
        """What learns, and by which loss."""
        return f"{self.methods.get(method, PARTS[method])} ({self.loss})"


def choose_trainable(model: TextModel, method: Method, frozen_layers: int = 3) -> None:
    """Let that part of a model learn which turns texts into vectors; `PARTS` says which.

    full:   all weights but the words' own vectors.
    head:   a square matrix over the pooled vectors, the identity at first. The transformer is
            frozen, so each text goes through it once, however many epochs there are.
    frozen: the same as full, but for so many layers from the lowest.
    Others put something into the transformer and let that alone learn; `merged` folds it in at the
    end where that can be done.

    Raises: DataError: the method does not fit the base model, or is one of classifiers.
    """
    if method in OF_CLASSIFIERS:
        raise DataError(
            f"--method {method} is for tasks with labels. This one learns from pairs, which are "
            "contrastive as they are: use --method full or lora, with as few pairs as there are."
        )
    choose_trainable_layers(model, method, frozen_layers)
    if method == "head":
        model.add_projection()


def choose_trainable_layers(model: TextModel, method: Method, frozen_layers: int = 3) -> None:
    """The same for the transformer alone, where a head of the caller's stands on it.

    Raises: DataError: the method does not fit the base model.
    """
    if method in WITHOUT_TUNING:
        model.freeze()
        return
    model.forget_pooled()
    if hasattr(model.transformer, FOLDS):
        return  # what it learned before is in it already, and learns on
    if method in ("full", "few-shot"):
        model.freeze_embeddings()
    elif method == "frozen":
        _freeze_lowest(model, frozen_layers)
    elif method == "bottleneck":
        _add_bottlenecks(model)
    else:
        _wrap(model, method)


def wrap_as_learned(model: TextModel, updates: Mapping[str, LowRankUpdate]) -> None:
    """Put LoRA's adapters into the transformer as another model had learned them, to learn on.

    Args:   updates: by the name of the weight that each is added to.
    Raises: DataError: they are not those of LoRA on this base model.
    """
    _wrap(model, "lora")
    put_updates(model.transformer, updates)


def merged(model: TextModel) -> None:
    """Fold what was put into the transformer into its weights, where that is exact.

    LoRA and AdaLoRA add to weights and IA3 scales them, so the model is exported as any other, and
    of the former two what they learned is kept beside it: that is all of the model that has to
    travel. Bottlenecks, prefixes and prompts stay, and are a part of the graph that serves.
    """
    if hasattr(model.transformer, FOLDS):
        model.adapters = learned_updates(model.transformer)
        model.transformer = model.transformer.merge_and_unload()


def learning_rate(method: Method, full_rate: float) -> float:
    """The rate for a method, given the one at which all weights learn."""
    return RATE_FACTORS[method] * full_rate


def _freeze_lowest(model: TextModel, frozen_layers: int) -> None:
    from pipelines.tuning.layers import blocks, require_found

    found = blocks(model.transformer)
    require_found(found, "frozen", "a stack of layers", model.name)
    if not 0 <= frozen_layers < len(found):
        raise DataError(
            f"frozen_layers={frozen_layers}, and the base model {model.name} has {len(found)}: "
            f"give 0 to {len(found) - 1}."
        )
    model.transformer.requires_grad_(False)
    for block in found[frozen_layers:]:
        block.requires_grad_(True)


def _add_bottlenecks(model: TextModel) -> None:
    import torch

    from pipelines.tuning.bottleneck import add_bottlenecks
    from pipelines.tuning.layers import require_found

    with torch.random.fork_rng():
        torch.manual_seed(0)
        found = add_bottlenecks(model.transformer)
    require_found(found, "bottleneck", "ends of attention and feed-forward", model.name)
    model.stays_in_graph = True


def _wrap(model: TextModel, method: Method) -> None:
    import torch
    from peft import get_peft_model

    config = _config(model, method)
    # What is put in is drawn at random: the same whatever was trained before in this process.
    with torch.random.fork_rng(), warnings.catch_warnings():
        torch.manual_seed(0)
        # peft asks transformers for something by its older name.
        warnings.simplefilter("ignore", FutureWarning)
        model.transformer = get_peft_model(model.transformer, config)


def _config(model: TextModel, method: Method) -> Any:
    import peft

    from pipelines.tuning.layers import (
        ends_of_feed_forward,
        keys_and_values,
        linear_layers,
        require_found,
    )

    if method in ("prefix", "prompt"):
        return _virtual_tokens(model, method)
    if method == "ia3":
        scaled = keys_and_values(model.transformer)
        inner = ends_of_feed_forward(model.transformer)
        require_found(scaled, method, "keys and values of attention", model.name)
        return peft.IA3Config(target_modules=[*scaled, *inner], feedforward_modules=inner)
    targets = linear_layers(model.transformer)
    require_found(targets, method, "linear layers", model.name)
    if method == "adalora":
        from pipelines.tuning.adaptive_rank import FIRST_RANK, LAST_RANK

        return peft.AdaLoraConfig(
            init_r=FIRST_RANK,
            target_r=LAST_RANK,
            lora_alpha=LORA_ALPHA,
            lora_dropout=LORA_DROPOUT,
            target_modules=targets,
            total_step=1_000_000,  # said anew when the training begins
        )
    return peft.LoraConfig(
        r=LORA_RANK, lora_alpha=LORA_ALPHA, lora_dropout=LORA_DROPOUT, target_modules=targets
    )


def _virtual_tokens(model: TextModel, method: Method) -> Any:
    import peft
    import transformers

    family = model.transformer.config.model_type
    if method == "prefix" and family not in ("bert", "roberta", "xlm-roberta", "electra"):
        raise DataError(
            f"--method prefix: peft {peft.__version__} passes a prefix as past keys and values, "
            f"which {family} does not take in transformers {transformers.__version__}. Use "
            "--method prompt, lora or bottleneck."
        )
    tokens = PREFIX_TOKENS if method == "prefix" else PROMPT_TOKENS
    longest = getattr(model.transformer.config, "max_position_embeddings", None)
    if longest and model.max_tokens + tokens > longest:
        raise DataError(
            f"--method {method} puts {tokens} tokens before each text, and the base model "
            f"{model.name} reads {longest} in all: set max_tokens={longest - tokens} or less."
        )
    model.stays_in_graph = True
    if method == "prompt":
        model.before_text = tokens
        return peft.PromptTuningConfig(task_type="FEATURE_EXTRACTION", num_virtual_tokens=tokens)
    return peft.PrefixTuningConfig(task_type="FEATURE_EXTRACTION", num_virtual_tokens=tokens)
