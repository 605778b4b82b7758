"""Plots in which rain and storm change the plan."""

# Prose, laid out by hand: one way to say it a line.
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from ..scenes import opening, some_day
from ..stage import Stage

__all__ = ["candlelight", "picnic_in_the_rain"]


def candlelight(s: Stage) -> None:
    """The storm takes the light away, and the evening becomes one that is remembered."""
    hero = s.child("timid impatient lively lonely")
    elder = s.relative(hero, "grandmother grandfather father mother aunt uncle")
    neighbour = s.adult("neighbour")
    home, next_door = s.room("in house"), s.room("in house next door")
    candle = s.thing("candle: thick, white, short, red", owner=neighbour)
    s.at(home, hero, elder)
    s.at(next_door, neighbour)
    s.world.lay(candle, neighbour)
    opening(s, hero)
    s.tell(f"""
        one evening {hero} was (reading|drawing|watching a film|doing a puzzle|painting) when a storm came up
        one winter evening the wind howled around the house like a hungry wolf
        it was a wild evening, and the (shutters|windows|roof tiles) rattled""")
    dark = s.fact("""
        the lights went out
        all the lamps in the street went out at once
        suddenly there was no light""")
    s.so("""
        lightning struck somewhere near
        a tree fell on the wires
        a branch hit the wires""", dark, "and|so|and so")
    s.so(
        "it was black as ink in the room\none could not see one's own hand\none could only hear the rain",
        s.feel(hero, "afraid")
        if hero.trait == "timid"
        else s.feel(hero, "angry", f"""
            {hero} [be] cross
            {hero} [complain] loudly
            {hero} [groan] and [sigh]"""),
        "so|and|because",
    )
    s.tell(f"""
        {elder} [look] for candles in every drawer, but there were none
        there was not one candle in the house, only two matches
        {elder} [find] matches, string and three keys, but no candle""")
    s.do("go", neighbour, home)
    s.tell(s.do("give", neighbour, candle, hero, how=f"""
        then somebody knocked: it was {neighbour}, who gave {candle:a} to {hero} and stayed for tea
        just then {neighbour} came in out of the rain and gave {candle:a} to {hero}"""))
    s.tell(f"""
        in its small light {elder} [tell] a story about a (bear|giant|thief|princess|cook) who (had no shadow|could not sleep|fell in love with the moon|forgot how to laugh)
        {elder} [make] shadow animals on the wall: a hare, a wolf, a swan
        {elder} [take] down the old (guitar|accordion|drum), and they sang""")
    s.aside(f"""
        {neighbour} [know] a song with eleven verses, and they sang all of them
        they (roasted chestnuts|played cards|guessed riddles) until the candle was as short as a thumb""", 0.7)
    s.tell("""
        when the lights came back, nobody was pleased
        suddenly the lamp was bright again, and they all blinked
        at nine o'clock all the lamps came on again""")
    s.say(hero, "Please turn it off again!\nOh, not yet!\nCan we have no light tomorrow too?")
    s.so("""
        it had been so cosy in the dark
        nobody had looked at a clock all evening""", s.feel(hero, "happy"), "because|so")


def picnic_in_the_rain(s: Stage) -> None:
    """A plan is spoilt by the rain; shelter, or a change of plan, makes it better than the plan."""
    s.set_in("village seaside city farm mountains island river")
    hero = s.child("cheerful impatient stubborn clever")
    friend = s.child(of=hero, relation=s.pick(("friend", "cousin", "sibling")), unlike=hero)
    home, place = s.room("in kitchen"), s.pick((s.setting.high, s.setting.water, s.setting.woods))
    basket = s.thing("basket: large, heavy, round", owner=hero)
    s.at(home, hero, friend)
    s.world.lay(basket, hero)
    opening(s, hero)
    pair = s.both(hero, friend)
    foods = s.pick(
        (
            "bread, cheese and plums",
            "rice balls and melon",
            "pancakes and honey",
            "eggs, olives and flatbread",
            "noodles and peaches",
            "sandwiches and lemonade",
            "dumplings and pears",
            "cold chicken and cucumbers",
        )
    )
    s.tell(f"""
        {some_day(s, "warm sunny bright hot")} {pair} [pack] {foods} into {basket:a} for a picnic
        for days {pair} had been looking forward to their picnic, and {basket:a} was full of {foods}
        {hero} had asked {friend} to a picnic and filled {basket:a} with {foods}""")
    s.tell(s.do("go", pair, place, how=f"""
        {pair} [carry] it to {place}, [spread] a blanket and [sit] down
        {place:in} {pair} [find] a good spot and [unpack] everything"""))
    s.aside("""
        the first bite was not yet eaten when a drop fell on the blanket
        but dark clouds were already coming over the hills
        then a cold wind came up, and the birds fell silent""")
    s.so("""
        it began to rain
        the rain came down in buckets
        the sky opened
        thunder rolled, and the rain began""", s.do("wet", pair, how=f"""
            {pair} got wet to the skin
            soon {pair} were as wet as two fish
            {pair} were wet before they could stand up"""), "and")
    s.so(
        "the day seemed spoilt\nall their plans had fallen into the water",
        s.feel(hero, "disappointed", f"{hero} [want] to cry\n{hero} [be] very disappointed"),
        "so|because",
    )
    idea = s.pick(("tent", "shelter", "home"))
    if idea == "tent":
        s.say(friend, "Under the blanket! Quick!\nHold the blanket over our heads!\nLet us make a tent!")
        s.tell("""
            they held the blanket up with two sticks, and it made a fine tent
            they tied the blanket to a branch and crept under it""")
    elif idea == "shelter":
        shelter = s.room(s.pick(("in old mill", "in empty stable", "in boat house", "in barn")))
        s.tell(s.do("go", pair, shelter, how=f"""
            {friend} [point] to {shelter}, and they ran there, laughing and slipping
            {friend} [know] the way to {shelter}, and they ran"""))
        s.tell("""
            it was dry inside, and it smelled of hay and old wood
            inside a (swallow|cat|hen) was waiting for the rain to stop too""")
    else:
        s.tell(s.do("go", pair, home, how=f"{pair} [run] home and [hang] their wet things over the stove"))
        s.tell("then they spread a dry blanket under the kitchen table and called it a (forest|cave|ship)")
        s.do("dry", pair)
    s.tell(f"""
        there they ate {foods}, and it tasted better than in the sunshine
        there they unpacked the {foods} and ate until nothing was left
        never had {foods} tasted so good""")
    s.so(
        "they had made the best of it\nthey had not given up their picnic",
        s.feel(pair, "happy", f"{pair} [be] happy all the same"),
        "so|because|and so",
    )
    s.aside(f"""
        "The next picnic must be in the rain too," [say] {hero:speaker}.
        when the rain stopped, there was a rainbow from one end of the sky to the other""", 0.4)
