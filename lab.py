#!/usr/bin/env python3
"""The two commands of Agent OS Lab. This file needs Python's standard library alone.

    python3 lab.py                  make the environment, fetch the model, open JupyterLab
    python3 lab.py test             make the environment, run every test
    python3 lab.py test units       run one kind alone: units, acceptance, notebooks or browser

Everything is installed into the folder `.venv` beside this file; delete it to start afresh. A stamp in it
tells that it is complete, so that a later start installs nothing and asks no network.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

# Before the first annotation is evaluated, so that an older Python reads this line and not a traceback.
if sys.version_info < (3, 10):  # noqa: UP036
    sys.exit(
        "Agent OS Lab needs Python 3.10 or newer, and this is Python %d.%d.\n"  # noqa: UP031
        "Install a newer one and start with it, for example: python3.12 lab.py" % sys.version_info[:2]
    )

__all__ = ["main"]

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "lab-stamp"
WEIGHTS_NOTE = ENVIRONMENT / "lab-weights.json"
TRUST_NOTE = ENVIRONMENT / "lab-trusted"
MODEL = "smollm2-135m-instruct"
FIRST_NOTEBOOK = "notebooks/00_the_whole_system.ipynb"
ROOM_NEEDED = 3.0  # GB, for the packages and the model
KINDS = ("units", "acceptance", "notebooks", "browser")


class Problem(Exception):
    """Something the user can mend; the message says how."""


def main(argv: list[str] | None = None) -> int:
    """Run one of the two commands and return the exit code: 0 when all went well."""
    arguments = parser().parse_args(argv)
    try:
        python = prepare_environment()
        if not arguments.small:
            fetch_weights(python)
        if arguments.command == "test":
            return run_tests(python, [arguments.kind] if arguments.kind else list(KINDS))
        return open_jupyter(python, port=arguments.port, browser=arguments.browser)
    except Problem as problem:
        print(f"\n{problem}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr, flush=True)
        return 130


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    result = argparse.ArgumentParser(
        prog="lab.py",
        description="Open the course in JupyterLab, or test it. Sets up all that is missing first.",
    )
    result.add_argument("--no-browser", dest="browser", action="store_false", help="print the address only")
    result.add_argument("--port", type=port_number, help="port (default: 8888 or the next free one)")
    result.add_argument("--small", action="store_true", help="do without the model (94 MB)")
    commands = result.add_subparsers(dest="command", metavar="test")
    test = commands.add_parser("test", help="run the tests", description="Run the tests, all or one kind.")
    test.add_argument("kind", nargs="?", choices=KINDS, help="one kind alone; all of them when left out")
    test.add_argument("--small", action="store_true", default=argparse.SUPPRESS, help="do without the model (94 MB)")
    return result


def port_number(text: str) -> int:
    """A TCP port from the command line."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"a port is a number from 1 to 65535, not {text!r}")
    return int(text)


def say(message: str) -> None:
    """One line of progress."""
    print(message, flush=True)


# --- the environment ---------------------------------------------------------------------------------------


def python_in(environment: Path, os_name: str = os.name) -> Path:
    """The interpreter of a virtual environment."""
    return scripts_in(environment, os_name) / ("python.exe" if os_name == "nt" else "python")


def scripts_in(environment: Path, os_name: str = os.name) -> Path:
    """Where a virtual environment keeps its commands."""
    return environment / ("Scripts" if os_name == "nt" else "bin")


def fingerprint(root: Path, python_version: str) -> str:
    """What an installation depends on: the lists of packages, the Python, and this folder's place."""
    digest = hashlib.sha256()
    for part in (
        (root / "pyproject.toml").read_bytes(),
        (root / "constraints.txt").read_bytes(),
        python_version.encode(),
        str(root).encode(),
    ):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def version_of(environment: Path) -> str:
    """The Python of an environment, e.g. "3.11", by its `pyvenv.cfg`; this process's when it has none."""
    config = environment / "pyvenv.cfg"
    text = config.read_text("utf-8") if config.is_file() else ""
    found = re.search(r"^version\w*\s*=\s*(\d+\.\d+)", text, re.MULTILINE)
    return found.group(1) if found else f"{sys.version_info[0]}.{sys.version_info[1]}"


