"""What is public is documented, and what the documents say is true: their commands, links and files exist."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from documents import DOCUMENTS, FENCE, ROOT, blocks

from agentos_lab import commands

# --- docstrings --------------------------------------------------------------------------------------------


def undocumented(root: Path) -> list[str]:
    """Every public name of the packages that nothing explains, as `file: name`."""
    files = sorted(path for package in ("agentos_lab", "widgets") for path in (root / package).rglob("*.py"))
    trees = {path: ast.parse(path.read_text("utf-8")) for path in files}
    documented_methods = {
        (node.name, method.name)
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for method in node.body
        if isinstance(method, ast.FunctionDef) and ast.get_docstring(method)
    }
    found = []
    for path, tree in trees.items():
        where = path.relative_to(root).as_posix()
        if not ast.get_docstring(tree):
            found.append(f"{where}: the module itself")
        public = public_names(tree)
        if public is None:
            found.append(f"{where}: __all__ is missing")
            continue
        defined = definitions(tree)
        for name in public:
            if name == "__version__":
                continue
            if name not in defined:
                found.append(f"{where}: {name} is in __all__ and nowhere else")
            else:
                found += [f"{where}: {gap}" for gap in gaps(name, defined[name], path, documented_methods)]
    return found


def public_names(tree: ast.Module) -> list[str] | None:
    """The names in `__all__`; None when there is none."""
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            return list(ast.literal_eval(node.value))
    return None


def definitions(tree: ast.Module) -> dict[str, ast.stmt]:
    """Where each name of a module comes from: a definition, an assignment or an import."""
    found: dict[str, ast.stmt] = {}
    for node in statements(tree.body):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.ImportFrom | ast.Import):
            found |= {alias.asname or alias.name: node for alias in node.names}
        elif isinstance(node, ast.Assign):
            found |= {target.id: node for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] = node
    return found


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module, those under `if TYPE_CHECKING` and `try` included."""
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try):
            yield from statements(node.body + node.orelse)


def gaps(name: str, node: ast.stmt, path: Path, documented_methods: set[tuple[str, str]]) -> Iterator[str]:
    """What a public name leaves unexplained; a method may rely on the one that it overrides."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return  # explained where it is defined
    if isinstance(node, ast.Assign | ast.AnnAssign):
        if not has_comment(node, path):
            yield f"the constant {name} (a comment above or beside it, or a string below it)"
        return
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    if not ast.get_docstring(node):
        yield name
    if isinstance(node, ast.ClassDef):
        bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
        for method in node.body:
            if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) and not method.name.startswith("_"):
                inherited = any((base, method.name) in documented_methods for base in bases)
                setter = any(isinstance(mark, ast.Attribute) for mark in method.decorator_list)
                if not (ast.get_docstring(method) or inherited or setter):
                    yield f"{name}.{method.name}"


def has_comment(node: ast.stmt, path: Path) -> bool:
    lines = path.read_text("utf-8").split("\n")
    beside = any("#" in line for line in lines[node.lineno - 1 : node.end_lineno])
    above = lines[node.lineno - 2].lstrip().startswith("#") if node.lineno > 1 else False
    below = lines[node.end_lineno].lstrip().startswith(('"""', '"')) if node.end_lineno < len(lines) else False
    return beside or above or below


def test_every_public_name_is_documented():
    assert undocumented(ROOT) == []


@pytest.mark.parametrize(
    ("text", "gap"),
    [
        ("def f():\n    '''One.'''\n__all__ = ['f']", "the module itself"),
        ("'''M.'''\ndef f(): ...", "__all__ is missing"),
        ("'''M.'''\n__all__ = ['f']\ndef f(): ...", "f"),
        ("'''M.'''\n__all__ = ['A']\nclass A: ...", "A"),
        ("'''M.'''\n__all__ = ['A']\nclass A:\n    '''A.'''\n    def run(self): ...", "A.run"),
        ("'''M.'''\n__all__ = ['LIMIT']\n\nLIMIT = 3\n", "the constant LIMIT"),
        ("'''M.'''\n__all__ = ['g']", "g is in __all__ and nowhere else"),
    ],
)
def test_a_gap_in_the_documentation_is_found(tmp_path, text, gap):
    (tmp_path / "agentos_lab").mkdir()
    (tmp_path / "agentos_lab" / "part.py").write_text(text)
    (found,) = undocumented(tmp_path)
    assert found.startswith(f"agentos_lab/part.py: {gap}")


def test_documented_and_inherited_names_are_no_gaps(tmp_path):
    (tmp_path / "agentos_lab").mkdir()
    (tmp_path / "agentos_lab" / "part.py").write_text(
        dedent('''
        """A part."""
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            from .elsewhere import Other
        __all__ = ["Other", "LIMIT", "Base", "Child", "Child"]
        LIMIT = 3  # the most there can be
        class Base:
            """A base."""
            def run(self):
                """Run."""
        class Child(Base):
            """A child."""
            def run(self): ...
            def _own(self): ...
        ''')
    )
    assert undocumented(tmp_path) == []


# --- snippets ----------------------------------------------------------------------------------------------


def test_there_is_a_snippet_for_every_engine():
    snippets = "\n".join(blocks("README.md", "python"))
    engines = [name for name in ("lm", "rl", "causal", "logic", "kernel", "agents") if has_code(name)]
    assert engines and [name for name in engines if f"agentos_lab.{name} " not in snippets] == []


def has_code(part: str) -> bool:
    return (ROOT / "agentos_lab" / part / "__init__.py").is_file()


