"""Options that several verbs share."""

from __future__ import annotations

import os
from pathlib import Path

import click


def _set_data_dir(_ctx: click.Context, _option: click.Parameter, folder: Path | None) -> None:
    """Through the environment: settings read it there, and so do child processes."""
    if folder is not None:
        os.environ["TEXTWIRE_STACK_DATA_DIR"] = str(folder.absolute())


data_dir_option = click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    callback=_set_data_dir,
    expose_value=False,
    help="Folder of data, models and logs.  [default: .textwire, or as set]",
)
