"""What of a model is used in a shop: all of it where it was trained in, and less in another."""

from __future__ import annotations

from collections.abc import Sequence

from textwire.recommendations.lists.list_building import Scorer
from textwire.recommendations.ranking.following import Following
from textwire.recommendations.ranking.ranker import PriorRanker

PRIOR_RANKER = PriorRanker()


def fitting_item_model(model: Following | None, first_ids: Sequence[str]) -> Following | None:
    """The item model, where it was trained in this shop.

    Args: first_ids: enough of the shop's items to tell which it is.
    """
    return model if model and model.is_of(first_ids) else None


def fitting_ranker(ranker: Scorer, model: Following | None, first_ids: Sequence[str]) -> Scorer:
    """The model's ranker where it was trained in this shop; in another the prior alone."""
    is_foreign = model is not None and fitting_item_model(model, first_ids) is None
    return PRIOR_RANKER if is_foreign and first_ids else ranker
