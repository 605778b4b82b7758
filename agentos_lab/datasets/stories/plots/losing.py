"""Plots about what is lost or carried away, and how it comes back."""

# Prose, laid out by hand: one way to say it a line.
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from ..entities import Spot
from ..scenes import look_in_vain, opening, some_day
from ..stage import Stage

__all__ = ["hat_in_the_wind", "left_behind", "lost_in_the_crowd"]


def left_behind(s: Stage) -> None:
    """Something dear is left somewhere for a reason, looked for in the wrong place, and found again."""
    hero = s.child("forgetful careless lively curious")
    giver = s.relative(hero, "grandmother grandfather aunt uncle")
    helper = s.relative(hero, "mother father")
    dear = s.thing(s.pick(("toy", "treasure")), owner=hero)
    home = s.room("in house")
    away = s.pick((s.setting.play, s.setting.path, s.setting.woods, s.setting.water))
    s.at(home, hero, helper)
    s.world.lay(dear, hero)
    opening(s, hero)
    s.tell(f"""
        {giver} had given {hero:him} {dear:a}, and {hero:he} [take|carry] it everywhere
        of all {hero:his} things {hero:he} [love] {dear:own} best, because it had come from {giver}
        {hero:his} (dearest treasure|greatest treasure|favourite thing) was {dear:a}, a present from {giver}
        {hero:he} owned {dear:a} that had once belonged to {giver}
        there was one thing that {hero:he} [love] more than all the others: {dear:a} from {giver}""")
    s.tell(s.do("go", hero, away, how=f"{some_day(s)} {hero} [take|carry] it (with {hero:him}|along) to {away}"))
    place, reason = s.pick(
        (
            ("on a wall", f"{hero} [put] it on a wall to (tie {hero:his} shoe|pull a thorn out of {hero:his} sock|look at a lizard)"),
            ("on a bench", f"{hero} [lay] it on a bench to watch a (juggler|snail|line of ants|man with a barrel organ)"),
            ("in the grass", f"{hero} [put] it in the grass to (pick flowers|eat {hero:his} bread|look at a spider|turn a somersault)"),
            ("under a bush", f"{hero} [put] it under a bush and [chase] a (butterfly|lizard|grasshopper|frog)"),
            ("beside the path", f"{hero} [put] it beside the path to (help a beetle onto its legs|fill {hero:his} pockets with stones)"),
        )
    )
    distraction = s.fact(reason)
    s.link(distraction, s.do("lose", hero, dear, Spot(place, away), how=f"{hero} [leave] {dear:the} {place}"))
    going = s.do("go", hero, home, how=f"{hero} [run|race|hurry] home without it")
    mystery = s.chance(0.5)
    if mystery:
        s.aside(f"""
            in the evening {hero} [come] home with empty hands and did not even notice
            nobody noticed that {hero} [come] home without it
            at supper {hero:his} pockets were full of (stones|acorns|string), but something was missing""")
    else:
        s.tell(distraction)
        s.so(
            "(then|just then|a little later) (it began to rain|somebody called|a bell rang|the smell of soup came from home|it grew dark)",
            going,
            "and",
        )
    s.tell(f"""
        at bedtime {hero} [want] to (hold|see|look at) {dear:the}, but it was gone
        only (at bedtime|in the evening|at supper) did {hero:name} notice that {dear:the} was missing
        in bed {hero} [reach] for {dear:the}, and there was nothing there""")
    look_in_vain(s, hero, dear)
    if s.chance(0.3):
        s.tell(s.feel(hero, s.pick(("sad", "worried"))))
    s.say(helper, """
        Where did you have it last?
        Think. When did you see it last?
        What did you do today, one thing after the other?
        Try to remember where you stopped.
        Did you put it down somewhere?""")
    s.aside(f"""
        {hero} [shut] {hero:his} eyes and [think] hard
        {hero} [think] for a long time
        {hero} [go] through the whole day in {hero:his} head""", 0.3)
    s.say(hero, f"""
        I know! It must be {place}!
        I stopped {away:in}. That is it!
        Oh, I left it {place}!
        It is still {away:in}!""")
    pair = s.both(hero, helper)
    s.tell(s.do("go", pair, away, how=f"""
        (with a torch|in their slippers|hand in hand|early the next morning|by moonlight) {pair} [go|hurry|walk] back to {away}
        {pair} [put] on their coats and [go] back to {away}"""))
    s.tell(s.do("find", hero, dear, how=f"""
        there was {dear:the} {place}, (wet with dew|safe and sound|just where {hero:he} had left it)
        {dear:the} was {place}, where it had been (waiting|lying) all the time
        {hero} [find] {dear:the} {place}, (a little wet|covered with dew|with a snail on it)"""))
    if mystery and s.chance(0.6):
        s.reveal(distraction, "now it was clear: {}")
    joy = s.feel(hero, "happy", f"""
        {hero} [hold] it tight all the way home
        {hero} [press] it to {hero:his} heart
        {hero} [not let] go of it again that night""")
    s.then(s.do("take", hero, dear, how=f"{hero} [pick] it up"), joy)
    s.aside(f"""
        from then on {hero} always [count] {hero:his} things before {hero:he} [go] home
        that night {dear:the} slept under {hero:his} pillow
        after that {hero} [tie] a ribbon to it so that {hero:he} would not forget it again
        {hero} has never left it anywhere since""")


