"""Plots about giving, and about choosing what to give."""

# Prose, laid out by hand: one way to say it a line.
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from ..scenes import opening, some_day
from ..stage import Stage

__all__ = ["birthday_present", "one_coin"]


def birthday_present(s: Stage) -> None:
    """Someone wants to give a present, has no money, and finds another way."""
    hero = s.child("thoughtful generous clever shy patient")
    loved = s.relative(hero, "mother father grandmother grandfather aunt uncle")
    home, place = s.room("in house"), s.setting.woods
    s.at(home, hero, loved)
    opening(s, hero)
    s.tell(f"""
        {some_day(s)} {hero} [remember] that it was almost {loved:s} birthday
        soon it would be {loved:s} birthday, and {hero} [want] to give {loved:him} something beautiful
        {loved:s} birthday was (near|only a week away), and {hero} [have] no present yet""")
    s.so(
        "the purse was empty\nthere was no money left\nthere were only two small coins in the money box",
        s.feel(hero, "worried", f"{hero} [not know] what to do\n{hero} [have] to think of something else"),
        "so|and so|because",
    )
    if s.chance(0.25):
        gift = s.thing("song: little, new, funny")
        s.tell(f"""
            every day after school {hero} [go] to {place} and [make] up a song, line by line
            {hero} [walk] up and down and [look] for rhymes until there was a whole song""")
        s.do("make", hero, gift)
        s.aside(f"""
            {hero} [practise] it until the birds knew it too
            the words were easy, but the tune was hard to keep""")
        s.tell(f"""
            on the birthday {hero} [stand] on a chair and [sing] for {loved}
            after breakfast {hero} [take] a deep breath and [sing] it for {loved}""")
        s.so(f"nobody had ever written a song for {loved}", s.feel(loved, "happy"), "so|because")
        s.say(loved, "Sing it again!\nThat was the best present of all.\nI shall sing it every morning.", s.pick(("", "softly")))
        return
    if s.chance(0.5):
        boss = s.adult(s.pick(("baker", "gardener", "fishmonger", "bookseller", "potter")))
        shop = s.room("in shop")
        s.at(shop, boss)
        gift = s.thing(
            "scarf: soft, blue; cup: flowered, painted; lamp: little, green; brooch: silver, small; pipe: clay; comb: wooden; vase: thin, blue"
        )
        s.world.lay(gift, boss)
        s.do("go", hero, shop)
        s.tell(f"""
            in the window of {boss:s} shop {hero} [see] {gift:a}
            then {hero} [see] {gift:a} at the shop of {boss}""")
        s.say(hero, """
            May I work for it?
            I have no money, but I can sweep.
            Could I help you in the shop for it?""")
        s.tell(f"""
            for three afternoons {hero} [sweep] the floor and [carry] boxes
            all week {hero} [wash] windows, [fetch] water and [watch] the shop""")
        s.tell(s.do("give", boss, gift, hero, how=f"""
            (on the fourth day|at last|when the work was done) {boss} [wrap] {gift:the} in paper and [give] it to {hero}"""))
        s.do("go", hero, home)
        deed = "earned"
    else:
        kind, material = s.pick(
            (
                ("bird: wooden, little; spoon: wooden; horse: wooden, tiny; whistle: wooden", "a dry piece of wood"),
                ("bracelet: bead, nut; necklace: seed, berry", "a handful of nuts and shiny seeds"),
                ("picture: leaf, flower; card: flower, leaf; bookmark: leaf", "leaves of every colour"),
                ("basket: little, grass; star: straw; crown: straw", "a bundle of long, dry grass"),
            )
        )
        gift = s.thing(kind)
        s.do("go", hero, place)
        s.tell(f"""
            then {hero} [go] to {place} and [find] {material}
            but {place:in} there was {material}, and that cost nothing""")
        s.do("go", hero, home)
        s.tell(s.do("make", hero, gift, how=f"""
            for (three|four|five) evenings {hero} worked behind a locked door until it had become {gift:a}
            in secret {hero} [turn] it into {gift:a}
            night after night {hero} [cut] and [tie] and [try] again, until there was {gift:a}"""))
        deed = "made"
    s.tell(s.do("give", hero, gift, loved, how=f"""
        on the morning of the birthday {hero} [give] {gift:the} to {loved}
        {hero} [hide] {gift:the} behind {hero:his} back and then [give] it to {loved}
        when the day came, {hero} [give] {gift:the} to {loved}"""))
    s.so(f"{hero} had {deed} it {hero:himself}", s.feel(loved, "happy"), "so|because")
    s.say(loved, """
        This is the best present of all.
        Nobody has ever given me anything better.
        I shall keep it for ever.""", s.pick(("", "with wet eyes", "softly")))
    s.aside("that evening they all ate (almond|cherry|lemon|nut) cake until nothing was left", 0.3)


