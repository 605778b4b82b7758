"""A run of paging as a ContextPager shows it: when each page was in the window, and what there is to say of it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

from agentos_lab.kernel.paging import PagingRun, windows

from .context_pager_load import RECORDED, Load, Outcome
from .runs import Run, counted, rich, runs_width, strong
from .text_metrics import fit

__all__ = [
    "Moment",
    "Story",
    "about_page",
    "failed_sentence",
    "moment_states",
    "sentence_at",
    "shown_in_stack",
    "story_of",
]

NAME = 170  # most pixels of a page's name in a sentence


class Moment(NamedTuple):
    """One reference: its page, hit, load or fault, the pages that went, the window afterwards, and who goes next."""

    row: int
    kind: str
    out: tuple[int, ...]
    stack: tuple[int, ...]
    next: int
    stands_for: int  # number of pages that a summary stands for


class Story(NamedTuple):
    """A run by rows: every moment, and for each page the stretches in which it was in the window."""

    name: str
    moments: tuple[Moment, ...]
    stays: tuple[tuple[tuple[int, int], ...], ...]
    faults: tuple[int, ...]  # up to and with each reference

    def of_row(self, row: int, *kinds: str) -> list[int]:
        """The references to a page, of some kinds."""
        return [time for time, each in enumerate(self.moments) if each.row == row and each.kind in kinds]


def story_of(
    name: str, run: PagingRun, rows: Mapping[Hashable, int], summaries: Mapping[int, int] | None = None
) -> Story:
    """A run by rows.

    Args:
        name: Of the policy.
        run: What it did.
        rows: Page -> row.
        summaries: Reference -> number of pages that its page stands for.
    """
    last = len(run.references)
    kinds: dict[int, str] = {}
    out: dict[int, list[int]] = {}
    entered: dict[int, int] = {}
    stays: list[list[tuple[int, int]]] = [[] for _ in rows]
    for event in run.events:
        row = rows.get(event.page, -1)
        if event.kind == "evict":
            out.setdefault(event.time, []).append(row)
            stays[row].append((entered.pop(row), event.time))
        elif event.kind in ("hit", "load", "fault"):
            kinds[event.time] = event.kind
            entered.setdefault(row, event.time)
    for row, start in entered.items():
        stays[row].append((start, last))
    after = windows(run.events)
    moments = tuple(
        Moment(
            rows[page], kinds[time], tuple(out.get(time, ())), tuple(rows[each] for each in after[time]),
            rows.get(run.next_out[time], -1), (summaries or {}).get(time, 0),
        )
        for time, page in enumerate(run.references)
    )  # fmt: skip
    return Story(name, moments, tuple(tuple(each) for each in stays), tuple(map(int, run.faults_so_far)))


def shown_in_stack(stack: Sequence[int], following: int, room: int) -> list[int]:
    """The pages that a stack of so many places shows; -1 stands for those that are left out."""
    if len(stack) <= room:
        return list(stack)
    rest = stack[room - 2 :]
    return [*stack[: room - 2], -1, following if following in rest else rest[-1]]


def moment_states(story: Story, room: int, pinned: Sequence[int]) -> list[dict[str, Any]]:
    """For each reference what the window and the archive hold, as the browser draws it.

    Args:
        story: The run.
        room: Places in the drawn stack.
        pinned: Rows of pinned pages.

    Returns:
        ``stack`` of rows with the references since each was used, from 0 (-1: left out, with their number) and a look;
        ``archive`` of rows that are written and outside; ``out``, ``row``, ``kind``.
    """
    used: dict[int, int] = {}
    found = []
    for time, each in enumerate(story.moments):
        used[each.row] = time
        stack = []
        for row in shown_in_stack(each.stack, each.next, room):
            fresh = row == each.row and each.kind != "hit"
            look = "new" if fresh else "next" if row == each.next else "pinned" if row in pinned else ""
            stack.append([row, len(each.stack) - room + 1 if row < 0 else time - used[row], look])
        archive = [row for row in used if row not in each.stack]
        found.append({"stack": stack, "archive": sorted(archive), "out": list(each.out), "row": each.row,
                      "kind": each.kind, "size": len(each.stack)})  # fmt: skip
    return found


def sentence_at(load: Load, story: Story, others: Sequence[Story], time: int, width: float) -> list[list[str]]:
    """What happened at a reference, and the faults so far, also under other policies.

    Args:
        load: Whose pages.
        story: What the chosen policy did.
        others: The policies that are compared.
        time: The reference.
        width: Pixels that the sentence has; names are left out or cut where it would need more.
    """
    for own, dropped, with_others in ((NAME, NAME, 1), (NAME, 0, 1), (90, 0, 1), (NAME, 0, 0), (60, 0, 0)):
        told = _told(load, story, others if with_others else (), time, own, dropped)
        if runs_width(told) <= width:
            break
    return rich(told)


def _told(load: Load, story: Story, others: Sequence[Story], time: int, own: float, dropped: float) -> list[Run | str]:
    """The sentence with so many pixels for the names of the page and of the one that goes."""
    moment, name = story.moments[time], _subject(story.name)
    told: list[Run | str] = [f"Reference {time}: ", *_phrase(load, moment.row, own)]
    if moment.stands_for:
        told.append(f" is written in place of {counted(moment.stands_for, 'page')}")
    elif moment.kind == "hit":
        told.append(" is in the window")
    else:
        told.append(" comes in for the first time" if moment.kind == "load" else f" is missing; {name} loads it")
        if moment.out:
            told.append(f", {name} drops " if moment.kind == "load" else " and drops ")
            one = len(moment.out) == 1
            told.append(_short(load, moment.out[0], dropped) if one else counted(len(moment.out), "page"))
    told += [": ", strong(counted(story.faults[time], "fault")), " so far"]
    told += [f", {_compared(each.name)} {each.faults[time]}" for each in others]
    return [*told, "."]


def about_page(load: Load, story: Story, others: Sequence[Story], row: int, width: float) -> list[list[str]]:
    """How a page fared in the whole run, and under other policies, in so many pixels."""
    uses = story.of_row(row, "hit", "load", "fault")
    here = sum(end - start for start, end in story.stays[row])
    told: list[Run | str] = [strong(_title(load, row)), f": {counted(len(uses), 'reference')}, "]
    told.append(counted(len(story.of_row(row, "load", "fault")), "fault"))
    told.append("" if story.name == RECORDED else f" under {story.name}")
    told += [f", {len(each.of_row(row, 'load', 'fault'))} under {each.name}" for each in others]
    whole: list[Run | str] = [*told, f"; in the window for {here} of {counted(len(story.moments), 'reference')}."]
    return rich(whole if runs_width(whole) <= width else [*told, "."])


def failed_sentence(outcome: Outcome) -> list[Run | str]:
    """Why there is nothing to draw of a policy."""
    return [strong(outcome.name), f" could not choose a page. {outcome.error}"]


def _subject(name: str) -> str:
    return "the window" if name == RECORDED else name


def _compared(name: str) -> str:
    return "the optimum" if name == "Optimal" else f"{name} has"


def _title(load: Load, row: int) -> str:
    name = fit(load.names[row], NAME)
    return f"Page {load.numbers[row]}" + (f", {name}" if name else "")


def _phrase(load: Load, row: int, room: float) -> list[Run | str]:
    name = fit(load.names[row], room, bold=True)
    return [f"page {load.numbers[row]}, ", strong(name), ","] if name else ["page ", strong(load.numbers[row])]


def _short(load: Load, row: int, room: float) -> str:
    name = fit(load.names[row], room)
    return f"page {load.numbers[row]}" + (f" ({name})" if name else "")
