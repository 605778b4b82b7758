"""Scenes that many plots share: how a story opens, where one looks for a lost thing, how the day is named."""

# ruff: noqa: E501  (prose: one way to say it a line)
from __future__ import annotations

from .english import article
from .entities import Character, Thing
from .lexicon import TRAITS
from .stage import Stage

__all__ = ["look_in_vain", "opening", "school_day", "some_day"]

FAMILIES = (
    "{0:his} mother and two brothers", "{0:his} father and {0:his} grandmother", "{0:his} grandparents", "{0:his} parents and a baby sister",
    "{0:his} aunt and four cousins", "{0:his} mother and an old parrot", "{0:his} father", "{0:his} parents and three goats",
    "{0:his} grandfather and a lazy cat", "{0:his} big family",
)  # fmt: skip


def opening(s: Stage, hero: Character) -> None:
    """A sentence that introduces the hero, with the trait that matters in the story.

    One time in six a hero without a trait gets no opening, and the story begins in the middle.
    """
    home, child = s.pick(s.setting.home), hero.noun
    if hero.trait:
        habit = s.pick(TRAITS[hero.trait]).format(hero)
        kind = f"{article(hero.trait)} {hero.trait} {child}"
        lines = f"""
            there was once {kind} called {hero:name} who lived {home}
            {hero:name} [be] {kind} who lived {home}
            {hero:name} [be] {kind} who {habit}
            {hero:name} lived {home}; {hero:he} [be] {kind} who {habit}
            everybody {s.setting.folk} knew {hero:name}, {kind} who {habit}
            {home} lived {kind} called {hero:name}
            {hero:name} [be] (six|seven|eight|nine|ten) years old and very {hero.trait}
            {hero:name}, {kind}, lived {home}
            among the children {s.setting.folk}, {hero:name} was the {hero.trait} one
            people {s.setting.folk} said that {hero:name} had been {hero.trait} since {hero:he} could walk
            {hero:name} was known to be {hero.trait}: {hero:he} {habit}
            this is a story about {hero:name}, {kind} who {habit}
            nobody {s.setting.folk} was as {hero.trait} as {hero:name}, who {habit}"""
    else:
        if s.chance(0.17):
            return
        family = s.pick(FAMILIES).format(hero)
        lines = f"""
            {hero:name} lived {home} with {family}
            {hero:name} lived {home}
            there was once a {child} called {hero:name} who lived {home}
            {home} lived a {child} called {hero:name}
            {hero:name} [be] a {child} of (six|seven|eight|nine|ten) who lived {home}
            a {child} called {hero:name} lived {home} with {family}"""
    s.introduce(hero)
    s.tell(lines)


def some_day(s: Stage, weather: str = "") -> str:
    """A time for a story to begin: *one windy morning*, *on Saturday afternoon*."""
    day = s.pick(("morning", "morning", "afternoon", "day"))
    if weather:
        return f"one {s.pick(weather.split())} {day}"
    kind = s.pick(("adjective", "adjective", "plain", "weekday", "season", "other"))
    if kind == "adjective":
        adjective = s.pick(("bright", "sunny", "quiet", "warm", "cool", "fine", "busy", "grey", "lazy"))
        return f"one {adjective} {day}"
    if kind == "plain":
        return f"one {day}"
    if kind == "weekday":
        weekday = s.pick(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"))
        return f"{s.pick(('on', 'one'))} {weekday}{s.pick(('', ' morning', ' afternoon'))}"
    if kind == "season":
        return s.pick(
            (
                "one day in spring",
                "one summer day",
                "one autumn morning",
                "early one summer morning",
                "on the first day of spring",
            )
        )
    return s.pick(
        (
            "after breakfast",
            "after school",
            "on the last day of the holidays",
            "on market day",
            "before lunch",
            "one day after school",
        )
    )


def school_day(s: Stage) -> str:
    """A time on a day with school."""
    weekday = s.pick(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"))
    return s.pick(
        (
            f"on {weekday}",
            f"one {weekday} morning",
            f"one {s.pick(('grey', 'rainy', 'bright', 'cold', 'warm'))} {weekday}",
            "one morning",
            "on the first day after the holidays",
            "one day",
        )
    )


HIDING_PLACES = (
    "under (the|{0:his}) bed", "behind the (stove|door|curtain|cupboard)", "in (the|{0:his}) drawer", "under the (table|sofa|carpet|cushions)",
    "in {0:his} (school bag|coat pockets|boots)", "on the (shelf|windowsill|stairs)", "in the (wash basket|toy box|wardrobe)",
    "between the (books|blankets)", "on top of the cupboard", "inside the piano stool",
)  # fmt: skip


def look_in_vain(s: Stage, hero: Character, lost: Thing) -> None:
    """The hero looks for a thing where it is not."""
    places = s.pick(HIDING_PLACES).format(hero)
    more = s.pick([place for place in HIDING_PLACES if not place.startswith(places[:6])]).format(hero)
    them = "they were" if lost.pronoun == "they" else "it was"
    style = s.pick(("but", "neither", "everywhere", "and", "no sign"))
    if style == "but":
        s.tell(f"{hero} [look] {places}, but {them} not there")
    elif style == "neither":
        s.tell(f"{hero} [look] {places} and {more}, but {lost} [be] in neither place")
    elif style == "everywhere":
        s.tell(f"{hero} [look|search] everywhere: {places}, {more}, even in the (teapot|oven|bread bin|laundry)")
    elif style == "and":
        s.tell(f"{hero} [look] {places}")
        s.tell("nothing (there|but dust)")
        s.tell(
            f"{hero} [look] {more}, but all {hero:he} found was (an old sock|a sleepy cat|a broken pencil|a cobweb|half a biscuit)"
        )
    else:
        s.tell(f"{hero} [turn] {hero:his} room upside down, but there was no sign of {lost:the}")
