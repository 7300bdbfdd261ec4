"""The model that somebody names on the command line."""

from __future__ import annotations

from pathlib import Path

from pipelines.running.registered_names import registered_task
from textwire.errors import SettingsError
from textwire.models.artifacts.artifact import MANIFEST_FILE, Artifact, read_manifest
from textwire.models.artifacts.names import is_plain
from textwire.models.artifacts.registry import CHAMPION, Registry


def chosen_model(named: str, registry: Registry) -> Artifact:
    """The artifact of `task`, which is its champion, of `task/version` or alias, or of a folder.

    The name of a task's pipeline means the same.

    Raises: SettingsError: there is no such model. ArtifactError: it is not whole.
    """
    folder = Path(named).expanduser()
    if (folder / MANIFEST_FILE).is_file():
        return Artifact(folder, read_manifest(folder))
    name, _, version = named.partition("/")
    task = registered_task(name, registry)
    if not is_plain(task) or task not in registry.tasks():
        raise SettingsError(
            f"There is no model {named!r}: it is no folder with a {MANIFEST_FILE}, and "
            f"{registry.root} holds models of {', '.join(registry.tasks()) or 'nothing'}."
        )
    if version in ("", CHAMPION):
        return registry.champion(task)
    found = registry.alias(task, version) if version in registry.aliases(task) else version
    if found not in registry.versions(task):
        raise SettingsError(
            f"{task} has no version {version!r}. It has: {', '.join(registry.versions(task))}."
        )
    return registry.open(task, found)
