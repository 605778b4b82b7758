"""The two commands: what they would do on each system, and what they say when something is missing.

Nothing is installed here: pip, JupyterLab and pytest are replaced where they would be called.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import runpy
import shutil
import socket
import subprocess
import sys
from pathlib import Path, PurePosixPath, PureWindowsPath
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def lab(tmp_path, monkeypatch):
    """A copy of lab.py in a folder of its own, with an environment that needs no installation yet."""
    for name in ("lab.py", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    spec = importlib.util.spec_from_file_location("lab_under_test", tmp_path / "lab.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("CI", "AGENTOS_LAB_CACHE", "AGENTOS_LAB_CHROMIUM", "AGENTOS_LAB_TORCH_INDEX"):
        monkeypatch.delenv(name, raising=False)
    return module


@pytest.fixture
def fresh_python(lab, monkeypatch):
    """Pretend to make environments: the interpreter's file appears, and pip answers that it is there."""
    made = []

    def make() -> None:
        python = lab.python_in(lab.ENVIRONMENT)
        python.parent.mkdir(parents=True, exist_ok=True)
        python.write_text("")
        made.append(python)

    monkeypatch.setattr(lab, "make_environment", make)
    monkeypatch.setattr(lab, "has_pip", lambda python: python.exists())
    return made


def pip_that(lab, monkeypatch, *answers):
    """Replace pip: each call gives the next (exit code, output)."""
    calls, left = [], list(answers)

    def run_pip(command):
        assert not lab.STAMP.exists(), "the stamp must not stand while pip works"
        calls.append(command)
        answer = left.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    monkeypatch.setattr(lab, "run_pip", run_pip)
    return calls


OFFLINE = (1, "WARNING: Retrying ... NewConnectionError('Failed to establish a new connection: [Errno -3]')\nERROR: x")


# --- Python and the command line ---------------------------------------------------------------------------


