"""How much a loss hangs on each head and on each layer: by gradients of gates on them.

A gate multiplies what a head, or a layer, adds, and stands at 1. Importance of it is the mean over
texts of |dL / dgate|, which tells to first order how much the loss moves without it. Each text has
gates of its own: over a batch gradients would cancel, and after training their mean is near 0.

Sources: Michel et al. 2019, arXiv:1905.10650; Molchanov et al. 2017, arXiv:1611.06440 (the
importances of a layer's heads are divided by their norm, as layers differ in scale).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from pipelines.training.text_model import reduced_precision
from textwire.models.engines.pruned_heads import attentions, heads_of

M = TypeVar("M", bound=torch.nn.Module)
B = TypeVar("B")
Floats = NDArray[np.float64]


class Importance(NamedTuple):
    """Of a transformer's parts; more is more.

    layers  (layers,) float64.
    heads   of each layer (heads,) float64, of unit length where any of them counts.
    """

    layers: Floats
    heads: list[Floats]


def measure_importance(
    model: M,
    transformer: Any,
    loss_of: Callable[[M, B], torch.Tensor],
    batches: Sequence[B],
) -> Importance:
    """Read some batches once; no weight is changed.

    Args: transformer: the part of the model that has the heads. loss_of: of a batch, a scalar.
    """
    layers = np.zeros(len(heads_of(transformer)))
    heads = [np.zeros(count) for count in heads_of(transformer)]
    model.eval()  # no dropout
    kind = next(model.parameters()).device.type
    for batch in batches:
        with _gated(transformer) as gates, reduced_precision(kind):
            _add_gradients(loss_of(model, batch), gates, layers, heads)
    scale = [float(np.linalg.norm(of_layer)) or 1.0 for of_layer in heads]
    return Importance(layers, [of / by for of, by in zip(heads, scale, strict=True)])


class _Gates(NamedTuple):
    """The gates that were passed on the way to a loss: (texts, heads) and (texts, 1), by layer."""

    heads: list[tuple[int, torch.Tensor]]
    layers: list[tuple[int, torch.Tensor]]


def _add_gradients(
    loss: torch.Tensor, gates: _Gates, layers: Floats, heads: Sequence[Floats]
) -> None:
    passed = [gate for _, gate in (*gates.heads, *gates.layers)]
    slopes = torch.autograd.grad(loss, passed, allow_unused=True)
    sums = [0.0 if one is None else one.abs().sum(dim=0).double().cpu().numpy() for one in slopes]
    for (layer, _), of_heads in zip(gates.heads, sums, strict=False):
        heads[layer] += of_heads
    for (layer, _), of_layer in zip(gates.layers, sums[len(gates.heads) :], strict=True):
        layers[layer] += float(np.sum(of_layer))


@contextmanager
def _gated(transformer: Any) -> Iterator[_Gates]:
    gates = _Gates([], [])
    with ExitStack() as hooks:
        for place, (attention, ending) in enumerate(attentions(transformer)):
            block = transformer.encoder.layer[place]
            for hook in (
                ending.register_forward_pre_hook(_gate_heads(place, attention, gates.heads)),
                block.register_forward_hook(_gate_layer(place, gates.layers)),
            ):
                hooks.callback(hook.remove)
        yield gates


def _gate_heads(
    place: int, attention: Any, passed: list[tuple[int, torch.Tensor]]
) -> Callable[..., tuple[torch.Tensor]]:
    def gate(_: torch.nn.Module, given: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor]:
        (context,) = given  # (n, length, heads * size)
        heads = attention.num_attention_heads
        gates = torch.ones(len(context), heads, device=context.device, requires_grad=True)
        passed.append((place, gates))
        apart = context.view(*context.shape[:2], heads, -1) * gates[:, None, :, None]
        return (apart.flatten(2),)

    return gate


def _gate_layer(
    place: int, passed: list[tuple[int, torch.Tensor]]
) -> Callable[..., torch.Tensor | tuple[Any, ...]]:
    def gate(
        _: torch.nn.Module, given: tuple[Any, ...], gave: torch.Tensor | tuple[Any, ...]
    ) -> torch.Tensor | tuple[Any, ...]:
        before = given[0]
        after = gave[0] if isinstance(gave, tuple) else gave  # (n, length, d)
        gates = torch.ones(len(after), 1, device=after.device, requires_grad=True)
        passed.append((place, gates))
        weighed = before + gates[:, :, None] * (after - before)
        return (weighed, *gave[1:]) if isinstance(gave, tuple) else weighed

    return gate
