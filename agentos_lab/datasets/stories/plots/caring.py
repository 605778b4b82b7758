"""Plots about looking after somebody: a sick friend, a newcomer, a bird."""

# Prose, laid out by hand: one way to say it a line.
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from ..scenes import opening, school_day, some_day
from ..stage import Stage

__all__ = ["hurt_bird", "new_at_school", "sick_friend"]


def hurt_bird(s: Stage) -> None:
    """A bird is hurt, cared for, and set free although it is hard."""
    hero = s.child("gentle patient thoughtful quiet")
    elder = s.relative(hero, "grandfather grandmother aunt uncle father")
    bird = s.animal(
        s.pick(("sparrow", "swallow", "robin", "pigeon", "thrush", "seagull" if s.setting.name in ("seaside", "island") else "starling")),
        "young, small, brown",
    )
    garden, home = s.room("in garden"), s.room("in kitchen")
    s.at(garden, hero, bird)
    s.at(home, elder)
    opening(s, hero)
    s.tell(s.do("meet", hero, bird, how=f"""
        {some_day(s)} {hero} [find] {bird} in the garden that could not fly
        {some_day(s)} {hero} [find] {bird} lying under the window
        {some_day(s)} something fluttered in the grass: it was {bird}"""))
    s.so("""
        it had flown against the glass
        the cat had caught it
        the storm had thrown it to the ground
        it had fallen out of the nest""", "its wing was hurt\none wing hung down\nit could not fly", "so|and")
    s.say(elder, """
        It needs quiet, water and time.
        Do not hold it too tight. It is afraid of us.
        We can try. But when it is well, it must go.
        It is lighter than a letter. Be careful.""")
    s.do("go", bird, home)
    s.tell(f"""
        {elder} [put] it in a box with soft (hay|moss|wool), and {hero} [make] holes in the lid
        {elder} [tie] up the wing with a thin strip of cloth, and {hero} [hold] the lamp""")
    s.do("go", hero, home)
    s.tell(s.do("feed", hero, bird, how=f"""
        every two hours {hero} [feed] it with (worms|crumbs|seeds|flies), even at night
        before and after school {hero} [bring] it (seeds|worms|berries) and fresh water
        {hero} [dig] for worms in the garden and [carry] water in a (thimble|spoon|shell)"""))
    s.aside(f"""
        on the fourth day it took a seed from {hero:s} hand
        after a week it knew {hero:s} step and began to chirp""")
    s.tell("""
        then one morning it flew from the box to the cupboard and from the cupboard to the lamp
        soon it was flying around the kitchen and landing on the bread
        one evening it spread both wings and flew to the top of the clock""")
    s.but(
        f"{hero} [love] it and [want] to keep it\n{hero} would have liked to keep it",
        f"{hero} [know] that a bird belongs to the sky\n{hero} [see] how it looked out of the window",
        "but",
    )
    s.do("go", hero, garden)
    s.tell(s.do("free", hero, bird, how=f"""
        {hero} [carry] it out into the garden and [open] {hero:his} hands
        so {hero} [open] the window as wide as it would go"""))
    s.do("go", bird, s.setting.woods)
    s.so("""
        it sat still for a moment and then flew up over the roof
        it circled once around the house and was gone""", s.feel(hero, "sad", f"""
            {hero} [be] sad and happy at once
            {hero} [look] up for a long time
            {hero} [wave] until there was nothing left to wave at"""), "and")
    s.aside(f"""
        sometimes a {bird.noun} sits on the windowsill in the morning and looks in
        the next spring there was a nest under the roof""", 0.3)


