"""Run notebooks and keep them clean: the step that every notebook goes through before it is committed.

A notebook is run in a fresh kernel under the conditions of its test (one torch thread, no progress bars) and
written back with its outputs and nothing that differs from run to run or from machine to machine: no times, no
kernel versions, steady cell ids. Live widgets keep their picture and text and lose their link to the kernel that
drew them, so that a page, and JupyterLab before the first run, shows the picture and not an error.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from time import perf_counter
from typing import Any

from agentos_lab.atomic_file import replacing

from .cells import name_cells, notebook

__all__ = ["Executed", "clean", "execute", "read", "run", "write"]

LIVE_WIDGET = "application/vnd.jupyter.widget-view+json"
CONDITIONS = {"OMP_NUM_THREADS": "1", "NBVAL": "1"}
KEPT_METADATA = ("collapsed", "jupyter", "nbgrader", "scrolled", "slideshow", "tags")


@dataclass(frozen=True)
class Executed:
    """The notebooks that were run, each with its wall time in seconds."""

    seconds: dict[Path, float]

    def __str__(self) -> str:
        lines = [f"{seconds:7.1f} s  {path}" for path, seconds in self.seconds.items()]
        return "\n".join([*lines, f"{sum(self.seconds.values()):7.1f} s  in all"])


def execute(paths: Iterable[str | Path], *, twice: bool = False, timeout: int = 120) -> Executed:
    """Run notebooks, clean them and write them back in place.

    Args:
        paths: Notebook files.
        twice: Whether to run each a second time and insist on the same outputs.
        timeout: Longest time for one cell, in seconds.

    Returns:
        The wall time of each (of its first run).

    Raises:
        ValueError: If a path is no notebook, a cell stops with an error (its own message follows), or the two
            runs differ. That notebook then stays as it was.
    """
    seconds: dict[Path, float] = {}
    for path in map(Path, paths):
        source = read(path)
        start = perf_counter()
        first = run(source, path, timeout=timeout)
        seconds[path] = perf_counter() - start
        if twice:
            _insist_on_equal(first, run(source, path, timeout=timeout), path)
        write(path, first)
    return Executed(seconds)


def read(path: str | Path) -> dict[str, Any]:
    """Read a notebook, older formats included, into plain dictionaries with each source as one text.

    Raises:
        ValueError: If the file is missing or no notebook.
    """
    import nbformat

    path = Path(path)
    if path.suffix != ".ipynb" or not path.is_file():
        raise ValueError(f"{path} is not a notebook; give paths of .ipynb files")
    try:
        return json.loads(json.dumps(nbformat.read(path, as_version=4)))
    except nbformat.reader.NotJSONError as error:
        raise ValueError(f"{path} is not a notebook: {error}") from error


def run(source: dict[str, Any], path: str | Path, *, timeout: int = 120) -> dict[str, Any]:
    """A clean, executed copy of the notebook `source`, run in the folder of `path`.

    Raises:
        ValueError: If a cell stops with an error.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    path = Path(path)
    node = nbformat.from_dict(json.loads(json.dumps(clean(source))))
    client = NotebookClient(
        node,
        timeout=timeout,
        kernel_name="python3",
        coalesce_streams=True,
        store_widget_state=False,
        resources={"metadata": {"path": str(path.resolve().parent)}},
    )
    # The notebook must meet the package that runs it, installed or not.
    home = str(Path(__file__).parents[2])
    search = os.pathsep.join(filter(None, [home, os.environ.get("PYTHONPATH")]))
    try:
        client.execute(env={**os.environ, **CONDITIONS, "PYTHONPATH": search})
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise ValueError(f"{path}: {error}") from error
    return clean(node)


def clean(source: dict[str, Any]) -> dict[str, Any]:
    """The notebook without what differs from run to run: see the module's docstring."""
    return notebook(name_cells([_clean_cell(cell) for cell in source["cells"]]))


def write(path: str | Path, content: dict[str, Any]) -> Path:
    """Write a notebook as Jupyter does, atomically: a reader never meets half a file."""
    import nbformat

    path = Path(path)
    text = nbformat.writes(nbformat.from_dict(json.loads(json.dumps(content)))).rstrip("\n") + "\n"
    with replacing(path) as partial:
        partial.write_text(text, encoding="utf-8", newline="\n")
        if path.exists():
            partial.chmod(path.stat().st_mode & 0o777)
    return path


def _clean_cell(cell: dict[str, Any]) -> dict[str, Any]:
    metadata = {key: value for key, value in cell["metadata"].items() if key in KEPT_METADATA}
    kept = {**cell, "metadata": metadata, "source": "".join(cell["source"])}
    if cell["cell_type"] == "code":
        kept["outputs"] = [_clean_output(output) for output in cell["outputs"]]
    return kept


def _clean_output(output: dict[str, Any]) -> dict[str, Any]:
    data = output.get("data", {})
    if LIVE_WIDGET not in data:
        return output
    return {**output, "data": {kind: value for kind, value in data.items() if kind != LIVE_WIDGET}}


def _insist_on_equal(first: dict[str, Any], second: dict[str, Any], path: Path) -> None:
    """Compare the outputs of two runs, cell by cell, save those that are marked as not to be compared."""
    for one, other in zip(first["cells"], second["cells"], strict=True):
        if "nbval-ignore-output" in one["metadata"].get("tags", ()):
            continue
        before, after = (json.dumps(cell.get("outputs"), indent=1).splitlines() for cell in (one, other))
        if before != after:
            difference = "\n".join(list(unified_diff(before, after, lineterm="", n=0))[2:12])
            raise ValueError(
                f"{path}: two runs of cell {one['id']!r} differ; seed it, print fewer digits, or mark it with "
                f"compare=False:\n{difference}"
            )
