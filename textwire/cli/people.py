"""Who may sign in to the pages."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO, cast

import click

from textwire.access.roles import ROLES, Role
from textwire.cli._groups import WholeSentences

# As the pages look for it (dashboards/signing_in/access.py).
PEOPLE_FILE = "people"


@click.group(cls=WholeSentences)
@click.option(
    "--file",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file of people.  [default: dashboard.people, or else `people` in the data folder]",
)
@click.pass_context
def people(ctx: click.Context, path: Path | None) -> None:
    """Add, remove and list who may sign in to the pages.

    They are asked for a name and a password once TEXTWIRE_DASHBOARD_SIGN_IN is `passwords`, and
    sent to your OpenID provider where it is `oidc`.
    """
    from textwire.settings import StackSettings, load

    ctx.obj = path or _of_the_pages() or load(StackSettings).data_dir / PEOPLE_FILE


@people.command()
@click.argument("name")
@click.option(
    "--role", "roles", type=click.Choice(ROLES), multiple=True, required=True,
    help="What they do; several times for several. An operator sees everything.",
)  # fmt: skip
@click.option(
    "--password-file", type=click.File("r"), help="Read the password from here, - for the input."
)
@click.option(
    "--no-password", is_flag=True, help="They sign in at the OpenID provider, under NAME."
)
@click.pass_obj
def add(
    path: Path, name: str, roles: tuple[str, ...], password_file: TextIO | None, no_password: bool
) -> None:
    """Add NAME, or give them another password and other roles."""
    from textwire.access.password_file import (
        new_person,
        person_without_password,
        read_people,
        write_people,
    )

    held = cast("frozenset[Role]", frozenset(roles))
    if no_password and password_file:
        raise click.UsageError("--no-password and --password-file exclude each other.")
    known = read_people(path) if path.exists() else {}
    if no_password:
        write_people(path, known | {name: person_without_password(name, held)})
        click.echo(f"{name} can sign in at the provider as {', '.join(sorted(roles))}.")
        return
    if password_file:
        password = password_file.read().rstrip("\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    write_people(path, known | {name: new_person(name, held, password)})
    click.echo(f"{name} can sign in as {', '.join(sorted(roles))}.")


@people.command()
@click.argument("name")
@click.pass_obj
def remove(path: Path, name: str) -> None:
    """Let NAME sign in no more; who is signed in is out at once."""
    from textwire.access.password_file import read_people, write_people

    known = read_people(path)
    if name not in known:
        raise click.ClickException(f"There is no {name} in {path}.")
    write_people(path, {other: person for other, person in known.items() if other != name})
    click.echo(f"{name} can sign in no more.")


@people.command("list")
@click.pass_obj
def list_people(path: Path) -> None:
    """Show who may sign in, and as what."""
    from textwire.access.password_file import read_people

    for name, person in sorted(read_people(path).items() if path.exists() else ()):
        click.echo(f"{name:<30} {', '.join(sorted(person.roles))}")


def _of_the_pages() -> Path | None:
    """The file that the pages are told to read, where they are installed and told of one."""
    from textwire.cli._checkup import import_settings
    from textwire.settings import Section, load

    import_settings()
    pages = Section.known.get("dashboard")
    return None if pages is None else getattr(load(pages), "people", None)
