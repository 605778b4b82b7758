"""Plots about animals that stray, bark or belong to somebody."""

# Prose, laid out by hand: one way to say it a line.
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from ..scenes import opening, school_day, some_day
from ..stage import Stage

__all__ = ["behind_the_fence", "open_gate", "stray"]


def open_gate(s: Stage) -> None:
    """A gate is left open, an animal strays, and whoever forgot the gate brings it back."""
    s.set_in("village farm mountains river island")
    hero = s.child("forgetful careless helpful impatient")
    owner = s.adult("farmer")
    beast = s.animal(s.pick(("goat", "calf", "donkey", "lamb", "pony", "goose")), "brown, white, young, spotted, hungry")
    pen, away = s.room("in pen"), s.pick((s.setting.woods, s.setting.path, s.setting.market))
    gate = s.thing("gate: wooden, heavy, old")
    s.at(pen, hero, owner, beast)
    opening(s, hero)
    work = s.pick(("carry hay", "fetch water", "collect eggs", "sweep the yard", "pick beans", "dig potatoes"))
    s.tell(f"""
        {some_day(s)} {hero} [help] {owner} to {work} and then [feed] {beast}
        every Saturday {hero} [help] {owner} to {work}, and in return {hero:he} was allowed to feed {beast}
        {some_day(s)} {hero} was with {owner} to see {beast}""")
    s.say(owner, f"""
        Always shut the gate behind you.
        Please shut the gate when you go.
        Remember the gate, {hero:name}. The {beast.noun} likes to wander off.
        An open gate is an invitation.""")
    forget = s.do("open", hero, gate, how=f"{hero} [leave] the gate open\n{hero} [forget] to shut the gate")
    s.so(f"""
        {hero} [be] in a hurry
        {hero:s} arms were full
        {hero} [be] thinking of dinner
        {hero} [be] dreaming
        somebody [call] {hero} away""", forget)
    stray_off = s.do("go", beast, away, how=f"{beast} [walk] out\n{beast} [push] the gate with its nose and [trot] away")
    s.link(forget, stray_off)
    s.tell("(an hour later|soon|before long) the pen was empty" if s.chance(0.4) else stray_off)
    s.so(f"""
        it was the only {beast.noun} on the farm
        the sun was going down
        there were foxes about
        a storm was coming""", s.feel(owner, "worried"))
    s.say(hero, """
        It is my fault. I will find it.
        I left the gate open. I am so sorry.
        I forgot the gate! I will bring it back.""")
    s.tell(f"""
        {hero} [follow] the footprints in the (mud|sand|wet grass)
        {hero} [ask] everybody on the way
        {hero} [run] from field to field and [call]
        {hero} [look] behind every hedge and every wall""")
    s.do("go", hero, away)
    s.tell(s.do("meet", hero, beast, how=f"""
        at last {hero} [find] {beast} {away:in}, where it was (eating somebody's cabbages|chewing a straw hat|standing in the flowers)
        and there was {beast} {away:in}, drinking from a puddle as if nothing had happened"""))
    back = s.do("go", beast, pen, how=f"""
        {hero} [hold] out a (carrot|handful of oats|piece of bread), and {beast} [follow] {hero:him} home""")
    s.do("go", hero, pen)
    s.tell(back)
    closing = s.do("shut", hero, gate, how=f"this time {hero} [shut] the gate and [check] it twice")
    s.so(closing, s.feel(owner, "happy", f"""
        {owner} [smile]
        {owner} [nod] and [say] nothing more about it
        {owner} [pat] {hero:him} on the shoulder"""), "and")