def prepare_environment() -> Path:
    """Make `.venv` or bring it up to date; nothing at all when its stamp fits. Returns its interpreter."""
    python = python_in(ENVIRONMENT)
    complete = STAMP.read_text("utf-8") if STAMP.is_file() and python.exists() else None
    if complete == fingerprint(ROOT, version_of(ENVIRONMENT)):
        return python
    if complete is None:
        check_room(shutil.disk_usage(ROOT).free / 1e9)
        if not has_pip(python):
            make_environment()
    install(python, complete)
    return python


def check_room(free: float) -> None:
    """Refuse to start an installation, with `free` gigabytes left on the disk, that cannot end well."""
    if free < ROOM_NEEDED:
        raise Problem(
            f"The packages and the model need about {ROOM_NEEDED:.0f} GB; this disk has {free:.1f} GB left.\n"
            "Free some space, or move this folder to another disk, and start again."
        )


def has_pip(python: Path) -> bool:
    """Whether an environment got far enough, before an interruption perhaps, to be used."""
    if not python.exists():
        return False
    return subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0


def make_environment() -> None:
    """A new, empty virtual environment in place of whatever an interrupted start left there."""
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        raise Problem(no_venv_module(sys.platform))
    import venv

    say(f"Making the environment in {ENVIRONMENT.name} (Python {sys.version_info[0]}.{sys.version_info[1]}).")
    try:
        venv.EnvBuilder(with_pip=True, clear=True, symlinks=os.name != "nt").create(ENVIRONMENT)
    except (OSError, subprocess.CalledProcessError) as error:
        hint = no_venv_module(sys.platform)
        raise Problem(f"The environment could not be made: {error}\n{hint}") from error


def no_venv_module(platform: str) -> str:
    """What to do when Python came without the modules that make environments."""
    if platform.startswith("linux"):
        return (
            "This Python lacks the modules venv or ensurepip, which make environments. On Debian or Ubuntu:\n"
            "    sudo apt-get install python3-venv\nThen start again."
        )
    return (
        "This Python lacks the modules venv or ensurepip, which make environments.\n"
        "Install Python with its own installer or with conda, and start again."
    )


def install(python: Path, complete: str | None) -> None:
    """Install the course and its packages in one call of pip; the stamp is written last.

    Args:
        python: The environment's interpreter.
        complete: The stamp of an earlier complete installation, which a failure leaves as it was.
    """
    say("Installing the packages (once; a few minutes, more on a slow line).")
    STAMP.unlink(missing_ok=True)  # until pip is done, nothing vouches for what lies there
    started = time.monotonic()
    code, log = run_pip(pip_command(python, os.environ))
    if code == 0:
        write_settings(ENVIRONMENT)
        STAMP.write_text(fingerprint(ROOT, version_of(ENVIRONMENT)), "utf-8")
        say(f"Installed in {time.monotonic() - started:.0f} s.")
        return
    if complete is None or not no_network(log) or os.environ.get("CI"):
        raise Problem(explain_pip_failure(log))
    STAMP.write_text(complete, "utf-8")  # pip changes nothing before it has fetched everything
    say("No network: going on with the packages of the last start, which may be older than this checkout.")


def pip_command(python: Path, environ: Mapping[str, str]) -> list[str]:
    """The one call of pip; AGENTOS_LAB_TORCH_INDEX may name one more index, e.g. of torch without CUDA."""
    command = [str(python), "-m", "pip", "install", "--retries", "2", "--disable-pip-version-check"]
    if environ.get("AGENTOS_LAB_TORCH_INDEX"):
        command += ["--extra-index-url", environ["AGENTOS_LAB_TORCH_INDEX"]]
    return [*command, "-c", "constraints.txt", "-e", ".[dev]"]


def run_pip(command: list[str]) -> tuple[int, str]:
    """Run pip, telling its large downloads only. Returns its exit code and all that it said."""
    lines = []
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            news = worth_telling(line)
            if news is not None:
                say(news)
    log = "".join(lines)
    (ENVIRONMENT / "install.log").write_text(log, "utf-8")
    return process.returncode, log


