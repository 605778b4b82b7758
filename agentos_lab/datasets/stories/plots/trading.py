"""Plots about trade, and about wanting too much."""

# Prose, laid out by hand: one way to say it a line.
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from ..entities import Spot
from ..scenes import opening, some_day
from ..stage import Stage

__all__ = ["too_many", "trading_up"]


def trading_up(s: Stage) -> None:
    """A chain of trades, each fair because each needs what the other has, leads to the thing wished for."""
    hero = s.child("clever stubborn cheerful patient")
    wish = s.thing(
        "drum: red, deep; kite: dragon, yellow; flute: wooden, silver; sledge: fast, blue; boat: little, wooden; guitar: old, little; telescope: brass; chess set: wooden"
    )
    first = s.thing(
        "egg: brown, fresh; jar of honey: golden; pumpkin: small, round; bag of nuts: paper; fish: fat, silver; cheese: round; cabbage: big"
    )
    middle = s.thing("basket: willow, strong; hammer: heavy, good; scarf: warm, striped; lamp: oil, brass; pot: clay, iron")
    one, two = (s.adult(s.pick(("baker", "cook", "miller", "grocer"))), s.adult(s.pick(("carpenter", "fisher", "shoemaker", "shepherd", "sailor"))))
    here, there = s.setting.market, s.setting.path
    s.at(here, hero, one)
    s.at(there, two)
    s.world.lay(first, hero)
    s.world.lay(middle, one)
    s.world.lay(wish, two)
    opening(s, hero)
    s.tell(f"""
        {hero} [wish] for {wish:a} more than for anything else, but all {hero:he} had was {first:a}
        more than anything {hero} [want] {wish:a}, but {hero:he} owned only {first:a}
        in {hero:his} dreams {hero} had {wish:a}, but in {hero:his} hands there was only {first:a}""")
    s.tell(f"""
        {some_day(s)} {hero} [take] {first:the} to {here}, where {hero:he} [meet] {one}
        {some_day(s)} {hero} [go] to {here} with {first:the} and [stop] at the stall of {one}""")
    use = {
        "egg": "a cake",
        "jar of honey": "a cake",
        "pumpkin": "a soup",
        "bag of nuts": "a pie",
        "fish": "a soup",
        "cheese": "supper",
        "cabbage": "a stew",
    }[first.noun]
    a_first = f"{'an' if first.noun == 'egg' else 'a'} {first.noun}"
    s.say(one, f"""
        I need {a_first} for {use}. I will give you a {middle.noun} for it.
        What a fine {first.noun}! I would give you my {middle.noun} for it.
        Just what I need for {use}! Would you take a {middle.noun} for it?""")
    s.do("give", hero, first, one)
    s.tell(s.do("give", one, middle, hero, how=f"""
        so {hero} [give] {first:the} to {one} and [get] {middle:a} for it
        {hero} [hand] over {first:the} and [walk] away with {middle:a}
        {one} [take] {first:the}, and {hero} [go] on with {middle:a} under {hero:his} arm"""))
    s.do("go", hero, there)
    s.tell(f"""
        on the way home {hero} [meet] {two}, who was carrying {wish:a}
        {there:in} sat {two} with {wish:a}
        a little later {two} came by, and what was {two:he} holding? It was {wish:a}""")
    why = {
        "basket": f"had nothing to carry {two:his} things in",
        "hammer": f"had broken {two:his} own",
        "scarf": "was cold and had a cough",
        "lamp": "had a long way home in the dark",
        "pot": "had no pot to cook in",
    }[middle.noun]
    reason = s.fact(f"{two} {why}")
    s.do("give", hero, middle, two)
    s.so(reason, s.do("give", two, wish, hero, how=f"""
        {two} [be] glad to give {wish:the} for {middle:the}
        {two} [give] {hero} {wish:the} for {middle:the}"""))
    s.tell(f"now {two} had {middle:the}, {one} had {first:the}, and {hero} had {wish:the}")
    s.so("everybody had got what they needed\nit had been a good trade for all three", s.feel(hero, "happy"), "so|because|and so")
    s.aside(f"""
        "And it all began with {a_first}," [say] {hero:speaker}.
        at home nobody wanted to believe it""", 0.4)


def too_many(s: Stage) -> None:
    """Wanting too much at once costs more than it brings."""
    s.set_in("village farm mountains river")
    hero = s.child("greedy impatient stubborn")
    friend = s.child("patient careful generous", of=hero, relation=s.pick(("friend", "cousin", "sibling")), unlike=hero)
    place, home = s.setting.woods, s.room("in house")
    crop = s.thing(
        "+mushrooms: brown, fresh; +blackberries: ripe, sweet; +walnuts: fresh; +chestnuts: shiny, brown; +apples: red; +hazelnuts: fresh; +wild strawberries: ripe; +raspberries: red"
    )
    basket = s.thing("basket: old, reed; bag: thin, paper; apron: old; sack: old, torn", owner=hero)
    s.at(place, hero, friend)
    s.world.lay(basket, hero)
    opening(s, hero)
    pair = s.both(hero, friend)
    s.tell(f"""
        (one autumn day|one day in September|early in the morning|after the first autumn storm) {pair} [go] to gather {crop:noun} {place:in}
        {some_day(s)} {pair} [go] to {place}, where the ground was full of {crop:noun}""")
    s.introduce(crop)
    s.world.lay(crop, Spot("on the ground", place))
    s.do("take", hero, crop)
    s.tell(f"""
        {friend} [fill] a small basket and [stop], but {hero} [want] more
        soon {friend} had enough, but {hero} [go] on
        {friend} [take] only the best ones, but {hero} [take] everything""")
    s.say(friend, f"""
        Your {basket.noun} is full. Let us go home.
        That is enough. You cannot carry more.
        Look, it is already bending.
        Stop now, or it will tear.""")
    s.say(hero, """
        Only a few more!
        The biggest ones are over there!
        I can carry twice as much as you.
        Just one more handful!""")
    tear = s.do("break", basket, basket, how=f"(on the way home|at the stile|at the first step) {basket:the} [burst|split|tear]")
    s.so(f"""
        {hero} [put] in so much that {basket:the} creaked
        {hero} [heap] it up to {hero:his} chin""", tear, "and")
    loss = s.do("lose", hero, crop, Spot(s.pick(("in the stream", "in the mud", "among the nettles")), place), how=f"""
        all the {crop.noun} rolled away
        the {crop.noun} jumped down the slope like little frogs
        the {crop.noun} fell out and were gone""")
    s.link(tear, loss)
    s.tell(loss)
    s.so("not one was left\neverything was lost\nthe work of a whole morning was gone", s.feel(hero, s.pick(("sad", "disappointed"))), "so|because")
    s.tell(s.do("share", friend, hero, how=f"""
        {friend} [put] half of {friend:his} own {crop.noun} into {hero:s} cap
        then {friend} [hold] out {friend:his} own small basket
        without a word {friend} [share] {friend:his} {crop.noun} with {hero}"""))
    s.say(hero, """
        You had less, and now you have more.
        Why do you do that? I laughed at you.
        Next time I will stop when it is full.""", s.pick(("", "quietly")))
    s.do("go", pair, home)
    s.aside(f"""
        that evening they (roasted|cooked|ate) them together, and there were just enough
        at home {hero} [mend] the {basket.noun} and [make] it a little smaller""")
