"""What is trained: one encoder with a head that tags the first piece of each word."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import save_file

from pipelines.artifacts.export import export_graph
from pipelines.training.text_model import TextModel, use_all_cores
from pipelines.tuning.methods import PARTS, WITHOUT_TUNING, Objective
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.entity_recogniser import TAGS_OUTPUT, Tagged, tag_rows
from textwire.models.engines.tokenizing import WordRow
from textwire.models.engines.torch import HEADS_FILE

OBJECTIVE = Objective(
    loss="cross-entropy of each word's BIO tag, by its first piece",
    methods={
        method: part if method in WITHOUT_TUNING else f"a head on the frozen model, then {part}"
        for method, part in PARTS.items()
    },
)


class TokenTagger(torch.nn.Module):
    """A linear head over each token's state (Devlin et al. 2019, arXiv:1810.04805, section 5.3)."""

    def __init__(self, text: TextModel, tags: int) -> None:
        """Put a head on a text model."""
        super().__init__()
        self.text = text
        self.tags = torch.nn.Linear(text.dimension, tags)

    @property
    def dimension(self) -> int:
        """The width of the states that the head stands on."""
        return self.text.dimension

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """(n, length) int64 token ids and mask to (n * length, tags) float32, row by row.

        Flat, since what runs graphs expects matrices.
        """
        logits = self.tags(self.text.hidden(ids, mask).float())
        flat: torch.Tensor = logits.reshape(-1, self.tags.out_features)
        return flat

    def states(self, rows: Sequence[WordRow]) -> torch.Tensor:
        """States of the words' first pieces, (words of all rows, width) float32, in their order."""
        ids, mask = self.text.reader.pad([row.ids for row in rows])
        device = self.text.device
        hidden = self.text.hidden(
            torch.from_numpy(ids).to(device), torch.from_numpy(mask).to(device)
        )
        return torch.cat([hidden[at, row.firsts] for at, row in enumerate(rows)]).float()

    @torch.inference_mode()
    def tag_texts(self, texts: Sequence[str]) -> list[Tagged]:
        """Logits of the words of each text, read as far as it is when it serves."""
        self.eval()
        use_all_cores()
        return tag_rows(self.text.reader.read_words(texts), self.tags.out_features, self._run)

    def _run(self, rows: Sequence[WordRow]) -> Vectors:
        ids, mask = self.text.reader.pad([row.ids for row in rows])
        device = self.text.device
        flat = self(torch.from_numpy(ids).to(device), torch.from_numpy(mask).to(device))
        logits: Vectors = flat.reshape(*ids.shape, self.tags.out_features).cpu().numpy()
        return logits

    def save(self, folder: Path) -> None:
        """Write `config.json`, `model.safetensors` and `heads.safetensors`."""
        self.text.save(folder)
        weights = {f"tags.{name}": part.detach() for name, part in self.tags.named_parameters()}
        save_file(weights, folder / HEADS_FILE)

    def export(self, file: Path) -> None:
        """Write the ONNX graph, the head inside."""
        export_graph(self, self.text.reader, [TAGS_OUTPUT], file, {0: "tokens_of_all_texts"})
