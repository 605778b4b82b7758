"""The command line: each command is one call of the library, and its exit code tells how it went."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from agentos_lab import __version__, commands
from agentos_lab.commands import Check, Package, main, required_packages

ROOT = Path(__file__).resolve().parents[1]
GOOD = Package("torch>=2.4", "2.13.0", True)


# --- check -------------------------------------------------------------------------------------------------


def report(**changes) -> Check:
    values = {"system": "here", "packages": (GOOD,), "model": "there", "model_damaged": False, "devices": "cpu"}
    return Check(**(values | changes))


def test_check_says_that_everything_is_there():
    text = str(report())
    assert report() and text.endswith("Everything is there.") and "all 1 installed" in text


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"packages": (GOOD, Package("z3-solver>=4.13", None, False))}, "z3-solver>=4.13"),
        ({"packages": (Package("torch>=2.4", "1.0", False),)}, "1.0"),
        ({"packages": ()}, "python3 lab.py"),
        ({"model_damaged": True, "model": "smollm2 is damaged"}, "smollm2 is damaged"),
    ],
)
def test_check_names_what_is_missing(changes, named):
    found = report(**changes)
    assert not found
    assert named in str(found) and str(found).endswith("Something is missing.")


def test_required_packages_are_compared_with_what_is_installed():
    packages = required_packages(
        [
            "pytest>=1",
            "numpy>=999",
            "no-such-package-at-all>=1",
            'hypothesis; extra == "dev"',
            'tomli>=1; python_version < "3"',
        ]
    )
    assert [(package.suits, package.version is not None) for package in packages] == [
        (True, True),
        (False, True),
        (False, False),
    ]


def test_a_clone_that_is_not_installed_reads_its_own_list(monkeypatch):
    def not_installed(name):
        raise commands.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(commands.metadata, "requires", not_installed)
    listed = commands._requirements()
    assert "torch>=2.4" in listed and not any(entry.startswith("pytest") for entry in listed)


def test_check_of_this_machine(capsys, monkeypatch):
    assert main(["check"]) == 0
    out = capsys.readouterr().out
    assert f"Agent OS Lab {__version__}" in out and "cpu (" in out and "smollm2-135m-instruct" in out


def test_an_absent_model_is_no_failure_and_a_damaged_one_is(monkeypatch, tmp_path):
    monkeypatch.setenv("AGENTOS_LAB_CACHE", str(tmp_path))
    text, damaged = commands._model_state()
    assert not damaged and "python -m agentos_lab pull smollm2-135m-instruct" in text
    folder = tmp_path / "models" / "smollm2-135m-instruct"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{")
    text, damaged = commands._model_state()
    assert damaged and "make it anew" in text


# --- pull and datasets -------------------------------------------------------------------------------------


def test_pull_fetches_the_model_unless_a_dataset_is_named(monkeypatch, capsys, tmp_path):
    from agentos_lab.lm import pretrained

    monkeypatch.setattr(pretrained, "pull", lambda name: tmp_path / name)
    monkeypatch.setattr(commands, "download", lambda name: tmp_path / "data" / name)
    assert main(["pull"]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "smollm2-135m-instruct")
    assert main(["pull", "tiny_shakespeare"]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "data" / "tiny_shakespeare")


def test_an_unknown_name_is_an_error_in_one_line(capsys):
    for words in (["pull", "gpt-9"], ["datasets", "gpt-9"]):
        assert main(words) == 2
        err = capsys.readouterr().err
        assert err.startswith("error: ") and "'gpt-9'" in err and "Traceback" not in err


def test_a_pull_without_a_network_says_so(monkeypatch, capsys):
    from agentos_lab.lm import pretrained

    def fail(name):
        raise ConnectionError("no network; training your own works")

    monkeypatch.setattr(pretrained, "pull", fail)
    assert main(["pull"]) == 2
    assert capsys.readouterr().err == "error: no network; training your own works\n"


def test_a_missing_package_is_named_with_the_command_that_installs_it(monkeypatch, capsys):
    def fail(name):
        raise ModuleNotFoundError("No module named 'torch'", name="torch")

    monkeypatch.setattr(commands, "pull", fail)
    assert main(["pull"]) == 2
    assert "torch is not installed" in capsys.readouterr().err


def test_datasets_lists_all_and_shows_one(capsys):
    assert main(["datasets"]) == 0
    listed = capsys.readouterr().out
    names = sorted(path.parent.name for path in (ROOT / "datasets").glob("*/card.json"))
    assert names and all(name in listed for name in names)
    assert main(["datasets", "stories"]) == 0
    shown = capsys.readouterr().out
    assert "licence" in shown and "sha256" in shown


# --- teach -------------------------------------------------------------------------------------------------


@pytest.fixture
def notebook(tmp_path) -> Path:
    from agentos_lab.teaching.cells import code, exercise, notebook

    source = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
    cells = [code("print(1 + 1)"), *exercise("11.double", source, points=1)]
    path = tmp_path / "source" / "11_small.ipynb"
    path.parent.mkdir()
    path.write_text(json.dumps(notebook(*cells)))
    return path


@pytest.mark.parametrize(("action", "solved"), [("release", False), ("solutions", True), ("otter", True)])
def test_teach_makes_the_versions_of_a_notebook(notebook, tmp_path, capsys, action, solved):
    assert main(["teach", action, str(notebook.parent), str(tmp_path / "out")]) == 0
    assert "11_small.ipynb" in capsys.readouterr().out
    made = (tmp_path / "out" / "11_small.ipynb").read_text("utf-8")
    assert ("return 2 * x" in made) == solved


def test_teach_execute_runs_a_notebook(monkeypatch, capsys):
    from agentos_lab.teaching import execute

    seen = []
    monkeypatch.setattr(execute, "execute", lambda paths, **options: seen.append((paths, options)) or "run")
    assert main(["teach", "execute", "a.ipynb", "b.ipynb", "--twice", "--timeout", "30"]) == 0
    assert seen == [([Path("a.ipynb"), Path("b.ipynb")], {"twice": True, "timeout": 30})]


def test_teach_explains_a_wrong_folder(tmp_path, capsys):
    assert main(["teach", "release", str(tmp_path), str(tmp_path / "out")]) == 2
    assert "no notebook" in capsys.readouterr().err


# --- as a program ------------------------------------------------------------------------------------------


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "agentos_lab", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")


def test_without_a_command_it_tells_how_it_is_used():
    done = run()
    assert done.returncode == 2 and "usage: python -m agentos_lab" in done.stderr
    assert "check" in run("--help").stdout


def test_the_version():
    assert run("--version").stdout.strip() == f"Agent OS Lab {__version__}"


def test_listing_the_datasets_loads_no_torch():
    code = "import sys; from agentos_lab.commands import main; main(['datasets']); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True).returncode == 0


def test_a_console_without_the_signs_does_not_stop_it():
    command = [sys.executable, "-m", "agentos_lab", "datasets"]
    environment = {"PYTHONIOENCODING": "ascii", "PYTHONPATH": str(ROOT), "PATH": "", "SYSTEMROOT": ""}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr
