"""Manifests as a stranger may write them who can write to the bucket: refused, and nothing more."""

import uuid
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.tiny_models import manifest_of
from textwire.errors import ArtifactCorrupt, ArtifactError
from textwire.models.artifacts.artifact import MOST_FILES, MOST_MANIFEST_BYTES
from textwire.models.artifacts.manifest import Manifest
from textwire.models.artifacts.registry import Registry

TASK = "support-qa"
ESCAPING = [
    "../../../escaped.json",
    "/escaped.json",
    "folder/escaped.json",
    "folder\\escaped.json",
    "escaped\0.json",
    "escaped\n.json",
    ".escaped.json",
    "manifest.json",
    "escaped.pkl",
    "escaped",
    "..",
    "",
    "é.json",
    "e" * 124 + ".json",
]
NO_MODELS = [
    {"dimension": 0},
    {"dimension": 10**9},
    {"max_tokens": 0},
    {"max_tokens": 10**9},
    {"thresholds": {"answer": 1.5}},
    {"calibration": {"features": ["cosine"], "weights": [], "intercept": 0}},
    {"calibration": {"features": ["cosine"], "weights": [1e300], "intercept": 0}},
]


@pytest.fixture(params=["folder", "remote"])
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> Registry:
    return Registry(str(tmp_path / "models")) if request.param == "folder" else remote(tmp_path)


def remote(folder: Path) -> Registry:
    return Registry(f"memory://{uuid.uuid4().hex}", cache=folder / "cache")


@pytest.fixture
def made(tmp_path: Path) -> Path:
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / "model.onnx").write_bytes(b"graph")
    return folder


def put(registry: Registry, manifest: bytes | Manifest) -> None:
    """Write a manifest where that of v1 stands."""
    content = manifest if isinstance(manifest, bytes) else msgspec.json.encode(manifest)
    folder = f"{registry._files.path}/{TASK}/v1"
    registry._files.fs.makedirs(folder, exist_ok=True)
    registry._files.fs.pipe_file(f"{folder}/manifest.json", content)


def put_file(registry: Registry, name: str) -> None:
    """Write a file of v1; a bucket's keys are any text."""
    folder = f"{registry._files.path}/{TASK}/v1"
    registry._files.fs.store[f"{folder}/{name}"] = registry._files.fs.store[
        f"{folder}/manifest.json"
    ]


