"""The arrows of the house point down: every import of the library is read, and the rules are tried on small trees.

widgets, agentos_lab.teaching, python -m agentos_lab
                    |
            agentos_lab.agents
             /            |
lm  rl  causal  logic   kernel        engines know neither each other nor the kernel
             \\            |
results, errors, datasets, progress, atomic_file, tensor_file, figures    the foundation
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
ENGINES = {"lm", "rl", "causal", "logic"}
FOUNDATION = {
    "results",
    "errors",
    "datasets",
    "progress",
    "atomic_file",
    "tensor_file",
}  # the standard library alone at import time
DRAWING = {"figures"}  # loads matplotlib, so it is imported where something is drawn
BELOW_AGENTS = FOUNDATION | DRAWING | ENGINES | {"kernel"}
EVERYTHING = BELOW_AGENTS | {"agents", "teaching", "widgets", "commands", "version"}
ARROWS: dict[str, set[str]] = {
    "version": set(),  # agentos_lab/__init__.py
    **dict.fromkeys(FOUNDATION, FOUNDATION),
    **dict.fromkeys(DRAWING, FOUNDATION),
    **dict.fromkeys(ENGINES, FOUNDATION | DRAWING),
    "kernel": FOUNDATION | DRAWING,
    "agents": BELOW_AGENTS,
    "teaching": BELOW_AGENTS | {"agents", "version"},
    "widgets": BELOW_AGENTS | {"agents"},
    "commands": EVERYTHING,
    "__main__": EVERYTHING,
}
LAZY = {"teaching": ENGINES | {"kernel", "agents"}}  # importable inside functions only; so is DRAWING for all
OUTSIDE = {"tests", "benchmarks", "notebooks", "lab"}
RANDOM_STATE = {
    "torch.manual_seed",
    "torch.seed",
    "torch.random.manual_seed",
    "torch.random.seed",
    "torch.set_rng_state",
    "torch.cuda.manual_seed",
    "torch.cuda.manual_seed_all",
    "torch.mps.manual_seed",
}
OWN_GENERATORS = {
    "Random",
    "SystemRandom",
    "default_rng",
    "Generator",
    "SeedSequence",
    "PCG64",
    "Philox",
    "RandomState",
}
PICKLES = {"pickle", "cPickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"}
UNPICKLING = {"torch.load", "pandas.read_pickle", "numpy.lib.format.read_array"}
NAMESPACES = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/1999/xhtml")


class Import(NamedTuple):
    """One imported module, absolute: where it stands and when it is loaded."""

    line: int
    module: str
    relative: bool
    escapes: bool  # a relative import that climbs out of its sub-package
    lazy: bool  # inside a function
    typing: bool  # under `if TYPE_CHECKING`


def part_of(module: str) -> str | None:
    """The part of the house that a module belongs to; None outside the house."""
    names = module.split(".")
    if names[0] == "widgets":
        return "widgets"
    if names[0] != "agentos_lab":
        return None
    return names[1] if len(names) > 1 else "version"


def module_name(path: Path, root: Path) -> str:
    """`agentos_lab/lm/gpt.py` -> "agentos_lab.lm.gpt"."""
    names = path.relative_to(root).with_suffix("").parts
    return ".".join(names[:-1] if names[-1] == "__init__" else names)


def library_files(root: Path) -> list[Path]:
    """All Python files of the two packages."""
    return sorted(path for package in ("agentos_lab", "widgets") for path in (root / package).rglob("*.py"))


def is_module(name: str, root: Path) -> bool:
    place = root.joinpath(*name.split("."))
    return place.with_suffix(".py").is_file() or place.is_dir()


def imports_of(path: Path, root: Path) -> Iterator[Import]:
    """Every import of a file, also those in functions and those made by `import_module("…")`."""
    module = module_name(path, root)
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]

    def targets(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, bool, bool]]:
        if isinstance(node, ast.Import):
            yield from ((alias.name, False, False) for alias in node.names)
            return
        level = node.level
        anchor = package[: len(package) - level + 1] if level else []
        base = ".".join([*anchor, *filter(None, [node.module])])
        home = 2 if package[0] == "agentos_lab" and len(package) > 1 else 1
        for alias in node.names:
            inner = f"{base}.{alias.name}"
            yield (inner if is_module(inner, root) else base), level > 0, level > 0 and len(anchor) < home

    def visit(node: ast.AST, lazy: bool, typing: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import | ast.ImportFrom):
                for name, relative, escapes in targets(child):
                    yield Import(child.lineno, name, relative, escapes, lazy, typing)
            if isinstance(child, ast.Call) and dotted(child.func, {}).endswith(("import_module", "__import__")):
                names = (name.value for name in child.args[:1] if isinstance(name, ast.Constant))
                yield from (Import(child.lineno, str(name), False, False, lazy, typing) for name in names)
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            guarded = isinstance(child, ast.If) and dotted(child.test, {}).endswith("TYPE_CHECKING")
            yield from visit(child, lazy or inside, typing or guarded)

    yield from visit(ast.parse(path.read_text("utf-8")), False, False)


def dotted(node: ast.AST, aliases: dict[str, str]) -> str:
    """`np.random.seed` with its first name spelled out; empty for anything else than names joined by dots."""
    if isinstance(node, ast.Name):
        return aliases.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        start = dotted(node.value, aliases)
        return f"{start}.{node.attr}" if start else ""
    return ""


def wrong_imports(root: Path) -> list[str]:
    """Every import that breaks a rule of the house, as `file:line: what is wrong`."""
    found = []
    for path in library_files(root):
        own = part_of(module_name(path, root))
        where = path.relative_to(root).as_posix()
        if own not in ARROWS:
            found.append(f"{where}: the house has no part named {own}")
            continue
        for item in imports_of(path, root):
            found += [f"{where}:{item.line}: {problem}" for problem in problems(own, item)]
    return found


def problems(own: str, item: Import) -> Iterator[str]:
    """What is wrong with one import of a file in the part `own`."""
    target = part_of(item.module)
    top = item.module.split(".")[0]
    if target is None:
        if top in OUTSIDE:
            yield f"the library imports {top}"
        if own in FOUNDATION | {"version"} and top not in sys.stdlib_module_names and not (item.lazy or item.typing):
            yield f"{own} imports {top} at import time, and may load the standard library only"
    elif item.escapes:
        yield f"a relative import leaves its sub-package for {item.module}: across sub-packages write it in full"
    elif target == own:
        if not item.relative and own not in FOUNDATION | DRAWING | {"commands", "version"}:
            yield f"{item.module} in full inside its own sub-package: write it relative"
    elif target not in ARROWS[own]:
        yield f"{own} imports {target}"
    elif target in LAZY.get(own, set()) | DRAWING and not (item.lazy or item.typing):
        yield f"{own} imports {target} at import time: do it in the function that needs it"


def global_state(root: Path) -> list[str]:
    """Every use of a global random state and everything that unpickles, as `file:line: what`."""
    found = []
    for path in library_files(root):
        where = path.relative_to(root).as_posix()
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        aliases: dict[str, str] = {}
        for node in nodes:
            if isinstance(node, ast.Import):
                names = {alias.asname: alias.name for alias in node.names if alias.asname}
                aliases |= names | {alias.name.split(".")[0]: alias.name.split(".")[0] for alias in node.names}
                found += [
                    f"{where}:{node.lineno}: imports {alias.name}" for alias in node.names if alias.name in PICKLES
                ]
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                aliases |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
                if node.module.split(".")[0] in PICKLES:
                    found.append(f"{where}:{node.lineno}: imports {node.module}")
        restored = {
            id(inner)
            for node in nodes
            if isinstance(node, ast.With) and any(forks(item.context_expr, aliases) for item in node.items)
            for inner in ast.walk(node)
        }
        for node in nodes:
            if isinstance(node, ast.Call):
                called = dotted(node.func, dict.fromkeys(names_in(node.func), "a local name") | aliases)
                if called in RANDOM_STATE and id(node) in restored:
                    continue
                if is_global_random(called) or called in UNPICKLING:
                    found.append(f"{where}:{node.lineno}: calls {called}")
                if any(word.arg == "allow_pickle" and not is_false(word.value) for word in node.keywords):
                    found.append(f"{where}:{node.lineno}: allows pickles")
    return found


def forks(node: ast.expr, aliases: dict[str, str]) -> bool:
    """Whether a `with` gives torch's global state back as it was: `with torch.random.fork_rng():`."""
    return isinstance(node, ast.Call) and dotted(node.func, aliases) == "torch.random.fork_rng"


