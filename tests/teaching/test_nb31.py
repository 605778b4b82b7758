"""The checks of notebook 31: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

import pytest

from agentos_lab.causal import check_adjustment, d_separated, find_paths
from agentos_lab.teaching import check


def kind(before, after):
    heads = before.endswith(">") + after.startswith("<")
    return ("fork", "chain", "collider")[heads]


def path_is_open(path, graph, given):
    (found,) = (same for same in find_paths(graph, path.nodes[0], path.nodes[-1], given) if same.route == path.route)
    return found.open


def inner(path):
    return [(node, kind(*path.edges[at : at + 2])) for at, node in enumerate(path.nodes[1:-1])]


def without_descendants(path, graph, given):
    return all((node in given) == (shape == "collider") for node, shape in inner(path))


def colliders_like_others(path, graph, given):
    return not any(node in given for node, _ in inner(path))


def descendants_everywhere(path, graph, given):
    return all(bool(given & {*graph.descendants(node)}) == (shape == "collider") for node, shape in inner(path))


def one_is_enough(path, graph, given):
    def passes(node, shape):
        return bool(given & {*graph.descendants(node)}) if shape == "collider" else node not in given

    return not inner(path) or any(passes(*node) for node in inner(path))


def back_door(graph, x, y, given):
    # In these graphs every valid set meets the criterion, unless it holds an effect of x that y does not feel.
    return bool(check_adjustment(graph, x, y, given)) and not {*given} & {*graph.descendants(x)}


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("opens", {"A", "D"}),
        ("opens", ["D", "A"]),
        ("kind", kind),
        ("path_is_open", path_is_open),
        ("back_door", back_door),
        ("held_fixed", ["S", "Z", "W"]),
        ("held_fixed", {"W", "Z", "S"}),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"31.{name}", answer)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("opens", {"A"}, "One is missing. Besides the collider"),
        ("opens", [["A"], ["D"]], "none of the five"),
        ("opens", True, "A set of names"),
        ("opens", {"A": True}, "A set of names"),
        ("opens", {"D"}, "What opens a collider"),
        ("opens", {"A", "D", "nothing"}, "With nothing given"),
        ("opens", {"A", "D", "A and B"}, "but B"),
        ("opens", {"B"}, "fork on this path"),
        ("opens", {"C"}, "none of the five"),
        ("opens", set(), "Some are missing"),
        ("kind", lambda before, after: kind(before.replace("<->", "<-"), after), "two-headed edge before"),
        ("kind", lambda before, after: kind("->", after), "points away"),
        ("kind", lambda before, after: kind({"->": "<-", "<-": "->"}.get(before, before), after), "exchanged"),
        ("path_is_open", without_descendants, "below a collider"),
        ("path_is_open", colliders_like_others, "the opposite"),
        ("path_is_open", one_is_enough, "not enough"),
        ("path_is_open", descendants_everywhere, "what is below them"),
        (
            "back_door",
            lambda graph, x, y, given: bool(d_separated(graph.cut_outgoing(x), x, y, given)),
            "first condition is missing",
        ),
        (
            "back_door",
            lambda graph, x, y, given: (
                not {*given} & {*graph.descendants(x)} and bool(d_separated(graph.cut_incoming(x), x, y, given))
            ),
            "do(x)",
        ),
        (
            "back_door",
            lambda graph, x, y, given: not {*given} & {*graph.descendants(x)} and bool(d_separated(graph, x, y, given)),
            "all paths",
        ),
        ("back_door", lambda graph, x, y, given: not {*given} & {*graph.descendants(x)}, "Only the first"),
        ("held_fixed", ["W"], "X <- Z <- T -> Y"),
        ("held_fixed", ["W", "Z"], "X <- S -> Z <- T -> Y"),
        ("held_fixed", ["S", "Z", "W", "N"], "carries the effect"),
        ("held_fixed", ["T", "W"], "cannot be measured"),
        ("held_fixed", ["X"], "treatment and outcome"),
        ("held_fixed", ["Q"], "no variable"),
        ("path_is_open", lambda path, graph, given: path.open, "True, expected False"),
        (
            "path_is_open",
            lambda path, graph, given: path_is_open(path, graph, given) or None,
            "does the function `return`",
        ),
    ],
)
def test_a_wrong_answer_is_told_why(name, answer, said):
    result = check(f"31.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message
