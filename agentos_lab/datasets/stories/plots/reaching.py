"""Plots about what is out of reach."""

# Prose, laid out by hand: one way to say it a line.
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from ..entities import Spot
from ..scenes import opening, some_day
from ..stage import Stage

__all__ = ["runaway_boat", "up_in_a_tree"]


def runaway_boat(s: Stage) -> None:
    """A toy boat is carried off by the water and comes back with the help of a tool, an animal or a stranger."""
    hero = s.child("careful patient clever lively")
    friend = s.child(of=hero, relation=s.pick(("friend", "sibling", "cousin")), unlike=hero)
    boat = s.thing("boat: little, paper, toy, wooden, tin", owner=hero)
    water = s.setting.water
    s.at(water, hero, friend)
    s.world.lay(boat, hero)
    opening(s, hero)
    s.tell(f"""
        {hero} had built {boat:a} out of (bark|an old box|a wooden shoe) with a sail of (cloth|leaves|blue paper)
        {some_day(s)} {hero} [finish] {boat:a} with a (red|white|striped) sail
        {some_day(s)} {hero} [get] {boat:a} with a real (anchor|sail|flag)""")
    pair = s.both(hero, friend)
    s.tell(f"""
        {pair} [carry] it to {water} together
        {pair} [take] it to {water} (after school|the same day|before breakfast)
        {hero} [want] to see it swim, so {pair} [go] to {water}""")
    s.say(friend, """
        Tie a string to it.
        Should we not tie it to something?
        It needs a string, or it will swim away.
        What if it swims away?""")
    s.so(
        f"{hero} [cannot wait] any longer\n{hero} [not want] to wait",
        s.do("put", hero, boat, Spot("on the water", water), how=f"{hero} [set] {boat:the} on the water"),
        "so|and so|and",
    )
    s.so("""
        the water was faster than it looked
        a breeze filled the sail
        a big wave came from a passing ship
        a duck gave it a push""", s.do("drift", boat, how=f"""
            {boat:the} [sail] away
            {boat:the} [drift] out of reach
            {boat:the} was carried off"""), "so|and|and so")
    s.tell(f"""
        {pair} [run] along beside it, but it was always out of reach
        {pair} [throw] stones behind it to make waves, but it only went faster
        {hero} [wade] in up to {hero:his} knees, but it was already too far out""")
    how = s.pick(("net", "dog", "rower", "bridge"))
    if how == "dog":
        dog = s.animal("dog", "big, black, shaggy, wet, old")
        s.at(water, dog)
        s.do("take", dog, boat)
        s.tell(f"""
            then {dog} [jump] in, [take] it between its teeth and [swim] back
            suddenly {dog} [leap] into the water and [swim] after it""")
        s.tell(s.do("give", dog, boat, hero, how=f"""
            the dog [lay] {boat:the} at {hero:s} feet and [shake] itself, and everybody got wet"""))
    elif how == "rower":
        rower = s.adult(s.pick(("fisher", "boat builder", "ferry keeper", "reed cutter")))
        s.at(water, rower)
        s.do("take", rower, boat)
        s.tell(f"""
            further down {rower} was mending a net and saw it coming
            out on the water {rower} [hear] them shout""")
        s.tell(s.do("give", rower, boat, hero, how=f"{rower} [lift] {boat:the} out of the water and [give] it to {hero}"))
    elif how == "net":
        net = s.thing("net: fishing, long, old")
        s.world.lay(net, Spot("on a pole", water))
        s.do("take", friend, net)
        s.do("take", friend, boat)
        s.tell(f"then {friend} [see] {net:a} that somebody had left to dry")
        s.tell(s.do("give", friend, boat, hero, how=f"{friend} [reach] out with it, [catch] {boat:the} and [give] it back to {hero}"))
    else:
        s.tell(f"""
            there was a footbridge a little further on, and {hero} [get] there first
            {hero} [run] ahead to the (old bridge|landing stage|mill)""")
        s.tell(s.do("take", hero, boat, how=f"""
            {hero} [lie] down on {hero:his} stomach, [stretch] out one arm and [catch] {boat:the} as it passed
            there {hero} [kneel] down and [catch] {boat:the} with a (stick|hooked branch|shoe)"""))
    s.so(f"{boat:the} was not even broken\nthey had saved {boat:the}", s.feel(hero, "relieved"))
    s.aside(f"""
        the next time {hero} [tie] {boat:the} to a long string
        "Now let us find some string," [say] {friend:speaker}.
        {hero} [give] {boat:the} a new name: the (Runaway|Traveller|Wild Duck|Wanderer)""", 0.8)


