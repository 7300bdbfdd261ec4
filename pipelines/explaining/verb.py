"""The command `pipelines explain`."""

from __future__ import annotations

import importlib.util

import click

from pipelines.explaining.asked import Asked, require_sense
from pipelines.running.chosen_model import chosen_model
from textwire.cli._options import data_dir_option
from textwire.errors import SettingsError
from textwire.models.artifacts.registry import open_registry

NEEDED = ("torch", "transformers", "captum")


@click.command()
@click.argument("model")
@click.argument("text")
@click.option("--class", "class_name", help="Explain this class, or this kind of entity.")
@click.option(
    "--beside",
    metavar="TEXT",
    help="What TEXT is read beside: a reranker's passage, what was said before a message; or what "
    "an encoder compares it with.",
)
@click.option("--words", help="Words of TEXT that are, or are not, an entity.")
@data_dir_option
def explain(
    model: str, text: str, class_name: str | None, beside: str | None, words: str | None
) -> None:
    """Tell which words of TEXT carried what a model says of it.

    MODEL is a task, which means its champion; a version of it, TASK/VERSION; or a folder. Beside
    each word stands what it adds, by integrated gradients: to the logit of a class (the likeliest
    if none is chosen), to a reranker's log odds, to an entity's (the surest), or to the cosine of
    two texts.
    """
    require_installed()
    artifact = chosen_model(model, open_registry())
    asked = Asked(text, class_name, beside, words)
    require_sense(asked, artifact.manifest)
    # torch takes seconds to load, and is needed only now.
    from pipelines.explaining.telling import told

    click.echo(told(artifact, asked))


def require_installed() -> None:
    """Raises: SettingsError: what explaining needs is not there, as in an install that serves."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise SettingsError(
            f"Explaining needs {' and '.join(missing)}, which serving does without. Run `make "
            "install-train`, or `pip install 'textwire[train,explain]'`."
        )
