"""Plots about what gets broken, and what comes after."""

# Prose, laid out by hand: one way to say it a line.
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from ..entities import Spot
from ..scenes import opening, some_day
from ..stage import Stage

__all__ = ["ball_through_the_window", "one_swing", "slippery_hands"]


def slippery_hands(s: Stage) -> None:
    """Something fragile breaks; whoever did it tells the truth or hides the pieces; it is mended or replaced."""
    hero = s.child("careless lively honest timid careful")
    owner = s.relative(hero, "mother father grandmother grandfather aunt")
    fragile = s.thing("fragile", owner=owner)
    room = s.room(s.pick(("in kitchen", "in living room", "in dining room")))
    s.at(room, hero)
    s.world.lay(fragile, Spot(s.pick(("on the table", "on the shelf", "on the windowsill")), room))
    opening(s, hero)
    s.tell(f"""
        in {room} stood {fragile:a}, which {owner} [love] more than anything else in the house
        {owner} had {fragile:a} that was older than the house
        {owner:s} {fragile:full} had come from far away, and nobody was allowed to touch it
        on feast days {owner} always [put] {fragile:a} in the middle of the table
        {owner} had got {fragile:a} as a wedding present and [dust] it every Sunday""")
    s.tell(f"""
        {some_day(s)} {hero} [want] to set the table
        {some_day(s)} {hero} was alone in {room}
        {some_day(s)} {hero} [help] with the dishes
        {some_day(s)} {hero} [want] to surprise everybody and clean up""")
    s.do("take", hero, fragile)
    if s.chance({"careless": 0.85, "lively": 0.85, "careful": 0.0}.get(hero.trait, 0.3)):
        cause = s.fact(f"""
            {hero} [run] in like the wind
            {hero} [dance] across the floor on one leg
            {hero} [try] to carry (four|five|six) things at once
            {hero} [play] (football|circus|horses) between the chairs
            {hero} [whirl] round like a top""")
    else:
        cause = s.fact(f"""
            {hero:s} hands were wet
            the cat [jump] between {hero:s} feet
            the floor was still wet and slippery
            a door [bang], and {hero} [turn] round
            a (bee|wasp) [fly] into {hero:s} face""")
    s.do("drop", hero, fragile, Spot("on the floor", room))
    s.so(cause, s.do("break", hero, fragile, how=f"""
        {fragile:the} [fall] to the floor and [break]
        {fragile:the} [slip] out of {hero:his} fingers and [break] into (three|five|seven) pieces"""), "so|and|and so")
    s.at(room, owner)
    if s.chance({"honest": 1.0, "timid": 0.25}.get(hero.trait, 0.55)):
        s.aside(f"""
            {hero} could have hidden the pieces, but {hero:he} [not want] to
            {hero} [stand] very still and [think] about what to do
            {hero} [kneel] down and [gather] the pieces in {hero:his} shirt""")
        s.say(hero, f"""
            I broke your {fragile.noun}. I am very sorry.
            It was my fault. Please forgive me.
            Please do not be angry. I broke the {fragile.noun}.
            Something terrible has happened. I dropped it.""", s.pick(("", "in a small voice", "bravely")))
        s.so(f"{hero} had told the truth", s.feel(owner, "relieved", f"""
            {owner} [not scold] {hero:him}
            {owner} [put] an arm around {hero:him}
            {owner} [swallow] the first angry word and [nod]"""))
    else:
        hidden = Spot(s.pick(("behind the stove", "under the sofa", "in a flowerpot", "in the coal box", "under the carpet")), room)
        s.so(s.feel(hero, "afraid"), s.do("hide", hero, fragile, hidden, how=f"{hero} [hide] the pieces {hidden.phrase}"))
        s.tell(f"""
            at supper {hero} [cannot eat] a bite
            all day {hero} [feel] as if {hero:he} had swallowed a stone
            in bed {hero} [turn] from one side to the other
            whenever somebody went near the place, {hero} [jump]""")
        s.tell(f"(at last|after two days|late in the evening) {hero} [go] to {owner} and [tell] {owner:him} everything")
        s.so(
            s.do("find", owner, fragile, how=f"{owner} had found the pieces long ago"),
            s.feel(owner, "sad", f"{owner} was only sad that {hero} had waited so long"),
            "and",
        )
        s.do("take", owner, fragile)
    if s.chance(0.6):
        pair = s.both(hero, owner)
        s.tell(s.do("mend", pair, fragile, how=f"""
            {pair} [mend] {fragile:the} together with (glue|resin and a brush)
            together {pair} [glue] {fragile:the}, piece by piece
            it took {pair} a whole evening to put {fragile:the} together again"""))
        s.aside("""
            if you look closely, you can still see the crack
            it was not as beautiful as before, but nobody minded
            since then it has had a golden line from top to bottom""")
    else:
        s.tell(f"""
            {hero} [save] {hero:his} pocket money until {hero:he} [can] buy a new one
            the next day {hero} [paint] a picture of {fragile:the} and [give] it to {owner}
            for a month {hero} [do] the dishes, and not one (spoon|glass|plate) was broken""")


