"""Which files decide what a pipeline makes."""

import shutil
from pathlib import Path

import pytest

from pipelines.applications import application_names, pipelines_by_name
from pipelines.running.source_code import deciding_modules, hash_source
from textwire.errors import DataError

CHECKOUT = {
    "pipelines/__init__.py": "",
    "pipelines/shared.py": "from textwire.models import encoder\n",
    "pipelines/cli.py": "import pipelines.shared\n",
    "pipelines/one/__init__.py": "",
    "pipelines/one/make.py": "import pipelines.shared\nfrom textwire.one.confidence import sure\n",
    "pipelines/one/own_data.py": "from .settings import TASK\n",
    "pipelines/one/settings.py": "TASK = 'one'\n",
    "pipelines/one/cli.py": "import pipelines.one.own_data\nimport pipelines.cli\n",
    "pipelines/one/public/__init__.py": "",
    "pipelines/one/public/figure.py": "import pipelines.one.make\n",
    "pipelines/two/__init__.py": "",
    "pipelines/two/make.py": "import pipelines.shared\nimport textwire.two.surges\n",
    "textwire/__init__.py": "",
    "textwire/models/__init__.py": "",
    "textwire/models/encoder.py": "import numpy\n",
    "textwire/models/registry.py": "",
    "textwire/search/__init__.py": "",
    "textwire/search/words.py": "",
    "textwire/one/__init__.py": "",
    "textwire/one/client.py": "",
    "textwire/one/confidence.py": "def sure():\n    from textwire.search.words import search\n",
    "textwire/two/__init__.py": "",
    "textwire/two/surges.py": "",
}
DECIDING = {
    "pipelines/__init__.py",
    "pipelines/shared.py",
    "pipelines/one/__init__.py",
    "pipelines/one/make.py",
    "pipelines/one/own_data.py",
    "pipelines/one/settings.py",
    "textwire/__init__.py",
    "textwire/models/__init__.py",
    "textwire/models/encoder.py",
    "textwire/search/__init__.py",
    "textwire/search/words.py",
    "textwire/one/__init__.py",
    "textwire/one/confidence.py",
}


def write_checkout(root: Path, files: list[str]) -> Path:
    for name in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(CHECKOUT[name], encoding="utf-8")
    return root


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return write_checkout(tmp_path / "here", list(CHECKOUT))


@pytest.mark.parametrize("name", sorted(CHECKOUT))
def test_a_changed_file_counts_where_it_decides(checkout: Path, name: str) -> None:
    before = hash_source("one", checkout)
    with (checkout / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert (hash_source("one", checkout) != before) == (name in DECIDING)


def test_a_new_import_brings_its_file_with_it(checkout: Path) -> None:
    before = hash_source("two", checkout)
    (checkout / "textwire/models/registry.py").write_text("# changed\n", encoding="utf-8")
    assert hash_source("two", checkout) == before
    surges = checkout / "textwire/two/surges.py"
    surges.write_text("from textwire.models.registry import Registry\n", encoding="utf-8")
    assert "textwire.models.registry" in deciding_modules("two", checkout)


def test_neither_where_the_checkout_stands_nor_the_order_of_its_files_matters(
    checkout: Path, tmp_path: Path
) -> None:
    elsewhere = write_checkout(tmp_path / "and" / "there", list(reversed(CHECKOUT)))
    assert hash_source("one", elsewhere) == hash_source("one", checkout)
    moved = shutil.move(checkout, tmp_path / "moved")
    assert hash_source("one", moved) == hash_source("one", elsewhere)


def test_a_module_under_another_name_is_something_else(checkout: Path) -> None:
    before = hash_source("one", checkout)
    (checkout / "pipelines/one/own_data.py").rename(checkout / "pipelines/one/own_files.py")
    assert hash_source("one", checkout) != before


def test_an_application_without_a_pipeline_is_refused(checkout: Path) -> None:
    with pytest.raises(DataError, match="three holds no pipeline"):
        hash_source("three", checkout)


# Whose folder of the library a pipeline reads, where that has another name.
LIBRARIES = {"dialogue_acts": "support_qa", "reranker": "support_qa"}


@pytest.mark.parametrize("application", application_names())
def test_no_other_application_decides(application: str) -> None:
    found, named = deciding_modules(application), application.replace("_", "-")
    library = LIBRARIES.get(application, application)
    others = set(application_names()) - {application, library}
    assert not [name for name in found if set(name.split(".")[1:2]) & others]
    assert {f"pipelines.{application}.make", "pipelines.training.fine_tuning"} <= set(found)
    # What is people's own has no folder of the library.
    folder = set() if pipelines_by_name()[named].on_demand else {f"textwire.{library}.messages"}
    assert {"textwire.models.engines.tokenizing"} | folder <= set(found)


def test_what_ranks_decides_and_what_only_serves_does_not() -> None:
    support, shop = deciding_modules("support_qa"), deciding_modules("recommendations")
    assert {
        "textwire.search.words",
        "textwire.support_qa.confidence",
        "textwire.support_qa.ranking",
    } <= set(support)
    assert "textwire.sample_world.shoppers" in shop
    serving = {"textwire.support_qa.client", "textwire.models.registry", "pipelines.cli"}
    assert not serving & set(support)
