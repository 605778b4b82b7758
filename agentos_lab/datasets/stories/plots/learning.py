"""Plots about learning by trying, by failing, and now and then by listening."""

# Prose, laid out by hand: one way to say it a line.
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from ..english import article
from ..scenes import opening, some_day
from ..stage import Stage

__all__ = ["again_and_again", "slow_and_steady", "told_you_so"]


def again_and_again(s: Stage) -> None:
    """A skill comes by practice: fall, find out why, try again."""
    hero = s.child("impatient stubborn patient proud timid")
    teacher = (
        s.relative(hero, "grandfather grandmother aunt uncle father mother")
        if s.chance(0.5)
        else s.child(of=hero, relation="cousin", unlike=hero)
    )
    skill, trouble, advice, tool = s.pick(
        (
            ("ride a bicycle", "{0} [fall] into a hedge", "Look ahead, not at your feet", "bicycle: red, old, blue"),
            ("walk on stilts", "{0} [fall] into the flower bed", "Small steps, and do not stand still", "+stilts: wooden, long"),
            ("whistle with two fingers", "nothing came out but air", "Fold your tongue back and blow softly", ""),
            ("juggle", "the apples rolled under the cupboard", "Begin with two and throw them high", ""),
            ("play the violin", "it sounded like a cat in a bag", "Hold the bow as if it were a little bird", "violin: small, brown"),
            ("play the trumpet", "it sounded like a cow with a cold", "Do not blow harder, blow longer", "trumpet: shiny, old"),
            ("tie a fisher's knot", "the rope came open again and again", "Over, under, round, and then through", "rope: thin, long"),
            ("row a boat", "the boat turned in circles", "Both arms together, and look where you came from", "boat: little, green"),
            ("draw a horse", "it looked like a dog with a long face", "Draw what you see, not what you think", ""),
            ("fly a kite", "the kite fell on {0:his} head", "Wait for the wind, and then run towards it", "kite: paper, yellow"),
            ("stand on {0:his} head", "{0} [fall] over like a sack of flour", "Make a triangle with your hands and your head", ""),
            ("make dumplings", "they fell apart in the water", "Pinch the edges as if you were closing a purse", ""),
        )
    )
    skill = skill.format(hero)
    place = s.setting.water if skill == "row a boat" else s.room("in yard")
    s.at(place, hero, teacher)
    opening(s, hero)
    if tool:
        thing = s.thing(tool, owner=hero)
        s.world.lay(thing, hero)
        s.tell(f"""
            {hero} had got {thing:a} for {hero:his} birthday, but {hero:he} could not {skill} yet
            in the shed {hero} [find] {thing:a}; now {hero:he} only [have] to learn to {skill}""")
    else:
        s.tell(f"""
            more than anything in the world {hero} [want] to learn to {skill}
            {hero} [dream] of being able to {skill}
            {hero:s} greatest wish was to {skill}""")
    s.tell(f"{some_day(s)} {hero} [try] it for the first time\n{some_day(s)} {hero} [begin]")
    s.tell(s.fact(trouble.format(hero)))
    s.so(
        "it had looked so easy\nall the others could do it\nit was the tenth time that day",
        s.feel(hero, s.pick(("angry", "disappointed"))),
        "so|because|and so",
    )
    s.say(hero, "I will never learn it.\nI am too clumsy for this.\nI give up.\nWhy does it not work?")
    s.say(teacher, f"""
        {advice}.
        Try it like this. {advice}.
        It took me a whole summer. {advice}.
        Once more. {advice}.""")
    s.tell(f"""
        {hero} [try] it ten times, and then ten times more
        every afternoon {hero} [practise] for half an hour, even when it rained
        {hero} [practise] in the morning, and {hero:he} [practise] in the evening""")
    s.aside("""
        on the second day it went a little better, on the third a little worse, and on the fourth much better
        some days it went well and some days it did not
        then, when nobody was looking, it worked""", 0.7)
    s.so(f"{hero} had not given up\n{hero} had listened and practised", f"after (two|three) weeks {hero} could {skill}", "because|so")
    s.tell(s.feel(hero, s.pick(("proud", "happy"))))
    s.aside(f"""
        then {hero:s} little cousin wanted to learn it too
        "Was it hard?" asked a little boy. "Only the first hundred times," [say] {hero:speaker}.""", 0.3)