def worth_telling(line: str) -> str | None:
    """A line of pip in words for people; None for most of them."""
    download = re.match(r"\s*Downloading (\S+?)-\d\S* \((\d+)(?:\.\d+)? MB\)", line)
    if download and int(download.group(2)) >= 10:
        return f"  {download.group(1)}, {download.group(2)} MB"
    return "  unpacking all packages" if line.startswith("Installing collected packages") else None


def no_network(log: str) -> bool:
    """Whether pip failed because it reached nothing."""
    signs = (
        r"name resolution|getaddrinfo|nodename nor servname|Network is unreachable|Connection(Error| refused)"
        r"|NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|Max retries|[Tt]imed out"
    )
    return re.search(signs, log) is not None


def explain_pip_failure(log: str) -> str:
    """What to do about a failed installation, from what pip said."""
    if "No space left on device" in log or "not enough space" in log:
        return "The disk is full. Free about 3 GB and start again; what was downloaded is kept."
    if no_network(log):
        return (
            "The packages could not be fetched: is there a network? It is needed once, for the packages and,\n"
            "unless --small is given, for the model (94 MB); afterwards everything works without.\n"
            "Connect and start again: what was downloaded is kept. A folder .venv that an earlier start\n"
            "completed goes on working."
        )
    missing = re.search(r"No matching distribution found for (\S+)", log)
    if missing:
        return (
            f"No build of {missing.group(1)} fits Python {version_of(ENVIRONMENT)} on {sys.platform}.\n"
            "The course supports Python 3.10 to 3.13: delete the folder .venv and start with one of\n"
            "those, for example: python3.12 lab.py"
        )
    lines = [line.strip() for line in log.strip().splitlines()]
    telling = [line for line in lines if re.search(r"(Error|ERROR|error):", line)]
    shown = "\n".join(f"    {line}" for line in telling[-3:] or lines[-3:])
    return f"pip failed:\n{shown}\nAll that it said is in .venv/install.log."


def write_settings(environment: Path) -> None:
    """Quieten JupyterLab: no news and update pop-ups, which ask the network, and no menus of nbgrader.

    Teachers who grade get the menus back by ``jupyter labextension enable @jupyter/nbgrader``.
    """
    quiet = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
    write_json(environment / "share" / "jupyter" / "lab" / "settings" / "overrides.json", quiet)
    hidden = {"disabledExtensions": {"@jupyter/nbgrader": True}}
    write_json(environment / "etc" / "jupyter" / "labconfig" / "page_config.json", hidden)


