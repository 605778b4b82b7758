"""Plots about snow, ice and wool."""

# Prose, laid out by hand: one way to say it a line.
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from ..entities import Spot
from ..scenes import opening
from ..stage import Stage

__all__ = ["long_scarf", "snowman", "thin_ice"]


def long_scarf(s: Stage) -> None:
    """Something is made with too much zeal, comes out wrong, and turns out to be right."""
    s.set_in("village city farm mountains river seaside")
    hero = s.child("patient stubborn lively quiet")
    teacher = s.relative(hero, "grandmother grandfather aunt")
    friend = s.child(of=hero, relation=s.pick(("sibling", "friend", "cousin")), unlike=hero)
    home, street = s.room("in house"), s.setting.path
    wool = s.thing("~wool: red, green, blue, yellow, grey", owner=teacher)
    item = s.thing(f"scarf: {wool.adjective}")
    s.at(home, hero, teacher)
    s.world.lay(wool, teacher)
    opening(s, hero)
    s.tell(s.do("give", teacher, wool, hero, how=f"""
        (one winter|in November) {teacher} [teach] {hero} to knit and [give] {hero:him} {wool:a}"""))
    s.aside(f"""
        the first rows were full of holes, and {hero} [have] to begin again three times
        the needles clicked, the wool ran away, the cat ran after it""", 0.6)
    s.say(teacher, """
        Pull it open and begin again. Wool is patient.
        Every master has made a hundred holes.
        Slowly. The winter is long.""")
    s.so(f"""
        soon it went so well that {hero} [not want] to stop
        nobody had told {hero} how long a scarf should be""", s.do("make", hero, item, how="""
            the scarf [get] longer and longer, until it reached the stove
            the scarf [grow] and [grow] like a snake"""), "and|so|and so")
    s.do("vanish", wool)
    s.aside("""
        everybody laughed: with such a scarf one could tie up a ship
        "Is it for a giraffe?" asked the whole family.""")
    s.so(
        "it was far too long for one neck\nit dragged on the ground\none could have tripped over it",
        s.feel(hero, "sad", f"{hero} [want] to cut it in two\n{hero} [be] sad"),
        "so|because",
    )
    s.do("go", hero, street)
    s.at(street, friend)
    s.so(
        s.do("meet", hero, friend, how=f"""
            the next morning {hero} [go] out with it and [meet] {friend}, who had (lost|forgotten|torn) {friend:his} scarf"""),
        "it was bitterly cold\nthe puddles were frozen",
        "and",
    )
    s.tell(s.do("share", hero, item, friend, how=f"""
        {hero} [wind] one end of {item:the} around {friend:s} neck and the other around {hero:his} own
        three times it went around {friend:s} neck and three times around {hero:s}"""))
    pair = s.both(hero, friend)
    s.aside(f"{pair} [walk] to school side by side, and there was still enough for a (snowman|dog) in the middle", 0.4)
    s.so("it was exactly long enough for two", s.feel(hero, "happy"), "so|because")
    s.aside(f"since then nobody {s.setting.folk} has laughed at long scarves", 0.4)


def snowman(s: Stage) -> None:
    """What is made of snow does not last; something of it is kept."""
    s.set_in("village city farm mountains river")
    hero = s.child("lively patient gentle cheerful")
    friend = s.child(of=hero, relation=s.pick(("sibling", "friend", "cousin")), unlike=hero)
    elder = s.relative(hero, "grandfather grandmother father mother")
    place = s.setting.play if s.chance(0.5) else s.room("in yard")
    hat = s.thing("hat: old, black, felt; cap: red, blue; pot: dented, copper; bonnet: woollen", owner=elder)
    man = s.thing("snowman: big, fat, crooked")
    s.at(place, hero, friend)
    s.world.lay(hat, hero)
    opening(s, hero)
    pair = s.both(hero, friend)
    s.so(
        "it had snowed all night\nin the night the first snow had fallen\nthe whole world was white",
        s.do("make", pair, man, how=f"{pair} [build] {man:a} {place:in}"),
        "so|and|and so",
    )
    s.world.position[man] = Spot("in the snow", place)
    s.do("put", hero, hat, Spot("on the snowman's head", place))
    s.tell(f"""
        it had a nose made of a (carrot|pine cone|red pepper), and {hero} [put] {hat} on its head
        they gave it (buttons|eyes) of coal, and {hero} [fetch] {hat} for its head""")
    s.aside("they called it (King Frost|Uncle Cold|Mister White|the Guard|Old Bones) and said good night to it every evening", 0.7)
    s.so("""
        then the wind turned, and the sun grew warm
        a week later it began to thaw
        one morning water was dripping from every roof
        in March the air grew soft""", s.fact(f"""
            the snowman became thinner every day
            the snowman leant over like an old man
            the snowman lost first {s.pick(("its nose", "one arm"))} and then its smile"""), "and")
    if s.chance(0.5):
        s.say(friend, "Can we not put it in the cellar?\nLet us build it a roof!\nWe could fan it.")
    else:
        s.tell(f"""
            {pair} [heap] new snow around it, but that melted too
            {pair} [hold] an umbrella over it, but that did not help""")
    melt = s.do("vanish", man, how="""
        in the end there was only a puddle
        then only the broom was left
        on Sunday nothing was left but a wet place""")
    s.so(melt, s.feel(hero, "sad"), "so|because|and")
    s.at(place, elder)
    s.say(elder, """
        It has only gone travelling. It is on its way to the sea.
        Next winter the same water will fall again as snow.
        Now the flowers are drinking it.
        Everything that is made of snow is only lent to us.""")
    s.tell(s.do("take", hero, hat, how=f"{hero} [pick] up {hat:the} from the wet ground, [shake] it and [put] it on"))
    s.aside(f"""
        all summer {hat:the} hung on its nail and waited
        in spring the first (snowdrops|tulips|violets) grew just where the snowman had stood
        "See you next winter," [say] {hero:speaker} to the puddle.""", 0.8)