def everything_under(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


@pytest.mark.parametrize("name", ESCAPING, ids=lambda name: repr(name[:24]))
def test_nothing_is_fetched_for_a_file_whose_name_leads_elsewhere(
    tmp_path: Path, made: Path, name: str
) -> None:
    registry = remote(tmp_path)
    put(registry, manifest_of(made, files={name: "0" * 64}))
    put_file(registry, name)
    before = everything_under(tmp_path)
    with pytest.raises(ArtifactCorrupt, match="names the file"):
        registry.open(TASK, "v1")
    assert everything_under(tmp_path) == before


@pytest.mark.parametrize("name", ESCAPING, ids=lambda name: repr(name[:24]))
def test_no_file_is_registered_whose_name_leads_elsewhere(
    tmp_path: Path, made: Path, registry: Registry, name: str
) -> None:
    before = everything_under(tmp_path)
    with pytest.raises(ArtifactCorrupt, match="names the file"):
        registry.register(made, manifest_of(made, files={name: "0" * 64}))
    assert everything_under(tmp_path) == before
    assert registry.versions(TASK) == []


@pytest.mark.parametrize(
    "said", [{"version": "../../x"}, {"task": "/etc"}, {"version": ""}], ids=str
)
def test_a_version_whose_name_leads_elsewhere_is_neither_opened_nor_registered(
    tmp_path: Path, made: Path, registry: Registry, said: dict[str, str]
) -> None:
    evil = manifest_of(made, **said)
    put(registry, evil)
    before = everything_under(tmp_path)
    with pytest.raises(ArtifactCorrupt, match="cannot name a task or a version"):
        registry.open(TASK, "v1")
    with pytest.raises(ArtifactCorrupt, match="cannot name a task or a version"):
        registry.register(made, evil)
    assert everything_under(tmp_path) == before


def test_a_manifest_that_stands_in_anothers_place_is_refused(
    registry: Registry, made: Path
) -> None:
    put(registry, manifest_of(made, version="v2"))
    with pytest.raises(ArtifactCorrupt, match="is that of support-qa v2"):
        registry.open(TASK, "v1")


def test_a_manifest_is_read_no_further_than_one_may_be_long(registry: Registry) -> None:
    put(registry, b" " * (MOST_MANIFEST_BYTES + 1) + b"{}")
    with pytest.raises(ArtifactCorrupt, match="more than 1,000,000 bytes"):
        registry.open(TASK, "v1")


def test_a_manifest_that_names_files_without_end_is_refused(registry: Registry, made: Path) -> None:
    put(registry, manifest_of(made, files={f"{n}.json": "" for n in range(MOST_FILES + 1)}))
    with pytest.raises(ArtifactCorrupt, match="names 101 files"):
        registry.open(TASK, "v1")


@pytest.mark.parametrize("said", NO_MODELS, ids=str)
def test_numbers_that_no_model_has_are_refused(
    registry: Registry, made: Path, said: dict[str, object]
) -> None:
    content = msgspec.json.decode(msgspec.json.encode(manifest_of(made)))
    put(registry, msgspec.json.encode(content | said))
    with pytest.raises(ArtifactCorrupt, match=rf"cannot be used: .*{next(iter(said))}"):
        registry.open(TASK, "v1")


USUAL = Manifest(
    task=TASK,
    version="v1",
    fingerprint="f",
    created_at=datetime(2026, 11, 22, tzinfo=UTC),
    textwire_version="0",
    base="tiny",
    method="none",
    data={},
    settings={},
    dimension=32,
    max_tokens=32,
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=5,
)
steps = st.sampled_from(["..", ".", "", "escaped.json", "~", "\\", "\0", "C:"])
file_names = (
    st.lists(steps).map("/".join) | st.text(max_size=12) | st.text(max_size=8).map("{}.json".format)
)


@st.composite
def manifests(draw: st.DrawFn) -> tuple[bytes, list[str]]:
    """One with files of all names, and with anything at all in up to two of its fields."""
    content = msgspec.to_builtins(USUAL)
    names = draw(st.lists(file_names, max_size=3))
    content["files"] = dict.fromkeys(names, draw(st.text(max_size=4)))
    fields = st.sampled_from(sorted(content))
    content |= draw(st.dictionaries(fields, values, max_size=2))
    try:
        return msgspec.json.encode(content), names
    except (ValueError, OverflowError):  # such as a lone surrogate
        return repr(content).encode(errors="surrogatepass"), names


def nothing(content: bytes) -> tuple[bytes, list[str]]:
    return content, []


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sandbox")


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=200).map(nothing) | manifests())
@example(nothing(b"[" * 100_000))
@example(nothing(b'{"x": ' + b"[" * 100_000))
@example(nothing(b'{"task": "\xff"}'))
@example(nothing(b'{"task": "\\ud800"}'))
def test_any_bytes_for_a_manifest_are_an_artifact_or_an_error_of_ours(
    sandbox: Path, hostile: tuple[bytes, list[str]]
) -> None:
    content, names = hostile
    registry = remote(sandbox / "a" / "b")
    put(registry, content)
    for name in names:
        put_file(registry, name)
    told = "opened"
    try:
        registry.open(TASK, "v1")
    except ArtifactError as error:
        told = str(error)
    assert told.encode()
    outside = {path for path in everything_under(sandbox) if not path.startswith("a/b/cache")}
    assert outside <= {"a", "a/b"}
