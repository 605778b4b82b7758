"""Plots about telling the truth, keeping a promise and blaming the wrong one."""

# Prose, laid out by hand: one way to say it a line.
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from ..entities import Spot
from ..scenes import opening, some_day
from ..stage import Stage

__all__ = ["borrowed", "crumbs", "wrong_suspect"]


def crumbs(s: Stage) -> None:
    """A forbidden cake, a lie, and the evidence against it."""
    hero = s.child("greedy impatient curious")
    baker = s.relative(hero, "mother father grandmother grandfather aunt")
    pet = s.pet(hero, "dog")
    cake = s.thing("baking", owner=baker)
    kitchen, yard = s.room("in kitchen"), s.room("in yard")
    s.at(kitchen, hero, baker)
    s.at(yard, pet)
    s.world.lay(cake, Spot("on the table", kitchen))
    opening(s, hero)
    feast = s.pick(("the neighbours", "the school feast", "a wedding", "the choir", "the harvest feast", "a sick neighbour", "the firemen"))
    s.tell(f"""
        {some_day(s)} {baker} [bake] {cake:a} for {feast} and [leave] it on the table
        {some_day(s)} the whole house smelled of {cake:a} that {baker} had made for {feast}
        {some_day(s)} there was {cake:a} on the kitchen table, which {baker} had baked for {feast}""")
    s.say(baker, f"""
        Do not touch it. It is for {feast}.
        It is for {feast}, so please leave it alone.
        Not a crumb for us today. It is for {feast}.
        Look at it, but only with your eyes.""")
    s.do("go", baker, s.room("in garden"))
    eat = s.do("eat", hero, cake, how=f"""
        {hero} [eat] a little piece, and then another, until only the plate was left
        {hero} [break] off one corner, then one more, and soon there was nothing left
        {hero} [take] a tiny bite, which made a hole, and then {hero:he} [have] to make the hole even""")
    s.so("""
        it (smelled|looked) so good
        nobody was looking
        breakfast had been so long ago""", eat, "so|and so|and")
    s.do("go", baker, kitchen)
    s.say(baker, f"""
        Who has eaten the {cake.noun}?
        Where is the {cake.noun}?
        What happened to the {cake.noun}?""")
    s.say(hero, "It was the dog!\nI think the dog ate it.\nThe dog took it. I saw it!", s.pick(("", "quickly", "without looking up")))
    s.tell(f"""
        but {pet} had been in the yard all day, and there were crumbs on {hero:s} (chin|shirt|sleeves)
        but {hero} had crumbs on {hero:his} (chin|shirt|nose), and {pet} was asleep outside
        but the yard door was shut, and behind it {pet} was (barking|snoring|scratching)""")
    s.aside(f"""
        {baker} [look] at the crumbs and [say] nothing
        {baker} [brush] a crumb from {hero:his} collar and [wait]""")
    s.so(f"{hero} had blamed {pet}\n{hero} had told a lie", s.feel(hero, "sorry"))
    s.say(hero, """
        No, it was me. The dog did nothing.
        I ate it. And then I lied.
        That was not true. I ate it all.""", s.pick(("softly", "at last", "with a red face")))
    pair = s.both(hero, baker)
    s.tell(s.do("bake", pair, how=f"""
        {pair} [bake] again, and this time {hero} [watch] the oven and [not eat] a crumb
        so {pair} [weigh] flour and sugar once more, and {hero} [do] all the stirring
        {pair} had to begin all over again, and {hero} [wash] every bowl"""))
    s.aside(f"""
        {pet} got (a bone|a biscuit|an extra walk) to make up for the lie
        that evening there was something special in the bowl of {pet}""", 0.35)


