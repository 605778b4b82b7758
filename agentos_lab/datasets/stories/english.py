"""English morphology, as much as a story needs: past tenses, participles, articles, capitals.

The past tense of most verbs follows four spelling rules; the commonest verbs of all are irregular and stand in a
table.
"""

from __future__ import annotations

import re

__all__ = ["article", "capitalize", "gerund", "participle", "past"]

# base: (past, past participle)
IRREGULAR: dict[str, tuple[str, str]] = {
    row.split()[0]: (row.split()[1], row.split()[2])
    for row in """
    be was been; beat beat beaten; become became become; begin began begun; bend bent bent; bind bound bound;
    bite bit bitten; blow blew blown; break broke broken; bring brought brought; build built built;
    burn burnt burnt; burst burst burst; buy bought bought; can could could; catch caught caught;
    choose chose chosen; come came come; creep crept crept; cut cut cut; dig dug dug; do did done;
    draw drew drawn; dream dreamt dreamt; drink drank drunk; drive drove driven; eat ate eaten;
    fall fell fallen; feed fed fed; feel felt felt; fight fought fought; find found found; flee fled fled;
    fly flew flown; forget forgot forgotten; forgive forgave forgiven; freeze froze frozen; get got got;
    give gave given; go went gone; grow grew grown; hang hung hung; have had had; hear heard heard;
    hide hid hidden; hit hit hit; hold held held; hurt hurt hurt; keep kept kept; kneel knelt knelt;
    know knew known; lay laid laid; lead led led; lean leant leant; leap leapt leapt; learn learnt learnt;
    leave left left; lend lent lent; let let let; lie lay lain; light lit lit; lose lost lost; make made made;
    may might might; mean meant meant; meet met met; pay paid paid; put put put; read read read;
    ride rode ridden; ring rang rung; rise rose risen; run ran run; say said said; see saw seen;
    seek sought sought; sell sold sold; send sent sent; set set set; sew sewed sewn; shake shook shaken;
    shine shone shone; shoot shot shot; show showed shown; shrink shrank shrunk; shut shut shut; sing sang sung;
    sink sank sunk; sit sat sat; sleep slept slept; slide slid slid; speak spoke spoken; spend spent spent;
    spill spilt spilt; spin spun spun; spit spat spat; split split split; spread spread spread;
    spring sprang sprung; stand stood stood; steal stole stolen; stick stuck stuck; sting stung stung;
    stride strode stridden; strike struck struck; swear swore sworn; sweep swept swept; swim swam swum;
    swing swung swung; take took taken; teach taught taught; tear tore torn; tell told told;
    think thought thought; throw threw thrown; understand understood understood; wake woke woken;
    wear wore worn; weave wove woven; weep wept wept; win won won; wind wound wound; wring wrung wrung;
    write wrote written
    """.replace("\n", " ").split(";")
}  # fmt: skip

# Two syllables or more, yet the last consonant is doubled because the stress is on the last syllable (or, in
# British spelling, because it is an l).
DOUBLED = frozenset({"admit", "prefer", "quarrel", "regret", "travel"})

# Spelt with a vowel but spoken with a consonant, and the other way round.
CONSONANT_SOUND = re.compile(r"(uni|use|usu|eu|one\b|once)", re.IGNORECASE)
VOWEL_SOUND = re.compile(r"(hour|honest|honou?r)", re.IGNORECASE)


def past(verb: str) -> str:
    """Past tense of a verb given in its base form: ``go`` -> ``went``, ``carry`` -> ``carried``."""
    if verb in IRREGULAR:
        return IRREGULAR[verb][0]
    if verb.endswith("e"):
        return verb + "d"
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ied"
    return _doubled(verb) + "ed"


def participle(verb: str) -> str:
    """Past participle: ``go`` -> ``gone``."""
    return IRREGULAR[verb][1] if verb in IRREGULAR else past(verb)


def gerund(verb: str) -> str:
    """The -ing form: ``run`` -> ``running``, ``tie`` -> ``tying``."""
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and verb != "be":
        return verb[:-1] + "ing"
    return _doubled(verb) + "ing"


def article(words: str) -> str:
    """The indefinite article that fits the sound of the words after it: ``a`` or ``an``."""
    if VOWEL_SOUND.match(words):
        return "an"
    return "an" if words[:1].lower() in "aeiou" and not CONSONANT_SOUND.match(words) else "a"


def capitalize(sentence: str) -> str:
    """The sentence with its first letter in upper case, be it after a quotation mark."""
    at = next((index for index, character in enumerate(sentence) if character.isalpha()), None)
    return sentence if at is None else sentence[:at] + sentence[at].upper() + sentence[at + 1 :]


def _doubled(verb: str) -> str:
    one_syllable = len(re.findall(r"[aeiou]+", verb)) == 1
    closed = re.search(r"[^aeiou][aeiou][^aeiouwxy]$", verb) or re.search(r"qu[aeiou][^aeiouwxy]$", verb)
    return verb + verb[-1] if verb in DOUBLED or (one_syllable and closed) else verb
