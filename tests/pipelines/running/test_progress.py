import io

import pytest
from rich.console import Console

from pipelines.running import progress as progress_module
from pipelines.running.progress import Progress


def shown(terminal: bool) -> str:
    file = io.StringIO()
    progress = Progress(Console(file=file, force_terminal=terminal, width=100))
    with progress.stage("Fine-tuning") as stage:
        stage.expect(3)
        for _ in range(3):
            stage.advance()
    progress.say("[done]")
    assert progress.seconds["Fine-tuning"] >= 0
    return file.getvalue()


def test_a_terminal_sees_a_bar() -> None:
    assert "3/3" in shown(terminal=True)
    assert "\x1b" in shown(terminal=True)


def test_a_pipe_sees_a_line_for_a_stage() -> None:
    lines = shown(terminal=False).splitlines()
    assert lines[0].startswith("Fine-tuning")
    assert lines[0].endswith(" s")
    assert len(lines) == 2


def test_a_long_stage_says_in_a_pipe_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_module, "LINE_EVERY_S", 0.0)
    assert "Fine-tuning: 2/3" in shown(terminal=False)


def test_a_stage_that_fails_is_not_said_to_be_done() -> None:
    file = io.StringIO()
    progress = Progress(Console(file=file))
    with pytest.raises(ValueError, match="wrong"), progress.stage("Exporting"):
        raise ValueError("wrong")
    assert "Exporting" not in file.getvalue()
    assert progress.seconds == {}


def test_texts_are_shown_as_they_are() -> None:
    assert "[done]" in shown(terminal=False)