def up_in_a_tree(s: Stage) -> None:
    """Something hangs too high; one way fails for a reason, another works."""
    hero = s.child("proud stubborn clever lively")
    lost = s.thing(
        "kite: paper, yellow, red, dragon; ball: red, blue, new; paper plane: white, silver; parachute: little, silk; shuttlecock: white; frisbee: green",
        owner=hero,
    )
    place = s.pick((s.setting.high, s.setting.play, s.setting.woods))
    s.at(place, hero)
    s.world.lay(lost, hero)
    opening(s, hero)
    s.tell(f"""
        {some_day(s)} {hero} [play] {place:in} with {lost:a}, which had been a birthday present
        {some_day(s)} {hero} [take] {lost:a} to {place}
        {some_day(s)} {hero} [go] to {place} to try out {lost:a}""")
    tree = s.pick((f"the tallest {s.setting.tree}", f"an old {s.setting.tree}", f"a crooked {s.setting.tree}", "a tall tree"))
    s.so(f"""
        the wind was strong
        {hero} [throw] it too high
        {hero} [not look] where {lost:the} was going
        a crow [cross] its way""", s.do("lose", hero, lost, Spot(f"in {tree}", place), how=f"""
            {lost:the} [get] caught in {tree}
            {lost:the} [land] in {tree} and [stay] there"""), "so|and|and so")
    first = s.pick(
        (
            f"[jump] as high as {hero:he} could",
            "[throw] sticks at it",
            "[shake] the trunk",
            "[try] to climb the trunk",
            "[call] to it as if it could hear",
        )
    )
    why = s.pick((f"{hero} was too small", "the branch was too high", "it was stuck fast between two twigs", "the bark was too smooth"))
    s.tell(f"{hero} {first}, but that did not help because {why}")
    if s.chance(0.5):
        helper = s.adult(s.pick(("gardener", "fruit picker", "painter", "chimney sweep", "farmer", "lamplighter")))
        tool = s.thing("ladder: long, wooden, tall", owner=helper)
        s.at(place, helper)
        s.world.lay(tool, helper)
        s.tell(s.do("meet", hero, helper, how=f"""
            (just then|luckily) {helper} [come] by with {tool:a}
            not far away {helper} was working on {tool:a}"""))
        if hero.trait in ("proud", "stubborn"):
            s.tell(f"""
                {hero} [not like] to ask for help, but {hero:he} [swallow] {hero:his} pride
                for a while {hero} [look] the other way, because {hero:he} hated to ask
                it was hard to ask, but {hero} [do] it""")
        s.say(hero, f"""
            Please could you help me?
            Excuse me, may I use your {tool.noun}?
            Please help me. I cannot reach it.""")
        if s.chance(0.5):
            s.tell(s.do("take", hero, lost, how=f"""
                {helper} [lean] {tool:the} against the tree and [hold] it, and {hero} [climb] up and [fetch] {lost:the}"""))
        else:
            s.tell(f"{helper} [set] {tool:the} against the tree and [climb] up (rung by rung|like a sailor|in no time)")
            s.do("take", helper, lost)
            s.tell(s.do("give", helper, lost, hero))
    else:
        helper = s.child("clever thoughtful", of=hero, relation=s.pick(("friend", "cousin")))
        s.at(place, helper)
        s.say(helper, """
            Climb on my shoulders.
            If you stand on my back, you are taller than the tallest man.
            Alone we are small. Together we are tall!
            I am half as tall as the tree, and you are the other half.""")
        s.tell(s.do("take", hero, lost, how=f"""
            so {hero} [climb] on {helper:s} shoulders, [stretch] out an arm and [get] {lost:the} down
            {helper} [kneel] down, {hero} [stand] on {helper:his} back, and {hero:s} fingers closed around {lost:the}
            up on {helper:s} shoulders, {hero} [can] just touch {lost:the} with a stick, and down it came"""))
    s.so(f"{hero} [have] {lost:own} back\n{lost:the} was not even torn", s.feel(hero, "happy"))
    s.aside(f"""
        {hero} [share] {hero:his} (bread|grapes|nuts|lemonade) with {helper} to say thank you
        "Two are cleverer than one," [say] {helper:speaker}.
        after that {hero} [keep] away from trees when the wind was strong""", 0.8)