def thin_ice(s: Stage) -> None:
    """A warning is heeded or not; ice is thin near the reeds whatever one believes."""
    s.set_in("village farm mountains river")
    hero = s.child("careless brave proud impatient")
    friend = s.child("careful thoughtful", of=hero, relation=s.pick(("friend", "cousin", "sibling")), unlike=hero)
    ice, bank = s.room("on ice"), s.room(s.pick(("by pond", "by lake")))
    rope = s.thing("rope: long, strong; scarf: long, woollen; branch: long, dry; hockey stick: long")
    s.at(bank, hero, friend)
    s.world.lay(rope, friend)
    opening(s, hero)
    pair = s.both(hero, friend)
    s.tell(f"""
        one (cold|frosty|clear) winter day {pair} [go] to skate on {bank}
        in January {bank} froze, and {pair} came with their skates
        (after a week of frost|at New Year) {pair} [try] out their skates on {bank}""")
    if s.chance(0.5):
        s.tell("""
            a red flag stood in the reeds, and everybody knew what that meant: thin ice
            somebody had put up a red flag near the reeds""")
        s.say(friend, "Do you see the flag? Stay away from it.\nThe flag means danger. Stay on this side.")
        edge = "past the flag"
    else:
        s.tell("""
            near the reeds the ice was dark, and dark ice is thin
            the ice was white and thick, but near the reeds it was as dark as the water under it""")
        s.say(friend, "Not near the reeds. The ice is thin there.\nStay where the ice is white!")
        edge = "into the reeds"
    if s.chance({"proud": 0.8, "careless": 0.8}.get(hero.trait, 0.5)):
        s.say(hero, "It will hold. I am light as a feather.\nI am not afraid.\nWatch me!")
        s.do("go", hero, ice)
        go = s.do("skate", hero, how=f"""
            {hero} [skate] straight to the dark ice
            {hero} [race] {edge}
            {hero} [take] a run and [shoot] {edge}""")
        crack = s.do("fall", hero, how=f"""
            there was a crack like a whip, and {hero} [go] through up to {hero:his} (chest|waist)
            the ice groaned, the ice broke, and {hero} was in the water""")
        s.link(go, crack)
        s.tell(go)
        s.tell(crack)
        s.do("wet", hero)
        s.aside(f"{friend} [not run] to {hero:him}, for then there would have been two in the water", 0.4)
        s.do("go", friend, ice)
        s.tell(s.do("help", friend, hero, how=f"""
            {friend} [lie] down flat, [push] {rope:a} across the ice and [pull] {hero:him} out, inch by inch"""))
        s.so(
            f"{hero} [shake] with cold and could not speak",
            s.do("go", friend, bank, how=f"{friend} [take] {hero:him} home and [wrap] {hero:him} in three blankets"),
            "so|and",
        )
        s.tell(f"{hero} [have] to stay in bed for a week and drink (onion|thyme|elder|ginger) tea")
        s.so(f"{hero} had not listened", s.feel(hero, "sorry"), "because|so")
    else:
        s.tell(f"""
            {hero} [laugh], but {hero:he} [pick] up a stone and [throw] it {edge} to see who was right
            {hero} [not believe] it and [throw] a stone {edge}""")
        s.so(
            "the stone broke straight through the ice\nthere was a crack, and the stone was gone",
            s.feel(hero, "afraid", f"{hero} [turn] pale\n{hero} [go] very quiet"),
            "and",
        )
        s.say(hero, "That could have been me.\nYou were right.\nI would be under there now.", "slowly")
        s.tell("""
            they skated on the white ice until the stars came out
            they made a bigger sign, with red letters, so that everybody could read it
            then they played ice hockey on the other side, with a stone and two brooms""")
        s.so(f"{hero} had listened", "nobody got wet that day", "because")
