"""Plots about making something: what is missing, what goes wrong, and what comes of patience."""

# Prose, laid out by hand: one way to say it a line.
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from ..entities import Spot
from ..scenes import opening, some_day
from ..stage import Stage

__all__ = ["baking_day", "seeds", "will_it_float"]


def baking_day(s: Stage) -> None:
    """Something is missing for a cake; a neighbour has it; the oven needs watching."""
    hero = s.child("forgetful patient lively helpful")
    loved = s.relative(hero, "grandmother grandfather mother father aunt uncle")
    neighbour = s.adult(s.pick(("neighbour", "beekeeper", "grocer", "milk seller")))
    kitchen, door = s.room("in kitchen"), s.room("in house next door")
    cake = s.thing("baking")
    missing = s.thing(
        "~sugar: brown, white; ~flour: fine; ~butter: fresh; +eggs: three, fresh; ~honey: golden; ~milk: fresh; +raisins: sweet; ~yeast: fresh"
    )
    s.at(kitchen, hero)
    s.at(door, neighbour)
    s.world.lay(missing, neighbour)
    opening(s, hero)
    s.so(f"""
        {loved} had been ill for a week
        it was {loved:s} birthday
        {loved} was coming home from a long journey
        {loved} had had a bad day""", s.do("plan", hero, how=f"{hero} [want] to bake {cake:a}"))
    s.introduce(cake)
    be = "were no" if missing.pronoun == "they" else "was no"
    s.so(f"in the cupboard there {be} {missing:noun}\nthere {be} {missing:noun} left", s.do("go", hero, door, how=f"""
        {hero} [run] to {neighbour}
        {hero} [knock] at the door of {neighbour}"""), "so|because|and so")
    s.say(hero, f"""
        Could you lend me some {missing.noun}?
        Do you have any {missing.noun}?
        May I borrow some {missing.noun}? I am baking.""", s.pick(("", "out of breath")))
    s.tell(s.do("give", neighbour, missing, hero, how=f"""
        {neighbour} [give] {hero:him} {missing:a} and [wish] {hero:him} luck
        {neighbour} [give] {hero:him} {missing:a} and a good piece of advice: "Low heat, and do not open the oven!"
        {neighbour} [fetch] {missing:a} and [ask] for a (taste|slice|piece) of the {cake.noun}"""))
    s.do("go", hero, kitchen)
    s.do("vanish", missing)
    s.tell(f"""
        back in the kitchen {hero} [stir] until {hero:his} arm hurt and [put] the {cake.noun} into the oven
        {hero} [mix] and [knead], with flour on {hero:his} nose, and soon the {cake.noun} was in the oven""")
    s.do("make", hero, cake)
    if s.chance({"forgetful": 0.8, "lively": 0.6}.get(hero.trait, 0.15)):
        s.so(
            f"""
                {hero} [go] out for a moment to (look at a rainbow|play with the cat|watch the fire engine)
                {hero} [begin] to read and [forget] the time""",
            s.do("burn", cake, how=f"the {cake.noun} [burn] black on one side"),
            "so|and|and so",
        )
        s.so("smoke came out of the oven\nthe whole kitchen was full of smoke", s.feel(hero, "sad", f"{hero} [be] close to tears"), "and")
        s.do("go", loved, kitchen)
        s.tell(f"""
            but {loved} [cut] off the black side and [put] (jam|cream|raspberries) on the rest
            then {loved} came in, [sniff] and [scrape] off what was black""")
        s.say(loved, """
            The best part is the middle anyway.
            I like it crisp.
            Now it tastes like a camp fire.""")
    else:
        s.so(
            f"""
                {hero} [sit] in front of the oven and [not move] until the {cake.noun} was done
                {hero} [look] through the oven door every minute""",
            f"the {cake.noun} was golden brown\nthe {cake.noun} rose like a balloon\nnothing burnt",
            "so|and|and so",
        )
        s.do("go", loved, kitchen)
        s.tell(s.do("give", hero, cake, loved, how=f"""
            {hero} [carry] it to {loved} with both hands
            {hero} [put] it in front of {loved}"""))
        s.so("it tasted as good as it smelled\nnobody had helped", s.feel(loved, "happy"), "so|because")
    s.aside(f"""
        the first slice was for {neighbour}, of course
        {neighbour} got a slice too, wrapped in a napkin""")


