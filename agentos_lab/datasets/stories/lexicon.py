"""Whom and what the stories are about: names, traits, settings, things, feelings, and the phrases for actions."""

# ruff: noqa: E501  (tables: a row a line)
from __future__ import annotations

from dataclasses import dataclass

from .entities import Place

__all__ = ["BOYS", "FEELINGS", "GIRLS", "PHRASES", "SETTINGS", "SURNAMES", "THINGS", "TRAITS", "Setting"]

GIRLS = (
    "Aisha", "Amara", "Amina", "Ana", "Asha", "Astrid", "Ayla", "Beatriz", "Chloe", "Clara", "Dalia", "Ela",
    "Elena", "Elif", "Ema", "Esther", "Fatima", "Freya", "Grace", "Hana", "Imani", "Ines", "Ingrid", "Ivy", "Jana",
    "Julia", "Kaia", "Karin", "Keiko", "Laila", "Leila", "Lena", "Lien", "Lucia", "Maja", "Mara", "Maria", "Marta",
    "Maya", "Mei", "Mia", "Mina", "Nadia", "Naomi", "Nina", "Noor", "Nora", "Olga", "Paula", "Petra", "Priya",
    "Rania", "Rosa", "Ruth", "Sana", "Sara", "Selma", "Sofia", "Sunita", "Tala", "Tara", "Thea", "Uma", "Vera",
    "Wren", "Yara", "Yuki", "Zara", "Zoe", "Zuri",
)  # fmt: skip
BOYS = (
    "Adam", "Ahmed", "Alex", "Amir", "Andrei", "Anton", "Arjun", "Bilal", "Bruno", "Carlos", "Chen", "Daniel",
    "David", "Diego", "Elias", "Emeka", "Emil", "Eric", "Felix", "Finn", "Hamid", "Hiro", "Hugo", "Ibrahim",
    "Idris", "Ivan", "Jakub", "Jamal", "Jan", "Jonas", "Jorge", "Juan", "Kai", "Karim", "Kenji", "Kofi", "Kwame",
    "Leo", "Liam", "Luca", "Lukas", "Malik", "Marco", "Mateo", "Max", "Milan", "Minh", "Mustafa", "Nico", "Noah",
    "Oleg", "Omar", "Oscar", "Pavel", "Pedro", "Ravi", "Rohan", "Sami", "Samuel", "Sandro", "Sean", "Simon",
    "Stefan", "Tariq", "Tenzin", "Theo", "Thabo", "Tom", "Viktor", "Wei", "Yusuf", "Zaid",
)  # fmt: skip
SURNAMES = (
    "Abebe", "Adeyemi", "Bakker", "Banda", "Castro", "Costa", "Demir", "Diaz", "Dubois", "Duarte", "Fischer",
    "Garcia", "Haddad", "Horvat", "Hussein", "Ito", "Ivanov", "Jansen", "Kaya", "Khan", "Kim", "Kowalski", "Larsen",
    "Lopez", "Mensah", "Moreau", "Murphy", "Nguyen", "Novak", "Okafor", "Park", "Patel", "Pereira", "Rahman",
    "Rossi", "Sato", "Schmidt", "Shah", "Silva", "Singh", "Sousa", "Tanaka", "Tran", "Vega", "Weber", "Wong",
    "Yilmaz", "Zhang",
)  # fmt: skip

# What the story says of a trait: after "a girl who ..."; {0} is the character.
TRAITS: dict[str, tuple[str, ...]] = {
    "brave": ("was not afraid of the dark", "always wanted to go first"),
    "careful": ("looked twice before every step", "never hurried", "liked to do things slowly and well"),
    "careless": (
        "was always in a hurry",
        "often ran where other people walked",
        "seldom looked where {0:he} was going",
    ),
    "cheerful": ("sang all day long", "laughed easily", "whistled on the way to school"),
    "clever": ("liked puzzles", "always had an idea", "wanted to know how everything worked"),
    "curious": ("asked a hundred questions a day", "looked into every corner", "wanted to see everything"),
    "forgetful": (
        "often forgot where {0:he} had put things",
        "lost a hat or a glove almost every week",
        "left things lying everywhere",
    ),
    "friendly": ("said hello to everybody in the street", "made friends easily"),
    "generous": ("liked to give things away", "could never eat a sweet alone"),
    "gentle": ("was kind to every animal", "never shouted"),
    "greedy": ("always took the biggest piece", "found it hard to share"),
    "helpful": ("liked to help wherever {0:he} could", "never had to be asked twice"),
    "honest": ("always told the truth", "could not tell a lie"),
    "impatient": ("hated waiting", "wanted everything at once"),
    "lonely": ("had nobody to play with", "often sat alone at the window"),
    "lively": ("could not sit still", "ran about from morning to night"),
    "patient": ("could wait for hours", "never gave up"),
    "proud": ("liked to be the best at everything", "did not like to ask for help"),
    "quiet": ("spoke very little", "liked to sit and watch"),
    "shy": ("hardly ever spoke to strangers", "hid behind {0:his} hair when visitors came"),
    "stubborn": ("did not like to change {0:his} mind", "always wanted to do everything alone"),
    "thoughtful": ("noticed things that others missed", "thought before {0:he} spoke"),
    "timid": ("was afraid of many things", "jumped at every noise"),
}


