"""The pages people watch and talk to."""
