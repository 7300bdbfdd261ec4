import json
import subprocess
import sys
from pathlib import Path

import pytest

import services
from tests.tiny_models import write_manifest
from textwire.errors import ArtifactCorrupt
from textwire.models.artifacts.artifact import Artifact, open_artifact
from textwire.models.engines.onnx import OnnxEncoder
from textwire.models.engines.onnx_classifier import OnnxClassifier
from textwire.models.engines.serving import load_classifier, load_encoder
from textwire.settings import ModelSettings

HEAVY = ["torch", "transformers", "sentence_transformers", "sklearn"]
IMPORT_ALL = """
import importlib, json, pkgutil, sys
import services, textwire.models.engines.serving, textwire.models.engines.onnx, textwire.search
import textwire.models.engines.onnx_classifier
for package in (services, textwire.search):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
print(json.dumps(sorted(sys.modules)))
"""


def test_no_service_imports_what_only_training_needs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL],
        check=True,
        capture_output=True,
        cwd=Path(services.__file__).parent.parent,
    )
    imported = set(json.loads(done.stdout))
    assert "services.support_qa.processor" in imported
    assert imported.isdisjoint(HEAVY)


def test_the_precision_of_the_settings_is_served(tiny_artifact: Artifact) -> None:
    for precision in ("int8", "fp32"):
        settings = ModelSettings(precision=precision)
        encoder = load_encoder(tiny_artifact, settings)
        assert isinstance(encoder, OnnxEncoder)
        assert encoder.name.endswith(precision)


def test_the_torch_engine_is_served_when_set(tiny_artifact: Artifact) -> None:
    assert "torch" in load_encoder(tiny_artifact, ModelSettings(engine="torch")).name


def test_a_classifier_is_served_by_the_engine_of_the_settings(tiny_classifier: Artifact) -> None:
    served = load_classifier(tiny_classifier, ModelSettings(precision="fp32"))
    assert isinstance(served, OnnxClassifier)
    assert served.name.endswith("fp32")
    assert "torch" in load_classifier(tiny_classifier, ModelSettings(engine="torch")).name


@pytest.mark.parametrize("file", ["model.onnx", "tokenizer.json"])
def test_a_file_of_the_right_hash_that_holds_nonsense_is_refused(
    tiny_artifact: Artifact, tmp_path: Path, file: str
) -> None:
    for name in ("model.onnx", "tokenizer.json"):
        content = b"nonsense" if name == file else tiny_artifact.file(name).read_bytes()
        (tmp_path / name).write_bytes(content)
    write_manifest(tmp_path)
    with pytest.raises(ArtifactCorrupt, match=file):
        load_encoder(open_artifact(tmp_path), ModelSettings(precision="fp32"))
