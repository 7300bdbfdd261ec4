"""Every scenario, in the order in which they are run."""

from tests.chaos.scenarios.applications import APPLICATIONS
from tests.chaos.scenarios.stream import STREAM

ALL = (*STREAM, *APPLICATIONS)