def sick_friend(s: Stage) -> None:
    """Someone is ill for a reason, and someone brings what helps."""
    hero = s.child("thoughtful generous cheerful helpful")
    friend = s.child("lively stubborn careless", of=hero, relation=s.pick(("friend", "cousin", "neighbour")), unlike=hero)
    cook = s.relative(hero, "mother father grandmother grandfather")
    home, other = s.room("in kitchen"), s.room("in bedroom")
    soup = s.thing("~soup: chicken, onion, pumpkin, lentil, carrot; ~tea: peppermint, ginger, lemon; ~broth: hot, clear")
    s.at(home, hero, cook)
    s.at(other, friend)
    s.world.lay(soup, cook)
    opening(s, hero)
    s.so(f"""
        {friend} had played in the rain without a coat
        {friend} had gone out with wet hair
        {friend} had jumped into the cold water for a bet
        {friend} had sat in a wet tent all night""", f"""
            {friend} [lie] in bed with a fever
            {friend} [have] a cold and could not come to school
            {friend} [cough] and [shiver] and had to stay in bed""", "so|and so")
    s.tell(f"""
        without {friend} the way to school was twice as long
        {hero} [miss] {friend:him} on the way to school
        the chair next to {hero:name} was empty, and that was strange""")
    s.say(hero, """
        What helps against a fever?
        Can we do something?
        What did you give me when I was ill?
        May I visit my friend?""")
    tea = soup.noun == "tea"
    s.tell(s.do("give", cook, soup, hero, how=f"{cook} [make] {soup:a} and [give] it to {hero} in a warm can" if tea else f"""
        {cook} [cook] {soup:a} and [give] it to {hero} in a big pot
        {cook} [fill] a can with {soup:full} and [put] it into {hero:s} basket"""))
    s.do("go", hero, other)
    s.tell(f"""
        {hero} [carry] it carefully all the way, and only three drops were lost
        {hero} [walk] as slowly as a snail so as not to spill it
        {hero} [wrap] it in {hero:his} scarf to keep it warm""")
    s.tell(s.do("give", hero, soup, friend, how=f"""
        {friend} [sit] up in bed, and {hero} [give] {friend:him} {soup:the}, {"sip by sip" if tea else "spoon by spoon"}
        {hero} [give] {friend} {soup:the} and a (puzzle|comic|drawing of the whole class|joke on every page of a notebook)"""))
    s.so(f"""
        {hero} [stay] until evening and [tell] jokes
        the room no longer felt so empty""", s.feel(friend, "happy", f"""
            {friend} [laugh] for the first time in days
            {friend} [feel] better at once"""), "so|and")
    s.tell(f"""
        three days later {friend} was standing at the door again, (in a thick scarf|with a coat on), ready for school
        a week later {friend} was well again""")
    if s.chance(0.5):
        s.so(f"{friend} had learnt something", f"this time {friend} [wear] a (hat|raincoat|cap)", "and")
    else:
        s.say(friend, """
            When you are ill, I will bring you soup too.
            The best medicine was you.
            Next time I will take my coat.""")


def new_at_school(s: Stage) -> None:
    """Somebody is new and alone; somebody makes a small move."""
    new = s.child("shy quiet lonely timid")
    hero = s.child("friendly curious cheerful thoughtful", unlike=new)
    yard = s.room("in school yard")
    thing = s.thing(
        "skipping rope: long, yellow; ball: old, red; +marbles: green, glass; +stilts: wooden; flute: wooden; kite: paper; hoop: big; +cards: old"
    )
    s.at(yard, new, hero)
    s.world.lay(thing, hero if thing.noun != "flute" else new)
    opening(s, new)
    s.tell(f"""
        {school_day(s)} {new} [come] into a new class, where {new:he} [not know] anybody
        the family had just moved, and {school_day(s)} {new} [stand] in front of a new class
        it was {new:s} first day at a new school""")
    s.so(f"""
        {new} spoke another language at home
        {new} [not know] the rules of their games
        {new} had never been to such a big school""", s.do("sit", new, how=f"""
            {new} [sit] on the wall alone in the break
            {new} [stand] by the fence and [look] at {new:his} shoes
            {new} [stay] near the door"""), "so|and so")
    s.aside(f"""
        the others thought that {new} [want] to be alone, so nobody said a word
        the others played, and nobody looked round""")
    s.tell(f"""
        only {hero} [wonder] about it
        {hero} was the first who noticed
        there was one who saw it: {hero}""")
    if thing.noun == "flute":
        s.tell(f"{hero} [hear] that {new} was playing very softly on {thing:a}, and [sit] down and [listen]")
        s.say(hero, "Will you show me how?\nThat is beautiful. Play it again.\nWhat song is that?")
        s.do("give", new, thing, hero)
        s.tell(f"so {new} [teach] {hero} the first three notes, and they sounded like a sick crow, and both of them laughed")
    else:
        s.say(hero, """
            We need one more. Will you play?
            Have you seen this game? Come, I will show you.
            My name is easy. What is yours?
            Do you want to try?""")
        s.tell(s.do("give", hero, thing, new, how=f"""
            {hero} [put] {thing:a} into {new:s} hands
            {hero} [hold] out {thing:a}, and {new} [take] {thing:him}"""))
        s.tell(f"""
            at first {new} only [watch], then {new:he} [try] it, and then it was {new:he} who could do it best
            {new} [drop] {thing:him} twice and [laugh], and the third time it worked
            it turned out that {new} had played with such {"things" if thing.pronoun == "it" else "ones"} since {new:he} was small""")
    s.so("it needs no words to laugh\nthey had to laugh so much", "the others came to look, and soon half the class was there", "and|so")
    s.so("somebody had asked", s.feel(new, "happy", f"""
        {new} [be] not alone any more
        {new} [go] home singing
        {new} [be] very happy"""), "because|so")
    s.aside(f"""
        the next morning {hero} [keep] a place free for {new}
        at home {new} [talk] about only one thing: {hero:name}""")