def write_json(path: Path, content: object) -> None:
    """Write a settings file, with the folders that lead to it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


# --- the model ---------------------------------------------------------------------------------------------


def fetch_weights(python: Path) -> None:
    """Pull the model's weights into the user's cache, once; a failure is told and survived."""
    wanted = {"model": MODEL, "cache": os.environ.get("AGENTOS_LAB_CACHE", "")}
    if WEIGHTS_NOTE.is_file():
        note = json.loads(WEIGHTS_NOTE.read_text("utf-8"))
        if Path(note.pop("path")).exists() and note == wanted:
            return
    say("Fetching the language model SmolLM2-135M-Instruct (94 MB, once).")
    command = [str(python), "-m", "agentos_lab", "pull", MODEL]
    pulled = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8", errors="replace")
    path = (pulled.stdout.strip().splitlines() or [""])[-1].strip()
    if pulled.returncode == 0 and path and Path(path).exists():
        WEIGHTS_NOTE.write_text(json.dumps({**wanted, "path": path}), "utf-8")
        return
    say(
        "The model is not here yet. All that trains its own models works; what needs this one says so.\n"
        "The next start tries again; --small does not try."
    )


# --- JupyterLab --------------------------------------------------------------------------------------------


def trust_notebooks(python: Path) -> None:
    """Let JupyterLab show the pictures of the course's notebooks before they are run, once for each version.

    It draws stored SVG only in notebooks that this computer has made or been told to trust.
    """
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    if not notebooks:
        return
    version = hashlib.sha256(version_of_notebooks(notebooks)).hexdigest()
    if TRUST_NOTE.is_file() and TRUST_NOTE.read_text("utf-8") == version:
        return
    command = [str(python), "-m", "nbformat.sign", *map(str, notebooks)]
    if subprocess.run(command, capture_output=True).returncode == 0:  # without it, run the cells to see the pictures
        TRUST_NOTE.write_text(version, "utf-8")


def version_of_notebooks(notebooks: list[Path]) -> bytes:
    """What changes when other notebooks arrive: git's log of this checkout or, without one, the notebooks themselves.

    A notebook that JupyterLab has saved is trusted already, so with git the learner's own work costs no new signing.
    """
    log = ROOT / ".git" / "logs" / "HEAD"
    names = "\n".join(path.name for path in notebooks).encode()
    return names + log.read_bytes() if log.is_file() else b"".join(path.read_bytes() for path in notebooks)


def check_port(port: int) -> None:
    """Refuse a port that another program holds, before JupyterLab takes its time to find out."""
    with socket.socket() as probe:
        if os.name != "nt":  # as JupyterLab's own socket: a port that was left a moment ago is free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Problem(
                f"Port {port} cannot be used: {error.strerror}. An earlier start of the course may hold it still:\n"
                "its window shows the address. Or give another port, or none: a free one is then found."
            ) from error


def activated(environ: Mapping[str, str], environment: Path, os_name: str = os.name) -> dict[str, str]:
    """The variables of an activated environment: its commands are found first, its kernel wins."""
    result = {name: value for name, value in environ.items() if name != "PYTHONHOME"}
    separator = ";" if os_name == "nt" else ":"
    result["PATH"] = str(scripts_in(environment, os_name)) + separator + environ.get("PATH", "")
    return result | {"VIRTUAL_ENV": str(environment), "JUPYTER_PREFER_ENV_PATH": "1"}


def jupyter_command(python: Path, *, port: int | None, browser: bool, root_user: bool) -> list[str]:
    """JupyterLab on the loopback address alone, with its usual random token, opened at the first notebook."""
    command = [str(python), "-m", "jupyterlab", "--ServerApp.ip=127.0.0.1", f"--ServerApp.root_dir={ROOT}"]
    command.append("--log-level=WARN")  # the address is still printed
    if (ROOT / FIRST_NOTEBOOK).is_file():
        command.append(f"--LabApp.default_url=/lab/tree/{FIRST_NOTEBOOK}")
    if port is not None:
        command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    if not browser:
        command.append("--no-browser")
    if root_user:
        command.append("--allow-root")  # as in a container; otherwise Jupyter would refuse
    return command


def open_jupyter(python: Path, *, port: int | None, browser: bool) -> int:
    """Start JupyterLab and stay until it ends."""
    if port is not None:
        check_port(port)
    root_user = os.name != "nt" and os.geteuid() == 0
    command = jupyter_command(python, port=port, browser=browser, root_user=root_user)
    trust_notebooks(python)
    say("Starting JupyterLab; Ctrl+C, twice, ends it.")
    variables = activated(os.environ, ENVIRONMENT)
    os.chdir(ROOT)
    if os.name != "nt":
        os.execve(command[0], command, variables)  # JupyterLab takes this process's place, and its signals
    with subprocess.Popen(command, env=variables) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:  # JupyterLab got it too, and asks whether to stop
                continue


# --- the tests ---------------------------------------------------------------------------------------------


class Outcome(NamedTuple):
    """How one kind of tests went; `remark` says why when it did not run."""

    kind: str
    passed: int
    failed: int
    skipped: int
    seconds: float
    remark: str = ""

    def __str__(self) -> str:
        numbers = f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"
        return f"{self.kind:<10} {numbers:<40} {self.seconds:6.0f} s  {self.remark}".rstrip()


def run_tests(python: Path, kinds: list[str]) -> int:
    """Run the kinds one after the other, whatever fails, and sum up. Returns 0 when nothing failed."""
    outcomes = [run_kind(python, kind) for kind in kinds]
    say("\n" + summary(outcomes))
    return 1 if any(outcome.failed for outcome in outcomes) else 0


def run_kind(python: Path, kind: str) -> Outcome:
    """Run one kind of tests with pytest and count what came out."""
    say(f"\n== {kind} ==")
    variables = test_variables(activated(os.environ, ENVIRONMENT))
    if kind == "browser":
        chromium = find_chromium(os.environ, shutil.which)
        if chromium is None:
            return without_chromium(bool(os.environ.get("CI")))
        variables["AGENTOS_LAB_CHROMIUM"] = chromium
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        code = subprocess.run(pytest_command(python, kind, report), cwd=ROOT, env=variables).returncode
        return counted(kind, code, report, time.monotonic() - started)


def test_variables(environ: Mapping[str, str]) -> dict[str, str]:
    """One thread each, for the same results to the last printed digit; no windows, no progress bars.

    Compiled modules are kept whatever the user's setting: otherwise each of the many processes compiles them again.
    """
    kept = {name: value for name, value in environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    threads = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    return {**kept, **threads, "MPLBACKEND": "agg", "NBVAL": "1", "HF_HUB_OFFLINE": "1"}


def pytest_command(python: Path, kind: str, report: Path) -> list[str]:
    """The call of pytest for one kind; two files run at a time."""
    command = [str(python), "-m", "pytest", f"--junitxml={report}"]
    two_at_a_time = ["-n", "2", "--dist", "loadfile"]
    unused = ("nbval", "anyio", "logging")  # by the tests of Python; the last would look after every single test
    without_plugins = [word for name in unused for word in ("-p", f"no:{name}")]
    if kind == "units":
        elsewhere = ["--ignore=tests/acceptance", "--ignore=tests/browser"]
        return [*command, *two_at_a_time, *without_plugins, "tests", *elsewhere]
    if kind == "acceptance":
        return [*command, *two_at_a_time, *without_plugins, "tests/acceptance"]
    if kind == "notebooks":
        strict = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=120"]
        return [*command, *two_at_a_time, *strict, "notebooks"]
    return [*command, *two_at_a_time, *without_plugins, "tests/browser"]


def counted(kind: str, code: int, report: Path, seconds: float) -> Outcome:
    """The numbers in pytest's own report; a run that broke off, or tested nothing, counts as a failure."""
    try:
        suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    except (OSError, ElementTree.ParseError):
        return Outcome(kind, 0, 1, 0, seconds, f"pytest broke off (exit code {code})")

    def total(name: str) -> int:
        return sum(int(suite.get(name, 0)) for suite in suites)

    failed, skipped = total("failures") + total("errors"), total("skipped")
    passed = max(total("tests") - failed - skipped, 0)
    if passed + failed + skipped == 0:
        return Outcome(kind, 0, 1, 0, seconds, "no test was found")
    if code != 0 and failed == 0:
        return Outcome(kind, passed, 1, skipped, seconds, f"pytest broke off (exit code {code})")
    return Outcome(kind, passed, failed, skipped, seconds)


