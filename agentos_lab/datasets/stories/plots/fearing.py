"""Plots about fear, and how one gets past it: by looking, by a friend's hand, by a little practice."""

# Prose, laid out by hand: one way to say it a line.
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from ..entities import Spot
from ..scenes import opening, some_day
from ..stage import Stage

__all__ = ["first_swim", "into_the_cellar", "noise_in_the_night", "on_stage"]


def noise_in_the_night(s: Stage) -> None:
    """A noise is taken for something terrible; looking shows what made it."""
    hero = s.child("timid curious lively thoughtful")
    other = (s.child(of=hero, relation="sibling") if s.chance(0.6) else s.relative(hero, "grandmother grandfather father aunt"))
    bedroom, place = (s.room("in bedroom"), s.room(s.pick(("in attic", "in kitchen", "on balcony", "in hall", "in yard"))))
    s.at(bedroom, hero, other)
    source, noise = s.pick(
        (
            (s.animal("owl", "white, young"), "a long, sad cry"),
            (s.animal("cat", "thin, grey"), "a scratching and a thump"),
            (s.animal("hedgehog", "fat, little"), "snorting and rustling"),
            (s.animal("mouse", "tiny, brown"), "a small, dry nibbling"),
            (s.animal("frog", "fat, green"), "a wet slapping"),
            (None, "a slow tapping"),
            (None, "a creaking and a bang"),
            (None, "a drip, drip, drip"),
        )
    )
    opening(s, hero)
    s.tell(f"""
        one (stormy|dark|quiet|moonless) night {hero} [wake] up and [hear] {noise} from {place}
        in the middle of the night {noise} from {place} [wake] {hero}
        (at midnight|long after bedtime), when everybody was asleep, {hero} [hear] {noise} from {place}""")
    monster = s.pick(("a ghost", "a robber", "a monster", "a wolf", "a witch", "a bear", "a giant"))
    s.so(f"""
        {hero} [think] that it was {monster}
        {hero} [be] sure that {monster} had come
        {hero} had just read a story about {monster}""", s.feel(hero, "afraid", "" if s.chance(0.4) else f"""
            {hero} [pull] the blanket over {hero:his} head
            {hero} [not dare] to breathe
            {hero} [lie] as still as a stone"""), "so|because|and so")
    s.say(hero, """
        Wake up! Something is out there.
        Do you hear that?
        Listen! What is that?
        Are you asleep? There is a noise.""", s.pick(("in a whisper", "softly")))
    s.say(other, """
        Let us go and look.
        Come, we will look together.
        There is only one way to find out.
        A noise is only a noise until you have seen it.""")
    pair = s.both(hero, other)
    s.tell(s.do("go", pair, place, how=f"""
        (with a candle|with a torch|holding hands|on tiptoe) {pair} [creep] to {place}
        {pair} [take] a (lamp|broom|rolling pin) and [go] to {place}"""))
    if source:
        s.at(place, source)
        s.tell(s.do("meet", hero, source, how=f"""
            and there sat {source}, (just as frightened as they were|blinking in the light|looking for its supper)
            something moved: it was {source}, and it (looked at them|sat up|stopped) in surprise"""))
        s.aside(f"so that was {monster}!\nno monster had ever been smaller", 0.6)
    else:
        truth = {
            "a slow tapping": "a branch that the wind was knocking against the window",
            "a creaking and a bang": "the (shutter|door), which somebody had forgotten to close",
            "a drip, drip, drip": "the tap, which nobody had turned off",
        }[noise]
        s.tell(f"and what was it? It was {truth}\nit was only {truth}")
    s.so(f"{hero} [know] now what it was\nthere was nothing to be afraid of", s.feel(hero, "relieved", f"""
        {hero} [laugh] out loud
        {hero} [begin] to laugh
        {hero} [be] (very|) relieved"""))
    s.tell(f"""
        they drank warm milk, and soon {hero} [be] fast asleep
        since then {hero:he} always goes and looks when something makes a noise
        "The things that we do not see are the worst," [say] {other:speaker}.
        after that night {hero} was the one who always went first""")


