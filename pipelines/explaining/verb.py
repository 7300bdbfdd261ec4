"""The command `pipelines explain`."""

from __future__ import annotations

import importlib.util

import click

from pipelines.running.chosen_model import chosen_model
from textwire.cli._options import data_dir_option
from textwire.errors import SettingsError
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.registry import open_registry

NEEDED = ("torch", "transformers", "captum")


@click.command()
@click.argument("model")
@click.argument("text")
@click.option("--class", "class_name", help="Explain this class.  [default: the likeliest]")
@data_dir_option
def explain(model: str, text: str, class_name: str | None) -> None:
    """Tell which words of TEXT carried what a classifier says of it.

    MODEL is a task, which means its champion; a version of it, TASK/VERSION; or a folder. Beside
    each word stands what it adds to the class's logit, by integrated gradients.
    """
    require_installed()
    artifact = chosen_model(model, open_registry())
    click.echo(explained(artifact, text, class_name))


def require_installed() -> None:
    """Raises: SettingsError: what explaining needs is not there, as in an install that serves."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise SettingsError(
            f"Explaining needs {' and '.join(missing)}, which serving does without. Run `make "
            "install-train`, or `pip install 'textwire[train,explain]'`."
        )


def explained(artifact: Artifact, text: str, class_name: str | None) -> str:
    """A line for each word, with a bar as long as it counts.

    Raises: SettingsError: the model tells no classes, or not this one, or the text has no words.
            ArtifactError: its weights cannot be loaded.
    """
    manifest = artifact.manifest
    classes = (*manifest.labels, *manifest.topics)
    if not classes:
        raise SettingsError(f"{manifest.task} tells no classes of texts, so none can be explained.")
    if class_name is not None and class_name not in classes:
        raise SettingsError(f"There is no class {class_name!r}. There are: {', '.join(classes)}.")
    if not text.strip():
        raise SettingsError("The text is empty: there are no words to explain it by.")
    # torch takes seconds to load, and is needed only now.
    from pipelines.explaining.attribution import explain_class
    from pipelines.explaining.report import report
    from textwire.models.engines.torch_classifier import TorchClassifier

    classifier = TorchClassifier(artifact)
    told = classifier.classify([text])
    likeliest = (told.labels if manifest.labels else told.topics)[0].argmax()
    return report(explain_class(classifier, text, class_name or classes[likeliest]))