def test_lab_is_one_file_of_the_standard_library():
    imported = set()
    for node in ast.walk(ast.parse((ROOT / "lab.py").read_text("utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(node.module.split(".")[0])
    assert imported <= sys.stdlib_module_names


@pytest.mark.parametrize("version", [(3, 7), (3, 9)])
def test_an_older_python_reads_the_file_and_is_told_what_to_do(version, monkeypatch):
    ast.parse((ROOT / "lab.py").read_text("utf-8"), feature_version=version)
    monkeypatch.setattr(sys, "version_info", (*version, 1, "final", 0))
    with pytest.raises(SystemExit) as stopped:
        runpy.run_path(str(ROOT / "lab.py"))
    assert f"needs Python 3.10 or newer, and this is Python {version[0]}.{version[1]}" in str(stopped.value)
    assert "python3.12 lab.py" in str(stopped.value)


def test_the_command_line(lab):
    read = lab.parser().parse_args
    assert vars(read([])) == {"browser": True, "port": None, "small": False, "command": None}
    assert vars(read(["--no-browser", "--port", "9000", "--small"])) == {
        "browser": False,
        "port": 9000,
        "small": True,
        "command": None,
    }
    assert read(["test"]).kind is None
    assert [read(["test", kind]).kind for kind in lab.KINDS] == ["units", "acceptance", "notebooks", "browser"]
    assert read(["test", "units", "--small"]).small and read(["--small", "test"]).small
    assert not read(["test"]).small


@pytest.mark.parametrize("words", [["test", "unit"], ["--port", "0"], ["--port", "65536"], ["--port", "x"], ["lab"]])
def test_a_wrong_word_stops_before_anything_is_done(lab, words, capsys):
    with pytest.raises(SystemExit) as stopped:
        lab.main(words)
    assert stopped.value.code == 2
    assert "usage: lab.py" in capsys.readouterr().err


# --- the environment ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("os_name", "folder", "python", "first"),
    [
        ("posix", PurePosixPath("/a b/.venv"), "/a b/.venv/bin/python", "/a b/.venv/bin:"),
        ("nt", PureWindowsPath("C:/a b/.venv"), r"C:\a b\.venv\Scripts\python.exe", "C:\\a b\\.venv\\Scripts;"),
    ],
)
def test_each_system_keeps_its_programs_in_its_own_place(lab, os_name, folder, python, first):
    assert str(lab.python_in(folder, os_name)) == python
    variables = lab.activated({"PATH": "p", "PYTHONHOME": "x", "LANG": "C"}, folder, os_name)
    assert variables["PATH"] == first + "p"
    assert variables["LANG"] == "C" and "PYTHONHOME" not in variables
    assert variables["VIRTUAL_ENV"] == str(folder)


def test_the_fingerprint_follows_what_is_installed_and_where(lab, tmp_path):
    first = lab.fingerprint(tmp_path, "3.11")
    assert first == lab.fingerprint(tmp_path, "3.11")
    assert first != lab.fingerprint(tmp_path, "3.12")
    moved = tmp_path / "moved"
    moved.mkdir()
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(tmp_path / name, moved / name)
    assert first != lab.fingerprint(moved, "3.11")
    for name in ("pyproject.toml", "constraints.txt"):
        with (tmp_path / name).open("a") as file:
            file.write("\n# changed\n")
        assert lab.fingerprint(tmp_path, "3.11") != first
        first = lab.fingerprint(tmp_path, "3.11")


@pytest.mark.parametrize(
    ("config", "version"),
    [
        ("home = /usr/bin\nversion = 3.12.1\n", "3.12"),
        ("home = C:\\Python\nversion_info = 3.10.13.final.0\n", "3.10"),
        (None, f"{sys.version_info[0]}.{sys.version_info[1]}"),
    ],
)
def test_the_environment_keeps_the_python_that_it_was_made_with(lab, tmp_path, config, version):
    if config is not None:
        (tmp_path / "pyvenv.cfg").write_text(config)
    assert lab.version_of(tmp_path) == version


def test_a_first_start_installs_and_a_second_one_starts_no_process(lab, fresh_python, monkeypatch, capsys):
    calls = pip_that(lab, monkeypatch, (0, ""))
    python = lab.prepare_environment()
    assert fresh_python == [python]
    assert calls == [[str(python), *calls[0][1:]]]
    assert calls[0][-4:] == ["-c", "constraints.txt", "-e", ".[dev]"]
    settings = lab.ENVIRONMENT / "share/jupyter/lab/settings/overrides.json"
    assert json.loads(settings.read_text())["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    hidden = lab.ENVIRONMENT / "etc/jupyter/labconfig/page_config.json"
    assert json.loads(hidden.read_text()) == {"disabledExtensions": {"@jupyter/nbgrader": True}}

    capsys.readouterr()
    monkeypatch.setattr(subprocess, "Popen", lambda *a, **k: pytest.fail("a process was started"))
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: pytest.fail("a process was started"))
    assert lab.prepare_environment() == python
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("changed", ["pyproject.toml", "constraints.txt"])
def test_a_changed_list_of_packages_installs_again_into_the_same_environment(lab, fresh_python, monkeypatch, changed):
    calls = pip_that(lab, monkeypatch, (0, ""), (0, ""))
    lab.prepare_environment()
    with (lab.ROOT / changed).open("a") as file:
        file.write("\n# changed\n")
    lab.prepare_environment()
    assert len(calls) == 2 and len(fresh_python) == 1


def test_an_interrupted_installation_is_taken_up_again(lab, fresh_python, monkeypatch):
    calls = pip_that(lab, monkeypatch, KeyboardInterrupt(), (0, ""))
    monkeypatch.setattr(lab, "open_jupyter", lambda python, **options: 0)
    assert lab.main(["--small"]) == 130
    assert not lab.STAMP.exists()
    assert lab.main(["--small"]) == 0
    assert len(calls) == 2 and len(fresh_python) == 1


def test_an_environment_without_its_interpreter_is_made_anew(lab, fresh_python, monkeypatch):
    pip_that(lab, monkeypatch, (0, ""), (0, ""))
    lab.prepare_environment().unlink()
    lab.prepare_environment()
    assert len(fresh_python) == 2


def test_half_an_environment_has_no_pip(lab):
    python = lab.python_in(lab.ENVIRONMENT)
    assert not lab.has_pip(python)
    assert lab.has_pip(Path(sys.executable))


def test_without_a_network_an_earlier_environment_goes_on(lab, fresh_python, monkeypatch, capsys):
    pip_that(lab, monkeypatch, (0, ""), OFFLINE, OFFLINE)
    lab.prepare_environment()
    with (lab.ROOT / "pyproject.toml").open("a") as file:
        file.write("\n# changed\n")
    lab.prepare_environment()
    assert "going on with the packages of the last start" in capsys.readouterr().out
    lab.prepare_environment()  # and it tries again the next time
    assert "going on with the packages of the last start" in capsys.readouterr().out


def test_in_ci_an_old_environment_does_not_go_on(lab, fresh_python, monkeypatch):
    pip_that(lab, monkeypatch, (0, ""), OFFLINE)
    lab.prepare_environment()
    (lab.ROOT / "pyproject.toml").write_text("# changed")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(lab.Problem):
        lab.prepare_environment()


def test_another_failure_leaves_no_environment_that_looks_complete(lab, fresh_python, monkeypatch):
    pip_that(lab, monkeypatch, (0, ""), (1, "ERROR: No space left on device"), (0, ""))
    lab.prepare_environment()
    (lab.ROOT / "pyproject.toml").write_text("# changed")
    with pytest.raises(lab.Problem, match="disk is full"):
        lab.prepare_environment()
    assert not lab.STAMP.exists()


def test_without_a_network_the_first_start_says_what_still_works(lab, fresh_python, monkeypatch, capsys):
    pip_that(lab, monkeypatch, OFFLINE)
    assert lab.main([]) == 1
    message = capsys.readouterr().err
    assert "is there a network?" in message and "--small" in message and ".venv" in message
    assert "Traceback" not in message


def test_a_small_disk_is_noticed_before_anything_is_installed(lab, fresh_python, monkeypatch, capsys):
    monkeypatch.setattr(lab.shutil, "disk_usage", lambda path: SimpleNamespace(free=1.25e9))
    calls = pip_that(lab, monkeypatch, (0, ""))
    assert lab.main([]) == 1
    assert "need about 3 GB; this disk has 1.2 GB left" in capsys.readouterr().err
    assert calls == [] and fresh_python == []


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_the_modules_for_environments(lab, monkeypatch, capsys, module):
    monkeypatch.setattr(lab, "find_spec", lambda name: None if name == module else object())
    monkeypatch.setattr(sys, "platform", "linux")
    assert lab.main([]) == 1
    assert "sudo apt-get install python3-venv" in capsys.readouterr().err


def test_the_hint_for_environments_fits_the_system(lab):
    assert "apt-get" in lab.no_venv_module("linux")
    assert "apt-get" not in lab.no_venv_module("darwin") + lab.no_venv_module("win32")


def test_a_broken_venv_module_is_explained(lab, monkeypatch):
    import venv

    def fail(self, folder):
        raise subprocess.CalledProcessError(1, "ensurepip")

    monkeypatch.setattr(venv.EnvBuilder, "create", fail)
    with pytest.raises(lab.Problem, match="could not be made"):
        lab.make_environment()


@pytest.mark.parametrize(
    ("log", "advice"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("socket.gaierror: [Errno 11001] getaddrinfo failed", "is there a network?"),
        ("Temporary failure in name resolution\nERROR: No matching distribution found for torch", "network?"),
        ("nodename nor servname provided, or not known", "is there a network?"),
        ("ProxyError('Cannot connect to proxy')", "is there a network?"),
        ("ERROR: No matching distribution found for torch==2.13.0", "No build of torch==2.13.0 fits Python"),
        ("a\nb\nc\nd\ne\nERROR: something else", "    ERROR: something else\nAll that it said is in .venv/install.log"),
        (
            "FileNotFoundError: no such thing\n  hint: See above\nnote: x",
            "pip failed:\n    FileNotFoundError: no such thing\nAll",
        ),
        ("killed", "    killed\nAll that it said"),
    ],
)
def test_what_pip_said_becomes_advice(lab, log, advice):
    assert advice in lab.explain_pip_failure(log)


def test_pip_tells_its_large_downloads_only(lab):
    assert lab.worth_telling("  Downloading torch-2.13.0-cp311-none-macosx.whl (79.4 MB)") == "  torch, 79 MB"
    assert lab.worth_telling("Downloading z3_solver-5.4.0.0-py3-none-any.whl (30 MB)") == "  z3_solver, 30 MB"
    assert lab.worth_telling("  Downloading six-1.17.0-py3-none-any.whl (11 kB)") is None
    assert lab.worth_telling("Collecting torch==2.13.0") is None
    assert "unpacking" in lab.worth_telling("Installing collected packages: six, torch")


def test_another_index_for_torch_only_when_it_is_named(lab):
    assert "--extra-index-url" not in lab.pip_command(Path("python"), {})
    named = lab.pip_command(Path("python"), {"AGENTOS_LAB_TORCH_INDEX": "file:///wheels"})
    assert named[named.index("--extra-index-url") + 1] == "file:///wheels"


def test_all_that_pip_says_is_kept(lab):
    lab.ENVIRONMENT.mkdir()
    code, log = lab.run_pip([sys.executable, "-c", "import sys; print('one'); sys.stderr.write('two\\n'); sys.exit(3)"])
    assert code == 3 and sorted(log.split()) == ["one", "two"]
    assert (lab.ENVIRONMENT / "install.log").read_text() == log


# --- the model ---------------------------------------------------------------------------------------------


def pull_that(lab, monkeypatch, code, output):
    calls = []

    def run(command, **options):
        calls.append(command)
        return SimpleNamespace(returncode=code, stdout=output)

    monkeypatch.setattr(lab.subprocess, "run", run)
    return calls


def test_the_model_is_pulled_once(lab, tmp_path, monkeypatch, capsys):
    lab.ENVIRONMENT.mkdir()
    weights = tmp_path / "models"
    weights.mkdir()
    calls = pull_that(lab, monkeypatch, 0, f"pulled\n{weights}\n")
    lab.fetch_weights(Path("python"))
    lab.fetch_weights(Path("python"))
    assert calls == [["python", "-m", "agentos_lab", "pull", "smollm2-135m-instruct"]]
    assert capsys.readouterr().out.count("Fetching") == 1
    weights.rmdir()
    lab.fetch_weights(Path("python"))  # the cache was emptied
    monkeypatch.setenv("AGENTOS_LAB_CACHE", str(tmp_path / "elsewhere"))
    weights.mkdir()
    lab.fetch_weights(Path("python"))  # the cache is another one
    assert len(calls) == 3


@pytest.mark.parametrize(("code", "output"), [(1, ""), (0, ""), (0, "/no/such/folder\n")])
def test_a_failed_pull_is_told_and_survived(lab, monkeypatch, capsys, code, output):
    lab.ENVIRONMENT.mkdir()
    calls = pull_that(lab, monkeypatch, code, output)
    lab.fetch_weights(Path("python"))
    assert "All that trains its own models works" in capsys.readouterr().out
    lab.fetch_weights(Path("python"))
    assert len(calls) == 2, "the next start tries again"


def test_small_does_without_the_model(lab, monkeypatch):
    monkeypatch.setattr(lab, "prepare_environment", lambda: Path("python"))
    monkeypatch.setattr(lab, "fetch_weights", lambda python: pytest.fail("the model was fetched"))
    monkeypatch.setattr(lab, "open_jupyter", lambda python, **options: 0)
    monkeypatch.setattr(lab, "run_tests", lambda python, kinds: 0)
    assert lab.main(["--small"]) == 0
    assert lab.main(["test", "--small"]) == 0


# --- JupyterLab --------------------------------------------------------------------------------------------


def test_jupyterlab_listens_on_loopback_and_opens_the_first_notebook(lab):
    first = lab.ROOT / lab.FIRST_NOTEBOOK
    first.parent.mkdir()
    first.touch()
    command = lab.jupyter_command(Path("python"), port=None, browser=True, root_user=False)
    assert "--ServerApp.ip=127.0.0.1" in command
    assert "--LabApp.default_url=/lab/tree/notebooks/00_the_whole_system.ipynb" in command
    assert not any("token" in word or "password" in word for word in command), "the random token stays"
    assert not any("port" in word or word in ("--no-browser", "--allow-root") for word in command)


def test_the_options_reach_jupyterlab(lab):
    command = lab.jupyter_command(Path("python"), port=9000, browser=False, root_user=True)
    assert {"--ServerApp.port=9000", "--ServerApp.port_retries=0", "--no-browser", "--allow-root"} <= set(command)


def test_each_version_of_the_notebooks_is_trusted_once(lab, monkeypatch, tmp_path):
    import nbformat
    from nbformat.sign import NotebookNotary

    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    lab.ENVIRONMENT.mkdir()
    path = lab.ROOT / "notebooks" / "one.ipynb"
    path.parent.mkdir()
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", outputs=[], id="a")])
    nbformat.write(notebook, path)
    lab.trust_notebooks(Path(sys.executable))
    notary = NotebookNotary(data_dir=str(tmp_path / "jupyter"))
    assert notary.check_signature(nbformat.read(path, 4))
    with monkeypatch.context() as patched:
        patched.setattr(subprocess, "run", lambda *a, **k: pytest.fail("a process was started"))
        lab.trust_notebooks(Path(sys.executable))
    path.write_text(path.read_text() + "\n")
    other = lab.ROOT / "notebooks" / "two.ipynb"
    other.write_text(path.read_text())
    before, signed = lab.TRUST_NOTE.read_text(), []

    def run(command, **options):
        signed.extend(command)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(subprocess, "run", run)
    lab.trust_notebooks(Path(sys.executable))
    assert signed[-2:] == [str(path), str(other)] and lab.TRUST_NOTE.read_text() != before


def test_what_a_learner_saves_is_no_new_version_of_the_notebooks(lab):
    path = lab.ROOT / "notebooks" / "one.ipynb"
    log = lab.ROOT / ".git" / "logs" / "HEAD"
    for file, text in ((path, "as it came"), (log, "cloned\n")):
        file.parent.mkdir(parents=True)
        file.write_text(text)
    cloned = lab.version_of_notebooks([path])
    path.write_text("with the learner's answers")
    assert lab.version_of_notebooks([path]) == cloned
    log.write_text("cloned\npulled\n")
    pulled = lab.version_of_notebooks([path])
    assert pulled != cloned
    assert lab.version_of_notebooks([path, path.with_name("two.ipynb")]) != pulled


def test_a_port_in_use_is_told_at_once_and_a_free_one_is_not(lab, capsys, monkeypatch):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        monkeypatch.setattr(lab, "prepare_environment", lambda: Path("python"))
        assert lab.main(["--no-browser", "--small", "--port", str(port)]) == 1
    message = capsys.readouterr().err
    assert f"Port {port} cannot be used" in message and "another port" in message
    lab.check_port(port)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no exec")
def test_jupyterlab_takes_the_place_of_this_process(lab, monkeypatch):
    seen = []
    monkeypatch.setattr(lab.os, "chdir", lambda folder: None)
    monkeypatch.setattr(lab.os, "execve", lambda *arguments: seen.extend(arguments))
    monkeypatch.setattr(lab.subprocess, "Popen", FakeProcess)
    lab.open_jupyter(Path("/x/python"), port=None, browser=False)
    assert seen[0] == "/x/python" and seen[1][0] == "/x/python"
    assert seen[2]["VIRTUAL_ENV"] == str(lab.ENVIRONMENT)


class FakeProcess:
    """A child that ends at the second wait; the first one is interrupted."""

    def __init__(self, *arguments, **options):
        self.waits = 0

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def wait(self):
        self.waits += 1
        if self.waits == 1:
            raise KeyboardInterrupt
        return 0


# --- the tests ---------------------------------------------------------------------------------------------


def report(folder, **numbers):
    path = folder / "report.xml"
    attributes = " ".join(f'{name}="{number}"' for name, number in numbers.items())
    path.write_text(f"<testsuites><testsuite {attributes}/></testsuites>")
    return path


def test_the_numbers_are_those_of_pytest(lab, tmp_path):
    path = report(tmp_path, tests=10, failures=1, errors=2, skipped=3)
    assert lab.counted("units", 1, path, 2.0)[:4] == ("units", 4, 3, 3)


@pytest.mark.parametrize(
    ("code", "numbers", "remark"),
    [
        (2, {"tests": 5, "failures": 0, "errors": 0, "skipped": 0}, "broke off"),
        (5, {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}, "no test was found"),
        (0, {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}, "no test was found"),
    ],
)
def test_a_run_that_broke_off_or_was_empty_is_a_failure(lab, tmp_path, code, numbers, remark):
    outcome = lab.counted("units", code, report(tmp_path, **numbers), 1.0)
    assert outcome.failed == 1 and remark in outcome.remark


def test_a_run_without_a_report_is_a_failure(lab, tmp_path):
    assert lab.counted("units", 139, tmp_path / "none.xml", 1.0).failed == 1
    (tmp_path / "cut.xml").write_text("<testsuites><testsuite tests=")
    assert lab.counted("units", 139, tmp_path / "cut.xml", 1.0).failed == 1


def test_the_summary_ends_with_the_sums(lab, monkeypatch, capsys):
    outcomes = {
        "units": lab.Outcome("units", 100, 0, 2, 60.0),
        "acceptance": lab.Outcome("acceptance", 10, 0, 0, 70.0),
        "notebooks": lab.Outcome("notebooks", 20, 1, 0, 90.0),
        "browser": lab.Outcome("browser", 3, 0, 0, 40.0),
    }
    monkeypatch.setattr(lab, "run_kind", lambda python, kind: outcomes[kind])
    assert lab.run_tests(Path("python"), list(lab.KINDS)) == 1
    lines = capsys.readouterr().out.strip().split("\n")
    assert lines[-1] == "133 passed, 1 failed, 2 skipped"
    assert lines[1].split()[:3] == ["units", "100", "passed,"]
    assert lines[2].split()[:3] == ["acceptance", "10", "passed,"]
    assert lab.run_tests(Path("python"), ["units", "browser"]) == 0


@pytest.mark.parametrize("word", [None, "units", "acceptance", "notebooks", "browser"])
def test_one_kind_alone_or_all_in_turn(lab, monkeypatch, word):
    monkeypatch.setattr(lab, "prepare_environment", lambda: Path("python"))
    monkeypatch.setattr(lab, "fetch_weights", lambda python: None)
    seen = []
    monkeypatch.setattr(lab, "run_tests", lambda python, kinds: seen.extend(kinds) or 0)
    lab.main(["test", word] if word else ["test"])
    assert seen == ([word] if word else ["units", "acceptance", "notebooks", "browser"])


def test_notebooks_run_strictly_two_at_a_time_with_one_thread_each(lab, tmp_path):
    command = lab.pytest_command(Path("python"), "notebooks", tmp_path / "r.xml")
    assert {"--nbval", "--nbval-current-env", "--nbval-cell-timeout=120", "notebooks"} <= set(command)
    assert " ".join(command).count("-n 2 --dist loadfile") == 1
    variables = lab.test_variables({"OMP_NUM_THREADS": "8", "HOME": "h", "PYTHONDONTWRITEBYTECODE": "1"})
    assert variables["OMP_NUM_THREADS"] == variables["NBVAL"] == "1"
    assert variables["MPLBACKEND"] == "agg" and variables["HOME"] == "h"
    assert "PYTHONDONTWRITEBYTECODE" not in variables  # the tests' processes share what one of them has compiled


def test_units_leave_acceptance_and_browser_out_and_each_of_these_runs_alone(lab, tmp_path):
    units = lab.pytest_command(Path("python"), "units", tmp_path / "r.xml")
    assert {"tests", "--ignore=tests/acceptance", "--ignore=tests/browser", "no:nbval"} <= set(units)
    acceptance = lab.pytest_command(Path("python"), "acceptance", tmp_path / "r.xml")
    assert acceptance[-1] == "tests/acceptance" and "no:nbval" in acceptance
    assert units[units.index("-n") + 1] == acceptance[acceptance.index("-n") + 1] == "2"
    browser = lab.pytest_command(Path("python"), "browser", tmp_path / "r.xml")
    assert browser[-1] == "tests/browser" and "-n 2 --dist loadfile" in " ".join(browser)


def test_without_chromium_the_browser_tests_are_missed_loudly_and_in_ci_that_fails(lab, monkeypatch, capsys):
    monkeypatch.setattr(lab, "find_chromium", lambda environ, which: None)
    monkeypatch.setattr(lab.subprocess, "run", lambda *a, **k: pytest.fail("pytest was started"))
    assert lab.run_tests(Path("python"), ["browser"]) == 0
    out = capsys.readouterr().out
    assert "THE BROWSER TESTS DID NOT RUN" in out and "0 passed, 0 failed, 1 skipped" in out
    monkeypatch.setenv("CI", "true")
    assert lab.run_tests(Path("python"), ["browser"]) == 1
    assert "0 passed, 1 failed, 0 skipped" in capsys.readouterr().out


def test_the_browser_is_looked_for_in_the_usual_places(lab, tmp_path):
    def nothing(name):
        return None

    assert lab.find_chromium({"AGENTOS_LAB_CHROMIUM": "/usr/local/mine"}, nothing) == "/usr/local/mine"
    assert (
        lab.find_chromium({}, lambda name: "/bin/" + name if name == "google-chrome" else None) == "/bin/google-chrome"
    )
    chrome = tmp_path / "Google" / "Chrome" / "Application" / "chrome.exe"
    chrome.parent.mkdir(parents=True)
    chrome.touch()
    assert lab.find_chromium({"PROGRAMFILES": str(tmp_path)}, nothing) == str(chrome)


def test_the_path_of_chromium_reaches_the_browser_tests(lab, monkeypatch):
    seen = {}

    def run(command, cwd, env):
        seen.update(env)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(lab, "find_chromium", lambda environ, which: "/bin/chromium")
    monkeypatch.setattr(lab.subprocess, "run", run)
    lab.run_kind(Path("python"), "browser")
    assert seen["AGENTOS_LAB_CHROMIUM"] == "/bin/chromium"


def test_ci_runs_the_second_command():
    script = (ROOT / ".ci" / "run").read_text()
    assert script.strip().split("\n")[-1] == "exec python3 lab.py test"
    assert "chromium" in script and "CI=true" in script
    if os.name != "nt":
        assert os.access(ROOT / ".ci" / "run", os.X_OK)
