"""A transformer that turns texts into unit vectors, while it learns and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from safetensors.torch import save_file
from transformers import AutoTokenizer

from pipelines.artifacts.export import export_graph
from pipelines.training.marks import with_our_marks
from textwire.errors import DataError
from textwire.models.base_model import BaseModel
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.onnx import OUTPUT, STATES
from textwire.models.engines.pruned_heads import load_transformer_of
from textwire.models.engines.token_batches import GPU_BATCH_TOKENS, token_batches
from textwire.models.engines.tokenizing import TokenReader
from textwire.models.engines.torch import (
    HEADS_FILE,
    LEARNED_FILE,
    PROJECTION,
    mask_until,
    mean_over_tokens,
)
from textwire.models.engines.word_states import WordStates, word_states
from textwire.models.shipped.adapters import ADAPTERS_FILE, LowRankUpdate, save_adapters

# A batch is embedded in parts of like length: customers write 3 words or 60, and padding all to the
# longest would double the work.
TRAIN_BATCH_TOKENS = 1024
# To fewer texts the way to the GPU and back is longer than the reading.
LENT_FROM = 256
# As many as torch takes by itself, which is also what OMP_NUM_THREADS says.
THREADS = torch.get_num_threads()


class TextModel(torch.nn.Module):
    """Mean-pooled, normalised embeddings. It is an Encoder too, so it is judged by what serves."""

    def __init__(self, base: BaseModel, folder: Path, max_tokens: int) -> None:
        """Load a base model; its tokenizer is written to `folder` in the form that serves.

        Raises: DataError: the base model cannot be loaded, or reads fewer tokens than that.
        """
        super().__init__()
        transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            read_as = _tokenizer_of(base.folder)
            # Plain attention: the fused kinds do not export to ONNX.
            self.transformer: Any = load_transformer_of(base.folder, attn_implementation="eager")
        except (OSError, ValueError, RuntimeError) as error:
            raise DataError(f"The base model {base.name} cannot be loaded: {error}") from error
        _check_length(base, self.transformer.config, max_tokens)
        (folder / "tokenizer.json").write_text(read_as, encoding="utf-8")
        self.reader = TokenReader(folder / "tokenizer.json", max_tokens)
        self.name = base.name
        self.max_tokens = max_tokens
        self.dimension: int = self.transformer.config.hidden_size
        self.projection: torch.nn.Module = torch.nn.Identity()
        self.adapters: dict[str, LowRankUpdate] = {}  # what LoRA learned, once it is folded in
        self.stays_in_graph = False  # whether something was put in that no weights can hold
        self.before_text = 0  # tokens that a soft prompt puts before it
        self.gives_states = False  # whether its graph gives the state of each token too
        self.pooled_until: int | None = None  # the token behind which is only looked
        self._frozen = False
        self._pooled_before: dict[tuple[str, int], torch.Tensor] = {}

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """(n, length) int64 token ids and mask to (n, dimension) float32 unit vectors."""
        return self.vectors_of(self.hidden(ids, mask), ids, mask)

    def vectors_of(
        self, states: torch.Tensor, ids: torch.Tensor, mask: torch.Tensor
    ) -> torch.Tensor:
        """The same of states that are known, (n, length, width)."""
        projected = self.projection(self._mean(states, ids, mask))
        return torch.nn.functional.normalize(projected, dim=-1)

    def pooled(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """(n, length) int64 token ids and mask to (n, dimension) float32, the means over tokens."""
        return self._mean(self.hidden(ids, mask), ids, mask)

    def _mean(self, states: torch.Tensor, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        if self.pooled_until is not None:
            mask = mask_until(ids, mask, self.pooled_until)
        return mean_over_tokens(states.float(), mask)

    def hidden(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The same to the states of the last layer, (n, length, width), a row for each token."""
        states: torch.Tensor = self.transformer(
            input_ids=ids, attention_mask=mask
        ).last_hidden_state
        return states[:, self.before_text :] if self.before_text else states

    @property
    def device(self) -> torch.device:
        """Where its weights stand."""
        return next(self.parameters()).device

    def freeze_embeddings(self) -> None:
        """Keep the words' own vectors: a few hundred texts cannot teach 30,000 words anything."""
        self.transformer.get_input_embeddings().requires_grad_(False)

    def freeze(self) -> None:
        """Keep the whole transformer; each text goes through it once from now on."""
        self.transformer.requires_grad_(False)
        self._frozen = True

    def add_projection(self) -> None:
        """A square matrix over the pooled vectors, the identity until it learns."""
        projection = torch.nn.Linear(self.dimension, self.dimension, bias=False)
        torch.nn.init.eye_(projection.weight)
        self.projection = projection

    def embed(self, texts: Sequence[str], max_tokens: int) -> torch.Tensor:
        """Unit vectors through which gradients flow, (n, dimension) float32."""
        projected = self.projection(self.pool(texts, max_tokens))
        return torch.nn.functional.normalize(projected, dim=-1)

    def pool(self, texts: Sequence[str], max_tokens: int) -> torch.Tensor:
        """Means over the tokens of texts, (n, dimension) float32, with gradients unless frozen."""
        if self._frozen:
            return self.pool_once(texts, max_tokens)
        use_all_cores()
        rows = [row[:max_tokens] for row in self.reader.read(texts)]
        budget = GPU_BATCH_TOKENS if self.device.type == "cuda" else TRAIN_BATCH_TOKENS
        batches = list(token_batches([len(row) for row in rows], budget))
        pooled = torch.cat([self._pool_batch([rows[place] for place in b]) for b in batches])
        order = torch.tensor([place for batch in batches for place in batch])
        return pooled[torch.argsort(order).to(pooled.device)]

    def pool_once(self, texts: Sequence[str], max_tokens: int) -> torch.Tensor:
        """The same while nothing learns: a text that was read before is not read again."""
        known = self._pooled_before
        new = [text for text in dict.fromkeys(texts) if (text, max_tokens) not in known]
        if new:
            self.transformer.eval()  # no dropout: a text has one vector
            rows = [row[:max_tokens] for row in self.reader.read(new)]
            with lent_to_gpu(self, len(new)) as kind, torch.no_grad(), reduced_precision(kind):
                for batch in token_batches([len(row) for row in rows]):
                    pooled = self._pool_batch([rows[place] for place in batch]).cpu()
                    known |= {(new[at], max_tokens): v for at, v in zip(batch, pooled, strict=True)}
        return torch.stack([known[text, max_tokens] for text in texts]).to(self.device)

    def forget_pooled(self) -> None:
        """Forget what texts were before the transformer learned."""
        self._pooled_before.clear()

    def _pool_batch(self, rows: Sequence[Sequence[int]]) -> torch.Tensor:
        ids, mask = self.reader.pad(rows)
        device = self.device
        return self.pooled(torch.from_numpy(ids).to(device), torch.from_numpy(mask).to(device))

    @torch.inference_mode()
    def encode(self, texts: Sequence[str]) -> Vectors:
        """A unit vector for each text, (n, dimension) float32, as the Encoder protocol says."""
        self.eval()
        use_all_cores()
        rows = self.reader.read(texts)
        vectors = np.empty((len(rows), self.dimension), dtype=np.float32)
        with lent_to_gpu(self, len(rows)):
            for batch in token_batches([len(row) for row in rows]):
                ids, mask = self.reader.pad([rows[index] for index in batch])
                on_device = (torch.from_numpy(part).to(self.device) for part in (ids, mask))
                vectors[batch] = self(*on_device).cpu().numpy()
        return vectors

    @torch.inference_mode()
    def encode_words(self, texts: Sequence[str]) -> tuple[Vectors, list[WordStates]]:
        """The same, (n, dimension) float32, with the words of each, as a WordEncoder gives them."""
        self.eval()
        use_all_cores()
        rows = self.reader.read_words(texts)
        vectors = np.empty((len(rows), self.dimension), dtype=np.float32)
        words: dict[int, WordStates] = {}
        with lent_to_gpu(self, len(rows)):
            for batch in token_batches([len(row.ids) for row in rows]):
                ids, mask = self.reader.pad([rows[index].ids for index in batch])
                on_device = [torch.from_numpy(part).to(self.device) for part in (ids, mask)]
                states = self.hidden(*on_device)
                vectors[batch] = self.vectors_of(states, *on_device).cpu().numpy()
                for index, of_text in zip(batch, states.float().cpu().numpy(), strict=True):
                    words[index] = word_states(texts[index], rows[index], of_text)
        return vectors, [words[index] for index in range(len(rows))]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens read of each text."""
        return [len(row) for row in self.reader.read(texts)]

    def save(self, folder: Path) -> None:
        """Write `config.json` and `model.safetensors`; adapters and projection if there are any.

        What no weights of the base's kind can hold, such as a prompt, is in the graph and in
        `learned.safetensors`, and there is no `model.safetensors` that would lack it.
        """
        if self.stays_in_graph:
            self.transformer.config.save_pretrained(folder)
            save_file(self._learned(), folder / LEARNED_FILE)
        else:
            self.transformer.save_pretrained(folder)
        if self.adapters:
            save_adapters(self.adapters, folder / ADAPTERS_FILE)
        if isinstance(self.projection, torch.nn.Linear):
            save_file({PROJECTION: self.projection.weight.detach()}, folder / HEADS_FILE)

    def _learned(self) -> dict[str, torch.Tensor]:
        weights = self.transformer.named_parameters()
        return {name: weight.detach() for name, weight in weights if weight.requires_grad}

    def export(self, file: Path) -> None:
        """Write the ONNX graph that gives unit vectors, pooling and norm inside.

        And the states that it pools, where `gives_states` says so.
        """
        if self.gives_states:
            export_graph(WithStates(self), self.reader, [OUTPUT], file, by_token=[STATES])
        else:
            export_graph(self, self.reader, [OUTPUT], file)


class WithStates(torch.nn.Module):
    """A text model that gives unit vectors and, beside them, the states that it pools."""

    def __init__(self, text: TextModel) -> None:
        super().__init__()
        self.text = text

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(n, length) int64 to (n, dimension) and (n, length, dimension), float32."""
        states = self.text.hidden(ids, mask)
        return self.text.vectors_of(states, ids, mask), states.float()


