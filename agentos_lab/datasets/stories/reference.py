"""Referring expressions: when to say *Mia*, *she*, *a red ball*, *the ball* or *it*.

A pronoun is used only where a reader can tell whom it means: its bearer was spoken of in this sentence or the one
before, and nobody else there takes the same pronoun (or its bearer was the subject there and stays the subject
here). Everything else is named. A simple form of centering (Grosz, Joshi & Weinstein 1995).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .english import article
from .entities import Character, Entity, Group, Place, Thing

__all__ = ["Reference", "pronoun_of"]

PRONOUNS = {  # subject, object, possessive, reflexive
    "she": ("she", "her", "her", "herself"),
    "he": ("he", "him", "his", "himself"),
    "it": ("it", "it", "its", "itself"),
    "they": ("they", "them", "their", "themselves"),
}
SUBJECT, OBJECT, POSSESSIVE, REFLEXIVE = range(4)
FORCED = {"he": SUBJECT, "him": OBJECT, "his": POSSESSIVE, "himself": REFLEXIVE}
LONGEST_RUN = 4  # pronouns in a row before a name is used again


@dataclass
class Mention:
    """Somebody or something spoken of, and whether as the subject of its clause."""

    entity: Entity
    subject: bool


class Reference:
    """Chooses the words for each mention and remembers what has been mentioned.

    Args:
        chance: Gives True with the probability it is called with.
        plain: Always use names (for the log), never pronouns unless a form asks for one.
    """

    def __init__(self, chance: Callable[[float], bool], plain: bool = False) -> None:
        self.chance, self.plain = chance, plain
        self.known: dict[Entity, bool] = {}
        self.previous: list[Mention] = []
        self.current: list[Mention] = []
        self.subject: Entity | None = None  # of the current clause
        self.run: dict[Entity, int] = {}  # pronouns since the last name

    def end_sentence(self) -> None:
        """What was current becomes the sentence before."""
        if self.current:
            self.previous, self.current = self.current, []
        self.subject = None

    def introduce(self, *entities: Entity) -> None:
        """Mark as known, because the text introduces them in its own words."""
        for entity in entities:
            self.known[entity] = True

    def words(self, entity: Entity, form: str, opens_clause: bool, nominative: bool) -> str:
        """The words for one mention.

        Args:
            entity: Whom or what.
            form: What the marker asks for; empty for the natural choice.
            opens_clause: It stands where the subject stands.
            nominative: A pronoun here is *she*, not *her*.
        """
        if opens_clause:
            self.subject = entity
        text = self._words(entity, form, opens_clause, nominative)
        self.known[entity] = True
        self.current.append(Mention(entity, opens_clause))
        return text

    def _words(self, entity: Entity, form: str, opens_clause: bool, nominative: bool) -> str:
        if form in FORCED and self.plain and all(mention.entity != entity for mention in self.current):
            form = "s" if form == "his" else "name"  # out of its context a pronoun would point at nobody
        if form in FORCED:
            self.run[entity] = self.run.get(entity, 0) + 1
            return PRONOUNS[pronoun_of(entity)][FORCED[form]]
        case = POSSESSIVE if form == "s" else SUBJECT if nominative else OBJECT
        if form in ("", "s") and self._may_use_pronoun(entity, case, opens_clause):
            self.run[entity] = self.run.get(entity, 0) + 1
            return PRONOUNS[pronoun_of(entity)][case]
        self.run[entity] = 0
        if isinstance(entity, Character):
            named = self._character(entity, form)
        elif isinstance(entity, Thing):
            named = self._thing(entity, form)
        elif isinstance(entity, Group):
            named = self._group(entity)
        else:
            named = _place(entity, form)
        return named + "'s" if form == "s" else named

    def _may_use_pronoun(self, entity: Entity, case: int, opens_clause: bool) -> bool:
        if self.plain or isinstance(entity, Place):
            return False
        here = any(mention.entity == entity for mention in self.current)
        if here and not self._rivals(entity, self.current):
            return True
        if entity == self.subject and case == POSSESSIVE:
            return True
        if self.run.get(entity, 0) >= LONGEST_RUN:
            return False
        recent = self.previous + self.current
        if not any(mention.entity == entity for mention in recent):
            return False
        if not self._rivals(entity, recent):
            return self.chance(0.97)
        went_on = self._subjects(self.current) or self._subjects(self.previous)
        if isinstance(entity, Thing) or not opens_clause or not went_on or went_on[-1] != entity:
            return False
        return not self._rivals(entity, [Mention(other, True) for other in went_on]) and self.chance(0.7)

    def _rivals(self, entity: Entity, mentions: list[Mention]) -> list[Entity]:
        own = entity.members if isinstance(entity, Group) else (entity,)
        found = []
        for mention in mentions:
            others = (
                (mention.entity, *mention.entity.members) if isinstance(mention.entity, Group) else (mention.entity,)
            )
            found += [
                other
                for other in others
                if other != entity
                and other not in own
                and not isinstance(other, Place)
                and pronoun_of(other) == pronoun_of(entity)
            ]
        return found

    def _subjects(self, mentions: list[Mention]) -> list[Entity]:
        return [mention.entity for mention in mentions if mention.subject]

    def _owner(self, owner: Character, of: Entity) -> str:
        """*her* or *Mia's*, before what is hers. What is hers cannot be mistaken for herself, so it is no rival."""
        self.known[owner] = True
        if self.plain and owner == self.subject:
            return PRONOUNS[pronoun_of(owner)][POSSESSIVE]
        if not self.plain:
            recent = [mention for mention in (self.current or self.previous) if mention.entity != of]
            spoken_of = any(mention.entity == owner for mention in recent)
            if spoken_of and (owner == self.subject or recent[-1].entity == owner or not self._rivals(owner, recent)):
                self.current.append(Mention(owner, False))
                return PRONOUNS[pronoun_of(owner)][POSSESSIVE]
        return self.words(owner, "s", False, False)

    def _character(self, who: Character, form: str) -> str:
        first = who not in self.known and not self.plain and form not in ("name", "speaker")
        if who.called:
            if not first:
                return who.name
            if who.of:
                return f"{self._owner(who.of, who)} {who.noun} {who.name}"
            return (
                f"{who.name} the {who.noun}"
                if who.name[:2] in ("Mr", "Ms", "Mrs")
                else f"a {who.noun} called {who.name}"
            )
        if who.of:
            return f"{self._owner(who.of, who)} {who.noun}"
        described = f"{who.adjective} {who.noun}".strip()
        if first:
            return f"{article(described)} {described}"
        return f"the {described if self.plain or self.chance(0.25) else who.noun}"

    def _thing(self, thing: Thing, form: str) -> str:
        if form in ("noun", "full"):
            return thing.noun if form == "noun" else thing.name
        if form == "a" or (form in ("", "s") and thing not in self.known and not self.plain):
            if thing.owner and form != "a":
                return f"{self._owner(thing.owner, thing)} {thing.name}"
            some = thing.mass or thing.pronoun == "they"
            return f"{'some' if some else article(thing.name)} {thing.name}"
        twins = any(isinstance(other, Thing) and other != thing and other.noun == thing.noun for other in self.known)
        may_be_own = thing.owner and thing.owner == self.subject and form == "" and not self.plain
        if form == "own" or (may_be_own and self.chance(0.4)):
            assert thing.owner is not None, f"{thing.name} is nobody's own"
            return (
                f"{self._owner(thing.owner, thing)} {thing.noun if thing in self.known and not twins else thing.name}"
            )
        full = self.plain or twins or self.chance(0.2)
        return f"the {thing.name if full else thing.noun}"

    def _group(self, group: Group) -> str:
        each = [self.words(member, "" if member not in self.known else "name", False, True) for member in group.members]
        return ", ".join(each[:-1]) + " and " + each[-1]


def pronoun_of(entity: Entity) -> str:
    """The pronoun of an entity in the nominative."""
    if isinstance(entity, Group):
        return "they"
    return entity.pronoun if isinstance(entity, (Character, Thing)) else "it"


def _place(place: Entity, form: str) -> str:
    if form == "in" and isinstance(place, Place):
        return f"{place.preposition} the {place.name}"
    return f"the {place.name}"