def stray(s: Stage) -> None:
    """A lost animal is taken in, fed, and either claimed by its owner or kept."""
    hero = s.child("gentle lonely shy helpful")
    elder = s.relative(hero, "mother father grandmother grandfather")
    kind, food, likes = s.pick(
        (
            ("kitten", "warm milk", "milk"),
            ("puppy", "rice and meat", "bones"),
            ("duckling", "chopped salad", "salad"),
            ("tortoise", "lettuce leaves", "lettuce"),
            ("parrot", "nuts and apple", "nuts"),
            ("rabbit", "carrots and hay", "carrots"),
        )
    )
    found = s.animal(kind, "thin, grey, little, muddy, spotted")
    place, home = s.setting.path, s.room("in house")
    s.at(place, hero, found)
    s.at(home, elder)
    opening(s, hero)
    s.tell(s.do("meet", hero, found, how=f"""
        {some_day(s, "wet cold rainy")} {hero} [find] {found} (under a bench|in a cardboard box|behind the dustbins|beside the road)
        {some_day(s, "cold rainy grey")} something small (cried|squeaked|moved) beside the road: it was {found}
        {some_day(s, "cold wet windy")} {found} [follow] {hero} all the way from school"""))
    s.so("""
        it was shaking with cold
        it had no collar and no name
        it was hungry and all alone
        one of its feet was hurt""", s.feel(hero, "sorry", f"{hero} [feel] sorry for it\n{hero} [cannot leave] it there"), "so|because|and")
    s.do("go", found, home)
    s.tell(s.do("go", hero, home, how=f"{hero} [wrap] it in {hero:his} (jacket|scarf|shawl) and [carry] it home"))
    s.say(hero, "May I keep it?\nIt has nobody. Can it stay?\nPlease, may it sleep in my room?")
    s.say(elder, """
        First we must ask whether somebody is missing it.
        Tonight, yes. Tomorrow we look for its owner.
        Somebody may be crying for it. We must ask.""")
    s.tell(s.do("feed", hero, found, how=f"""
        {hero} [give] it {food}, and it fell asleep in a shoe box by the stove
        it finished a plate of {food} and fell asleep on {hero:s} knees
        {hero} [feed] it with {food} and [dry] it with a towel"""))
    s.tell(f"""
        the next day they hung up a picture of the {found.noun} in every shop
        they asked at every door, in every street
        {elder} [write] a notice, and {hero} [draw] the {found.noun} on it""")
    if s.chance(0.5):
        owner = (s.adult(s.pick(("teacher", "tailor", "fisher", "nurse", "bus driver"))) if s.chance(0.5) else s.child("", unlike=hero))
        s.do("go", owner, home)
        s.tell(f"""
            on the third day {owner} [ring] the bell and [cry] out for joy
            a week later somebody knocked: it was {owner}""")
        plain = (
            f"the {kind} ran straight to {owner}"
            if kind in ("kitten", "puppy", "duckling")
            else f"it was plain that the {kind} belonged to {owner}"
        )
        s.so(plain, s.feel(hero, "sad", f"""
            {hero} [be] sad and glad at the same time
            {hero} [have] to swallow hard"""), "so|and")
        s.do("go", found, s.room("in house of its owner"))
        s.say(owner, """
            Come and see it whenever you like.
            You saved its life. You must visit us.
            Thank you. It will always know you.""")
        s.tell(f"""
            since then {hero} has visited it every Sunday
            and so {hero} [do], every Saturday, with a bag of {likes}""")
    else:
        s.so("nobody came\nnobody had lost it", s.do("keep", hero, found, how=f"{elder} [say] that it could stay"), "so|and so")
        name = s.pick(("Pebble", "Button", "Lucky", "Raindrop", "Noodle", "Friday", "Cloud", "Plum", "Pocket", "Whisper"))
        s.tell(f"{hero} [call] it {name} and [build] it a bed out of a (drawer|basket|crate)")
        s.so(f"""
            {hero} was no longer alone
            {name} was there every morning""", s.feel(hero, "happy"), "so|because")


def behind_the_fence(s: Stage) -> None:
    """A big animal seems fierce; there is a reason for its noise."""
    hero = s.child("timid shy curious gentle")
    owner = s.adult(s.pick(("neighbour", "shepherd", "beekeeper", "miller")))
    dog = s.chance(0.7)
    beast = s.animal("dog", "huge, black, brown, shaggy") if dog else s.animal("goose", "white, enormous")
    path, yard = s.setting.path, s.room("in yard")
    s.at(path, hero)
    s.at(yard, owner, beast)
    opening(s, hero)
    voice = "barked" if dog else "hissed"
    s.tell(f"""
        on the way to school {hero} had to pass a yard with {beast}
        behind a fence on the way to school lived {beast}
        there was only one thing wrong with the way to school: {beast} behind a fence""")
    s.so(f"the {beast.noun} {voice} every morning", s.feel(hero, "afraid", f"""
        {hero} always ran past with {hero:his} eyes shut
        {hero} always made a long way round
        {hero} always crossed to the other side"""), "so|because")
    s.tell(f"""
        but then, {school_day(s)}, everything was quiet, and that was even stranger
        {school_day(s)} {hero} [not hear] a sound, and {hero:he} [stop]""")
    s.tell(f"""
        through a hole in the fence {hero} [see] that the rope was caught around a post and that the water bowl was empty
        {hero} [look] over the fence: the rope was wound around a tree, and the water was far away""")
    s.so(f"""
        the {beast.noun} was thirsty and could not move
        the {beast.noun} lay in the sun and did not even lift its head""", s.feel(hero, "sorry", f"{hero} [feel] sorry for it"), "so|and")
    s.do("go", hero, yard)
    s.but(f"{hero:s} knees were shaking", s.do("help", hero, beast, how=f"{hero} [open] the gate, [untie] the rope and [fill] the bowl"))
    s.tell(f"the {beast.noun} drank and drank, and then it {'licked' if dog else 'gently pulled at'} {hero:his} (hand|sleeve)")
    s.say(owner, """
        It only makes a noise because it is lonely.
        You are the first who was kind to it.
        It is not angry. It only wants company.""")
    s.so(
        f"{hero} [understand] it now",
        s.do("visit", hero, beast, how=f"{hero} [bring] it {'a bone' if dog else 'some grain'} every (morning|Sunday|Friday)"),
        "so|and so",
    )
    s.aside(f"it still {voice} in the morning, but now it meant hello", 0.4)
