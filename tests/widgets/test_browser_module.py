"""One ES module out of several files: what they export, and what they may not do."""

from __future__ import annotations

from pathlib import Path

import pytest

import widgets
from widgets.browser_module import linked, module_text

VIEWS = (
    "AttentionExplorer",
    "NextTokenExplorer",
    "ReinforcementOfText",
    "RolloutPlayer",
    "TokenizerExplorer",
    "TrainingMonitor",
    "ValueMap",
)


@pytest.fixture
def folder(tmp_path):
    """Write files: `folder(a="…")` makes a.js."""

    def write(**files: str) -> Path:
        for name, text in files.items():
            (tmp_path / f"{name}.js").write_text(text, "utf-8")
        return tmp_path

    return write


def test_a_text_without_imports_stays_as_it_is(tmp_path):
    assert linked("export default 1;", tmp_path) == "export default 1;"


def test_a_file_that_two_others_need_is_there_once_and_before_them(folder):
    place = folder(
        low="export const one = 1;\n",
        left='import { one } from "./low.js";\nexport const two = one + one;\n',
        right='import { one } from "./low.js";\nexport const three = 3 * one;\n',
    )
    text = 'import { two } from "./left.js";\nimport { three } from "./right.js";\nexport default two + three;'
    made = linked(text, place)
    order = [made.index(f"const {name}_js = ") for name in ("low", "left", "right")]
    assert order == sorted(order) and made.count("const low_js") == 1
    assert made.endswith("const { two } = left_js;\nconst { three } = right_js;\nexport default two + three;")
    assert "import" not in made and made.count("export") == 1


def test_each_file_keeps_its_own_names_to_itself(folder):
    place = folder(a="const step = 1;\nexport const first = () => step;\n")
    made = linked('import { first } from "./a.js";\nconst step = 100;', place)
    inside = "const step = 1;\nconst first = () => step;\nreturn { first };"
    assert made == f"const a_js = (() => {{\n{inside}\n}})();\nconst {{ first }} = a_js;\nconst step = 100;"


def test_a_circle_is_named_from_file_to_file(folder):
    place = folder(
        a='import { two } from "./b.js";\nexport const one = 1;\n',
        b='import { one } from "./a.js";\nexport const two = 2;\n',
    )
    with pytest.raises(ValueError, match=r"a\.js → b\.js → a\.js; move what both need"):
        linked('import { one } from "./a.js";', place)


def test_a_name_that_is_not_exported_is_told_with_its_file(folder):
    place = folder(a="const one = 1;\nexport const two = 2;\n")
    with pytest.raises(ValueError, match=r"a\.js does not export one: write `export const`"):
        linked('import { one, two } from "./a.js";', place)
    with pytest.raises(FileNotFoundError, match=r"b\.js"):
        linked('import { one } from "./b.js";', place)


@pytest.mark.parametrize("name", VIEWS)
def test_the_module_of_a_view_has_one_export_and_no_import(name):
    lines = module_text(getattr(widgets, name)).splitlines()
    assert [line for line in lines if line.startswith("export")] == ["export default lab.view({"]
    assert not any(line.startswith("import") for line in lines)