def seeds(s: Stage) -> None:
    """A plant needs water, and patience; what eats it needs a fence."""
    hero = s.child("impatient patient forgetful gentle curious")
    giver = s.relative(hero, "grandfather grandmother aunt uncle")
    garden = s.room("on balcony") if s.setting.name == "city" else s.room("in garden")
    plant, result = s.pick(
        (
            ("sunflower", "was taller than the (door|fence|postman)"),
            ("bean", "climbed up to the (roof|window|chimney)"),
            ("pumpkin", "had a fruit that nobody could lift alone"),
            ("tomato", "bent under its red fruit"),
            ("melon", "had a melon as big as a football"),
            ("cherry", "was a little tree with seven leaves"),
            ("pea", "was full of flowers, and then full of peas"),
        )
    )
    seed = s.thing(
        f"{plant} seed: small, striped, black"
        if plant not in ("pea", "cherry")
        else {"pea": "pea: small, wrinkled", "cherry": "cherry stone: smooth, small"}[plant]
    )
    s.at(garden, hero, giver)
    s.world.lay(seed, giver)
    opening(s, hero)
    s.tell(s.do("give", giver, seed, hero, how=f"""
        in April {giver} [give] {hero:him} {seed:a}
        one spring day {giver} [put] {seed:a} into {hero:s} hand
        for {hero:his} birthday {hero} [get] {seed:a} from {giver}"""))
    s.say(giver, """
        It needs earth, water and time.
        Water it every evening, and then wait.
        The waiting is the hardest part.
        Everything is already in there.""")
    s.tell(s.do("put", hero, seed, Spot("in the earth", garden), how=f"""
        {hero} [make] a hole with one finger, [put] {seed:the} in and [cover] it
        {hero} [lay] {seed:the} in a bed of soft earth and [say] good night to it"""))
    problems = {"forgetful": "dry", "impatient": "waiting dry"}.get(hero.trait, "dry snail waiting wind").split()
    problem = s.pick(problems)
    if problem == "dry":
        s.so(
            f"there was a fair in town\nthe summer was full of games\n{hero} [find] a new friend",
            s.do("forget", hero, seed, how=f"{hero} [forget] to water it"),
            "so|and|and so",
        )
        s.tell("""
            the leaves hung down like wet paper
            the little plant turned yellow
            where there had been a green leaf, there was a brown one""")
        s.so("the earth was as hard as stone", s.feel(hero, "sorry"), "because|so|and")
        s.tell(f"""
            {hero} [carry] water every morning and every evening now and even [talk] to it a little
            from that day {hero} [not miss] a single evening""")
    elif problem == "snail":
        s.tell("""
            two green leaves came out, and the next morning there was only half of one
            one morning the first leaves were full of holes""")
        s.so(
            "snails had been there\na snail had left its silver trail",
            s.do("build", hero, how=f"{hero} [lay] a ring of (ash|sand|eggshells) around the plant"),
            "so|because",
        )
        s.tell("the snails came, looked at it and went elsewhere\nno snail wanted to cross that")
    elif problem == "waiting":
        s.tell("""
            nothing happened for three days, and nothing happened for a week
            every morning there was only brown earth""")
        s.say(hero, "It is dead. I will dig it up.\nWhen does it begin?\nI do not believe in it any more.")
        s.but(
            f"{hero} already [have] the spade in {hero:his} hand",
            s.do("stop", giver, how=f"{giver} [hold] {hero:his} arm and [say] that seeds cannot be hurried"),
            "but",
        )
        s.tell("""
            on the tenth day a green thread pushed up through the earth
            the next morning there was a crack in the earth, and in the crack something green""")
    else:
        s.so(
            "a storm came in June\nthe wind blew for two days",
            "the young stem bent down to the ground\nthe young plant lay flat on the earth",
            "and",
        )
        s.tell(s.do("help", giver, hero, how=f"together {s.both(hero, giver)} [tie] it to a stick with soft wool"))
    s.tell(f"""
        by August the plant {result}
        at the end of the summer the plant {result}
        by September the plant {result}""")
    why = (f"{hero} had not let it die" if problem == "dry" else f"{hero} had looked after it so well\n{hero} had learnt to wait")
    s.so(why, s.feel(hero, "proud"), "because|so")
    s.aside(f"""
        {hero} [keep] the best seeds in an envelope for the next year
        and what did {hero:name} give {giver} for {giver:his} birthday? A small bag of seeds""")


