"""Casting: the random choices of a story, its setting, and who and what appears in it."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from .entities import Character, Entity, Group, Place, Thing
from .lexicon import BOYS, GIRLS, SETTINGS, SURNAMES, THINGS

__all__ = ["Cast"]

Option = TypeVar("Option")


class Cast:
    """Everybody and everything that can be mentioned in one story.

    Args:
        seed: The same seed makes the same choices, on every Python: only ``Random.random()`` is used.
    """

    def __init__(self, seed: int) -> None:
        self._random = Random(1_000_003 * seed + 17)
        self.entities: dict[str, Entity] = {}
        self._names_taken: list[str] = []
        self.setting = SETTINGS[0]
        self.set_in()

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self._random.random() < probability

    def pick(self, options: Sequence[Option]) -> Option:
        """One of the options, each as likely as the others."""
        return options[int(self._random.random() * len(options))]

    def set_in(self, settings: str = "") -> None:
        """Choose the setting, of all or of some by name: ``"village farm"``. A plot that needs one does it first."""
        self.setting = self.pick([setting for setting in SETTINGS if not settings or setting.name in settings.split()])
        for name in ("high", "water", "market", "path", "woods", "play"):
            place = getattr(self.setting, name)
            self.entities[place.name] = place

    def child(
        self, traits: str = "", *, of: Character | None = None, relation: str = "", unlike: Character | None = None
    ) -> Character:
        """A girl or a boy with a name of her or his own.

        Args:
            traits: Traits to choose from, separated by spaces; empty for none.
            of, relation: Whose friend, cousin … the child is.
            unlike: A character whose pronoun the child should rather not share (in four cases of five), so that
                the story has fewer names and more pronouns.
        """
        girl = self.chance(0.5)
        if unlike is not None and self.chance(0.8):
            girl = unlike.pronoun != "she"
        if relation == "sibling":
            relation = (
                ("little sister" if girl else "little brother")
                if self.chance(0.6)
                else ("sister" if girl else "brother")
            )
        noun = relation or ("girl" if girl else "boy")
        trait = self.pick(traits.split()) if traits else ""
        name = self._new_name(GIRLS if girl else BOYS)
        return self._cast(Character(name, "she" if girl else "he", noun, True, of, trait=trait))

    def adult(self, job: str) -> Character:
        """A grown-up known by name and trade: *Ms Costa the baker*."""
        woman = self.chance(0.5)
        title = "Mr" if not woman else self.pick(("Mrs", "Ms"))
        return self._cast(Character(f"{title} {self._new_name(SURNAMES)}", "she" if woman else "he", job))

    def relative(self, of: Character, which: str = "mother father grandmother grandfather aunt uncle") -> Character:
        """A grown-up of the family, called by what she or he is to `of`: *her grandmother*."""
        noun = self.pick(which.split())
        she = noun in ("mother", "grandmother", "aunt", "big sister")
        return self._cast(Character(f"{of.name}'s {noun}", "she" if she else "he", noun, False, of))

    def animal(self, noun: str, adjectives: str = "") -> Character:
        """An animal without a name: *a grey kitten*."""
        adjective = self.pick(adjectives.split(", ")) if adjectives else ""
        return self._cast(Character(f"{adjective} {noun}".strip(), "it", noun, False, None, adjective))

    def pet(self, of: Character, nouns: str = "dog cat") -> Character:
        """An animal with a name and an owner: *her dog Biscuit*."""
        noun = self.pick(nouns.split())
        names = ("Biscuit", "Pepper", "Shadow", "Bella", "Rufus", "Coco", "Luna", "Patch", "Nutmeg", "Sunny", "Bobo")
        return self._cast(Character(self._new_name(names), self.pick(("she", "he")), noun, True, of))

    def thing(self, kind: str, *, owner: Character | None = None) -> Thing:
        """A thing of one of the kinds in the lexicon, or of a list ``"noun: adjective, adjective; noun: …"``."""
        entry = self.pick(THINGS[kind] if kind in THINGS else tuple(kind.split("; ")))
        noun, _, adjectives = entry.partition(": ")
        adjective = self.pick(adjectives.split(", ")) if adjectives else ""
        plural, mass, noun = noun[0] == "+", noun[0] == "~", noun.lstrip("+~")
        found = Thing(f"{adjective} {noun}".strip(), noun, adjective, "they" if plural else "it", mass, owner)
        if any(isinstance(other, Thing) and other.noun == noun for other in self.entities.values()):
            return self.thing(kind, owner=owner)
        self.entities[found.name] = found
        return found

    def room(self, phrase: str) -> Place:
        """A place by its preposition and name: ``"in kitchen"``."""
        preposition, _, name = phrase.partition(" ")
        place = Place(name, preposition)
        self.entities.setdefault(name, place)
        return self.entities[name]  # type: ignore[return-value]

    def both(self, *members: Character) -> Group:
        """Several characters who act together."""
        group = Group(" and ".join(member.name for member in members), members)
        self.entities[group.name] = group
        return group

    def _new_name(self, names: Sequence[str]) -> str:
        name = self.pick(names)
        while any(name[:2] == taken[:2] for taken in self._names_taken):
            name = self.pick(names)
        self._names_taken.append(name)
        return name

    def _cast(self, character: Character) -> Character:
        self.entities[character.name] = character
        return character