def find_chromium(environ: Mapping[str, str], which: Callable[[str], str | None]) -> str | None:
    """A Chromium, Chrome or Edge of this machine: AGENTOS_LAB_CHROMIUM, then the usual names and places."""
    named = environ.get("AGENTOS_LAB_CHROMIUM")
    if named:
        return named
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
    applications = ("Chromium", "Google Chrome", "Microsoft Edge")
    places = [f"/Applications/{name}.app/Contents/MacOS/{name}" for name in applications]
    for folder in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        if folder in environ:
            places.append(str(Path(environ[folder], "Google", "Chrome", "Application", "chrome.exe")))
            places.append(str(Path(environ[folder], "Microsoft", "Edge", "Application", "msedge.exe")))
    found = [*filter(None, map(which, names)), *(place for place in places if Path(place).is_file())]
    return found[0] if found else None


def without_chromium(in_ci: bool) -> Outcome:
    """Say loudly that the browser tests did not run; in CI that is a failure."""
    say("*" * 78)
    say("* THE BROWSER TESTS DID NOT RUN: no Chromium, Chrome or Edge was found.")
    say("* Install one (Debian, Ubuntu: sudo apt-get install chromium), or name its program")
    say("* in the environment variable AGENTOS_LAB_CHROMIUM.")
    say("*" * 78)
    return Outcome("browser", 0, int(in_ci), int(not in_ci), 0.0, "not run: no Chromium")


def summary(outcomes: list[Outcome]) -> str:
    """One line a kind, and a closing line with the sums."""
    passed, failed, skipped = (
        sum(getattr(outcome, name) for outcome in outcomes) for name in ("passed", "failed", "skipped")
    )
    lines = ["== summary ==", *map(str, outcomes), "", f"{passed} passed, {failed} failed, {skipped} skipped"]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
