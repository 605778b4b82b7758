"""Plots about what somebody believes, rightly or wrongly, and how they come to know better."""

# Prose, laid out by hand: one way to say it a line.
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from ..entities import Spot
from ..scenes import opening, some_day
from ..stage import Stage

__all__ = ["moved_box", "signpost", "surprise_party"]


def moved_box(s: Stage) -> None:
    """One puts a thing away and leaves; another moves it for a good reason; where will the first one look?"""
    hero = s.child("careful patient quiet helpful")
    other = s.child("helpful careful lively thoughtful", of=hero, relation=s.pick(("sibling", "cousin", "friend")), unlike=hero)
    room, outside = s.room(s.pick(("in kitchen", "in bedroom", "in playroom", "in workshop"))), s.room("in yard")
    kinds, first, second, reason = s.pick(
        (
            ("toy treasure book", "in the blue box", "in the basket", "the box was wet inside"),
            ("toy book", "under the bed", "in the drawer", "the dog liked to sleep under the bed"),
            ("toy book", "under the blanket", "on the shelf", "somebody might have sat on it"),
            ("book snack", "on the bench", "in the cupboard", "the sun was burning on the bench"),
            ("snack treasure", "in the red tin", "behind the curtain", "the tin was full of ants"),
            ("toy book snack", "on the windowsill", "in the wooden chest", "it had begun to rain and the window was open"),
            ("treasure", "in the cap", "in the flowerpot", "somebody was coming to fetch the cap"),
            ("toy book snack", "on the chair", "in the wardrobe", "the cat was about to jump on the chair"),
            ("toy treasure", "behind the stove", "on the windowsill", "the stove was getting hot"),
            ("snack treasure", "in the cup", "in the jug", "somebody needed the cup for tea"),
            ("toy book treasure", "on the rug", "on top of the piano", "the rug had to be beaten"),
            ("snack", "on the blue plate", "under the glass cover", "there were wasps about"),
        )
    )
    thing = s.thing(s.pick(kinds.split()), owner=hero)
    s.at(room, hero, other)
    s.world.lay(thing, hero)
    opening(s, hero)
    pair = s.both(hero, other)
    s.tell(f"""
        {some_day(s)} {pair} were (playing|sitting) {room:in}
        {some_day(s)} {pair} were {room:in} together
        it was raining {some_day(s)}, and {pair} (sat|stayed) {room:in}""")
    s.tell(s.do("put", hero, thing, Spot(first, room), how=f"""
        {hero} [put] {thing} {first} and [go] out to (feed the hens|fetch water|wash {hero:his} hands|see who was at the gate)
        before {hero:he} [go] out to (pick parsley|call the dog|look at the sky), {hero} [put] {thing} {first}"""))
    s.do("go", hero, outside)
    s.so(reason, s.do("shift", other, thing, Spot(second, room), how=f"""
        {other} [take] {thing:the} and [put] it {second}
        {other} [move] {thing:the} and [lay] it {second}"""))
    s.aside(f"""
        then {other} [begin] to (read|sing|sweep the floor) and [think] no more of it
        of course {hero} could not know that""")
    where = s.world.belief[hero, thing]
    assert isinstance(where, Spot)
    s.do("go", hero, room)
    if s.chance(0.6):
        s.so(f"{hero} [come] back and [look] {where.phrase}", "there was nothing there\nit was gone\nthe place was empty", "and")
    else:
        s.tell(f"""
            when {hero} [come] back, {hero:he} [look] {where.phrase}, because there {hero:he} had put it, and [find] nothing
            {hero} [come] back, [look] {where.phrase} and [find] nothing""")
    s.tell(s.feel(hero, s.pick(("surprised", "worried"))))
    s.say(hero, f"""
        Where is it? I put it {where.phrase}!
        Somebody has taken my {thing.noun}!
        I know that I left it {where.phrase}.
        It cannot have walked away!""")
    s.say(other, f"""
        It is {second}. I moved it because {reason}.
        Look {second}! I put it there because {reason}.
        You could not know. I moved it because {reason}.""")
    s.tell(s.do("find", hero, thing, how=f"""
        and there it was, {second}
        {hero} [look] {second}, and there it was"""))
    s.do("take", hero, thing)
    s.so(f"nobody had stolen anything\n{other} had meant well", s.feel(hero, "relieved"), "so|because")
    s.aside(f"""
        "Next time I will tell you," [say] {other:speaker}.
        after that they left each other little notes""")


