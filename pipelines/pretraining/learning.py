"""From unlabelled texts to a base model that knows their kind: masked words, or SimCSE."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForMaskedLM, AutoTokenizer, DataCollatorForLanguageModeling

from pipelines.losses.contrastive import info_nce
from pipelines.pretraining.settings import PretrainingSettings
from pipelines.running.progress import Stage
from pipelines.training.fine_tuning import fine_tune
from pipelines.training.pair_batches import PairBatch
from pipelines.training.text_model import TextModel
from textwire.errors import DataError
from textwire.models.base_model import BaseModel

# Below this a batch of SimCSE has hardly anything to tell a text apart from.
LEAST_TEXTS = 16
# What the library's collator writes where no word is to be told.
NOT_ASKED = -100


def pretrain(
    base: BaseModel,
    texts: Sequence[str],
    settings: PretrainingSettings,
    folder: Path,
    stage: Stage,
) -> list[float]:
    """Write a base model that went on from another, with its tokenizer; the mean loss of epochs.

    Args:   folder: an empty one; what it holds at the end can be given as `--base`.
    Raises: DataError: there are too few texts, or the base cannot be loaded or knows no mask.
    """
    if len(texts) < LEAST_TEXTS:
        raise DataError(f"There are {len(texts)} texts to learn from; give {LEAST_TEXTS} or more.")
    with tempfile.TemporaryDirectory() as work:
        model = TextModel(base, Path(work), settings.max_tokens)
    learn = _learn_masked if settings.by == "mlm" else _learn_alike
    losses = learn(base, model, texts, settings, stage)
    model.transformer.save_pretrained(folder)
    AutoTokenizer.from_pretrained(base.folder, local_files_only=True).save_pretrained(folder)
    return losses


def _learn_masked(
    base: BaseModel,
    model: TextModel,
    texts: Sequence[str],
    settings: PretrainingSettings,
    stage: Stage,
) -> list[float]:
    """Words that were taken out must be told from those around them.

    A base for sentences has no head that tells words; then one learns with the layers beneath it.

    Source: Devlin et al. 2019, arXiv:1810.04805; on texts of a trade, Gururangan et al. 2020,
            arXiv:2004.10964.
    """
    tokenizer: Any = AutoTokenizer.from_pretrained(base.folder, local_files_only=True)
    if tokenizer.mask_token is None:
        raise DataError(
            f"The tokenizer of {base.name} has no token for what is masked: use --by simcse."
        )
    # A head that is drawn at random is the same whatever was drawn before in this process.
    with torch.random.fork_rng():
        torch.manual_seed(settings.seed)
        teller: Any = AutoModelForMaskedLM.from_pretrained(
            base.folder, use_safetensors=True, local_files_only=True
        )
    masking = DataCollatorForLanguageModeling(tokenizer, mlm_probability=settings.masked)

    def loss_of(tuned: Any, batch: Sequence[str]) -> torch.Tensor:
        rows = tokenizer(list(batch), truncation=True, max_length=settings.max_tokens)
        masked = masking([{"input_ids": ids} for ids in rows["input_ids"]])
        if (masked["labels"] == NOT_ASKED).all():
            # Nothing was masked: a loss of 0, with gradients for every weight.
            return torch.stack([weight.sum() for weight in tuned.parameters()]).sum() * 0.0
        loss: torch.Tensor = tuned(**{k: v.to(tuned.device) for k, v in masked.items()}).loss
        return loss

    losses = _fine_tuned(teller, texts, loss_of, settings, stage)
    # What reads texts, without what tells words; a pooler that was not used stays what it was.
    model.transformer.load_state_dict(teller.base_model.state_dict(), strict=False)
    return losses


def _learn_alike(
    base: BaseModel,  # noqa: ARG001 - both ways are called alike
    model: TextModel,
    texts: Sequence[str],
    settings: PretrainingSettings,
    stage: Stage,
) -> list[float]:
    """A text read twice, with other dropout, must be nearer to itself than to all others.

    Source: Gao et al. 2021, arXiv:2104.08821, without labels.
    """

    def loss_of(tuned: TextModel, batch: Sequence[str]) -> torch.Tensor:
        twice = PairBatch(list(batch), list(batch), list(range(len(batch))))
        return info_nce(tuned, twice, settings.temperature, settings.max_tokens)

    model.freeze_embeddings()
    return _fine_tuned(model, texts, loss_of, settings, stage)


def _fine_tuned(
    model: Any, texts: Sequence[str], loss_of: Any, settings: PretrainingSettings, stage: Stage
) -> list[float]:
    different = list(dict.fromkeys(texts))
    rng = random.Random(settings.seed)  # noqa: S311 - an order, no secret

    def draw_epoch() -> list[list[str]]:
        order = rng.sample(different, len(different))
        size = settings.batch_texts
        return [order[at : at + size] for at in range(0, len(order), size)]

    return fine_tune(model, draw_epoch, loss_of, settings.schedule, stage)