def into_the_cellar(s: Stage) -> None:
    """Something is needed from a dark place; a light, a song or a hand makes it possible."""
    hero = s.child("timid shy quiet stubborn")
    asker = s.relative(hero, "mother father grandmother grandfather uncle")
    kitchen, cellar = s.room("in kitchen"), s.room(s.pick(("in cellar", "in attic", "in barn")))
    wanted = s.thing(
        "~honey: golden; +onions: red; +potatoes: old, brown; jar of plums: big; ~flour: white; +candles: long; +walnuts: dry; ~cheese: yellow"
    )
    s.at(kitchen, hero, asker)
    s.world.lay(wanted, Spot(s.pick(("on the top shelf", "in the far corner", "behind the barrels")), cellar))
    opening(s, hero)
    s.tell(f"""
        {some_day(s)} {asker} [ask] {hero} to fetch {wanted:a} from {cellar}
        {some_day(s)} {asker} [need] {wanted:a} from {cellar} and [send] {hero}
        {some_day(s)} guests were coming, and {hero} had to fetch {wanted:a} from {cellar} for {asker}""")
    s.so("""
        it was pitch dark there
        the lamp there was broken
        the steps creaked like an old ship
        there were cobwebs as big as sails""", s.feel(hero, "afraid"))
    s.tell(f"""
        {hero} [put] one foot over the threshold and [pull] it back
        {hero:s} heart beat like a drum
        {hero} [get] as far as the door, and no further
        {hero} [go] three steps and [run] back again""")
    way = s.pick(("lamp", "song", "hand", "count"))
    if way == "lamp":
        lamp = s.thing("lamp: little, oil; lantern: paper, tin; torch: small", owner=asker)
        s.world.lay(lamp, asker)
        s.say(asker, """
            Take a light with you. Then the dark is only a room.
            The dark cannot stand a light.
            Here, this will help.""")
        s.tell(s.do("give", asker, lamp, hero))
        s.tell(f"""
            in the light {hero} [see] shelves, a spider and an old bicycle, and nothing else
            the light fell on jars, boots and boxes, and they were only jars, boots and boxes""")
    elif way == "song":
        s.say(asker, """
            Sing, and the dark will listen.
            I always sang when I was afraid.
            Sing a song on the way.""")
        s.tell(f"so {hero} [sing] at the top of {hero:his} voice, and with every verse {hero:he} [go] one step further")
    elif way == "hand":
        other = s.child(of=hero, relation="sibling", unlike=hero)
        s.at(kitchen, other)
        s.say(other, "I will come with you.\nTwo are braver than one.\nGive me your hand.")
        s.do("go", other, cellar)
        s.tell(f"{hero} [take] {other:s} hand, and with two pairs of eyes the dark was only half as dark")
    else:
        s.say(asker, """
            Count your steps. There are only twelve.
            How many steps are there? Count them for me.""")
        s.tell(f"{hero} [count] the steps, and because {hero:he} had to think of the numbers, there was no room for fear")
    s.do("go", hero, cellar)
    s.do("take", hero, wanted)
    s.do("go", hero, kitchen)
    s.tell(s.do("give", hero, wanted, asker, how=f"""
        a moment later {hero} [be] back and [give] {wanted:the} to {asker}
        out of breath, but proud, {hero} [bring] {wanted:the} to {asker}
        soon {hero} [stand] in the kitchen again and [hand] {wanted:the} to {asker}"""))
    s.so(f"{hero} had gone although {hero:he} was afraid", s.feel(asker, "proud", f"""
        {asker} was proud of {hero:him}
        {asker} [call] {hero:him} a brave {hero.noun}"""), "so|because|and so")
    s.aside(f"""
        the next time {hero} [not need] any help
        since that day the dark and {hero} have been good neighbours""")