def names_in(node: ast.AST) -> list[str]:
    return [name.id for name in ast.walk(node) if isinstance(name, ast.Name)]


def is_global_random(called: str) -> bool:
    """Whether a call, with its names spelled out, reads or sets a random state that everybody shares."""
    for module in ("numpy.random.", "random."):
        if called.startswith(module):
            return called.removeprefix(module).split(".")[0] not in OWN_GENERATORS
    return called in RANDOM_STATE


def is_false(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def addresses(root: Path) -> list[str]:
    """Every address in the JavaScript and CSS of the packages: they would ask the network."""
    found = []
    for path in sorted((*(root / "widgets").rglob("*"), *(root / "agentos_lab").rglob("*"))):
        if path.suffix in (".js", ".css", ".mjs"):
            text = path.read_text("utf-8")
            for namespace in NAMESPACES:
                text = text.replace(namespace, "")
            pattern = r"https?://[^\s\"'`)]*|@import[^;\n]*|url\(\s*[\"']?//[^)]*|from\s+[\"']//[^\"']*"
            found += [f"{path.relative_to(root).as_posix()}: {hit}" for hit in re.findall(pattern, text)]
    return found


# --- the library -------------------------------------------------------------------------------------------


def test_every_import_of_the_library_points_down():
    assert len(library_files(ROOT)) > 10, "the library was not found"
    assert wrong_imports(ROOT) == []


def test_the_library_has_no_global_random_state_and_never_unpickles():
    assert global_state(ROOT) == []


def test_the_widgets_ask_no_network():
    assert addresses(ROOT) == []


def test_the_data_folder_is_no_package():
    assert (ROOT / "datasets").is_dir()
    assert not (ROOT / "datasets" / "__init__.py").exists(), "it would shadow Hugging Face's datasets"


@pytest.mark.parametrize("module", ["agentos_lab", "agentos_lab.results", "agentos_lab.errors", "agentos_lab.datasets"])
def test_the_foundation_loads_none_of_the_large_packages(module):
    large = ["torch", "numpy", "pandas", "matplotlib", "z3", "networkx", "anywidget", "transformers", "gymnasium"]
    code = f"import sys, json, {module}; print(json.dumps([name for name in {large} if name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


# --- the rules themselves ----------------------------------------------------------------------------------


@pytest.fixture
def house(tmp_path):
    """Build a small library: `house({"agentos_lab/lm/gpt.py": "import torch"})` gives its root."""

    def build(files: dict[str, str]) -> Path:
        packages = ["agentos_lab", *(f"agentos_lab/{part}" for part in ENGINES | {"kernel", "agents", "teaching"})]
        for package in [*packages, "widgets"]:
            (tmp_path / package).mkdir(exist_ok=True)
            (tmp_path / package / "__init__.py").touch()
        for name in ("results", "errors", "datasets", "figures", "commands"):
            (tmp_path / "agentos_lab" / f"{name}.py").touch()
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(dedent(text), "utf-8")
        return tmp_path

    return build


ALLOWED = [
    ("agentos_lab/lm/gpt.py", "import torch\nfrom agentos_lab.results import Step\nfrom .attention import a"),
    ("agentos_lab/lm/gpt.py", "def plot():\n    from agentos_lab.figures import figure"),
    ("agentos_lab/lm/layers/norm.py", "from ..gpt import GPT"),
    ("agentos_lab/datasets.py", "import json\ndef load():\n    import pandas"),
    ("agentos_lab/datasets.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pandas"),
    ("agentos_lab/kernel/kernel.py", "from agentos_lab.errors import AccessDenied"),
    ("agentos_lab/agents/agent.py", "import agentos_lab.lm\nfrom agentos_lab.kernel import Kernel"),
    ("agentos_lab/teaching/checks.py", "def check():\n    from agentos_lab.lm import GPT"),
    ("agentos_lab/commands.py", "from agentos_lab import datasets\nimport widgets"),
    ("agentos_lab/__main__.py", "from agentos_lab.commands import main"),
    ("widgets/attention.py", "from agentos_lab.lm import GPT\nfrom .view import View"),
]
FORBIDDEN = [
    ("agentos_lab/__init__.py", "import torch"),
    ("agentos_lab/__init__.py", "from . import lm"),
    ("agentos_lab/results.py", "import numpy as np"),
    ("agentos_lab/errors.py", "class A:\n    import pandas"),
    ("agentos_lab/datasets/tables.py", "import pandas"),
    ("agentos_lab/datasets/tables.py", "def load():\n    from agentos_lab.lm import GPT"),
    ("agentos_lab/results.py", "def show():\n    from .lm.gpt import GPT"),
    ("agentos_lab/rl/policy.py", "from agentos_lab.lm import GPT"),
    ("agentos_lab/rl/policy.py", "from ..lm.gpt import GPT"),
    ("agentos_lab/rl/policy.py", "from .. import lm"),
    ("agentos_lab/rl/policy.py", "from agentos_lab import lm"),
    ("agentos_lab/rl/policy.py", "def f():\n    import agentos_lab.causal.graph as graph"),
    ("agentos_lab/rl/policy.py", "import importlib\nm = importlib.import_module('agentos_lab.lm')"),
    ("agentos_lab/rl/policy.py", "if True:\n    try:\n        import agentos_lab.logic\n    finally:\n        pass"),
    ("agentos_lab/rl/policy.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import agentos_lab.lm"),
    ("agentos_lab/rl/deep/nets.py", "from ...lm import GPT"),
    ("agentos_lab/lm/gpt.py", "from ..results import Step"),
    ("agentos_lab/lm/gpt.py", "from agentos_lab.lm.attention import attention"),
    ("agentos_lab/lm/gpt.py", "from agentos_lab.kernel import Kernel"),
    ("agentos_lab/lm/gpt.py", "import widgets"),
    ("agentos_lab/lm/gpt.py", "from widgets.attention import AttentionExplorer"),
    ("agentos_lab/lm/gpt.py", "from agentos_lab.teaching import check"),
    ("agentos_lab/lm/gpt.py", "from tests.small_models import text"),
    ("agentos_lab/lm/gpt.py", "from agentos_lab.figures import figure"),
    ("agentos_lab/kernel/core.py", "from agentos_lab.lm import generate"),
    ("agentos_lab/kernel/core.py", "from agentos_lab.agents import Agent"),
    ("agentos_lab/agents/agent.py", "from widgets import AgentTrace"),
    ("agentos_lab/agents/agent.py", "from agentos_lab.teaching import check"),
    ("agentos_lab/teaching/checks.py", "from agentos_lab.lm import GPT"),
    ("agentos_lab/teaching/checks.py", "def check():\n    import widgets"),
    ("agentos_lab/lm/gpt.py", "from agentos_lab.commands import main"),
    ("agentos_lab/helpers/text.py", "import os"),
    ("widgets/attention.py", "from widgets.view import View"),
    ("widgets/attention.py", "from agentos_lab.teaching import check"),
]


@pytest.mark.parametrize(("file", "text"), ALLOWED)
def test_an_arrow_down_is_allowed(house, file, text):
    assert wrong_imports(house({file: text})) == []


@pytest.mark.parametrize(("file", "text"), FORBIDDEN)
def test_any_other_arrow_is_found(house, file, text):
    assert any(problem.startswith(file) for problem in wrong_imports(house({file: text})))


@pytest.mark.parametrize(
    "text",
    [
        "import torch\ntorch.manual_seed(0)",
        "import torch\nwith torch.random.fork_rng():\n    pass\ntorch.manual_seed(0)",
        "import torch\nwith torch.no_grad():\n    torch.manual_seed(0)",
        "import torch, random\nwith torch.random.fork_rng():\n    random.seed(0)",
        "import torch as t\ndef f():\n    t.cuda.manual_seed_all(0)",
        "from torch import manual_seed\nmanual_seed(0)",
        "from torch import manual_seed as seed\nseed(0)",
        "import numpy as np\nnp.random.seed(0)",
        "import numpy\nx = numpy.random.rand(3)",
        "from numpy import random\nrandom.seed(0)",
        "import random\nrandom.seed(0)",
        "import random\nx = random.choice('ab')",
        "from random import shuffle\nshuffle([1])",
        "import torch\nx = torch.load('a')",
        "from torch import load\nload('a')",
        "import pickle",
        "from pickle import loads",
        "def f():\n    import joblib",
        "import pandas as pd\npd.read_pickle('a')",
        "import numpy as np\nnp.load('a', allow_pickle=True)",
    ],
)
def test_global_random_state_and_unpickling_are_found(house, text):
    assert len(global_state(house({"agentos_lab/lm/gpt.py": text}))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "import torch\ng = torch.Generator().manual_seed(0)",
        "import numpy as np\nrng = np.random.default_rng(0)\nrng.random(3)",
        "import random\nrng = random.Random(0)\nrng.shuffle([1])",
        "import numpy as np\nnp.load('a', allow_pickle=False)",
        "import json\njson.load(open('a'))",
        "def random(): ...\nrandom()",
        "import torch\nwith torch.random.fork_rng():\n    torch.manual_seed(0)",
        "def shuffled(random):\n    return random.sample(range(3), 3)",
    ],
)
def test_generators_of_ones_own_are_allowed(house, text):
    assert global_state(house({"agentos_lab/lm/gpt.py": text})) == []


@pytest.mark.parametrize(
    "text",
    [
        'import * as d3 from "https://cdn.example/d3";',
        "fetch('http://example.com/a.json')",
        '@import "other.css";',
        "a { background: url(//example.com/a.png) }",
        'import x from "//example.com/x.js"',
    ],
)
def test_an_address_in_javascript_or_css_is_found(house, text):
    assert len(addresses(house({"widgets/attention.js": text}))) == 1
    assert len(addresses(house({"agentos_lab/teaching/quiz.css": text}))) == 2


def test_the_name_of_a_namespace_is_no_address(house):
    text = 'document.createElementNS("http://www.w3.org/2000/svg", "svg"); // from "here"'
    assert addresses(house({"widgets/attention.js": text})) == []