# --- commands ----------------------------------------------------------------------------------------------


def commands_in(document: str) -> list[str]:
    """Every command of a document: the lines of its shell blocks, and the code in its text that starts like one."""
    text = (ROOT / document).read_text("utf-8")
    lines = [line for body in blocks(document, "bash", "sh", "console") for line in body.splitlines()]
    spans = re.findall(r"`([^`\n]+)`", FENCE.sub("", text))
    starts = ("python3 lab.py", "python -m ", ".venv/bin/python ", "conda ", "py lab.py")
    return [line for line in [*lines, *spans] if line.startswith(starts) or (line in lines and line.strip())]


ALL_COMMANDS = sorted({(command, document) for document in DOCUMENTS for command in commands_in(document)})


@pytest.fixture(scope="module")
def lab_parser():
    spec = importlib.util.spec_from_file_location("lab_in_documents", ROOT / "lab.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.parser()


def development_modules() -> set[str]:
    """The modules that may be called with `python -m`: those of the development packages."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    return set(re.findall(r'^ {4}"([a-z-]+)', text, re.MULTILINE))


def verify(command: str, lab_parser, folder: Path) -> None:
    """Fail unless the command exists as it is written; those that are cheap and harmless are carried out."""
    words = shlex.split(command)
    if words[0] in ("python3", "py") and words[1] == "lab.py":
        lab_parser.parse_args(words[2:])
    elif words[0] in ("python", ".venv/bin/python") and words[1:3] == ["-m", "agentos_lab"]:
        commands.parser().parse_args(words[3:])
        if words[3] in ("datasets", "check"):
            assert commands.main(words[3:]) == 0
        if words[3:5] in (["teach", "release"], ["teach", "solutions"], ["teach", "otter"]):
            shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".*"))
            assert commands.main([*words[3:5], *(str(folder / word) for word in words[5:])]) == 0
            assert list((folder / words[-1]).glob("*.ipynb"))
        if words[3:5] == ["teach", "execute"]:
            assert all((ROOT / word).is_file() for word in words[5:] if not word.startswith("-"))
    elif words[:5] == [".venv/bin/python", "-m", "pip", "install", "-c"]:
        extra = re.fullmatch(r"\.\[(\w+)\]", words[-1])[1]
        assert re.search(rf"^{extra} = \[", (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
        assert words[6] == "-e" and (ROOT / words[5]).is_file()
    elif words[:2] == [".venv/bin/python", "-m"]:
        assert words[2] in development_modules()
        assert all((ROOT / word).exists() for word in words[3:] if "/" in word)
    elif words[0] == "conda":
        assert words[1:4] == ["env", "create", "-f"] and (ROOT / words[4]).is_file()
    else:
        raise AssertionError(f"no way is known to verify {command!r}")


@pytest.mark.parametrize(("command", "document"), ALL_COMMANDS)
def test_every_command_is_one_that_exists(command, document, lab_parser, tmp_path):
    verify(command, lab_parser, tmp_path)


@pytest.mark.parametrize(
    "command",
    [
        "python3 lab.py test everything",
        "python3 lab.py --quick",
        "python -m agentos_lab explain",
        "python -m agentos_lab datasets no_such_dataset",
        ".venv/bin/python -m pytest tests/no_such_test.py",
        ".venv/bin/python -m no_such_module",
        "conda env create -f no_such_file.yml",
        "make everything",
    ],
)
def test_a_command_that_does_not_exist_is_found(command, lab_parser, tmp_path):
    with pytest.raises((AssertionError, SystemExit)):
        verify(command, lab_parser, tmp_path)


def test_the_two_commands_come_first():
    assert blocks("README.md", "bash")[0].split("\n")[:2] == ["python3 lab.py", "python3 lab.py test"]


# --- the table of notebooks, links and pictures ------------------------------------------------------------


def notebook_rows() -> dict[str, int]:
    """README's table: file name and minutes."""
    text = (ROOT / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| \[(\w+)\]\(notebooks/(\w+)\.ipynb\) \| .+ \| (\d+) \|$", text, re.MULTILINE)
    assert all(shown == file for shown, file, _ in rows)
    return {f"{file}.ipynb": int(minutes) for _, file, minutes in rows}


def minutes_promised(path: Path) -> int:
    """The minutes in a notebook's first cell."""
    first = "".join(json.loads(path.read_text("utf-8"))["cells"][0]["source"])
    return int(re.search(r"(\d+)\s*minutes", first)[1])


def test_the_table_lists_the_notebooks_that_exist_with_their_minutes():
    existing = {path.name: minutes_promised(path) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
    assert notebook_rows() == existing


@pytest.mark.parametrize("document", [*DOCUMENTS, "CHANGELOG.md"])
def test_every_link_and_picture_leads_somewhere(document):
    text = FENCE.sub("", (ROOT / document).read_text("utf-8"))
    targets = [target for target in re.findall(r"\]\(([^)#]+)", text) if "://" not in target]
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_every_file_that_the_documents_name_exists():
    for document in DOCUMENTS:
        text = FENCE.sub("", (ROOT / document).read_text("utf-8"))
        named = re.findall(r"`((?:agentos_lab|widgets|tests|notebooks|datasets)/[\w/.]+)`", text)
        example = {"agentos_lab/teaching/exercises/nb17.py"}  # where the numbered exercises of a notebook go
        missing = [name for name in named if not (ROOT / name).exists() and name not in example]
        assert missing == [], document
