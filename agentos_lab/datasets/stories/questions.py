"""Questions that a story answers, made from its log: who, what, where, why, and what somebody believed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .entities import Character, Entity, Event, Spot, Thing
from .narrator import infinitive, pluperfect, subject_and_rest
from .reference import pronoun_of
from .stage import Clause, Reason, Stage

__all__ = ["Question", "questions_about"]

WHO = {  # verb: the question, with {0} for the thing and {1} for the other
    "give": "Who gave {0} to {1}?",
    "find": "Who found {0}?",
    "break": "Who broke {0}?",
    "mend": "Who mended {0}?",
    "hide": "Who hid {0}?",
    "eat": "Who ate {0}?",
    "make": "Who made {0}?",
    "lose": "Who lost {0}?",
}

MOVES = ("take", "put", "lose", "drop", "hide", "shift", "give", "make")  # verbs after which a thing is somewhere else


@dataclass(frozen=True)
class Question:
    """A question that the text of the story answers.

    Attributes:
        kind: ``"who"``, ``"what"``, ``"where"``, ``"has"``, ``"why"`` or ``"belief"``.
        question: *Who has the red ball at the end?*
        answer: *Tom*
        evidence: Numbers of the events in the log that the answer rests on.
    """

    kind: str
    question: str
    answer: str
    evidence: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.question} {self.answer}"


def questions_about(stage: Stage) -> tuple[Question, ...]:
    """All questions that the finished story on the stage answers."""
    events = stage.events()
    found = [*_who_and_what(stage, events), *_where(stage, events), *_beliefs(stage, events)]
    for reason in stage.reasons:
        found += _why(stage, events, reason)
    once: dict[str, Question] = {}
    for question in found:
        once.setdefault(question.question, question)
    return tuple(once.values())


def _who_and_what(stage: Stage, events: tuple[Event, ...]) -> list[Question]:
    found = []
    for event in events:
        thing, agent = stage.entities.get(event.theme), stage.entities.get(event.agent)
        if event.verb not in WHO or event.sentence < 0 or not isinstance(thing, Thing) or agent is None:
            continue
        if isinstance(agent, Thing) or (event.verb == "lose" and "lose" not in event.text and "lost" not in event.text):
            continue
        alike = [other for other in events if other.verb == event.verb and other.theme == event.theme]
        if len(alike) == 1:
            asked = WHO[event.verb].format(f"the {event.theme}", event.other)
            found.append(Question("who", asked, _called(agent), (event.number,)))
        gifts = [
            other for other in events if (other.verb, other.agent, other.other) == ("give", event.agent, event.other)
        ]
        if event.verb == "give" and len(gifts) == 1:
            found.append(
                Question(
                    "what", f"What did {event.agent} give to {event.other}?", f"the {event.theme}", (event.number,)
                )
            )
    return found


def _where(stage: Stage, events: tuple[Event, ...]) -> list[Question]:
    """Where things were put and found, and where they are at the end, as far as the story has told it."""
    found = []
    for event in events:
        asked = {"find": "Where did {0} find the {1}?", "put": "Where did {0} put the {1}?"}.get(event.verb)
        alike = [
            other
            for other in events
            if (other.verb, other.agent, other.theme) == (event.verb, event.agent, event.theme)
        ]
        if asked and event.sentence >= 0 and event.other and event.other in event.text and len(alike) == 1:
            found.append(Question("where", asked.format(event.agent, event.theme), event.other, (event.number,)))
    for thing, position in stage.world.position.items():
        moves = [event for event in events if event.theme == thing.name and event.verb in MOVES]
        if not moves or moves[-1].sentence < 0 or thing not in stage.narrator.reference.known:
            continue
        evidence = (moves[-1].number,)
        anchor = position.phrase if isinstance(position, Spot) else position.name
        if anchor not in moves[-1].text:
            continue  # the story has not said so
        be = "are" if thing.pronoun == "they" else "is"
        if isinstance(position, Spot):
            found.append(Question("where", f"Where {be} the {thing.name} at the end?", position.phrase, evidence))
        else:
            found.append(Question("has", f"Who has the {thing.name} at the end?", _called(position), evidence))
    return found


def _beliefs(stage: Stage, events: tuple[Event, ...]) -> list[Question]:
    """Where a thing's owner believed it to be while somebody else had moved it."""
    found = []
    numbers = stage.numbering()
    for entry, thing, owner, believed in stage.stale_beliefs:
        number = numbers[entry]
        told = any(event.theme == thing.name and _came_to_lie(event, believed) for event in events[:number])
        if (
            told
            and isinstance(believed, Spot)
            and events[number].sentence >= 0
            and events[number].verb in ("shift", "hide")
        ):
            asked = f"Where did {owner.name} believe the {thing.name} to be after {events[number].agent} had moved it?"
            found.append(Question("belief", asked, believed.phrase, (number,)))
    return found


def _came_to_lie(event: Event, position: Character | Spot) -> bool:
    """Whether the story tells, in this event, that its thing came to lie at `position`."""
    return event.sentence >= 0 and isinstance(position, Spot) and position.phrase in event.text


def _why(stage: Stage, events: tuple[Event, ...], reason: Reason) -> list[Question]:
    numbers = stage.numbering()
    cause, effect = events[numbers[reason.cause.event]], events[numbers[reason.effect.event]]
    asked = _why_question(stage, reason.effect)
    if cause.sentence < 0 or effect.sentence < 0 or asked is None:
        return []
    because = stage.plain(pluperfect(reason.cause.template))
    if re.match(r"(it|they|one|at last|then|just then|a little later)\b", because) or '"' in because:
        return []
    return [Question("why", asked, f"Because {because}.", (cause.number, effect.number))]


def _why_question(stage: Stage, effect: Clause) -> str | None:
    """*Mia was sad* -> *Why was Mia sad?*; None where the clause is not built simply enough."""
    opening = subject_and_rest(effect.template)
    if opening is None or not opening[1].startswith("[") or '"' in effect.template:
        return None
    marker, rest = opening
    first, rest = rest[1:].split("]", 1)
    if re.search(r"\b(who|which|what|that|when|where|while|until|although|because|if)\b", rest) or re.search(
        r"; |: |, (?!\[)|<[^>]+> \[|\b(it|them|they)\b", rest
    ):
        return None
    subject = stage.entities[marker.strip("<>").split(":")[0]]
    negative, verb = first.startswith(("not ", "cannot ")), first.split(" ")[-1]
    if first.startswith("can"):
        auxiliary = "could"
    elif verb == "be":
        auxiliary, verb = ("were" if pronoun_of(subject) == "they" else "was"), ""
    else:
        auxiliary = "did"
    name = (
        f"the {subject.name}" if not isinstance(subject, Character) and pronoun_of(subject) != "they" else subject.name
    )
    if isinstance(subject, Character) and not subject.called and subject.of is None:
        name = f"the {subject.name}"
    words = f"{marker} [{verb or 'be'}:inf]{infinitive(rest)}"
    said = stage.plain(words)
    tail = said[len(stage.plain(marker)) :].removeprefix(" be" if not verb else "")
    return f"Why {auxiliary} {name}{' not' if negative else ''}{tail}?"


def _called(entity: Entity) -> str:
    """How an answer names somebody or something: *Mia*, *Mia's aunt*, *the big dog*, *the red ball*."""
    nameless = isinstance(entity, Character) and not entity.called and entity.of is None
    return f"the {entity.name}" if nameless or isinstance(entity, Thing) else entity.name
