"""The narrator: turns clause templates into English sentences.

A template is a clause in the past tense, written as

- ``<Mia>``      a mention (f-strings write it: ``f"{mia}"``), with a form if need be: ``<Mia:his>``, ``<cup:the>``;
- ``[run]``      a verb in its base form, conjugated as its clause needs it: *ran*, *had run*, *running*; also
                 ``[not run]``, ``[can run]``, ``[cannot run]``;
- ``(a|b|c)``    a choice, made at random; ``[run|hurry]`` chooses among verbs.

Clauses are joined while they are templates (`because`, `so`, `but`, `when`, a shared subject left out), so that
the pronouns of the whole sentence are chosen together, from left to right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from .english import capitalize, gerund, participle, past
from .entities import Entity, Group, Thing
from .reference import Reference

__all__ = ["Narrator", "choose", "infinitive", "pluperfect", "subject_and_rest"]

BOUNDARY = "¦"  # a new clause, with a subject of its own, begins here
TOKEN = re.compile(r"<(?P<entity>[^<>:]+)(?::(?P<form>[a-z]+))?>|\[(?P<verb>[^\[\]]+)\]|" + BOUNDARY)
LEADING = re.compile(r"(<[^<>:]+>) (?=((?:[a-z]+ )?)\[)")
# After a mention: a verb, perhaps behind an adverb, shows that the mention is its subject.
FINITE = re.compile(r" (?!and |but |or |to |who )(?:[a-z]+ )?\[| (?:had|was|were|could|would|did|must|is|has|will)\b")
# Verbs of being and thinking: "because she knew" rather than "because she had known".
STATIVE = frozenset(
    """be believe belong feel hate have hear hope know like live love need own remember see stand think understand
    want wish""".split()  # noqa: SIM905
)


class Narrator:
    """Writes the sentences of one story.

    Args:
        entities: All that can be mentioned, by name. The stage adds to it as the cast grows.
        chance: Gives True with the probability it is called with.
        plain: Names instead of pronouns, for the log and the questions.
    """

    def __init__(self, entities: dict[str, Entity], chance: Callable[[float], bool], plain: bool = False) -> None:
        self.entities = entities
        self.reference = Reference(chance, plain)
        self.sentences: list[str] = []

    def write(self, template: str) -> int:
        """Realise one sentence; returns its index."""
        text = capitalize(self.phrase(template))
        self.reference.end_sentence()
        self.sentences.append(text if re.search(r"[.!?]\"?$", text) else text + ".")
        return len(self.sentences) - 1

    def phrase(self, template: str) -> str:
        """Realise a template without making it a sentence."""
        pieces: list[str] = []
        at, opens, perfect = 0, True, False
        for token in TOKEN.finditer(template):
            between = template[at : token.start()]
            pieces.append(between)
            at = token.end()
            opens = opens and not between.strip(' ",')
            if token["entity"]:
                nominative = opens or bool(FINITE.match(template, at))
                subject = token["form"] == "speaker" or (nominative and token["form"] != "s")
                entity = self.entities[token["entity"]]
                pieces.append(self.reference.words(entity, token["form"] or "", subject, nominative))
                opens = False
            elif token["verb"]:
                words, perfect = self._conjugate(token["verb"], perfect)
                pieces.append(words)
                opens = False
            else:
                opens, perfect = True, False
                self.reference.subject = None
        return "".join(pieces) + template[at:]

    def _conjugate(self, marked: str, perfect: bool) -> tuple[str, bool]:
        """The words for a verb marker, and whether the clause has said its *had*."""
        content, _, tense = marked.partition(":")
        *modal, verb = content.split(" ")
        subject = self.reference.subject
        plural = isinstance(subject, Group) or (isinstance(subject, Thing) and subject.pronoun == "they")
        if modal and modal[0] in ("can", "cannot"):
            if tense in ("inf", "ing"):
                raise ValueError(f"[{marked}] has no infinitive; write the clause with 'be able to'")
            return f"{'could' if modal[0] == 'can' else 'could not'} {verb}", perfect
        negative = bool(modal)
        if tense == "had":
            return ("" if perfect else "had not " if negative else "had ") + participle(verb), True
        if tense == "inf":
            return ("not " if negative else "") + verb, perfect
        if tense == "ing":
            return ("not " if negative else "") + gerund(verb), perfect
        if tense == "done":
            return participle(verb), perfect
        if verb == "be":
            return ("were" if plural else "was") + (" not" if negative else ""), perfect
        return (f"did not {verb}" if negative else past(verb)), perfect


def choose(template: str, pick: Callable[[Sequence[str]], str]) -> str:
    """Make the random choices in a template: ``[run|hurry]`` first, then ``(a|b)``, innermost first."""
    verbs, phrases = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]"), re.compile(r"\(([^()]*)\)")
    while found := verbs.search(template) or phrases.search(template):
        chosen = pick(found[1].split("|"))
        chosen = f"[{chosen}]" if found[0][0] == "[" else chosen
        template = template[: found.start()] + chosen + template[found.end() :]
    return re.sub(r"  +", " ", template).replace(" ,", ",").strip()


def pluperfect(template: str) -> str:
    """The clause moved before the story's now: ``[drop]`` -> *had dropped*. States stay as they are."""
    verbs = [match["verb"] for match in TOKEN.finditer(template) if match["verb"]]
    if (
        not verbs
        or verbs[0].split(" ")[-1] in STATIVE
        or verbs[0].split(" ")[0] in ("can", "cannot")
        or BOUNDARY in template
    ):
        return template
    return re.sub(r"\[([^\[\]:]+)\]", r"[\1:had]", template)


def infinitive(template: str, tense: str = "inf") -> str:
    """All verbs of the clause in their base form (or, with ``"ing"``, as participles)."""
    return re.sub(r"\[([^\[\]:]+)\]", rf"[\1:{tense}]", template)


def subject_and_rest(template: str) -> tuple[str, str] | None:
    """``"<Mia> [run] home"`` -> (``"<Mia>"``, ``"[run] home"``); None when no mention opens the clause."""
    found = LEADING.match(template)
    return (found[1], template[found.end() :]) if found else None