def _tokenizer_of(folder: Path) -> str:
    """The content of a `tokenizer.json` that reads our marks.

    What we saved has no `tokenizer_config.json`, and reads them as it is: the library would look
    for the marks of the model's family, which are renamed.
    """
    saved = folder / "tokenizer.json"
    if saved.is_file() and not (folder / "tokenizer_config.json").exists():
        return saved.read_text(encoding="utf-8")
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    return with_our_marks(
        tokenizer.backend_tokenizer.to_str(), tokenizer.sep_token, tokenizer.mask_token
    )


@contextmanager
def lent_to_gpu(model: torch.nn.Module, texts: int) -> Iterator[str]:
    """Where there is a GPU and there are many texts, a model stands on it meanwhile.

    Yields: the kind of device that it stands on, `cpu` or `cuda`.
    """
    before = next(model.parameters()).device
    lent = before.type == "cpu" and texts >= LENT_FROM and torch.cuda.is_available()
    if lent:
        _move(model, "cuda")
    try:
        yield "cuda" if lent else before.type
    finally:
        if lent:
            _move(model, before)


def _move(model: torch.nn.Module, where: torch.device | str) -> None:
    # A weight that is moved in inference mode could never learn again.
    with torch.inference_mode(False):
        model.to(where)


def reduced_precision(device: str = "cpu") -> AbstractContextManager[object]:
    """Products of matrices in bf16 where the device is fast at it; elsewhere as they are."""
    return torch.autocast(device, torch.bfloat16, enabled=fast_bf16(device))


def fast_bf16(device: str) -> bool:
    """Whether a GPU (`cuda`), or this processor, is fast at bf16; elsewhere it is emulated."""
    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    cpu = torch.cpu.get_capabilities()
    return bool(cpu.get("avx512_bf16") or cpu.get("amx_bf16"))


def _check_length(base: BaseModel, config: Any, max_tokens: int) -> None:
    longest = getattr(config, "max_position_embeddings", max_tokens)
    if max_tokens > longest:
        raise DataError(
            f"The base model {base.name} reads {longest} tokens at most, and {max_tokens} were "
            "asked for: lower the setting `max_tokens`, or take another base model."
        )


def use_all_cores() -> None:
    """Take back the threads that a search in FAISS has left at one: both share OpenMP's number."""
    torch.set_num_threads(THREADS)
