"""What a CountermodelView says: the verdict in a sentence, and which other worlds there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agentos_lab.logic import Formula, Structure

from .countermodel_steps import Row
from .countermodel_world import Vocabulary, changed, fact_text, parse_world, world_text, worlds
from .runs import Run, counted, strong
from .text_metrics import text_width

__all__ = ["Census", "census", "kind_of", "sentence", "strip_of", "title_of"]

MOST_DRAWN, MOST_COUNTED = 16, 600  # worlds that are all shown; that are at least all evaluated
MOST_ROWS = 4  # of a thumbnail
MOST_SHOWN = 12  # countermodels, where not all worlds are shown
TITLE_ROOM = 620  # pixels


@dataclass(frozen=True)
class Census:
    """The worlds of one size by kind, as texts; `complete` if these are all, else they are those near a found one."""

    kinds: Mapping[str, tuple[str, ...]]
    complete: bool
    total: int


def kind_of(world: Structure, premises: Sequence[Formula], goal: Formula) -> str:
    """ "countermodel", "both true", "both false" or "other way" (only the goal is true)."""
    one, other = all(world.holds(premise) for premise in premises), world.holds(goal)
    return {(True, False): "countermodel", (True, True): "both true", (False, False): "both false"}.get(
        (one, other), "other way"
    )


def census(
    vocabulary: Vocabulary, domain: tuple[str, ...], premises: Sequence[Formula], goal: Formula, found: str | None
) -> Census:
    """All worlds of one size by kind; where they are too many, those that differ from a found one in one fact."""
    kinds: dict[str, list[str]] = {"countermodel": [], "both true": [], "both false": [], "other way": []}
    total = vocabulary.count(len(domain)) if len(domain) < 8 else MOST_COUNTED + 1
    complete = total <= MOST_COUNTED
    if complete:
        texts = list(worlds(vocabulary, domain))
    else:
        start = parse_world(found, vocabulary, domain) if found is not None else None
        near = [changed(start, vocabulary, fact) for fact in vocabulary.facts(domain)[:80]] if start else []
        texts = [world_text(world, vocabulary) for world in (*([start] if start else []), *near)]
    for text in dict.fromkeys(texts):
        kinds[kind_of(parse_world(text, vocabulary, domain), premises, goal)].append(text)
    if found in kinds["countermodel"]:  # the found one comes first
        kinds["countermodel"].sort(key=lambda text: text != found)
    return Census({kind: tuple(each) for kind, each in kinds.items()}, complete, total)


def title_of(premises: Sequence[Formula], goal: Formula) -> str:
    """The question, with its formulas where they are short."""
    if not premises:
        whole = f"Is {goal} true in every world?"
        return whole if text_width(whole, 15, bold=True) <= TITLE_ROOM else "Is the formula true in every world?"
    whole = f"Does {goal} follow from {' and '.join(str(premise) for premise in premises)}?"
    if len(premises) <= 2 and text_width(whole, 15, bold=True) <= TITLE_ROOM:
        return whole
    return f"Does the conclusion follow from {counted(len(premises), 'premise')}?"


def sentence(rows: Sequence[Row], step: int, size: int, searched: str, toggled: bool) -> list[Run | str]:
    """The verdict on the present world, and the step that is looked at.

    Args:
        rows, step: The evaluation and the chosen step.
        size: The number of elements.
        searched: Why no countermodel of this size was found, in words; empty if one was.
        toggled: Whether the world was changed by hand.
    """
    heads = [row for row in rows if row.kind == "head"]
    wrong = [row.text for row in heads[:-1] if not row.value]
    counts = {0: "", 1: "the premise is true and ", 2: "both premises are true and "}
    premises = counts.get(len(heads) - 1, f"all {len(heads) - 1} premises are true and ")
    place = "a world with one element" if size == 1 else f"a world with {size} elements"
    told: list[Run | str]
    if not wrong and not heads[-1].value:
        told = [strong("No."), f" In this world {premises}the conclusion is false."]
    else:
        why = f"{in_sentence(wrong[0])} is false here" if wrong else "the conclusion is true here"
        if searched:
            told = [strong(searched), f" {why[0].upper()}{why[1:]}."]
        elif toggled:
            told = [strong("Not a countermodel any more: "), f"{why}."]
        else:
            told = [strong("Not a countermodel: "), f"{why}, in {place}."]
    last = max(row.step for row in rows)
    chosen = next(row for row in rows if row.step == step)
    words = f"{chosen.text[:70]}{'…' * (len(chosen.text) > 70)}"
    return [*told, ("quiet", f" Step {step + 1} of {last + 1}: {words} is {'true' if chosen.value else 'false'}.")]


def in_sentence(name: str) -> str:
    """A premise inside a sentence: "the premise", "premise 2", or its own name in quotation marks."""
    if name == "Premise":
        return "the premise"
    return name.lower() if name.startswith("Premise ") else f"“{name}”"


def strip_of(
    known: Census, vocabulary: Vocabulary, domain: tuple[str, ...], present: str, names: tuple[str, str]
) -> dict[str, Any]:
    """What stands below the world: all worlds in groups, or some countermodels.

    Args:
        known: The worlds of this size.
        vocabulary, domain: Of the worlds.
        present: The world that is shown.
        names: What premises and goal are called: ("premise", "conclusion").
    """
    told = {
        "countermodel": counted(len(known.kinds["countermodel"]), "countermodel"),
        "both true": f"{len(known.kinds['both true'])} both true",
        "both false": f"{len(known.kinds['both false'])} both false",
        "other way": f"{len(known.kinds['other way'])} the other way round",
    }
    place = "one element" if len(domain) == 1 else f"{len(domain)} elements"
    drawable = (
        not vocabulary.constants and not vocabulary.functions and thumbnail_rows(vocabulary, len(domain)) <= MOST_ROWS
    )
    complete = known.complete and known.total <= MOST_DRAWN and drawable
    kinds = [kind for kind, texts in known.kinds.items() if texts] if complete else ["countermodel"]
    first = next(iter(known.kinds["countermodel"]), None)
    groups = []
    for kind in kinds:
        texts = known.kinds[kind][: None if complete else MOST_SHOWN]
        shown = []
        for text in texts:
            each: dict[str, Any] = {"world": text, "present": text == present}
            if drawable:
                world = parse_world(text, vocabulary, domain)
                each |= thumbnail(world, vocabulary) | {"spoken": f"{kind}: {what_holds(world, vocabulary)}"}
            else:
                label = difference(text, first or text, vocabulary, domain) or "as found"
                each |= {"label": label, "spoken": f"{kind}: {label}"}
            shown.append(each)
        groups.append({"kind": kind, "told": told[kind], "count": len(known.kinds[kind]), "worlds": shown})
    if not groups or not groups[0]["worlds"]:
        groups = (
            [{"kind": "countermodel", "told": "no countermodel of this size", "count": 0, "worlds": []}]
            if not complete
            else groups
        )
    return {"groups": groups, **_around(known, place, complete, told, names)}


def _around(
    known: Census, place: str, complete: bool, told: Mapping[str, str], names: tuple[str, str]
) -> dict[str, Any]:
    """The title of the strip, and what stands at the end of its line, longest first."""
    if complete:
        none = "0 the other way round"
        aside = [] if known.kinds["other way"] else [f"{none}: {names[1]} true, {names[0]} false", none]
        return {"title": f"All {counted(known.total, 'world')} with {place}", "aside": aside or [""]}
    if known.complete:
        counts = ", ".join([told["both true"], told["both false"], told["other way"]])
        title = f"Countermodels among all {counted(known.total, 'world')} with {place}"
        return {"title": title, "aside": [counts, f"{told['both true']}, {told['both false']}"]}
    if not known.kinds["countermodel"]:
        return {"title": f"Worlds with {place}", "aside": ["too many to count them all"]}
    title = "Countermodels that differ from the first in one fact"
    return {"title": title, "aside": ["there are too many worlds to count them all", "too many to count"]}


def thumbnail_rows(vocabulary: Vocabulary, size: int) -> int:
    """How many rows of cells a thumbnail has."""
    if any(arity > 2 for arity in vocabulary.predicates.values()):
        return MOST_ROWS + 1
    return sum(size if arity == 2 else 1 for arity in vocabulary.predicates.values())


def thumbnail(world: Structure, vocabulary: Vocabulary) -> dict[str, Any]:
    """The cells of a small picture of a world: [row, column, filled]; and how many columns it has."""
    cells, row = [], 0
    for name, arity in vocabulary.predicates.items():
        tuples = world.predicates[name]
        if arity == 2:
            for one in world.domain:
                cells += [[row, column, (one, other) in tuples] for column, other in enumerate(world.domain)]
                row += 1
        else:
            arguments = [(element,) for element in world.domain] if arity else [()]
            cells += [[row, column, args in tuples] for column, args in enumerate(arguments)]
            row += 1
    return {"cells": cells, "wide": max(column for _, column, _ in cells) + 1}


def what_holds(world: Structure, vocabulary: Vocabulary) -> str:
    """The facts of a world of predicates, for those who do not see its cells."""
    facts = vocabulary.facts(world.domain)
    return (
        ", ".join(fact_text(world, vocabulary, fact) for fact in facts if fact[1] in world.predicates[fact[0]])
        or "nothing holds"
    )


def difference(text: str, first: str, vocabulary: Vocabulary, domain: tuple[str, ...]) -> str:
    """The facts of a world that differ from the first one, in words; empty for the first one itself."""
    world, other = parse_world(text, vocabulary, domain), parse_world(first, vocabulary, domain)
    facts = vocabulary.facts(domain)
    here = [fact_text(world, vocabulary, fact) for fact in facts]
    there = [fact_text(other, vocabulary, fact) for fact in facts]
    changes = [one for one, two in zip(here, there, strict=True) if one != two]
    return ", ".join(changes[:2]) + (" …" if len(changes) > 2 else "")
