"""Trees as sketches: no two nodes of a level overlap, no edge goes upwards, shared parts stand once."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from widgets.syntax_tree import LEVEL, Node, tree_sketch
from widgets.text_metrics import text_width


@st.composite
def graphs(draw):
    """Nodes whose children have larger numbers; each but the root has a parent."""
    count = draw(st.integers(1, 9))
    below = defaultdict(list)
    for child in range(1, count):
        for parent in draw(st.lists(st.integers(0, child - 1), min_size=1, max_size=3)):
            below[parent].append(child)
    return [Node(f"n{index}", tuple(below[index])) for index in range(count)]


def places(sketch):
    return {place[2]: (place[0], place[1]) for word, place, _ in sketch["marks"] if word == "text"}


@given(graphs())
def test_nodes_of_a_level_do_not_overlap_and_all_is_inside(nodes):
    sketch = tree_sketch(nodes)
    levels = defaultdict(list)
    for label, (x, y) in places(sketch).items():
        half = text_width(label, 13, mono=True) / 2
        assert x - half >= 0 and x + half <= sketch["width"] and 0 <= y <= sketch["height"]
        levels[y].append((x - half, x + half))
    for row in levels.values():
        row.sort()
        assert all(right < left for (_, right), (left, _) in pairwise(row))


@given(graphs())
def test_every_edge_is_drawn_once_and_goes_down(nodes):
    sketch = tree_sketch(nodes)
    paths = [place[0] for word, place, _ in sketch["marks"] if word == "path"]
    assert len(paths) == sum(len(node.children) for node in nodes) == len(set(paths))
    for path in paths:
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", path)]
        assert numbers[1] < numbers[-1]


def test_a_shared_part_stands_below_the_deepest_of_its_parents():
    sketch = tree_sketch([Node("g", (1, 2)), Node("f", (2, 2)), Node("x")])
    at = places(sketch)
    assert at["x"][1] - at["f"][1] == at["f"][1] - at["g"][1] == LEVEL
    assert sum("Q" in place[0] for word, place, _ in sketch["marks"] if word == "path") == 3


def test_looks_are_frames_and_grounds():
    marks = tree_sketch([Node("a", (1, 2), "chosen"), Node("b", (), "new"), Node("c")])["marks"]
    looks = [look for word, _, look in marks if word == "rect"]
    assert [(look["stroke"], look.get("dash")) for look in looks] == [("blue", "4 3"), ("none", None)]