def slow_and_steady(s: Stage) -> None:
    """The fast one is sure to win, and stops for a reason; the slow one does not stop."""
    fast = s.child("proud impatient lively")
    slow = s.child("patient quiet stubborn careful", unlike=fast)
    place, goal = s.setting.play, s.pick((s.setting.high, s.setting.water))
    judge = s.adult(s.pick(("teacher", "baker", "mayor")))
    s.at(place, fast, slow)
    s.at(goal, judge)
    opening(s, fast)
    s.tell(f"""
        {fast} could run faster than anybody else and [tell] everybody so
        nobody could run as fast, and {fast} [not let] anybody forget it
        {fast} had won every race since {fast:he} was four""")
    race = s.pick(("race", "sack race", "race with full buckets", "egg and spoon race", "barrow race"))
    a_race = f"{article(race)} {race}"
    s.tell(f"""
        at the summer feast there was {a_race} to {goal}, and {slow} was the last to sign up
        {some_day(s)} there was {a_race} to {goal}, and next to {fast} stood {slow}""")
    s.say(fast, """
        You? You run like a snail!
        I could win on one leg.
        I will have a nap at the finish until you come.
        Do not be sad when you lose.""")
    s.tell(f"""
        {slow} [say] nothing and [tie] {slow:his} shoes twice
        {slow} only [smile]
        {slow} [look] at the ground and [breathe] deeply""")
    s.tell(f"""
        {fast} was soon so far ahead that {fast:he} could not see anybody behind {fast:him}
        after the first bend {fast} was far in front
        {fast} [shoot] off like an arrow, and the dust flew""")
    stop = s.do("stop", fast, how=f"""
        {fast} [stop] to (drink lemonade|pick blackberries|wave to the people|show off a somersault|talk to a friend)""")
    s.so(f"{fast} was sure of winning\nthere was so much time left", stop, "so|because|and so")
    s.tell(f"""
        {slow} [not stop], not even when a stitch came in {slow:his} side
        meanwhile {slow} [go] on and on, always at the same speed
        step by step, breath by breath, {slow} [come] nearer""")
    s.do("go", slow, goal)
    win = s.do("win", slow, how=f"""
        when {fast:name} looked up again, {slow:name} had already touched the rope
        {slow:name} [pass] without a word and [reach] the goal first
        {fast:name} [begin] to run again, but {slow:name} [be] first by a nose""")
    s.link(stop, win)
    s.tell(win)
    s.do("go", fast, goal)
    reaction = (s.feel(fast, "surprised") if s.chance(0.5) else s.feel(fast, "angry", f"{fast} [be] angry, mostly with {fast:himself}"))
    s.so(f"{slow} had not stopped once", reaction, "so|and so")
    if s.chance(0.6):
        s.tell(f"""
            but then {fast} [go] over and [shake] {slow:s} hand
            it took a while, but then {fast} [go] over to {slow}""")
        s.say(fast, """
            You won, and you won fairly.
            I was faster, but you were better.
            Next time I will not stop!""")
    else:
        s.tell(f"{judge} [hang] the medal around {slow:s} neck, and everybody clapped, even {fast:name} in the end")


