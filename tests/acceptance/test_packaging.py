"""The wheel holds everything, works away from the checkout, and the lists of packages agree."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from agentos_lab import __version__

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow

# Runs without `site`, so that no editable installation leads back to the checkout: the wheel's folder comes first,
# the packages of this environment after it.
AWAY = """
import importlib, json, pkgutil, sys
sys.path[:0] = [{installed!r}]
sys.path += {packages!r}
assert not any({checkout!r} == entry for entry in sys.path), sys.path
"""
USE_ALL = """
names = []
for package in ("agentos_lab", "widgets"):
    root = importlib.import_module(package)
    names += [package, *(found.name for found in pkgutil.walk_packages(root.__path__, package + "."))]
files = {name: importlib.import_module(name).__file__ for name in names}

from agentos_lab import datasets
cards = list(datasets.available())
texts = [card.name for card in cards if card.kind == "text" and card.location == "shipped"]
texts = {name: len(datasets.load_text(name).text) for name in texts}

import widgets
from widgets.browser_module import module_text
from widgets.view import View
views = [getattr(widgets, name) for name in widgets.__all__]
assert all(issubclass(view, View) for view in views)
scripts = {view.__name__: len(module_text(view)) for view in views}

print(json.dumps({"files": files, "cards": [card.name for card in cards], "texts": texts, "scripts": scripts}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built with the packages that are here, without a network."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """A folder with the wheel installed and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--no-compile", "--quiet"]
    subprocess.run([*command, "--target", str(folder), str(wheel)], check=True, capture_output=True, text=True)
    return folder


@pytest.fixture(scope="module")
def away(installed, tmp_path_factory) -> dict:
    """What a process in an empty folder finds in the installed wheel: modules, data and the widgets' scripts."""
    packages = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    start = AWAY.format(installed=str(installed), packages=packages, checkout=str(ROOT))
    done = subprocess.run(
        [sys.executable, "-S", "-E", "-P" if sys.version_info >= (3, 11) else "-s", "-c", start + USE_ALL],
        cwd=tmp_path_factory.mktemp("empty"),
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def tracked(*patterns: str) -> list[str]:
    """Files of the checkout that belong into the wheel, relative to it."""
    found = {path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}
    return sorted(path.relative_to(ROOT).as_posix() for path in found if "__pycache__" not in path.parts)


def test_every_module_script_and_style_is_in_the_wheel_unchanged(wheel):
    expected = tracked("agentos_lab/**/*", "widgets/**/*")
    assert any(name.endswith(".js") for name in expected) and any(name.endswith(".css") for name in expected)
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
        assert [name for name in expected if name not in held] == []
        assert [name for name in expected if archive.read(name) != (ROOT / name).read_bytes()] == []


def test_every_data_file_is_in_the_wheel_unchanged(wheel):
    expected = tracked("datasets/**/*")
    assert expected
    with zipfile.ZipFile(wheel) as archive:
        for name in expected:
            inside = name.replace("datasets/", "agentos_lab/_data/", 1)
            assert archive.read(inside) == (ROOT / name).read_bytes(), name


def test_the_wheel_holds_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert tops == {"agentos_lab", "widgets", f"agentos_lab-{__version__}.dist-info"}


def test_everything_imports_from_the_wheel_in_an_empty_folder(away, installed):
    files = away["files"]
    expected = {
        name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for name in tracked("agentos_lab/**/*.py", "widgets/**/*.py")
    }
    assert expected <= set(files)
    assert all(Path(file).resolve().is_relative_to(installed.resolve()) for file in files.values())


def test_the_data_are_read_from_the_wheel(away):
    assert away["cards"] == sorted(path.parent.name for path in (ROOT / "datasets").glob("*/card.json"))
    assert away["texts"] and min(away["texts"].values()) > 1000


def test_the_widgets_find_their_javascript_in_the_wheel(away):
    sizes = away["scripts"]
    assert "View" in sizes and min(sizes.values()) > 1000 and sizes["AttentionExplorer"] > sizes["View"]


# --- the lists of packages ---------------------------------------------------------------------------------


def project_table() -> dict[str, list[str]]:
    """The requirements in pyproject.toml: "" for the project's own, and those of each extra."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")  # Python 3.10 has no tomllib
    lists = re.findall(r"^(\w+) = \[((?:\s*\"[^\"]+\",?\s*(?:#[^\n]*)?)*)\]", text, re.MULTILINE)
    return {name: re.findall(r'"([^"]+)"', body) for name, body in lists}


def test_conda_installs_the_same_packages():
    listed = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))["dependencies"]
    (pip,) = (entry["pip"] for entry in listed if isinstance(entry, dict))
    options = [entry for entry in pip if entry.startswith("-")]
    project = project_table()
    assert options == ["--constraint constraints.txt", "--editable ."]
    assert [entry for entry in pip if entry not in options] == project["dependencies"] + project["dev"]
    assert len(project["dependencies"]) > 10 and len(project["dev"]) > 10


def constraints() -> list[Requirement]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("python", ["3.10", "3.11", "3.12", "3.13"])
def test_the_tested_set_has_one_version_of_everything_that_is_required(python):
    environment = {"python_version": python, "python_full_version": f"{python}.1", "extra": ""}
    pinned: dict[str, Version] = {}
    for entry in constraints():
        if entry.marker is None or entry.marker.evaluate(environment):
            assert canonical(entry.name) not in pinned, f"two versions of {entry.name}"
            (only,) = entry.specifier
            assert only.operator == "=="
            pinned[canonical(entry.name)] = Version(only.version)
    project = project_table()
    for requirement in map(Requirement, project["dependencies"] + project["dev"]):
        assert canonical(requirement.name) in pinned, f"{requirement.name} is not in constraints.txt"
        assert requirement.specifier.contains(pinned[canonical(requirement.name)])
    assert str(pinned["torch"]) == "2.13.0"


def test_the_version_stands_in_one_place_and_is_the_projects():
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    assert re.search(r'^version = "(.+)"$', text, re.MULTILINE)[1] == __version__
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
