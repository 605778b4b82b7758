"""The commands of ``python -m agentos_lab``: each is one call of the library whose result prints itself.

The exit code says how it went: 0 for yes, 1 for no (``check`` found something missing), 2 for a mistake in the call.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from agentos_lab import __version__
from agentos_lab.datasets import available, card, download

__all__ = ["Check", "Package", "check", "main", "parser", "pull"]

MODEL = "smollm2-135m-instruct"
INSTALL = "python3 lab.py"  # what mends a missing package


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and print its result.

    Args:
        argv: The words after ``python -m agentos_lab``; by default those of this process.

    Returns:
        The exit code.
    """
    arguments = parser().parse_args(argv)
    try:
        result = arguments.run(arguments)
    except ModuleNotFoundError as missing:
        print(f"{missing.name or missing} is not installed; install what is missing with: {INSTALL}", file=sys.stderr)
        return 2
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(result)
    return 0 if result else 1


def parser() -> argparse.ArgumentParser:
    """The grammar of the command line; every command sets `run`, a function of the parsed words."""
    result = argparse.ArgumentParser(prog="python -m agentos_lab", description="Agent OS Lab from the command line.")
    result.add_argument("--version", action="version", version=f"Agent OS Lab {__version__}")
    commands = result.add_subparsers(metavar="command", required=True)

    checking = commands.add_parser("check", help="is everything there that the course needs?")
    checking.set_defaults(run=lambda words: check())

    pulling = commands.add_parser("pull", help="fetch a pretrained model, or a dataset that needs a download")
    pulling.add_argument("name", nargs="?", default=MODEL, help=f"what to fetch (default: {MODEL})")
    pulling.set_defaults(run=lambda words: pull(words.name))

    listing = commands.add_parser("datasets", help="list the datasets, or show the card of one")
    listing.add_argument("name", nargs="?", help="a dataset")
    listing.set_defaults(run=lambda words: card(words.name) if words.name else available())

    _add_teach(commands.add_parser("teach", help="make a class's notebooks, or run and clean the course's own"))
    return result


def _add_teach(parser: argparse.ArgumentParser) -> None:
    """``teach release|solutions|otter SOURCE OUT`` and ``teach execute NOTEBOOK …``."""
    actions = parser.add_subparsers(metavar="action", required=True)
    for name, purpose in (
        ("release", "the students' version: solutions and hidden tests taken out"),
        ("solutions", "the instructor's version, which nbgrader marks with"),
        ("otter", "the form that otter-grader reads"),
    ):
        action = actions.add_parser(name, help=purpose)
        action.add_argument("source", type=Path, help="a folder of notebooks, or one notebook")
        action.add_argument("out", type=Path, help="the folder to write to")
        action.set_defaults(run=_convert, action=name)
    action = actions.add_parser("execute", help="run notebooks and write them back, ready to commit")
    action.add_argument("notebooks", nargs="+", type=Path)
    action.add_argument("--twice", action="store_true", help="run each twice and insist on the same outputs")
    action.add_argument("--timeout", type=int, default=120, help="longest time for a cell in seconds (default: 120)")
    action.set_defaults(run=_execute)


def _convert(words: argparse.Namespace) -> Any:
    from agentos_lab.teaching import release

    return getattr(release, words.action)(words.source, words.out)


def _execute(words: argparse.Namespace) -> Any:
    from agentos_lab.teaching.execute import execute

    return execute(words.notebooks, twice=words.twice, timeout=words.timeout)


def pull(name: str = MODEL) -> Path:
    """Fetch a pretrained model, or a dataset that needs a download, into the user's cache.

    Args:
        name: A model that `agentos_lab.lm.pretrained.pull` knows, or a dataset.

    Returns:
        Where it lies.

    Raises:
        ValueError: Nothing has this name, or what came is damaged.
        OSError: It could not be fetched or kept; the message says what works without.
    """
    from agentos_lab.lm import pretrained

    if name in pretrained.PULLABLE:
        return pretrained.pull(name)
    downloads = [found.name for found in available() if found.location == "download"]
    if name not in downloads:
        raise ValueError(
            f"nothing to fetch is named {name!r}; there are {', '.join([*pretrained.PULLABLE, *downloads])}"
        )
    return download(name)


