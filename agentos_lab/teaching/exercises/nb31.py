"""Checks and quiz of notebook 31, paths and separation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..checking import exercise
from ..comparison import Problem, compare_calls
from ..questions import Option, Question

if TYPE_CHECKING:
    from agentos_lab.causal import CausalGraph, Path

__all__ = ["QUIZ", "back_door", "held_fixed", "kind", "opens", "path_is_open"]


@exercise(
    "opens",
    points=1,
    hints=(
        "A is a collider on this path, B a fork. Go through the five sets one by one.",
        "A collider opens when it is given, or something below it. But B, given, blocks.",
    ),
    right="A opens the collider, D does it from below. With A and B the fork B blocks again.",
)
def opens(answer: Any) -> Problem | None:
    """Which of five sets leave X -> A <- B -> Y open."""
    if answer is Ellipsis:
        raise NotImplementedError("the set is still `...`")
    if isinstance(answer, str):
        answer = {answer}
    if not isinstance(answer, set | frozenset | list | tuple):
        return Problem(f'A set of names was expected, such as `{{"B", "A and B"}}`; not {type(answer).__name__}.')
    if any(name is Ellipsis for name in answer):
        raise NotImplementedError("the set is not filled in yet")
    for name in answer:
        if not isinstance(name, str) or name not in ("nothing", "A", "B", "D", "A and B"):
            return Problem(f"{name!r} is none of the five names.")
    told = {
        "nothing": "With nothing given, the collider A blocks.",
        "A and B": "A opens the collider, but B, a fork that is given, blocks.",
        "B": "B is a fork on this path: given, it blocks. And the collider A blocks as well.",
    }
    for name, why in told.items():
        if name in answer:
            return Problem(why, case=f'"{name}"')
    asks = {"A": "What opens a collider?", "D": "Besides the collider itself, what tells about it?"}
    missing = [ask for name, ask in asks.items() if name not in answer]
    return Problem(f"{'One is' if len(missing) == 1 else 'Some are'} missing. {missing[0]}") if missing else None


def _kind(before: str, after: str) -> str:
    head_before, head_after = before in ("->", "<->"), after in ("<-", "<->")
    if head_before and head_after:
        return "collider"
    return "chain" if head_before or head_after else "fork"


@exercise(
    "kind",
    points=1,
    hints=(
        "Which of the three edges point at the node that comes *after* them?",
        'Two of them: `before in ("->", "<->")`.',
    ),
    right="Only the heads at the node count, not what is at the other end of the edge.",
)
def kind(answer: Any) -> Problem | None:
    """A function that names what a node is between two edges."""
    edges = ("->", "<-", "<->")
    cases = [(before, after) for before in edges for after in edges]
    mistakes = {
        "A two-headed edge before the node points at it, too.": lambda before, after: _kind(
            "<-" if before == "<->" else before, after
        ),
        "`<-` before the node points away from it: at the node that came earlier on the path.": (
            lambda before, after: _kind("->" if before == "<-" else before, after)
        ),
        "You exchanged the heads: `->` before the node points at it, `<-` does not.": lambda before, after: _kind(
            {"->": "<-", "<-": "->", "<->": "<->"}[before], after
        ),
    }
    return compare_calls(answer, _kind, cases, mistakes=mistakes, what="the kind")


def _path_is_open(path: Path, graph: CausalGraph, given: set[str]) -> bool:
    for place in range(1, len(path.nodes) - 1):
        node = path.nodes[place]
        if _kind(path.edges[place - 1], path.edges[place]) == "collider":
            if not given & set(graph.descendants(node)):
                return False
        elif node in given:
            return False
    return True


def _without_descendants(path: Path, graph: CausalGraph, given: set[str]) -> bool:
    return all(
        (node in given) == (_kind(before, after) == "collider")
        for node, before, after in zip(path.nodes[1:-1], path.edges, path.edges[1:], strict=False)
    )


def _colliders_as_others(path: Path, graph: CausalGraph, given: set[str]) -> bool:
    return not given & set(path.nodes[1:-1])


def _one_is_enough(path: Path, graph: CausalGraph, given: set[str]) -> bool:
    from agentos_lab.causal import Path

    if len(path.nodes) == 2:
        return True
    pieces = (
        Path(path.nodes[at - 1 : at + 2], path.edges[at - 1 : at + 1], ()) for at in range(1, len(path.nodes) - 1)
    )
    return any(_path_is_open(piece, graph, given) for piece in pieces)


def _every_below(path: Path, graph: CausalGraph, given: set[str]) -> bool:
    return all(
        bool(given & set(graph.descendants(node))) == (_kind(before, after) == "collider")
        for node, before, after in zip(path.nodes[1:-1], path.edges, path.edges[1:], strict=False)
    )


@exercise(
    "path_is_open",
    points=3,
    hints=(
        "Go over the inner nodes: `for place in range(1, len(path.nodes) - 1)`. The edges at it are "
        "`path.edges[place - 1]` and `path.edges[place]`.",
        "A collider blocks when `given & set(graph.descendants(node))` is empty; every other node blocks when it is "
        "in `given`. If nothing blocked: True.",
    ),
    right="This is d-separation: two nodes are separated when it is False for all paths between them.",
)
def path_is_open(answer: Any) -> Problem | None:
    """A function that tells whether a path is open."""
    from agentos_lab.causal import CausalGraph, Path, find_paths

    mistakes = {
        "Something below a collider opens it as well: look at `graph.descendants(node)`.": _without_descendants,
        "You treat colliders like the others. They are the opposite: given, they let through.": _colliders_as_others,
        "One node that lets through is not enough: *every* inner node must, and the first that blocks decides.": (
            _one_is_enough
        ),
        "Chains and forks block only when they themselves are given; what is below them does not matter.": _every_below,
    }
    shapes = ("X -> Z -> Y", "X <- Z -> Y", "X -> Z <- Y", "X -> Z <- Y; Z -> W", "X <- Z -> Y; Z -> W", "X -> Y")
    tried = [(CausalGraph(text), tuple(given)) for text in shapes for given in ("", "Z", "W") if given in text]
    longer = CausalGraph("A -> X; A -> B -> Y; X -> C; B -> C -> D; X <-> D")
    tried += [(longer, given) for given in ((), ("A",), ("C",), ("D",), ("B", "D"), ("A", "D"))]
    # The paths are built anew, without the verdict that the library has on each.
    cases = [
        (Path(path.nodes, path.edges, ()), graph, set(given))
        for graph, given in tried
        for path in find_paths(graph, "X", "Y", given)
    ]
    problem = compare_calls(answer, _path_is_open, cases, mistakes=mistakes, what="the answer")
    if problem is None or not problem.case:
        return problem
    path, graph, known = next(case for case in cases if compare_calls(answer, _path_is_open, [case]) is not None)
    return replace(problem, case=f"the path {path.route} in {graph}, given {', '.join(sorted(known)) or 'nothing'}")


def _back_door(graph: CausalGraph, x: str, y: str, given: Iterable[str]) -> bool:
    from agentos_lab.causal import d_separated

    if set(graph.descendants(x)) & set(given):
        return False
    return bool(d_separated(graph.cut_outgoing(x), x, y, given))


def _separated_only(cut: str, graph: CausalGraph, x: str, y: str, given: Iterable[str]) -> bool:
    from agentos_lab.causal import d_separated

    graphs = {"none": graph, "incoming": graph.cut_incoming(x), "outgoing": graph.cut_outgoing(x)}
    return bool(d_separated(graphs[cut], x, y, given))


@exercise(
    "back_door",
    points=2,
    hints=(
        "Two conditions, one after the other. The first: `set(graph.descendants(x)) & set(given)` must be empty.",
        "`bool(d_separated(graph.cut_outgoing(x), x, y, given))`.",
    ),
    right="With the arrows that leave x cut, only the paths through its back door are left.",
)
def back_door(answer: Any) -> Problem | None:
    """A function that tests the back-door criterion."""
    from agentos_lab.causal import CausalGraph, Separation

    mistakes = {
        "The first condition is missing: a set with a descendant of x is refused.": (
            lambda graph, x, y, given: _separated_only("outgoing", graph, x, y, given)
        ),
        "You look at all paths. The causal ones must stay open: cut the arrows that leave x first.": (
            lambda graph, x, y, given: (
                not set(graph.descendants(x)) & set(given) and _separated_only("none", graph, x, y, given)
            )
        ),
        "You cut the arrows that come *in*: that is do(x). Cut those that go out.": (
            lambda graph, x, y, given: (
                not set(graph.descendants(x)) & set(given) and _separated_only("incoming", graph, x, y, given)
            )
        ),
        "Only the first condition is tested. The set must also block the back doors.": (
            lambda graph, x, y, given: not set(graph.descendants(x)) & set(given)
        ),
    }
    fork, club = CausalGraph("A -> X -> H -> Y; A -> Y"), CausalGraph("A -> X -> Y; A -> Y; X -> C; Y -> C")
    m_bias = CausalGraph("X <-> M <-> Y; X -> Y")
    below, no_effect = CausalGraph("X -> Y; X -> D"), CausalGraph("X <- A -> Y")
    cases = [
        *((fork, "X", "Y", given) for given in ([], ["A"], ["H"], ["A", "H"])),
        *((club, "X", "Y", given) for given in ([], ["A"], ["A", "C"])),
        *((m_bias, "X", "Y", given) for given in ([], ["M"])),
        *((below, "X", "Y", given) for given in ([], ["D"])),
        *((no_effect, "X", "Y", given) for given in ([], ["A"])),
    ]

    def judged(*arguments: Any) -> Any:  # what d_separated gives back counts as True or False, and may come back itself
        found = answer(*arguments)
        return bool(found) if isinstance(found, Separation) else found

    judged.__name__ = getattr(answer, "__name__", "back_door")
    called = judged if callable(answer) else answer
    return compare_calls(called, _back_door, cases, mistakes=mistakes, what="the answer")


@exercise(
    "held_fixed",
    points=2,
    hints=(
        "List the paths that enter X by its back door: over W, over Z, and over S. Which nodes on them are colliders?",
        "Z must be held fixed, for X <- Z <- T -> Y. But that opens X <- S -> Z <- T -> Y: close it with S.",
    ),
    right="Z is a common cause's messenger and a collider at once. Such a variable needs company.",
)
def held_fixed(answer: Any) -> Problem | None:
    """A valid adjustment set of the puzzle without T."""
    from agentos_lab.causal import CausalGraph, NoAdjustment, check_adjustment

    puzzle = CausalGraph("S -> X; S -> Z; T -> Z; T -> Y; Z -> X; W -> X; W -> Y; X -> N -> Y")
    if answer is Ellipsis:
        raise NotImplementedError("the list is still `...`")
    if isinstance(answer, str):
        answer = [answer]
    if not isinstance(answer, list | tuple | set | frozenset) or not all(isinstance(name, str) for name in answer):
        return Problem('A list of names is expected, such as `["W"]`.')
    wrong = sorted(set(answer) - set(puzzle.nodes))
    if wrong:
        return Problem(f"{wrong[0]!r} is no variable of the graph; there are {', '.join(puzzle.nodes)}.")
    if "T" in answer:
        return Problem("T cannot be measured. Find a set without it.")
    if {"X", "Y"} & set(answer):
        return Problem("X and Y are treatment and outcome: they cannot be held fixed.")
    verdict = check_adjustment(puzzle, "X", "Y", answer)
    return Problem(f"Not valid: {verdict.reason}.") if isinstance(verdict, NoAdjustment) else None


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "X → Z ← Y, and nothing else. What do you know about X and Y?",
        (
            Option(
                "They are independent, and become dependent when Z is given.",
                "Z is a collider: it blocks until it is known. The bell and the two coins.",
                right=True,
            ),
            Option("They are dependent, and become independent when Z is given.", "That is a fork or a chain."),
            Option("They are dependent in any case: a path joins them.", "A path joins them, but it is blocked at Z."),
            Option("They are independent in any case.", "Only as long as neither Z nor anything below Z is known."),
        ),
    ),
    Question(
        "Z is related to the treatment and to the outcome, and was measured before both. Adjust for it?",
        (
            Option(
                "Yes, it is a confounder.", "In the M-shaped graph it fits the description, and adjusting is wrong."
            ),
            Option(
                "Not before the graph is drawn: it may be a collider between two hidden causes.",
                "M-bias: without M the slope was 1.01, with M it was 0.80.",
                right=True,
            ),
            Option(
                "Yes, more adjusting is always safer.", "In the opening table, adjusting for all turned +1 into −0.24."
            ),
            Option("No, never.", "If it is a common cause of the two, it must be."),
        ),
    ),
    Question(
        "Two sets are valid. One holds a variable that moves only the treatment, the other one that moves only Y.",
        (
            Option(
                "Both give the same answer with the same spread.",
                "The same on average; the spreads were 0.17 and 0.06.",
            ),
            Option(
                "The second one gives the sharper answer.",
                "What explains the outcome leaves less noise; what explains the treatment leaves less to compare.",
                right=True,
            ),
            Option("The first one: the treatment is what matters.", "It takes away just what one wants to compare."),
            Option("The smaller set is better.", "Minimal sets are not the sharpest: {B, P} beat {B}."),
        ),
    ),
    Question(
        "The graph says that two variables are not separated, but in the data they look independent.",
        (
            Option("The graph is wrong.", "It promises independence where it separates, and nothing elsewhere."),
            Option(
                "Nothing is refuted: a graph promises only independence.",
                "The dependence may be too small to see, or two paths may nearly cancel.",
                right=True,
            ),
            Option("The data are too few.", "Perhaps, but it need not be so: an effect may be weak, or 0."),
            Option("One must add a two-headed edge.", "That would promise even less, and explain nothing."),
        ),
    ),
)
