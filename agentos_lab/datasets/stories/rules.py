"""The rules of the world: for each verb, what must hold before (else the action is refused) and what it changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .entities import Character, Place, Spot, Thing

if TYPE_CHECKING:
    from .world import World

__all__ = ["EACH", "RULES", "whereabouts"]

EACH = ("go", "feel", "wet", "dry")  # what a group does, each of its members does; the rest is done once


def whereabouts(place: Place | None) -> str:
    """*in the kitchen*, for messages."""
    return f"{place.preposition} the {place.name}" if place else "nowhere"


def _go(world: World, who: Character, place: Place, _: None) -> None:
    world.require(isinstance(place, Place), f"{who.name} can only go to a place, not to {place!r}")
    world.place[who] = place
    for thing, where in world.position.items():
        if (isinstance(where, Spot) and where.place == place) or where == who:
            world.belief[who, thing] = where if not isinstance(where, Spot) else world.belief.get((who, thing), where)


def _take(world: World, who: Character, thing: Thing, _: None) -> None:
    world.within_reach(who, thing)
    holder = world.position[thing]
    world.require(
        not isinstance(holder, Character) or holder == who, f"{thing.name} is in somebody's hands; it can only be given"
    )
    world.move(thing, who)


def _put(world: World, who: Character, thing: Thing, spot: Spot) -> None:
    world.holds(who, thing)
    world.require(spot.place == world.place.get(who), f"{who.name} is not {whereabouts(spot.place)}")
    world.move(thing, spot)


def _lose(world: World, who: Character, thing: Thing, spot: Spot) -> None:
    world.holds(who, thing)
    world.position[thing] = spot  # nobody notices: beliefs stay as they are


def _shift(world: World, who: Character, thing: Thing, spot: Spot) -> None:
    world.within_reach(who, thing)
    world.move(thing, spot)


def _give(world: World, giver: Character, thing: Thing, receiver: Character) -> None:
    world.holds(giver, thing)
    world.together(giver, receiver)
    world.move(thing, receiver)


def _find(world: World, who: Character, thing: Thing, _: None) -> None:
    world.within_reach(who, thing)
    world.belief[who, thing] = world.position[thing]


def _meet(world: World, who: Character, other: Character, _: None) -> None:
    world.together(who, other)


def _break(world: World, who: Character, thing: Thing, _: None) -> None:
    world.require(thing in world.position, f"{thing.name} is not in the world (any more)")
    world.require(not world.is_so(thing, "broken"), f"{thing.name} is broken already")
    world.state[thing.name, "broken"] = True


def _mend(world: World, who: Character, thing: Thing, _: None) -> None:
    world.within_reach(who, thing)
    world.require(world.is_so(thing, "broken"), f"{thing.name} is not broken")
    world.state[thing.name, "broken"] = False


def _eat(world: World, who: Character, food: Thing, _: None) -> None:
    world.within_reach(who, food)
    del world.position[food]
    world.state[who.name, "hungry"] = False


def _vanish(world: World, thing: Thing, _: None, __: None) -> None:
    world.require(thing in world.position, f"{thing.name} is gone already")
    del world.position[thing]


def _make(world: World, who: Character, thing: Thing, _: None) -> None:
    world.require(thing not in world.position, f"{thing.name} exists already")
    world.move(thing, who)


def _lock(world: World, who: Character, door: Thing, _: None) -> None:
    world.state[door.name, "locked"] = True


def _unlock(world: World, who: Character, door: Thing, key: Thing) -> None:
    world.require(world.is_so(door, "locked"), f"{door.name} is not locked")
    world.holds(who, key)
    world.state[door.name, "locked"] = False


def _open(world: World, who: Character, door: Thing, _: None) -> None:
    world.require(not world.is_so(door, "locked"), f"{door.name} is locked")
    world.state[door.name, "open"] = True


def _shut(world: World, who: Character, door: Thing, _: None) -> None:
    world.state[door.name, "open"] = False


def _wet(world: World, who: Character, _: None, __: None) -> None:
    world.state[who.name, "wet"] = True


def _dry(world: World, who: Character, _: None, __: None) -> None:
    world.require(world.is_so(who, "wet"), f"{who.name} is not wet")
    world.state[who.name, "wet"] = False


def _feel(world: World, who: Character, feeling: str, _: None) -> None:
    world.feeling[who] = feeling


# verb: the rule; any other verb is allowed and changes nothing.
RULES: dict[str, Callable[..., None]] = {
    "go": _go,
    "take": _take,
    "drop": _lose,
    "put": _put,
    "lose": _lose,
    "hide": _shift,
    "shift": _shift,
    "give": _give,
    "find": _find,
    "meet": _meet,
    "break": _break,
    "mend": _mend,
    "eat": _eat,
    "vanish": _vanish,
    "make": _make,
    "lock": _lock,
    "unlock": _unlock,
    "open": _open,
    "shut": _shut,
    "wet": _wet,
    "dry": _dry,
    "feel": _feel,
}