def borrowed(s: Stage) -> None:
    """Something is lent, forgotten, missed, and brought back with an apology."""
    hero = s.child("forgetful careless lively")
    friend = s.child("generous patient friendly", of=hero, relation=s.pick(("friend", "cousin", "neighbour")), unlike=hero)
    lent = s.thing(s.pick(("book", "instrument", "torch: small, bright; basket: round; net: fishing; tent: green")), owner=friend)
    home, other = s.room("in house"), s.room("in yard")
    s.at(other, hero, friend)
    s.world.lay(lent, friend)
    opening(s, hero)
    s.tell(f"""
        {some_day(s)} {hero} [ask] {friend} for {lent:a}
        {some_day(s)} {hero} [want] to borrow {lent:a} from {friend}
        {friend} had {lent:a}, and {some_day(s)} {hero} [ask] for it""")
    day = s.pick(("Friday", "Sunday", "the weekend", "the end of the week"))
    s.tell(s.do("give", friend, lent, hero, how=f"""
        {friend} [lend] {lent:the} to {hero}, and {hero} [promise] to bring it back by {day}
        {friend} [like] to help and [lend] {hero} {lent:the} until {day}"""))
    s.do("go", hero, home)
    hidden = Spot(s.pick(("under the bed", "behind the door", "under a pile of clothes", "behind the curtain")), home)
    forget = s.do("put", hero, lent, hidden, how=f"""
        {hero} [forget] all about it
        {hero} [not think] of it any more
        {hero} [leave] it {hidden.phrase}""")
    s.so(f"""
        {hero} [have] (visitors|a birthday|a football game|a new puppy) that week
        the days were full of games
        there was so much to do""", forget, "so|and|and so")
    need = s.pick(("for a lesson", "for a trip", "for a school play", "for the holidays"))
    s.tell(f"""
        then {friend} [need] {lent:the} {need}, but {hero} [not come]
        {friend} [wait] at the window, because {friend:he} needed {lent:the} {need}
        the day came, and {friend} [look] for {lent:the} {need}, but it was not there""")
    s.so(f"{hero} had not kept {hero:his} promise", s.feel(friend, "disappointed"))
    s.say(friend, f"""
        I thought you would bring it back.
        You promised, {hero:name}.
        I needed it today. You promised!
        Have you forgotten?""")
    s.tell(f"""
        {hero} [go] red to the tips of {hero:his} ears
        only then did {hero:name} remember
        {hero} [slap] {hero:his} forehead
        {hero} [not know] where to look""")
    s.do("take", hero, lent)
    s.do("go", hero, other)
    extra = s.pick(("a bag of plums", "a jar of honey", "six fresh eggs", "a bunch of grapes", "a paper flower", "two warm rolls"))
    s.tell(s.do("give", hero, lent, friend, how=f"""
        {hero} [run] home, [dig] out {lent:the} and [bring] it back with {extra}
        a little later {hero} [be] back with {lent:the} in one hand and {extra} in the other"""))
    s.say(hero, """
        I am sorry. It will not happen again.
        Please forgive me. I forgot.
        Next time I will write it down.""")
    s.aside(f"""
        {friend} [forgive] {hero:him}, and they ate together on the steps
        now {hero:he} ties a knot in {hero:his} handkerchief when {hero:he} borrows something
        since then {hero:he} brings back everything a day early""", 0.7)


def wrong_suspect(s: Stage) -> None:
    """Something shiny disappears; a friend is blamed; the real thief has feathers."""
    hero = s.child("proud impatient careless lively")
    friend = s.child("honest quiet gentle", of=hero, relation=s.pick(("friend", "cousin", "neighbour")), unlike=hero)
    thief = s.animal(s.pick(("magpie", "crow", "jackdaw", "raven")))
    shiny = s.thing(
        "ring: silver, thin; coin: gold, foreign; spoon: silver, tiny; key ring: brass; brooch: small, silver; "
        "medal: bright, bronze; thimble: silver; bell: little, shiny; earring: golden; buckle: brass",
        owner=hero,
    )
    room, nest = s.room(s.pick(("in kitchen", "in bedroom", "on veranda"))), s.setting.woods
    s.at(room, hero, friend)
    s.world.lay(shiny, Spot("on the windowsill", room))
    opening(s, hero)
    s.tell(f"""
        {some_day(s)} {hero} [show] {friend} {shiny} and [leave] it on the windowsill
        {some_day(s)} {friend} [come] to visit, and {hero} [lay] {shiny} on the windowsill to show it""")
    s.do("go", thief, room)
    s.do("take", thief, shiny)
    s.do("go", thief, nest)
    s.do("put", thief, shiny, Spot(f"in a nest in the {s.setting.tree}", nest))
    s.tell(f"""
        an hour later {friend} had gone home, and {shiny:the} was gone too
        when {friend} had left, the windowsill was empty
        in the evening {shiny:the} was not there any more""")
    blame = s.do("blame", hero, friend, how=f"""
        {hero} [think|believe] that {friend} had taken it
        {hero} [be] sure that {friend} was the thief""")
    s.so(f"nobody else had been in the room\n{friend} had admired it so much", blame, "so|because|and so")
    s.say(hero, "You are a thief!\nGive it back! You took it.\nI know that you have it.")
    s.tell(s.feel(friend, "sad", f"""
        {friend} [say] nothing and [walk] away with wet eyes
        {friend} [shake] {friend:his} head and [go] home without a word
        {friend} [look] at {hero:him} for a long time and then [go] home"""))
    s.tell(f"""
        the next morning {thief} sat at the window, pulling at a (spoon|teaspoon|bottle top)
        a few days later something rattled: {thief} was hopping along the windowsill with a bottle top in its beak
        on Sunday {hero} [see] {thief} fly off with a (teaspoon|piece of tin|hairpin)""")
    s.do("go", hero, nest)
    s.tell(
        s.do(
            "find",
            hero,
            shiny,
            how=f"""
                {hero} [run] after it, [climb] the old {s.setting.tree} and [find] {shiny:the} in a nest, among buttons and bits of glass
                {hero} [follow] it to its nest in the {s.setting.tree}, and there was {shiny:the} between (a screw and a pearl|two silver papers)""",
        )
    )
    s.do("take", hero, shiny)
    s.so(f"{hero} had blamed an honest friend", s.feel(hero, "sorry"), "so|because")
    s.say(hero, f"""
        I was wrong, {friend:name}. Can you forgive me?
        It was a bird. Please forgive me.
        I should have believed you.""")
    s.aside(f"""
        {friend} [be] silent for a while and then [hold] out a hand
        {friend} [think] about it and [nod], for that is what friends do
        "Let us go and look at the nest," [say] {friend:speaker}.""", 0.6)