def ball_through_the_window(s: Stage) -> None:
    """A window breaks in a game; one runs away, one rings the bell, and the damage is worked off."""
    hero = s.child("honest brave thoughtful")
    friend = s.child(of=hero, relation="friend", unlike=hero)
    owner = s.adult(s.pick(("tailor", "clockmaker", "shoemaker", "music teacher", "carpenter", "bookbinder")))
    ball, window = s.thing("ball: red, old, leather, heavy, striped"), s.thing("window: small, round, kitchen, tall")
    street, house = s.setting.path, s.room("in workshop")
    s.at(street, hero, friend)
    s.at(house, owner)
    s.world.lay(ball, friend)
    s.world.lay(window, Spot("above the door", house))
    opening(s, hero)
    pair = s.both(hero, friend)
    s.tell(f"""
        {some_day(s)} {pair} [play] with {ball:a} outside the (workshop|house|shop) of {owner}
        {some_day(s)} {pair} [kick] {ball:a} against the wall of {owner}
        {some_day(s)} {pair} [throw] {ball:a} to each other in front of the shop of {owner}""")
    s.say(hero, """
        Not so hard! There is a window.
        Let us play somewhere else. The window is too near.
        Be careful with the window.
        Not towards the house!""")
    deaf = s.fact(f"""
        {friend} [not listen]
        {friend} only [laugh]
        {friend} [want] to show how strong {friend:he} was""")
    s.do("lose", friend, ball, Spot("among the broken glass", house))
    smash = s.do("break", friend, window, how=f"""
        {friend} [kick] with all {friend:his} might, and the ball went straight through the window
        {friend} [take] a long run and [kick], and the window broke with a crash
        {friend:s} next shot went high, then low, and then through the (pane|window)""")
    s.link(deaf, smash)
    s.tell(deaf)
    s.tell(smash)
    fear = s.feel(friend, "afraid", f"{friend} [be] (very|) frightened\n{friend} [turn] pale")
    s.link(smash, fear)
    s.so(fear, s.do("go", friend, s.room("in next street"), how=f"{friend} [run] (away|round the corner|off)"), "so|and|and so")
    s.tell(f"""
        {hero:s} legs [want] to run too, but {hero:he} [stay] and [knock] at the door
        {hero} [swallow] hard and [ring] the bell
        {hero} [stay] where {hero:he} [be] and [wait] for the door to open""")
    s.do("go", hero, house)
    s.so("there was glass (all over the floor|in the tea|on every shelf)", s.feel(owner, "angry"))
    s.say(hero, """
        We broke it. We will pay for it.
        It was our ball. I am sorry.
        It was an accident, but it was our fault.""")
    back = s.do("go", friend, house, how=f"""
        the next morning {friend} [come] back too, with a red face
        an hour later {friend} [knock] at the door as well
        before long {friend} [come] creeping back and [stand] beside {hero:him}""")
    s.tell(back)
    work = s.pick(
        ("swept the workshop", "sorted buttons and nails", "raked the leaves", "polished the brass sign", "carried wood", "washed the paint pots")
    )
    s.tell(f"(for a week|for five afternoons|every day after school) {pair:he} {work} (to pay for the glass|until the new window was paid)")
    s.do("take", owner, ball)
    s.tell(s.do("give", owner, ball, hero, how=f"""
        on the last day {owner} [give] the ball back to {hero}
        then {owner} [take] the ball from a drawer and [give] it to {hero}"""))
    s.aside(f"after that {pair} always [play] in the open field", 0.3)


def one_swing(s: Stage) -> None:
    """Two want the same thing at the same time; a quarrel, its price, and a rule."""
    one = s.child("stubborn impatient proud lively")
    two = s.child(of=one, relation=s.pick(("sibling", "cousin", "friend")), unlike=one)
    place = s.setting.play
    thing = s.thing(
        "sledge: red, fast; kite: paper, yellow; scooter: blue, shiny; hammock: striped, soft; drum: small, red; "
        "kaleidoscope: golden; telescope: brass; toy crane: yellow; rocking horse: old; music box: little"
    )
    s.at(place, one, two)
    s.world.lay(thing, Spot("on the ground", place))
    opening(s, one)
    pair = s.both(one, two)
    s.tell(f"""
        {some_day(s)} there was a quarrel about {thing:a}: {one} had it, and {two} [want] it
        {some_day(s)} {pair} found {thing:a}, and both wanted to have it first
        {some_day(s)} {pair} got {thing:a} to share, and that was the (trouble|problem)""")
    s.do("take", one, thing)
    s.say(one, "I saw it first!\nI am older!\nIt is my turn!\nYou would only break it!")
    s.say(two, """
        No, me! You always go first!
        That is not fair!
        You had it yesterday!
        You promised that I could have it!""")
    pull = s.fact("""
        they pulled from both sides
        both held on as tight as they could
        one pulled at the front and the other at the back""")
    tear = s.do("break", pair, thing, how=f"""
        {thing:the} [crack]
        {thing:the} [fall] down and [break]
        there was a crack, and {thing:the} was broken""")
    s.so(pull, tear, "so|and|and so")
    s.aside("""
        for a moment it was very quiet
        then neither of them said anything for a long time
        each looked at the other, and then at the pieces""")
    s.so("""
        now nobody had anything to play with
        it was the only one they had""", s.feel(one, "sorry"), "so|because")
    if s.chance(0.5):
        helper = s.relative(one, "grandfather grandmother father mother")
        s.at(place, helper)
        s.tell(f"""
            {helper} [look] at the two of them and at the {thing.noun} and [wait]
            {helper} [ask] only one thing: whether half of it was better than none
            {helper} [bring] them a box of tools and [go] away again without a word""")
    s.tell(s.do("mend", pair, thing, how=f"""
        so {pair} [mend] it together with (string|glue|wire|a bit of tin) and a lot of patience
        they needed four hands to mend it, and luckily there were four
        {two} [hold] the pieces together while {one} [tie] them with (string|wire)"""))
    s.tell(f"""
        this time they threw a coin to see who was first
        then they made a rule: one played while the other counted to a hundred
        from then on {one} had it on even days and {two} on odd days
        and then they found a way to play with it together""")
    s.so("they took turns\nthey shared it", s.feel(pair, "happy", f"{pair} were both happy\nthere was no more quarrel that day"), "so|because")