def will_it_float(s: Stage) -> None:
    """Something is built, fails for a reason that can be found, and is built again."""
    hero = s.child("stubborn clever impatient patient")
    helper = s.child("thoughtful careful clever", of=hero, relation=s.pick(("friend", "sibling", "cousin", "neighbour")), unlike=hero)
    water = s.setting.water
    what, cause, effect, repair = s.pick(
        (
            (
                "raft",
                f"{hero} had tied the knots too loosely",
                "[fall] apart in the middle of the water",
                "tied every knot twice and pulled it tight with all their weight",
            ),
            ("bridge", f"{hero} had used thin branches", "[break] at the third step", "laid three thick planks and put stones on both ends"),
            ("boat", "there was a crack in the bottom", "[fill] with water and [sink]", "filled the crack with wax and moss"),
            ("water wheel", "the paddles were all on one side", "[turn] half round and [stop]", "moved every second paddle to the other side"),
            ("dam", "there was only sand and no stones in it", "[break] with a gurgle", "put big stones below and clay between them"),
            ("sailing boat", "the mast stood too far back", "[turn] round and round", "moved the mast forward by the length of a hand"),
        )
    )
    craft = s.thing(f"{what}: small, proud, fine, little")
    s.at(water, hero, helper)
    opening(s, hero)
    s.tell(s.do("make", hero, craft, how=f"""
        {some_day(s)} {hero} [build] {craft:a} out of (old planks|driftwood|boxes|whatever lay about) {water:in}"""))
    s.world.position[craft] = Spot("at the water's edge", water)
    s.say(helper, "Will it hold?\nHave you tested it?\nAre you sure about it?\nDid you think of the wind?")
    s.say(hero, "Of course it will!\nIt is perfect.\nI have thought of everything.\nNothing can go wrong.")
    fault = s.fact(cause)
    fail = s.do("break", hero, craft, how=f"""
        {craft:the} {effect}
        but at the first try {craft:the} {effect}""")
    s.link(fault, fail)
    s.tell(fail)
    if what in ("raft", "bridge"):
        s.tell(s.do("wet", hero, how=f"""
            {hero} [come] out of the water with weed in {hero:his} hair
            {hero} [stand] in the water up to {hero:his} belt"""))
    s.tell(s.feel(hero, "angry", f"""
        {hero} [want] to kick {craft:the} into little pieces
        {hero} [be] angry with the wood, the water and the whole world
        {hero} [throw] {hero:his} cap on the ground"""))
    s.say(helper, """
        Do not be angry with it. Let us see why.
        It is telling you something. Look.
        Every mistake has a reason. Where is it?
        Now we know how it does not work.""")
    s.reveal(
        fault,
        s.pick(
            (
                "they looked at it closely, and then they saw it: {}",
                "they turned it over and over until they had found the reason: {}",
                "it was not hard to find: {}",
            )
        ),
    )
    pair = s.both(hero, helper)
    s.tell(s.do("mend", pair, craft, how=f"""
        together {pair} {repair}
        {pair} {repair}, and that took until evening"""))
    s.so(
        {"water wheel": "this time it turned", "sailing boat": "now it sailed as straight as a ruler"}.get(what, "this time it held"),
        s.feel(hero, "proud", f"{hero} [dance] on the bank for joy\n{hero} [be] very proud"),
        "and",
    )
    s.aside(f"""
        "Now I really have thought of everything," [say] {hero:speaker}, "because we thought of it together."
        {hero} [paint] a name on it: The Second Try""", 0.6)
