"""Plots about a locked door and a stuck cart: the way goes through a key or an idea."""

# Prose, laid out by hand: one way to say it a line.
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

from ..entities import Spot
from ..scenes import opening, some_day
from ..stage import Stage

__all__ = ["locked_shed", "stuck_cart"]


def locked_shed(s: Stage) -> None:
    """A tool is behind a locked door, and the key is with somebody far away."""
    hero = s.child("helpful patient stubborn impatient")
    elder = s.relative(hero, "grandfather grandmother uncle aunt")
    task, needed = s.pick(
        (
            ("dig a bed for the beans", "spade: small, iron"),
            ("water the thirsty tomatoes", "watering can: tin, green"),
            ("rake the leaves", "rake: wooden, long"),
            ("pick the high cherries", "ladder: long, wooden"),
            ("mend the hen house", "hammer: heavy, old"),
            ("fetch firewood", "wheelbarrow: green, old"),
            ("sweep the yard", "broom: new, stiff"),
            ("whitewash the wall", "brush: wide, old"),
        )
    )
    tool, key, door = (s.thing(needed), s.thing("key: rusty, iron, brass", owner=elder), s.thing("door: heavy, wooden, low"))
    yard, shed, far = s.room("in yard"), s.room("in shed"), s.pick((s.setting.water, s.setting.market, s.setting.high))
    s.at(yard, hero)
    s.at(far, elder)
    s.world.lay(tool, Spot("against the wall", shed))
    s.world.lay(key, elder)
    s.do("lock", elder, door)
    opening(s, hero)
    s.tell(f"""
        {some_day(s)} {hero} [want] to {task} and [need] {tool:the} from the shed
        {some_day(s)} {hero} [decide] to {task}; for that one needs a {tool.noun}, and the {tool.noun} was in the shed""")
    s.so("the shed was locked\nthe door was locked\nsomebody had locked the shed", f"{hero} [cannot get] in", "so|and|because")
    s.aside(f"""
        {hero} [pull] and [push], but the door did not move
        the window was too narrow even for a cat
        {hero} [look] under the mat and the flowerpots, but the key was not there""", 0.6)
    s.so(
        f"{elder} always carried the key (on a string|in a waistcoat pocket)\nonly {elder} had a key",
        s.do("go", hero, far, how=f"{hero} [walk|run] all the way to {far}"),
    )
    s.tell(s.do("meet", hero, elder, how=f"""
        {elder} was (sitting {far:in}|talking to a friend|fast asleep in the shade)
        {hero} [find] {elder} {far:in}, (half asleep|with a friend|under a straw hat)"""))
    s.say(hero, f"""
        May I have the key to the shed? I want to {task}.
        Please lend me the key. I want to {task}.""")
    s.tell(s.do("give", elder, key, hero, how=f"""
        {elder} [laugh] and [give] {hero:him} {key:the}
        {elder} [search] three pockets before {elder:he} [find] {key:the} and [give] it to {hero}
        "Take it," [say] {elder:speaker}, and [give] {hero:him} {key:the}."""))
    s.do("go", hero, yard)
    s.do("unlock", hero, door, key)
    s.do("open", hero, door)
    s.do("go", hero, shed)
    s.tell(s.do("take", hero, tool, how=f"""
        back home {hero} [unlock] the shed and [take] {tool:the}, which was leaning against the wall
        {hero} [run] home, [turn] the key in the lock and [take] {tool:the} out of the shed
        the lock was stiff, but at last it turned, and {hero} [take] {tool:the}"""))
    s.tell(f"""
        before sunset the work was done
        it took until evening to {task}
        by supper time {hero} was (dusty|muddy|tired) from head to foot, but the work was done""")
    s.do("go", elder, shed)
    proud = s.feel(s.pick((hero, elder)), "proud")
    s.so(f"{hero} had done it all alone\nnobody had told {hero} to do it", proud)
    s.aside(f"""
        {elder} [hang] a second key on a nail, just high enough for {hero:him}
        the next day there was a second key on a nail, with {hero:s} name on it""", 0.3)


def stuck_cart(s: Stage) -> None:
    """Strong people pull in vain; somebody small has thought about why."""
    s.set_in("village farm mountains river desert")
    hero = s.child("thoughtful clever quiet shy")
    driver = s.adult(s.pick(("farmer", "miller", "milk seller", "potter", "baker")))
    beast = s.animal(s.pick(("horse", "ox", "donkey", "mule")), "old, brown, strong, tired")
    road, load = (s.setting.path, s.pick(("potatoes", "flour", "milk cans", "clay pots", "pumpkins", "firewood", "melons")))
    s.at(road, hero, driver, beast)
    opening(s, hero)
    s.tell(f"""
        {some_day(s)} {driver} [come] down the road with {beast} and a cart full of {load}
        {some_day(s)} {beast} was pulling a cart of {load} for {driver}
        {some_day(s)} {driver} was on the way to market with {beast} and a load of {load}""")
    where = "sand" if s.setting.name == "desert" else "mud"
    ground = (
        "the sand was deep and soft there\nthe wind had blown sand over the road"
        if where == "sand"
        else "it had rained all night\nthe road was soft after the rain\nthere was a deep hole in the road"
    )
    s.so(ground, s.do("stick", driver, how=f"""
        one wheel [sink] into the {where} and would not move
        the cart got stuck"""))
    s.tell(f"""
        {beast:the} [pull] until its legs trembled, and {driver:the} [push] from behind
        (two|three|four) strong men came to help, and they all pushed and shouted
        {driver} [shout], the men pushed, and {beast:the} [pull]""")
    s.tell("""
        the wheel only sank deeper
        the cart did not move an inch
        nothing happened, except that everyone got (dirty|tired|angry)""")
    s.say(hero, f"""
        It is too heavy. Take the {load} off first.
        We should take the {load} down first.
        What if we made the cart lighter?
        Put some branches under the wheel.
        The wheel needs something hard to stand on.""", s.pick(("", "quietly", "in a soft voice")))
    s.tell(f"""
        at first nobody listened, because {hero:he} was so small
        "What does a child know about carts?" asked one of the men.
        the men laughed, but {driver} [stop] and [think]""")
    act = s.do("help", hero, driver, how=f"""
        {driver} [try] it, and {hero} [help]
        in the end {driver} [do] what {hero} had said""")
    s.tell(act)
    free = s.fact(f"""
        the cart rolled out of the {where} as if it were empty
        slowly, slowly the wheel came free
        with one loud (plop|creak|jerk) the wheel came out""")
    s.link(act, free)
    s.tell(free)
    s.so(
        "the idea had worked\nthe advice had been good",
        s.feel(
            driver,
            "grateful",
            f"""
                {driver} [lift] {hero:him} up onto the seat
                {driver} [let] {hero:him} hold the reins all the way home
                {driver} [be] grateful and [praise] {hero:him} in front of everybody""",
        ),
        "so|because",
    )
    s.aside(f"""
        "Strong arms are good," [say] {driver:speaker}, "but a good idea is better."
        from that day the men asked {hero:him} whenever something was stuck""")
