"""Plots about sharing, and what comes back."""

# Prose, laid out by hand: one way to say it a line.
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from ..scenes import opening, school_day, some_day
from ..stage import Stage

__all__ = ["forgotten_lunch", "well_earned"]


def forgotten_lunch(s: Stage) -> None:
    """One has nothing to eat for a reason; one shares; later it is the other way round."""
    hero = s.child("generous shy friendly quiet")
    other = s.child("forgetful proud lively", unlike=hero)
    school = s.room("in school yard")
    food, later = s.thing("snack", owner=hero), s.thing("snack")
    s.at(school, hero, other)
    s.world.lay(food, hero)
    opening(s, hero)
    s.tell(f"""
        {school_day(s)} at school {hero} [sit] next to {other}
        {school_day(s)} {hero} [see] {other} sitting alone under a tree at lunch time
        {school_day(s)} in the break {hero} [notice] {other}, who was looking into an empty (tin|bag|box)""")
    s.so(f"""
        {other} had forgotten {other:his} lunch on the bus
        a goat had eaten {other:s} lunch
        {other} had left {other:his} lunch at home
        {other:s} lunch had fallen into a puddle""", f"{other} [have] nothing to eat")
    if other.trait == "proud":
        s.say(other, "I am not hungry.\nI never eat at noon.", s.pick(("", "without looking up")))
        s.tell(f"but {other:s} stomach [growl] so loudly that everybody could hear it")
    else:
        s.tell(f"""
            {other} [try] not to look at the other children's food
            {other} [drink] a lot of water and [look] at the clouds
            {other} [say] nothing, but {other:his} eyes were big""")
    s.tell(f"""
        {hero} [have] {food:a}, and it was not very big
        in {hero:s} bag there was only {food:a}
        all that {hero} [have] was {food:a}""")
    s.tell(s.do("share", hero, food, other, how=f"""
        {hero} [break] {food:the} in two and [give] one half to {other}
        {hero} [cut] {food:the} in the middle and [hold] out the bigger half to {other}
        {hero} [think] for a moment, [divide] {food:the} and [give] half of it to {other}"""))
    s.so(f"half was better than nothing\n{other} had not expected it", s.feel(other, "grateful", f"""
        {other} [smile] with a full mouth
        {other} [say] thank you three times
        {other} [be] grateful for every crumb"""), "and")
    s.do("eat", hero, food)
    s.aside("they talked until the bell rang\nhalf a lunch tastes good when one has company", 0.3)
    s.tell(f"""
        (a week later|some days later|the next month) {hero} [open] {hero:his} bag, and it was empty, because {hero:his} little brother had emptied it
        (a week later|some days later) the cat had been at {hero:s} bag, and there was nothing left
        then came a day when {hero} had nothing to eat, for it had been a hurried morning""")
    s.do("make", other, later)
    s.so(f"{other} [remember] the day when {other:he} had been hungry", s.do("give", other, later, hero, how=f"""
        {other} [put] {later:a} into {hero:s} hand
        {other} [give] {hero} {later:a}"""), "so|and")
    s.say(other, """
        Now it is my turn.
        You shared with me, so I share with you.
        I have not forgotten.
        Half of it? No, take it all.""")


def well_earned(s: Stage) -> None:
    """Help is rewarded; the reward is shared, or not, and that has its consequence."""
    hero = s.child("helpful greedy generous friendly")
    sibling = s.child(of=hero, relation="sibling", unlike=hero)
    old = s.adult(s.pick(("neighbour", "gardener", "beekeeper", "basket maker", "weaver")))
    home, yard = s.room("in house"), s.setting.path
    fruit = s.thing(
        "+apples: red, sweet, three; +pears: yellow, ripe; +plums: blue, ripe, juicy; +cherries: dark, sweet; +figs: soft, ripe; +nuts: fresh, sweet; +dates: sweet; +apricots: ripe"
    )
    s.at(yard, hero, old)
    s.at(home, sibling)
    s.world.lay(fruit, old)
    opening(s, hero)
    burden = s.pick(
        ("a sack of flour", "a basket of wet clothes", "a bundle of firewood", "a bucket of water", "a heavy chair", "a roll of carpet")
    )
    s.tell(s.do("meet", hero, old, how=f"""
        {some_day(s)} {hero} [meet] {old}, who was carrying {burden} and had to (stop|rest) at every corner
        {some_day(s)} {hero} [see] {old} coming up the hill with {burden}
        {some_day(s)} {old} came along with {burden} and could hardly see where to go"""))
    helping = s.do("help", hero, old, how=f"""
        {hero} [carry] it all the way to {old:s} door
        {hero} [take] the heavier end without being asked
        {hero} [run] up and [help] to carry it home""")
    s.tell(helping)
    give = s.do("give", old, fruit, hero, how=f"""
        {old} [give] {hero} {fruit:a}
        {old} [put] {fruit:a} into {hero:s} cap
        to say thank you, {old} [give] {hero} {fruit:a}""")
    s.link(helping, give)
    s.tell(give)
    s.do("go", hero, home)
    s.tell(f"""
        at home {sibling} [look] at {fruit:the} with big eyes
        at the door stood {sibling}, who had had nothing sweet for a week
        {sibling} [see] {fruit:the} at once""")
    s.say(sibling, f"May I have one?\nAre they all for you?\nWhere did you get the {fruit.noun}?")
    if s.chance({"generous": 1.0, "greedy": 0.2}.get(hero.trait, 0.65)):
        s.so(f"""
            {hero} [like] to see {sibling} happy
            there were enough for two
            {hero} [not like] to eat alone""", s.do("share", hero, fruit, sibling, how=f"{hero} [give] {sibling} half of them"), "so|because")
        s.tell("""
            they sat on the doorstep and ate them one by one
            they ate until their chins were wet, and laughed
            the last one they cut in two""")
        if s.chance(0.5):
            s.so(
                f"{sibling} had not forgotten it",
                s.do("help", sibling, hero, how=f"the next day {sibling} [help] {hero} with the (dishes|goats|laundry)"),
                "and",
            )
        else:
            s.tell(s.feel(sibling, "happy"))
    else:
        eat = s.do("eat", hero, fruit, how=f"{hero} [eat] them all alone behind the (house|shed|wall)")
        s.so(f"{hero} [not want] to share", eat)
        ache = s.fact(f"""
            that evening {hero} [have] a terrible stomach ache
            soon {hero} [have] such a stomach ache that {hero:he} [can] hardly stand
            at night {hero} [lie] in bed and [hold] {hero:his} stomach""")
        s.link(eat, ache)
        s.tell(ache)
        s.tell(s.do("help", sibling, hero, how=f"""
            {sibling} [make] {hero:him} (peppermint|camomile|fennel) tea and [not say] a word about the {fruit.noun}"""))
        s.so(f"{sibling} had been kind all the same", s.feel(hero, "sorry"))
