"""A champion's encoder as sentence-transformers reads it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sentence_transformers import SentenceTransformer

from benchmarks.setting import champion
from textwire.models.engines.encoder import Vectors

BATCH_TEXTS = 8


def load_encoder(task: str) -> SentenceTransformer:
    """Transformer, mean pooling, unit length; fp32."""
    from sentence_transformers.models import Normalize, Pooling, Transformer

    artifact = champion(task)
    transformer = Transformer(str(artifact.path), max_seq_length=artifact.manifest.max_tokens)
    pooling = Pooling(transformer.get_word_embedding_dimension(), "mean")
    return SentenceTransformer(modules=[transformer, pooling, Normalize()], device="cpu")


def embed(model: SentenceTransformer, texts: Sequence[str]) -> Vectors:
    """(n, d) float32."""
    vectors = model.encode(list(texts), batch_size=BATCH_TEXTS, show_progress_bar=False)
    return np.asarray(vectors, dtype=np.float32)