def hat_in_the_wind(s: Stage) -> None:
    """The wind takes something away; chasing it leads somewhere, and to somebody."""
    hero = s.child()
    prize = s.thing(
        "hat: straw, green, new; cap: blue, red; scarf: silk, yellow, long; umbrella: red, paper; letter: long, folded; "
        "drawing: large, coloured; balloon: red, green, blue; song sheet: new; newspaper hat: big",
        owner=hero,
    )
    stranger = s.child("shy quiet lonely", unlike=hero)
    here, there = s.setting.high, s.pick((s.setting.water, s.setting.play, s.setting.woods))
    s.at(here, hero)
    s.at(there, stranger)
    s.world.lay(prize, hero)
    opening(s, hero)
    s.tell(f"""
        {some_day(s, "windy stormy breezy")} {hero} [walk] over {here} with {prize:own}
        {some_day(s, "windy gusty")} {hero} [take] {prize:own} to {here}, although {hero:his} mother had (warned {hero:him} of the wind|said that the wind was strong)
        {some_day(s, "windy blustery breezy")} {hero} [carry] {prize:own} across {here}""")
    gust = s.fact("""
        a gust of wind came
        the wind blew harder
        a sudden gust came from the (north|east|west)
        the wind turned""")
    bush = Spot(s.pick(("in a tree", "on a high branch", "on a thorn bush", "on a tall fence")), there)
    lose = s.do("lose", hero, prize, bush, how=f"""
        {prize:the} [fly] out of {hero:his} hands
        {prize:the} [sail] away like a bird
        {prize:the} [be] carried off
        {prize:the} [take] off like a (kite|seagull|leaf)""")
    s.so(gust, lose, "and")
    s.tell(f"""
        it (danced|rolled|tumbled) over the (grass|ground|stones), over a (wall|ditch|cart), and always a little faster than {hero} [can] run
        {hero} [run] after it as fast as {hero:he} [can], but the wind was faster
        it (hopped|jumped|skipped) ahead of {hero} like a (rabbit|frog|goat), and whenever {hero:he} [bend] down, it hopped again""")
    s.do("go", hero, there)
    s.so(f"at last it (stopped|caught|got stuck) {bush.phrase} {there:in}", f"{hero} [cannot reach] it", "and")
    s.tell(s.do("meet", hero, stranger, how=f"""
        {stranger} was sitting there alone and saw it all
        under a tree sat {stranger}, who had seen everything
        nobody was there but {stranger}, who was (counting clouds|making a chain of flowers|drawing in the sand)"""))
    s.say(stranger, """
        Wait. I can get it.
        I am good at climbing.
        Let me try.
        Hold my (bag|shoes|book) for a moment.""", s.pick(("", "quietly", "softly")))
    s.do("take", stranger, prize)
    s.tell(f"""
        {stranger} [climb] up like a (cat|squirrel|monkey) and [get] {prize:the} down
        {stranger} [fetch] a long stick and [lift] {prize:the} down
        {stranger} [roll] a barrel to the spot, [climb] onto it and [reach] {prize:the}""")
    s.tell(s.do("give", stranger, prize, hero))
    s.say(hero, """
        Thank you! What is your name?
        You were so quick! Do you live here?
        Thank you! Shall we play?
        How did you learn to climb like that?""")
    s.so(f"{stranger} had no friends {s.setting.folk} yet\n{stranger} had not talked to anybody all day", s.feel(stranger, "happy", f"""
        {stranger} [be] (very|) glad to be asked
        {stranger} [smile] (shyly|happily)"""), "so|because|and so")
    pair = s.both(hero, stranger)
    s.tell(f"""
        {pair} [play] until it [get] dark, and the wind played with them
        on the way home {pair} [talk] about everything under the sun
        since that day {pair} have been friends, and they both like windy weather
        the wind had (taken|stolen) {prize:the} and brought a friend""")


