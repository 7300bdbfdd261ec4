"""The commands, on versions that hold no model worth the name."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipelines.cli import main
from pipelines.registry.card import with_plots
from pipelines.registry.decisions import champion_before, decisions
from tests.pipelines.registry.judgements import judgement
from tests.tiny_models import manifest_of
from textwire.models.artifacts.registry import CHALLENGER, Registry
from textwire.models.shipped.champions import shipped_champion

TASK = "sentiment"
VERSIONS = ("v1", "v2", "v3")


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """Three versions, each better than the one before; v1 serves."""
    registry = Registry(str(tmp_path / "data" / "models"))
    for number, version in enumerate(VERSIONS):
        folder = tmp_path / version
        folder.mkdir()
        (folder / "model.onnx").write_bytes(b"graph")
        made = datetime(2026, 11, 22, tzinfo=UTC) + timedelta(days=number)
        metrics = {"accuracy": 0.5 + number / 10}
        manifest = manifest_of(folder, task=TASK, version=version, created_at=made, metrics=metrics)
        judged = judgement([1.0] * (50 + 10 * number) + [0.0] * (50 - 10 * number))
        registry.register(folder, with_plots(manifest, judged, folder))
    registry.promote(TASK, "v1")
    return registry


@pytest.fixture
def models(registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TEXTWIRE_STACK_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("TEXTWIRE_MODELS_REGISTRY", raising=False)

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, ["models", *words])

    return run


def test_all_versions_are_listed_with_what_they_are_worth(models) -> None:
    lines = models("list").output.splitlines()
    first = next(line for line in lines if " v1 " in line)
    assert "champion" in first
    assert "accuracy 0.500" in first
    assert sum(TASK in line for line in lines) == 3


def test_one_is_shown_with_its_figures_and_its_card(models) -> None:
    shown = models("show", TASK).output
    assert f"{TASK} v1 (champion)" in shown
    assert "accuracy" in shown
    assert "README.md" in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "sentiment-alerts"), "sentiment v1 (champion)"),
        (("list", "sentiment-alerts"), "sentiment"),
        (("compare", "sentiment-alerts", "v3"), "v3 beside v1"),
        (("promote", "sentiment-alerts", "v2"), "v2 is now the champion of sentiment"),
        (("rollback", "sentiment-alerts"), "No champion before v1 of sentiment"),
        (("prune", "sentiment-alerts", "--dry-run"), "sentiment: nothing would go"),
    ],
)
def test_the_name_of_its_pipeline_means_the_same(models, words: tuple[str, ...], said: str) -> None:
    done = models(*words)
    assert said in done.output
    assert "The registry calls the models of `sentiment-alerts` `sentiment`." in done.stderr


def test_two_are_compared_row_by_row(models) -> None:
    compared = models("compare", TASK, "v3").output
    assert "v3 beside v1" in compared
    assert "On 100 rows" in compared
    assert "+0.200" in compared
    assert "better on 20, worse on 0" in compared


def test_a_person_promotes_and_goes_back(models, registry: Registry) -> None:
    assert "v2 is now the champion" in models("promote", TASK, "v2", "--note", "a try").output
    models("promote", TASK, "v3")
    assert champion_before(registry, TASK) == "v2"
    assert "in place of v3" in models("rollback", TASK).output
    assert registry.alias(TASK) == "v2"
    assert "in place of v2" in models("rollback", TASK).output
    assert registry.alias(TASK) == "v1"
    assert [one.what for one in decisions(registry, TASK)] == [
        "promoted", "promoted", "rolled_back", "rolled_back",
    ]  # fmt: skip
    assert "a try" in models("show", TASK, "v2").output


def test_going_back_from_an_old_version_leads_to_what_served_before_it(
    models, registry: Registry
) -> None:
    models("promote", TASK, "v2")
    models("promote", TASK, "v1")
    models("rollback", TASK)
    assert registry.alias(TASK) == "v2"


def test_the_challenger_is_what_is_promoted_where_none_is_named(models, registry: Registry) -> None:
    missing = models("promote", TASK)
    assert missing.exit_code == 1
    assert "has no challenger" in missing.output
    registry.promote(TASK, "v2", CHALLENGER)
    models("promote", TASK)
    assert registry.aliases(TASK) == {"champion": "v2"}


@pytest.mark.slow
def test_what_travels_with_the_code_is_promoted_as_shipped(models, registry: Registry) -> None:
    done = models("promote", TASK, "shipped", "--note", "upgraded")
    assert done.exit_code == 0, done.output
    shipped = shipped_champion(TASK)
    assert shipped is not None
    assert registry.alias(TASK) == shipped.manifest.version
    assert champion_before(registry, TASK) == "v1"


def test_old_versions_go_and_what_is_in_use_stays(models, registry: Registry) -> None:
    models("promote", TASK, "v3")
    assert "v2 would go" in models("prune", "--keep", "0", "--dry-run").output
    assert registry.versions(TASK) == list(VERSIONS)
    models("prune", "--keep", "0")
    assert registry.versions(TASK) == ["v1", "v3"]
    assert registry.alias(TASK) == "v3"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "weather"), "holds no model of 'weather'"),
        (("show", TASK, "v9"), "No version of sentiment is 'v9'"),
        (("show", TASK, "v"), "More than one version"),
        (("rollback", TASK), "No champion before v1"),
        (("promote", "weather", "shipped"), "No model of 'weather' travels with the code"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(models, words: tuple[str, ...], said: str) -> None:
    done = models(*words)
    assert done.exit_code == 1
    assert said in done.output


def test_a_version_that_was_damaged_is_not_promoted(
    models, registry: Registry, tmp_path: Path
) -> None:
    (tmp_path / "data" / "models" / TASK / "v2" / "model.onnx").write_bytes(b"other")
    done = models("promote", TASK, "v2")
    assert done.exit_code == 1
    assert registry.alias(TASK) == "v1"


def test_every_card_has_plots_and_the_weak_parts(registry: Registry) -> None:
    artifact = registry.open(TASK, "v1")
    card = artifact.file("README.md").read_text()
    for name in ("reliability.png", "risk-coverage.png", "confusion.png"):
        assert artifact.file(name).read_bytes().startswith(b"\x89PNG")
        assert name in card
    assert "| short | 0.500 | 10 |" in card
    assert "tiny" not in card
