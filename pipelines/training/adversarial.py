"""Texts made a little harder at each step, where the model is most easily misled.

FGM, Miyato et al. 2017, arXiv:1605.07725: beside each batch the same once more, with
r = epsilon * g / ||g|| added to each text's word vectors, g being the loss's gradient there. Twice
the work.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch


class WordVectorPush:
    """Sees what a layer of word vectors gives in one pass, and pushes it uphill in the next."""

    def __init__(self, embeddings: torch.nn.Module, epsilon: float) -> None:
        self._embeddings = embeddings
        self._epsilon = epsilon
        self._seen: list[torch.Tensor] = []

    @contextmanager
    def seeing(self) -> Iterator[None]:
        """Keep what it gives meanwhile, each (n, length, d), until it is known where to push."""
        self._seen = []

        def keep(_: Any, __: Any, given: torch.Tensor) -> torch.Tensor:
            if not given.requires_grad:
                given.requires_grad_(True)  # the words' own vectors are frozen
            given.retain_grad()
            self._seen.append(given)
            return given

        with self._hooked(keep):
            yield

    @contextmanager
    def pushing(self) -> Iterator[None]:
        """Add to what it gives meanwhile, call by call in the same order."""
        pushes = iter([self._push(given.grad) for given in self._seen])

        def push(_: Any, __: Any, given: torch.Tensor) -> torch.Tensor:
            return given + next(pushes)

        with self._hooked(push):
            yield

    def _push(self, gradient: torch.Tensor | None) -> torch.Tensor | float:
        if gradient is None:
            return 0.0
        length = torch.linalg.vector_norm(gradient, dim=(1, 2), keepdim=True)
        push: torch.Tensor = self._epsilon * gradient / length.clamp(min=1e-12)
        return push

    @contextmanager
    def _hooked(self, hook: Any) -> Iterator[None]:
        handle = self._embeddings.register_forward_hook(hook)
        try:
            yield
        finally:
            handle.remove()


def word_embeddings(model: torch.nn.Module) -> torch.nn.Module | None:
    """The layer of word vectors of the first transformer within a model."""
    parts: Iterator[Any] = model.modules()
    for part in parts:
        if hasattr(part, "get_input_embeddings") and hasattr(part, "config"):
            found: torch.nn.Module = part.get_input_embeddings()
            return found
    return None