def told_you_so(s: Stage) -> None:
    """A warning, curiosity, and a consequence that teaches more than the warning."""
    hero = s.child("curious impatient lively stubborn")
    elder = s.relative(hero, "grandmother grandfather mother father aunt uncle")
    thing, warning, deed, result, cure = s.pick(
        (
            (
                "the beehive",
                "The bees do not like visitors",
                "{0} [lift] the lid of the hive just a little",
                "a bee stung {0:him} on the nose",
                " and [put] half an onion on the sting",
            ),
            (
                "the stove",
                "It stays hot for a long time",
                "{0} [touch] the stove with one finger",
                "{0} [burn] {0:his} finger",
                " and [hold] the finger under cold water",
            ),
            (
                "the green plums",
                "They are not ripe yet",
                "{0} [eat] a whole capful of plums",
                "{0} [get] a terrible stomach ache",
                " and [make] a pot of camomile tea",
            ),
            (
                "the mousetrap",
                "It is quicker than you think",
                "{0} [poke] the trap with a spoon, and then with a finger",
                "it snapped shut on {0:his} finger",
                " and [open] the trap",
            ),
            (
                "the old branch",
                "It is rotten and will not hold you",
                "{0} [climb] out on the branch",
                "the branch broke, and {0} [fall] into the nettles",
                " and [rub] the red spots with cool leaves",
            ),
            (
                "the red peppers",
                "They are as hot as fire",
                "{0} [put] the smallest pepper into {0:his} mouth",
                "{0:his} mouth burnt like fire",
                " with bread and milk",
            ),
            (
                "the cactus",
                "It looks soft, but it is not",
                "{0} [stroke] the cactus like a cat",
                "{0} [have] forty tiny needles in {0:his} hand",
                ", [fetch] the tweezers and [pull] them out one by one",
            ),
            (
                "the sleeping goose",
                "Let it sleep. It has a temper",
                "{0} [tickle] the goose with a straw",
                "the goose [chase] {0:him} three times around the yard",
                " and [open] the kitchen door just in time",
            ),
            (
                "the crab",
                "It pinches",
                "{0} [hold] a finger in front of the crab",
                "the crab held on and would not let go",
                " and [put] crab and finger into a bucket of water",
            ),
            (
                "the glue pot",
                "That glue holds for ever",
                "{0} [dip] just one finger into the pot",
                "{0:his} finger stuck to the lid",
                " with warm oil and [work] it loose",
            ),
        )
    )
    place = s.room("in yard")
    s.at(place, hero, elder)
    opening(s, hero)
    s.tell(f"""
        {some_day(s)} {hero} was helping {elder} at home
        {some_day(s)} {hero} [help] {elder} in the yard
        {some_day(s)} {elder} had a lot to do, and {hero} [keep] {elder:him} company""")
    s.say(elder, f"""
        Keep away from {thing}. {warning}.
        Leave {thing} alone. {warning}.
        {warning}. So please, not {thing}!""")
    it = "them" if thing in ("the green plums", "the red peppers") else "it"
    s.tell(f"""
        {hero} [nod], but all morning {hero:he} [can] think of nothing but {thing}
        the more {hero} [try] not to think of {thing}, the more {hero:he} [think] of {it}
        {hero} [promise], and {hero:he} [keep] the promise for a whole hour""")
    act = s.do("try", hero, how=deed.format(hero))
    s.when(f"""
        {elder} [go] into the house
        {elder} [turn] {elder:his} back
        {elder} [begin] to talk to a neighbour""", act, "when|as soon as|when")
    outcome = s.do("hurt", hero, how=result.format(hero))
    s.link(act, outcome)
    s.tell(outcome)
    s.say(hero, "Ow! Ow! Ow!\nHelp! Come quickly!\nOh no, oh no!", tag=s.pick(("cry", "scream", "shout")))
    s.tell(s.do("help", elder, hero, how=f"{elder} [come] running{cure.format(hero)}"))
    s.tell(f"""
        {elder} [not say] "I told you so", although it would have been true
        {elder} [have] to bite {elder:his} lip not to smile
        {elder} [look] at {hero:him} for a while and [shake] {elder:his} head""")
    if s.chance(0.5):
        s.so(f"{hero} had not listened", s.feel(hero, "sorry"), "because|so")
    else:
        s.say(hero, "Now I believe you.\nWhy did I not listen?\nNext time I will ask first.")
    s.aside(f"and what did {elder} tell {hero:him} then? That {elder:he} had done just the same at that age", 0.3)