def first_swim(s: Stage) -> None:
    """Learning something that needs courage: one attempt fails, the next is smaller, the last succeeds."""
    hero = s.child("timid proud stubborn patient")
    teacher = s.relative(hero, "aunt uncle grandfather mother father")
    water = s.room("by lake") if s.setting.water.name in ("canal", "harbour", "oasis") else s.setting.water
    s.at(water, hero, teacher)
    opening(s, hero)
    s.tell(f"""
        all the other children could swim, but {hero} could not
        {hero} was the only one in the class who could not swim
        in summer everybody went into the water, only {hero} [stay] on the bank""")
    s.so(
        f"a wave had once knocked {hero} over\n{hero} had fallen in when {hero:he} was small",
        s.feel(hero, "afraid", f"{hero} [be] afraid of deep water"),
    )
    s.tell(f"{some_day(s, 'warm hot sunny bright')} {teacher} [take] {hero} to {water}")
    if hero.trait in ("proud", "stubborn"):
        s.tell(f"""
            {hero} [jump] straight in to show that it was easy, [sink] and [come] up coughing
            {hero} [not listen] to advice, [jump] in and [go] down like a stone""")
    else:
        s.tell(f"""
            {hero} [put] one toe in and [pull] it out again
            {hero} [stand] on the bank for half an hour and [shiver]""")
    s.say(teacher, """
        Begin where you can stand.
        First lie on your back and look at the sky. I will hold you.
        The water will carry you if you let it.
        Slowly. Today we only blow bubbles.""")
    s.tell(f"""
        first {hero} [learn] to (blow bubbles|float on {hero:his} back), then to kick with {hero:his} legs, and then to do both
        they began with (bubbles|floating), then came the legs, and last of all the arms""")
    s.tell(f"""
        {teacher} [hold] {hero:him} with two hands, then with one, then with a single finger
        every day {teacher} [let] go a little earlier""")
    s.tell(f"""
        on the (fourth|fifth|sixth) day {hero} [notice] that nobody was holding {hero:him} any more
        and then {hero} [swim] three strokes alone, and then ten
        one evening {hero} [swim] from one post to the next without touching the ground""")
    s.say(hero, "I am swimming! Look!\nLook, no hands!\nIt carries me!\nDid you see that?")
    s.so(f"{hero} had practised every day\n{hero} had not given up", s.feel(hero, "proud"), "so|because")
    s.aside(f"""
        in the evening {hero} [be] as wrinkled as a raisin and as happy as a fish
        now it is hard to get {hero:him} out of the water""", 0.4)


def on_stage(s: Stage) -> None:
    """Stage fright, a forgotten line, and a friend who whispers."""
    hero = s.child("shy quiet timid proud")
    friend = s.child("thoughtful cheerful", of=hero, relation="friend", unlike=hero)
    elder = s.relative(hero, "mother father grandmother grandfather")
    hall = s.room(s.pick(("in school hall", "in town hall", "in theatre")))
    s.at(hall, hero, friend, elder)
    opening(s, hero)
    role, line = s.pick(
        (
            ("the moon", "I have seen it all from above"),
            ("a wise old fox", "Follow the river, not the road"),
            ("the king of the bees", "Without flowers there is no honey"),
            ("a talking tree", "Sit down in my shade"),
            ("the north wind", "Open the door, for I am cold too"),
            ("a pirate", "The treasure is under your feet"),
            ("a snail", "Who is slow sees more"),
            ("the last dragon", "Nobody has asked me how I feel"),
            ("a clock", "It is later than you think"),
        )
    )
    s.tell(f"""
        in the school play {hero} had to be {role} and [have] only one line
        the class was putting on a play, and {hero} was to be {role}
        for the summer feast the children learnt a play, in which {hero} was {role}""")
    s.tell(f"""
        every evening {hero} [practise] in front of the mirror: "{line}."
        {hero} [say] it to the cat, to the soup and to the moon: "{line}."
        {hero} [have] to say: "{line}." """)
    s.tell("""
        then came the evening of the play, and the hall was full
        on the evening of the play every chair was taken""")
    s.so("""
        so many eyes were looking up
        the light was so bright
        somebody in the first row coughed
        the hall was so big""", s.do("forget", hero, how=f"{hero} [forget] every word\n{hero:s} head was suddenly empty"), "so|and|because")
    s.aside(f"""
        one second went by, then another
        it was so quiet that one could hear the clock
        {hero} [open] {hero:his} mouth, but nothing came out""")
    s.say(friend, f"{' '.join(line.split()[:2])} ...", s.pick(("from behind the curtain", "from the side")), tag="whisper")
    s.tell(s.do("remember", hero, how=f"""
        then {hero} [remember] and [say] in a clear voice: "{line}!"
        that was enough, and {hero} [call] out: "{line}!" """))
    s.tell(f"""
        the people clapped, and loudest of all clapped {elder}
        {elder} [clap] until {elder:his} hands were red""")
    s.so(s.do("help", friend, hero, how=f"{friend} had helped in time"), s.feel(hero, "grateful", f"""
        {hero} [hug] {friend} behind the stage
        {hero} [give] half of the flowers to {friend}"""), "so|because")
    s.aside(f"""
        "We said it together," [say] {hero:speaker}.
        next year {hero:he} wants two lines""")
