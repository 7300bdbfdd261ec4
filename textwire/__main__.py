"""`python -m textwire` is the command `textwire`."""

from textwire.cli import main

if __name__ == "__main__":
    main(prog_name="textwire")
