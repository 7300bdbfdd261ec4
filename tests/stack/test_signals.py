"""The first signal asks to stop, the second does not ask."""

from __future__ import annotations

import os
import signal

import pytest

from textwire.stack.signals import stop_signals


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_first_interrupts_and_the_second_kills(number: signal.Signals) -> None:
    heard: list[str] = []
    before = signal.getsignal(number)
    with stop_signals(lambda: heard.append("asked"), lambda: heard.append("killed")):
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)
        assert heard == ["asked"]
        os.kill(os.getpid(), number)
        assert heard == ["asked", "killed"]
    assert signal.getsignal(number) is before