@dataclass(frozen=True)
class Setting:
    """Where a story happens: places that belong together.

    Attributes:
        name: One word for it.
        tree: A tree that grows there.
        home: Where the family lives, after "lived ...".
        folk: The people of the place, as in "everybody in the village".
        high, water, market, path, woods, play: Places for flying kites, fishing, buying, walking, getting lost
            and playing.
    """

    name: str
    tree: str
    home: tuple[str, ...]
    folk: str
    high: Place
    water: Place
    market: Place
    path: Place
    woods: Place
    play: Place


def _setting(name: str, tree: str, home: str, folk: str, *places: str) -> Setting:
    found = [Place(place.split(" ", 1)[1], place.split(" ", 1)[0]) for place in places]
    return Setting(name, tree, tuple(home.split("|")), folk, *found)


SETTINGS = (
    _setting("village", "oak", "in a small village|in a village between two hills|at the end of a village street|in a white house by the village well",
             "in the village", "on hill", "by pond", "at village market", "in lane", "in woods", "on village green"),
    _setting("seaside", "pine", "in a fishing village|by the sea|in a blue house near the harbour|in a town by the sea",
             "in the harbour", "on cliff", "in harbour", "at fish market", "on coast path", "in dunes", "on beach"),
    _setting("city", "chestnut tree", "in a big city|on the fifth floor of a tall house|in a noisy street in the city|above a bakery in the city",
             "in the street", "on roof", "by canal", "at street market", "in street", "in park", "in playground"),
    _setting("farm", "apple tree", "on a farm|on a farm with two cows and many hens|in an old farmhouse|on a small farm far from town",
             "on the farm", "in top field", "by stream", "at farmers' market", "on cart track", "in orchard", "in farmyard"),
    _setting("mountains", "fir tree", "in the mountains|high up in the mountains|in a wooden house under the mountain|in a mountain village",
             "in the valley", "on ridge", "by lake", "at valley market", "on mountain path", "in pine forest", "in meadow"),
    _setting("desert", "fig tree", "at the edge of the desert|in a town of yellow walls|in a small desert town|near an oasis",
             "in the town", "on dune", "by oasis", "at bazaar", "in alley", "in palm grove", "on square"),
    _setting("island", "mango tree", "on a small island|on an island far out in the bay|in a hut on a green island|on an island with one shop",
             "on the island", "on headland", "by lagoon", "at jetty market", "on sandy path", "in bamboo grove", "on beach"),
    _setting("river", "willow", "in a river town|beside a wide brown river|in a narrow house by the river|in a town with seven bridges",
             "in the town", "on old wall", "by river", "at old market", "on towpath", "in willow wood", "on square"),
)  # fmt: skip

# kind: noun, then adjectives that suit it; "+" marks a plural, "~" a mass noun.
THINGS: dict[str, tuple[str, ...]] = {
    "toy": ("ball: red, blue, striped, yellow, rubber", "toy car: red, green, tin", "toy train: wooden, blue",
            "doll: rag, wooden, little", "teddy bear: brown, soft, old", "spinning top: painted, wooden, silver",
            "drum: small, red, tin", "whistle: silver, wooden, tin", "puppet: funny, wooden, long-legged",
            "skipping rope: new, yellow", "yo-yo: green, shiny", "rabbit: woolly, grey, velvet"),
    "treasure": ("marble: green, glass, blue", "coin: silver, old, foreign", "shell: pink, white, curly",
                 "feather: blue, long, white", "bracelet: thin, silver, bead", "pencil: golden, new, striped",
                 "stone: round, shiny, speckled", "key ring: brass, round", "brooch: small, silver",
                 "compass: brass, old", "button: pearl, golden", "medal: bright, bronze"),
    "fragile": ("cup: blue, white, thin, flowered", "bowl: green, painted, clay", "vase: tall, glass, yellow",
                "plate: white, painted, large", "jug: brown, glass, milk", "teapot: round, blue, old",
                "lamp: green, oil, glass", "mirror: round, little"),
    "snack": ("apple: red, green, sweet", "pear: yellow, ripe", "bun: warm, sticky, raisin", "orange: big, juicy",
              "pancake: hot, thick", "sandwich: cheese, egg", "mango: ripe, sweet", "banana: ripe, small",
              "biscuit: ginger, round, oat", "pie: cherry, little", "peach: soft, ripe", "flatbread: warm, round",
              "dumpling: steaming, fat", "rice cake: crisp, sweet"),
    "baking": ("cake: chocolate, honey, lemon, carrot", "pie: apple, plum, pumpkin", "loaf: brown, round", "tart: berry, pear"),
    "book": ("book: thick, picture, green", "atlas: heavy, big", "songbook: little, old", "comic: funny, new",
             "storybook: old, red"),
    "instrument": ("flute: wooden, silver", "violin: small, old", "drum: deep, round", "guitar: old, little",
                   "trumpet: shiny, brass", "accordion: red, squeaky"),
    "tool": ("hammer: heavy, small", "saw: sharp, old", "spade: small, iron", "bucket: tin, green", "rake: wooden, long",
             "basket: round, willow", "ladder: long, wooden", "torch: small, bright", "wheelbarrow: green, old",
             "broom: new, stiff", "net: fishing, long", "watering can: tin, green", "rope: long, strong"),
    "craft": ("kite: paper, yellow, red", "birdhouse: small, wooden", "raft: wide, wooden", "boat: toy, little",
              "cart: wooden, small", "basket: little, reed", "lantern: paper, tin", "swing: rope, wooden"),
}  # fmt: skip