def one_coin(s: Stage) -> None:
    """There is money for one thing only, and two wishes."""
    hero = s.child("thoughtful impatient generous curious")
    sibling = s.child(of=hero, relation="sibling", unlike=hero)
    seller = s.adult(s.pick(("toy maker", "peddler", "shopkeeper")))
    market, home = s.setting.market, s.room("in house")
    coin = s.thing("coin: silver, gold, round, big", owner=hero)
    toy = s.thing(
        "spinning top: painted, silver; toy car: tin, red; puppet: funny, wooden; ball: striped, rubber; magnet: strong; mouth organ: little"
    )
    need = s.pick(("medicine", "wool", "oranges", "soap"))
    s.at(market, hero, seller)
    s.at(home, sibling)
    s.world.lay(coin, hero)
    s.world.lay(toy, seller)
    opening(s, hero)
    reason = {
        "medicine": "had a bad cough",
        "wool": "had cold feet",
        "oranges": "was ill and wanted something sweet",
        "soap": "had fallen into the (ink|mud|tar)",
    }[need]
    s.tell(f"{some_day(s)} {hero} [go] to {market} with {coin:own} to buy {need}, because {sibling} {reason}")
    s.tell(f"""
        on the way {hero} [stop] in front of the stall of {seller}
        then {hero} [see] the stall of {seller}
        but the first stall was that of {seller}""")
    s.so(f"there was {toy:a}, and it cost exactly one coin\nthere lay {toy:a} for just one coin", f"{hero} [cannot go] on", "and")
    s.say(seller, """
        It is the last one.
        Tomorrow it will be gone.
        Do you want it? There is only this one.
        For you, only one coin.""")
    s.aside(f"""
        {hero} [turn] {coin:the} over and over in {hero:his} pocket
        {hero} [look] at {coin:the} and then at {toy:the}, and then at {coin:the} again
        {hero} [walk] away three steps, and back three steps""")
    if s.chance({"impatient": 0.35, "generous": 1.0}.get(hero.trait, 0.75)):
        s.so(
            f"{hero} [think] of {sibling} (in bed|at home)\n{hero} [remember] why {hero:he} had come",
            s.do("buy", hero, coin, how=f"{hero} [walk] on and [buy] the {need}"),
            "so|and",
        )
        s.do("vanish", coin)
        s.do("go", hero, home)
        s.tell(
            {
                "medicine": f"that night {sibling} [sleep] without coughing",
                "wool": f"that evening {sibling} [get] warm socks of red wool",
                "oranges": f"{sibling} [peel] the first orange, and the whole room smelled of summer",
                "soap": f"an hour later {sibling} was as clean as a new plate",
            }[need]
        )
        s.so(f"{sibling} [be] so pleased\n{sibling} had got what {sibling:he} needed", s.feel(hero, "happy"), "because|so")
        s.aside(f"{hero} [think] of {toy:the} now and then, but {hero:he} was never sorry", 0.7)
    else:
        s.do("give", hero, coin, seller)
        s.tell(s.do("give", seller, toy, hero, how=f"then {hero} [give] {coin:the} to {seller} and [run] off with {toy:the}"))
        s.do("go", hero, home)
        s.so(f"""
            at home {sibling} [ask] for the {need}
            {sibling} was already waiting at the window""", s.feel(hero, "sorry", f"""
                {hero} [cannot enjoy] {toy:the} at all
                {hero} [wish] that {hero:he} had never seen {toy:the}"""), "and")
        s.do("go", hero, market)
        s.do("give", hero, toy, seller)
        s.tell(s.do("give", seller, coin, hero, how=f"""
            {hero} [run] back, and because {seller} had a good heart, {seller:he} [take] {toy:the} back and [return] {coin:the}"""))
        s.do("go", hero, home)
        s.tell(f"so {sibling} got the {need} after all, only an hour late")