def surprise_party(s: Stage) -> None:
    """Everybody behaves strangely; the sad explanation is wrong and the happy one right."""
    hero = s.child("quiet shy thoughtful lonely")
    friend = s.child(of=hero, relation=s.pick(("friend", "sibling", "cousin")), unlike=hero)
    elder = s.relative(hero, "mother father grandmother grandfather aunt uncle")
    home, place = s.room("in house"), s.setting.path
    s.at(home, elder)
    s.at(place, hero, friend)
    opening(s, hero)
    s.tell(f"""
        it was {hero:s} birthday, but nobody said a word about it
        on the morning of {hero:his} birthday {hero} [wait] for somebody to say something, but nobody did
        it was a special day, for {hero} had a birthday, but breakfast was like every breakfast""")
    s.tell(f"""
        {elder} [go] out very early without saying where
        {elder} [hide] something behind {elder:his} back and [whistle]
        {elder} only [ask] whether it would rain
        {elder} [be] on the telephone and [stop] talking when {hero:he} came in""")
    s.but(f"{hero} [ask] {friend} to play", s.do("refuse", friend, how=f"""
        {friend} [have] no time and [run] off
        {friend} [say] something about a dentist and [go] away
        {friend} [look] at the ground and [shake] {friend:his} head"""), "but")
    s.so(f"""
        {hero} [believe] that they had all forgotten {hero:him}
        {hero} [think] that nobody remembered what day it was""", s.feel(hero, s.pick(("sad", "lonely"))), "so|because|and so")
    s.aside(f"""
        all afternoon {hero} [walk] up and down {place} and [kick] a stone
        {hero} [sit] under a tree and [count] the people who went by
        {hero} [tell] the cat, but the cat only yawned""")
    s.tell(s.do("go", hero, home, how=f"""
        when it got dark, {hero} [go] home; the windows were black
        at last {hero} [go] home and [open] the door to a dark room
        in the evening {hero} [go] home, slowly, because there was nothing to look forward to"""))
    s.do("go", friend, home)
    crowd = s.both(elder, friend)
    if s.chance(0.5):
        s.say(crowd, "Surprise!\nHappy birthday!", tag="shout")
        s.tell("there were (paper lanterns|garlands|balloons) everywhere and (a cake with candles|a mountain of pancakes|a big bowl of sweets)")
    else:
        s.tell("""
            suddenly there was light, and twenty voices began to sing
            then all the lamps came on at once""")
        s.tell(
            f"there were (paper lanterns|garlands|balloons) everywhere, and behind a (cake with candles|mountain of pancakes|table full of sweets) stood {crowd:name}"
        )
    s.so("they had been busy with the party the whole day\nthey had kept the secret for a week", f"nobody had had time for {hero}", "so|because")
    s.so("nobody had forgotten anything", s.feel(hero, "happy", f"""
        {hero} [laugh] and [cry] at the same time
        {hero} [be] so happy that {hero:he} could not speak
        {hero} [be] the happiest child {s.setting.folk}"""), "and")


def signpost(s: Stage) -> None:
    """A sign points the wrong way for a reason; somebody thinks before walking on."""
    s.set_in("village farm mountains river seaside island")
    hero = s.child("thoughtful clever stubborn careful")
    other = s.child("impatient proud lively", of=hero, relation=s.pick(("friend", "cousin", "sibling")), unlike=hero)
    start, goal = (s.room("at crossroads"), s.room(s.pick(("in next village", "at old mill", "at station", "by waterfall", "at lighthouse"))))
    parcel = s.thing("parcel: small, brown; letter: thick; basket: covered; cheese: round; medicine bottle: little; clock: mended")
    s.at(start, hero, other)
    s.world.lay(parcel, hero)
    opening(s, hero)
    pair = s.both(hero, other)
    s.tell(f"""
        {some_day(s)} {pair} had to bring {parcel:a} to {goal}
        {some_day(s)} {pair} were on their way to {goal} with {parcel:a}
        {some_day(s)} {pair} [set] out for {goal} to deliver {parcel:a}""")
    s.tell(f"""
        at the crossroads stood a signpost, and it pointed to the left, into the {s.setting.woods.name}
        at the crossroads they looked at the signpost, which said: left
        where the roads met, there was a signpost, and its arm pointed to the left""")
    s.say(other, "Left! Come on.\nThat is clear. We go left.\nWhat are you waiting for? Left!")
    s.so("""
        the post stood at an angle
        there was fresh earth around the post
        the grass around the post was torn""", s.do("stop", hero, how=f"""
            {hero} [stop] and [look] at it more closely
            {hero} [not move]
            {hero} [walk] around it twice"""), "so|because|and so")
    s.say(hero, """
        There was a storm last night. It may have turned the sign.
        A sign can be wrong. Somebody may have knocked it round.
        Wait. What if the wind has turned it?""")
    if s.chance(0.55):
        own = "farm" if s.setting.name == "farm" else "village"
        s.tell(f"""
            {hero} [turn] the post until the arm with the name of their own {own} pointed back to where they had come from
            {hero} [remember] that the sun had been behind them all morning, and so it must be now
            {hero} [look] at the sun, [think] and [point] the other way""")
        s.aside("now all the other arms were right too\nso the way led to the right", 0.4)
        s.tell(s.do("go", pair, goal, how=f"""
            by noon {pair} [be] at the right door
            an hour later {pair} [see] the first (roof|chimney|smoke) in front of them"""))
        s.so(f"{hero} had thought before walking", s.feel(other, "surprised", f"""
            {other} [shake] {other:his} head in wonder
            {other} [be] impressed"""), "so|because")
    else:
        split = s.do("go", other, s.setting.woods, how=f"""
            {other} [not want] to listen and [march] off to the left
            {other} [laugh] and [go] to the left alone""")
        s.tell(split)
        s.tell(s.do("go", hero, goal, how=f"{hero} [take] the road to the right and [be] there by noon"))
        late = s.do("go", other, goal, how=f"""
            in the evening {other} arrived too, with torn sleeves and full of thorns
            it was dark when {other} arrived at last, with mud up to {other:his} knees""")
        s.link(split, late)
        s.tell(late)
        s.say(other, """
            Next time I will stop and think too.
            You were right, and I was only fast.
            The sign lied to me!""")
    s.aside("""
        the storm had turned the sign, and the next day they set it straight with a big stone
        on the way back they set the sign straight, so that nobody else would lose the way""", 0.7)