# feeling: how it is told; {0} is the character.
FEELINGS: dict[str, tuple[str, ...]] = {
    "happy": ("{0} [be] (very|) happy", "{0} [be] happy", "{0} [feel] happy", "{0} [smile] from ear to ear", "{0} [laugh] with joy",
              "{0} [be] as happy as a lark"),
    "sad": ("{0} [be] (very|) sad", "{0} [feel] sad", "{0} [begin] to cry", "{0} [hang] {0:his} head", "{0} [have] tears in {0:his} eyes"),
    "angry": ("{0} [be] (very|) angry", "{0} [stamp] {0:his} foot", "{0} [frown] and [fold] {0:his} arms", "{0} [turn] red with anger"),
    "afraid": ("{0} [be] (very|) afraid", "{0} [be] frightened", "{0} [begin] to tremble", "{0} [feel] {0:his} knees shake"),
    "proud": ("{0} [be] (very|) proud", "{0} [feel] proud", "{0} [stand] a little taller", "{0} [be] proud of {0:himself}"),
    "sorry": ("{0} [be] (very|) sorry", "{0} [feel] sorry", "{0} [feel] bad about it", "{0} [be] ashamed of {0:himself}"),
    "surprised": ("{0} [be] (very|) surprised", "{0} [open] {0:his} eyes wide", "{0} [can] hardly believe it"),
    "relieved": ("{0} [be] (very|) relieved", "{0} [breathe] a sigh of relief"),
    "worried": ("{0} [be] (very|) worried", "{0} [feel] worried", "{0} [bite] {0:his} lip"),
    "grateful": ("{0} [be] (very|) grateful", "{0} [be] glad of the help", "{0} [thank] everybody twice"),
    "disappointed": ("{0} [be] (very|) disappointed", "{0} [sigh] deeply", "{0} [look] down at {0:his} shoes"),
    "lonely": ("{0} [be] lonely", "{0} [feel] lonely", "{0} [feel] very much alone"),
}  # fmt: skip

# How an action is told when the plot does not say; {0} agent, {1} theme, {2} the other.
PHRASES: dict[str, tuple[str, ...]] = {
    "go": ("{0} [go] to {1}", "{0} [walk|run|hurry] to {1}"),
    "take": ("{0} [take] {1}", "{0} [pick] up {1}"),
    "give": ("{0} [give] {1} to {2}", "{0} [hand] {1} to {2}", "{0} [give] {2} {1:the}"),
    "find": ("{0} [find] {1}", "{0} [see|spot] {1}"),
    "break": ("{1} [break]",),
    "mend": ("{0} [mend] {1}", "{0} [repair] {1}"),
    "lose": ("{0} [lose] {1}",),
    "drop": ("{0} [drop] {1}",),
    "put": ("{0} [put] {1:the} {2}",),
    "hide": ("{0} [hide] {1:the} {2}",),
    "shift": ("{0} [move] {1:the} {2}",),
    "lock": ("{0} [lock] {1}",),
    "shut": ("{0} [shut] {1}",),
    "meet": ("{0} [meet] {1}",),
    "eat": ("{0} [eat] {1}", "{0} [eat] {1} up"),
    "make": ("{0} [make] {1}",),
    "unlock": ("{0} [unlock] {1} with {2}", "{0} [turn] {2} and [unlock] {1}"),
    "open": ("{0} [open] {1}",),
    "help": ("{0} [help] {1}",),
}  # fmt: skip
