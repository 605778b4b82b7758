"""What a story speaks of: characters, things, places; and what it records: events and facts."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Character", "Entity", "Event", "Fact", "Group", "Place", "Spot", "Thing"]


@dataclass(frozen=True)
class Entity:
    """Something a story can speak of. In an f-string it becomes a marker, which the narrator turns into words.

    ``f"{mia} [take] {mia:his} {cup:noun}"`` may come out as "Mia took her cup" or "She took her cup".

    Attributes:
        name: Unique in its story, and what the log calls it: ``"Mia"``, ``"red ball"``, ``"kitchen"``.
    """

    name: str

    def __format__(self, form: str) -> str:
        return f"<{self.name}:{form}>" if form else f"<{self.name}>"


@dataclass(frozen=True)
class Character(Entity):
    """A person or an animal.

    Attributes:
        pronoun: ``"she"``, ``"he"`` or ``"it"``.
        noun: What it is: ``"girl"``, ``"kitten"``, ``"grandmother"``.
        called: Whether `name` is a proper name; else the character is called by `noun` (and by whose it is).
        of: Whose relative or pet; None for the others.
        adjective: For those called by their noun: ``"grey"``.
        trait: What the story makes of its character: ``"forgetful"``; may be empty.
    """

    pronoun: str = "it"
    noun: str = ""
    called: bool = True
    of: Character | None = None
    adjective: str = ""
    trait: str = ""


@dataclass(frozen=True)
class Thing(Entity):
    """An object.

    Attributes:
        noun: ``"ball"``; `name` is the adjective and the noun: ``"red ball"``.
        adjective: ``"red"``; may be empty.
        pronoun: ``"it"`` or ``"they"``.
        mass: No article in the singular: *some honey*.
        owner: Whose it is; None when it is nobody's.
    """

    noun: str = ""
    adjective: str = ""
    pronoun: str = "it"
    mass: bool = False
    owner: Character | None = None


@dataclass(frozen=True)
class Place(Entity):
    """Where characters can be. `name` goes with *the*; `preposition` says how one is there: *in* the kitchen."""

    preposition: str = "in"


@dataclass(frozen=True)
class Group(Entity):
    """Two or more characters who act together."""

    members: tuple[Character, ...] = ()


@dataclass(frozen=True)
class Spot:
    """Where a thing lies: ``Spot("under the bed", bedroom)``."""

    phrase: str
    place: Place

    def __format__(self, form: str) -> str:
        return self.phrase


@dataclass(frozen=True)
class Fact:
    """Something true in the world: ``red ball | held by | Tom``."""

    subject: str
    relation: str
    object: str

    def __str__(self) -> str:
        return f"{self.subject} | {self.relation} | {self.object}"


@dataclass(frozen=True)
class Event:
    """One thing that happened, in the order of happening.

    Attributes:
        number: Its place in the log, from 0.
        verb: The kind of action (``"give"``), or ``"state"`` for a circumstance (*the path was icy*).
        agent, theme, other: Names of who did it, with what, and to or with whom; empty when there is none.
        place: Name of the agent's place after the event.
        text: The event as one plain sentence, with names instead of pronouns.
        causes: Numbers of the earlier events that brought it about, as far as the story says so.
        sentence: Index of the sentence of the story that tells it; -1 when it is only implied.
    """

    number: int
    verb: str
    agent: str = ""
    theme: str = ""
    other: str = ""
    place: str = ""
    text: str = ""
    causes: tuple[int, ...] = ()
    sentence: int = -1

    def __str__(self) -> str:
        because = f"  (because of {', '.join(map(str, self.causes))})" if self.causes else ""
        return f"{self.number:>2}. {self.verb:<8} {self.text}{because}"
