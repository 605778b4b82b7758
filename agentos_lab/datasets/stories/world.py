"""A small simulated world: characters, things and places, and actions with preconditions and effects.

The world is what keeps a story honest. A plot may only do what is possible (nobody gives away what they do not
hold, nobody opens a locked door without its key), and every action changes what is true: who has what, where
everybody is, what is broken, wet or open, what each character *believes* about where a thing is, and how they
feel. Goals, actions and their consequences simulated first and told afterwards: the idea of TALE-SPIN
(Meehan 1977); actions by preconditions and effects: STRIPS (Fikes & Nilsson 1971).
"""

from __future__ import annotations

from .entities import Character, Entity, Fact, Group, Place, Spot, Thing
from .rules import EACH, RULES, whereabouts

__all__ = ["World"]


class World:
    """What is true now, and how it may change.

    Attributes:
        place: Where each character is.
        position: Where each thing is: with a character, or at a spot. Gone things (eaten, melted) are absent.
        belief: Where each character believes each thing to be.
        state: What is so about a thing or a character, e.g. ``{("door", "locked"): True}``.
        feeling: How each character feels.
        log: The actions so far, as (verb, agent, theme, other, place of the agent).
    """

    def __init__(self) -> None:
        self.place: dict[Character, Place] = {}
        self.position: dict[Thing, Character | Spot] = {}
        self.belief: dict[tuple[Character, Thing], Character | Spot] = {}
        self.state: dict[tuple[str, str], bool] = {}
        self.feeling: dict[Character, str] = {}
        self.log: list[tuple[str, str, str, str, str]] = []

    # --- setting the scene (no action, no event)
    def locate(self, character: Character, place: Place) -> None:
        """Put a character somewhere before the story begins."""
        self.place[character] = place

    def lay(self, thing: Thing, position: Character | Spot) -> None:
        """Put a thing somewhere before the story begins; whoever is there, and its owner, knows."""
        self.position[thing] = position
        self._witness(thing, self._place_of(thing), also=thing.owner)

    # --- acting
    def act(
        self,
        verb: str,
        agent: Character | Thing | Group,
        theme: Entity | Spot | str | None = None,
        other: Entity | Spot | None = None,
    ) -> int:
        """Carry out an action.

        Args:
            verb: One of `RULES`, or any other verb, which then changes nothing but the log.
            agent: Who acts.
            theme: What the action is about.
            other: The second thing or person: who receives, with which key, at which spot.

        Returns:
            The number of the event in the log.

        Raises:
            ValueError: A precondition does not hold; the message says which.
        """
        if verb == "find" and other is None and isinstance(theme, Thing):
            found = self.position.get(theme)
            other = found if isinstance(found, Spot) else None  # the log tells where
        rule = RULES.get(verb)
        if rule is not None:
            members = agent.members if isinstance(agent, Group) else (agent,)
            for one in members if verb in EACH else members[:1]:
                rule(self, one, theme, other)
        first = agent.members[0] if isinstance(agent, Group) else agent
        here = self.place.get(first) if isinstance(first, Character) else None
        self.log.append((verb, agent.name, _name(theme), _name(other), here.name if here else ""))
        return len(self.log) - 1

    def facts(self) -> tuple[Fact, ...]:
        """All that is true now, sorted."""
        found = [Fact(who.name, "at", place.name) for who, place in self.place.items()]
        for thing, position in self.position.items():
            if isinstance(position, Spot):
                found.append(Fact(thing.name, "lies", f"{position.phrase}, {position.place.name}"))
            else:
                found.append(Fact(thing.name, "held by", position.name))
        found += [Fact(name, "is" if so else "is not", state) for (name, state), so in self.state.items()]
        found += [Fact(who.name, "feels", feeling) for who, feeling in self.feeling.items()]
        return tuple(sorted(found, key=str))

    def is_so(self, entity: Entity, state: str) -> bool:
        """Whether a state (broken, locked, wet …) holds of something."""
        return self.state.get((entity.name, state), False)

    def move(self, thing: Thing, position: Character | Spot) -> None:
        """Change where a thing is; those who are there see it."""
        self.position[thing] = position
        self._witness(thing, self._place_of(thing))

    def require(self, condition: bool, complaint: str) -> None:
        """Refuse an action whose precondition does not hold."""
        if not condition:
            raise ValueError(f"impossible in this world, event {len(self.log)}: {complaint}")

    def _place_of(self, thing: Thing) -> Place | None:
        where = self.position[thing]
        return where.place if isinstance(where, Spot) else self.place.get(where)

    def _witness(self, thing: Thing, place: Place | None, also: Character | None = None) -> None:
        for who in [who for who, at in self.place.items() if at == place] + ([also] if also else []):
            self.belief[who, thing] = self.position[thing]

    def within_reach(self, who: Character, thing: Thing) -> None:
        """Precondition: `thing` lies, or is held, where `who` is."""
        self.require(thing in self.position, f"{thing.name} is not in the world (any more)")
        there, here = self._place_of(thing), self.place.get(who)
        self.require(there == here, f"{who.name} is {whereabouts(here)}, but {thing.name} is {whereabouts(there)}")

    def holds(self, who: Character, thing: Thing) -> None:
        """Precondition: `who` has `thing`."""
        self.require(self.position.get(thing) == who, f"{who.name} does not have {thing.name}")

    def together(self, one: Character, two: Character) -> None:
        """Precondition: both are at the same place."""
        here, there = self.place.get(one), self.place.get(two)
        self.require(here == there, f"{one.name} is {whereabouts(here)} and {two.name} is {whereabouts(there)}")


def _name(value: Entity | Spot | str | None) -> str:
    if isinstance(value, Spot):
        return value.phrase
    return value.name if isinstance(value, Entity) else value or ""