def lost_in_the_crowd(s: Stage) -> None:
    """A child loses its grown-up in a crowd and is found because of something clever or remembered."""
    hero = s.child("curious lively")
    elder = s.relative(hero, "mother father grandmother grandfather aunt uncle")
    seller = s.adult(s.pick(("baker", "fishmonger", "flower seller", "potter", "cheese seller", "fruit seller", "tea seller")))
    market, meeting = s.setting.market, s.pick(("fountain", "clock tower", "old well", "stone lion", "town gate"))
    other = s.room(f"by {meeting}")
    s.at(market, hero, elder)
    s.at(other, seller)
    opening(s, hero)
    s.tell(f"""
        {some_day(s)} {hero} [go] to {market} with {elder}
        {some_day(s)} {elder} [take] {hero} to {market} to buy (shoes|a hat|lemons and rice|a new pan)""")
    s.say(elder, f"""
        Stay close to me. There are many people here.
        If you lose me, wait by the {meeting}.
        Hold my hand, and if we lose each other, go to the {meeting}.
        Should you ever get lost, stand still by the {meeting}.""")
    cause = s.fact(f"""
        {hero} [see] a monkey in a red jacket
        {hero} [hear] a drum and [run] after the sound
        {hero} [stop] to look at a cage full of (rabbits|yellow birds|chicks)
        {hero} [stand] watching a man who (swallowed fire|juggled with plates|carved spoons|made a coin vanish)
        {hero} [bend] down to stroke a (donkey|sleeping cat|baby goat)""")
    s.tell(cause)
    lost = s.fact(f"""
        when {hero} [turn] round, {elder} [be] gone
        when {hero} [look] up again, all the faces were strange
        a moment later {hero} [take] the wrong hand, and a stranger looked down""")
    s.link(cause, lost)
    s.tell(lost)
    s.so(f"""
        {hero} [be] alone among so many legs and baskets
        {hero} [cannot see] {elder} anywhere
        nobody [hear] {hero} call""", s.feel(hero, "afraid"))
    s.so(
        f"{hero} [remember] what {elder} had said",
        s.do("go", hero, other, how=f"{hero} ([go]|[push] {hero:his} way) to {other} and [wait]"),
        "so|and",
    )
    s.tell(s.do("meet", hero, seller, how=f"""
        there {seller} [see] {hero:his} tears and [find] {hero:him} a (stool|cushion|box) to sit on
        there {seller} [notice] {hero:him} and [come] over with a (slice of melon|cup of water|warm roll)"""))
    s.say(seller, "What does your family look like?\nWho are you looking for?\nDo not cry. Who is missing?")
    garment = s.pick(("a green coat", "a yellow scarf", "a big straw hat", "a purple shawl", "red boots", "a striped umbrella"))
    s.say(hero, f"My {elder.noun} has {garment}.\nMy {elder.noun}. Look for {garment}!")
    s.aside(f"{seller} [climb] on a (crate|barrel|chair) and [look] over all the heads", 0.4)
    s.say(seller, f"I see {garment}! Over here!\nThere, {garment}! Hello!\nIs that {garment}? Hello, over here!", tag="call")
    s.do("go", elder, other)
    s.tell(f"""
        a moment later {hero} [be] in {elder:s} arms
        soon {hero} [feel] a well-known hand on {hero:his} shoulder""")
    if s.chance(0.35):
        s.so(f"{hero} had waited in the right place", s.feel(elder, "relieved", f"{elder} was not angry at all"))
    s.aside(f"""
        on the way home {hero} [not let] go of {elder:s} hand once
        the drums could wait: {hero} [hold] {elder:s} hand all the way home
        before they left, {elder} [buy] a (loaf|flower|fish|cake) from {seller} to say thank you""")