@dataclass(frozen=True)
class Package:
    """A package that the course needs.

    Attributes:
        requirement: As in pyproject.toml, e.g. ``"torch>=2.4"``.
        version: What is installed; None when nothing is.
        suits: Whether that version is one of those required.
    """

    requirement: str
    version: str | None
    suits: bool

    def __str__(self) -> str:
        if self.suits:
            return f"{self.requirement:<24} {self.version}"
        return f"{self.requirement:<24} {self.version or 'missing'}: install it with: {INSTALL}"


@dataclass(frozen=True)
class Check:
    """What `check` found; true when everything that must be there is there and intact."""

    system: str
    packages: tuple[Package, ...]
    model: str
    model_damaged: bool
    devices: str

    def __bool__(self) -> bool:
        return bool(self.packages) and all(package.suits for package in self.packages) and not self.model_damaged

    def __str__(self) -> str:
        missing = [str(package) for package in self.packages if not package.suits]
        packages = f"all {len(self.packages)} installed" if self.packages and not missing else ""
        lines = [
            f"Agent OS Lab {__version__}",
            f"  system    {self.system}",
            f"  packages  {packages or 'not all there:'}",
            *(f"            {line}" for line in missing or [f"not installed; run: {INSTALL}"] if not packages),
            f"  model     {self.model}",
            f"  devices   {self.devices}",
            "Everything is there." if self else "Something is missing.",
        ]
        return "\n".join(lines)


def check() -> Check:
    """Look whether everything that the course needs is there: the packages, the pretrained model, the devices.

    The model may be absent, since most of the course does without; a damaged one counts as missing.
    """
    packages = required_packages(_requirements())
    can_run = bool(packages) and all(package.suits for package in packages)
    model, damaged = _model_state() if can_run else ("not looked at", False)
    system = f"Python {platform.python_version()} on {platform.system()} ({platform.machine()})"
    return Check(system, packages, model, damaged, _devices() if can_run else "not looked at")


def required_packages(requirements: Iterable[str]) -> tuple[Package, ...]:
    """What is installed of a list of requirements; those of extras, such as the tests', are left out."""
    from packaging.requirements import Requirement

    found = []
    for requirement in map(Requirement, requirements):
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            version = None
        suits = version is not None and requirement.specifier.contains(version, prereleases=True)
        found.append(Package(f"{requirement.name}{requirement.specifier}", version, suits))
    return tuple(found)


def _requirements() -> list[str]:
    """What the installed package declares, or, in a clone that is not installed, its pyproject.toml."""
    try:
        return metadata.requires("agentos-lab") or []
    except metadata.PackageNotFoundError:
        project = Path(__file__).resolve().parents[1] / "pyproject.toml"
        text = project.read_text(encoding="utf-8") if project.is_file() else ""
        listed = re.search(r"^dependencies = \[(.*?)^\]", text, re.DOTALL | re.MULTILINE)
        return re.findall(r'"([^"]+)"', listed.group(1)) if listed else []


def _model_state() -> tuple[str, bool]:
    """What is known about the pretrained model, and whether it is damaged."""
    from agentos_lab.lm.pretrained import PULLABLE, check_pulled, model_folder

    folder = model_folder(MODEL)
    remedy = f"python -m agentos_lab pull {MODEL}"
    if not folder.is_dir():
        return f"{MODEL} is not here ({PULLABLE[MODEL].megabytes} MB); fetch it with: {remedy}", False
    state = check_pulled(MODEL)
    if state == "intact":
        return f"{MODEL} in {folder}", False
    return f"{MODEL} is damaged ({state}); make it anew with: {remedy}", True


def _devices() -> str:
    """The devices that torch can calculate on."""
    import torch

    found = [f"cpu ({os.cpu_count()} cores, torch uses {torch.get_num_threads()})"]
    found += [torch.cuda.get_device_name(number) for number in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        found.append("mps")
    return ", ".join(found)
