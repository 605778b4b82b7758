"""The stage: what a plot works with. It casts characters, acts in the world, and tells what happens, in one move.

A plot never writes a sentence about an action that did not happen in the world: `do` carries the action out,
records the event and hands back its clause; `tell`, `so`, `but`, `then` and `when` join clauses into sentences
and record which event caused which.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .cast import Cast
from .entities import Character, Entity, Event, Group, Place, Spot, Thing
from .lexicon import FEELINGS, PHRASES
from .narrator import Narrator, choose, infinitive, pluperfect, subject_and_rest
from .reference import pronoun_of
from .world import World

__all__ = ["Clause", "Reason", "Stage"]


@dataclass(frozen=True)
class Clause:
    """A template that tells one event."""

    template: str
    event: int


def alternatives(text: str) -> tuple[str, ...]:
    """The lines of a text that are not empty."""
    return tuple(line.strip() for line in text.split("\n") if line.strip())


@dataclass(frozen=True)
class Reason:
    """Why something happened, kept for the questions: both clauses as the story knows them."""

    cause: Clause
    effect: Clause


class Stage(Cast):
    """One story in the making.

    Args:
        seed: The same seed makes the same story, on every Python.
    """

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.world = World()
        self.narrator = Narrator(self.entities, self.chance)
        self.texts: dict[int, str] = {}
        self.causes: dict[int, tuple[int, ...]] = {}
        self.told_in: dict[int, int] = {}
        self.reasons: list[Reason] = []
        self.stale_beliefs: list[tuple[int, Thing, Character, Character | Spot]] = []
        self._last_style = ""
        self._before: dict[int, int] = {}  # circumstances recorded late: the entry that they came before

    def at(self, place: Place, *characters: Character) -> None:
        """Put characters at a place before the story begins."""
        for character in characters:
            self.world.locate(character, place)

    def introduce(self, *entities: Entity) -> None:
        """Say that the text has introduced somebody or something in words of its own."""
        self.narrator.reference.introduce(*entities)

    # --- acting
    def do(
        self,
        verb: str,
        agent: Character | Thing | Group,
        theme: Entity | Spot | str | None = None,
        other: Entity | Spot | None = None,
        *,
        how: str = "",
    ) -> Clause:
        """Carry out an action in the world; returns the clause that tells it.

        Args:
            verb: The kind of action; see `world.RULES`.
            agent, theme, other: Who, what, to whom.
            how: Templates to choose from, one a line, instead of those in the lexicon.
        """
        phrases = PHRASES.get(verb, (f"{{0}} [{verb}]" + (" {1}" if theme else ""),))
        templates = alternatives(how) or tuple(phrase.format(agent, theme, other) for phrase in phrases)
        template = choose(self.pick(templates), self.pick)
        number = self.world.act(verb, agent, theme, other)
        if isinstance(theme, Thing) and theme.owner and theme in self.world.position:
            believed = self.world.belief.get((theme.owner, theme))
            if believed != self.world.position[theme] and believed is not None and theme.owner != agent:
                self.stale_beliefs.append((number, theme, theme.owner, believed))
        return self._record(number, template)

    def feel(self, who: Character | Group, feeling: str, how: str = "") -> Clause:
        """A character comes to feel something."""
        return self.do("feel", who, feeling, how=how or "\n".join(FEELINGS[feeling]).format(who))

    def fact(self, options: str) -> Clause:
        """A circumstance that needs no action, told by one of the lines: *the path was icy*."""
        template = choose(self.pick(alternatives(options)), self.pick)
        opening = subject_and_rest(template)
        agent = self.entities.get(opening[0].strip("<>")) if opening else None
        number = self.world.act("state", agent) if isinstance(agent, (Character, Thing, Group)) else self._bare_fact()
        return self._record(number, template)

    # --- telling
    def tell(self, clause: Clause | str) -> None:
        """One sentence from one clause; of the lines of a string, one is chosen."""
        self._write(self._clause(clause))

    def aside(self, lines: str, probability: float = 0.5) -> None:
        """A sentence that the story could do without, told now and then."""
        if self.chance(probability):
            self.tell(lines)

    def so(self, cause: Clause | str, effect: Clause | str, style: str = "") -> None:
        """A sentence in which one thing is the reason for another.

        Args:
            cause, effect: What happened, in this order; of the lines of a string, one is chosen.
            style: How to join them, e.g. ``"so|because"``: ``so``, ``and so``, ``and``, ``because``, or, with
                the reason first, ``front`` (*because …, …*) and ``since``.
        """
        c, e = self._clauses(cause, effect)
        self.link(c, e)
        style = self._vary(style or "so|so|because|because|front|since|and so")
        if style in ("front", "since") and self._may_confuse(c, e):
            style = "so"
        if len(c.template) + len(e.template) > 150:
            style = "so" if style in ("front", "since", "because") else style
        before = pluperfect(c.template)
        texts = {
            "so": f"{c.template}, so ¦{e.template}",
            "and": f"{c.template}, and ¦{e.template}",
            "and so": f"{c.template}, and so ¦{e.template}",
            "because": f"{e.template} because ¦{before}",
            "front": f"because {before}, ¦{e.template}",
            "since": f"since {before}, ¦{e.template}",
        }
        self._write(c, e, text=texts[style])

    def but(self, one: Clause | str, two: Clause | str, style: str = "") -> None:
        """A sentence whose second half is not what the first lets one expect."""
        a, b = self._clauses(one, two)
        style = self._vary(style or "but|but|but|although")
        if style == "although" and self._may_confuse(a, b):
            style = "but"
        shared = self._rest_if_shared(a, b)
        if style == "although":
            text = f"although {a.template}, ¦{b.template}"
        elif shared and self.chance(0.5):
            text = f"{a.template} but {shared}"
        else:
            text = f"{a.template}, but ¦{b.template}"
        self._write(a, b, text=text)

    def then(self, *clauses: Clause | str) -> None:
        """Events in a row: with a shared subject as one sentence (*took … and ran …*), else joined or apart."""
        found = [self._clause(clause) for clause in clauses]
        rests = [self._rest_if_shared(found[0], clause) for clause in found[1:]]
        if all(rests):
            first = found[0].template
            if len(found) == 2 and self.chance(0.2) and "¦" not in first and self._all_actions(first):
                opening = subject_and_rest(first)
                assert opening is not None
                text = f"after {infinitive(opening[1], 'ing')}, ¦{found[1].template}"
            else:
                *middle, last = [first, *[rest for rest in rests if rest]]
                text = f"{', '.join(middle)} and {last}"
            self._write(*found, text=text)
        elif len(found) == 2 and self.chance(0.6):
            self._write(*found, text=f"{found[0].template}, and ¦{found[1].template}")
        else:
            for clause in found:
                self._write(clause)

    def when(self, first: Clause | str, second: Clause | str, style: str = "") -> None:
        """Two events, the second at the time of the first."""
        a, b = self._clauses(first, second)
        style = self._vary(style or "when|when|as soon as|after")
        if style != "after" and self._may_confuse(a, b):
            style = "after"
        joined = {"after": f"{b.template} when ¦{a.template}"}
        self._write(a, b, text=joined.get(style, f"{style} {a.template}, ¦{b.template}"))

    def say(self, speaker: Character | Group, text: str, mood: str = "", tag: str = "") -> None:
        """Direct speech.

        Args:
            speaker: Who speaks.
            text: What is said, with its own punctuation; of several lines, one is chosen.
            mood: An adverb or a phrase after the verb: *quietly*, *with a red face*.
            tag: The verb, when it is not to follow from the punctuation: *whisper*.
        """
        words = choose(self.pick(alternatives(text)), self.pick)
        event = self.world.act("say", speaker)
        self._record(event, f'{speaker} [say], "{words}"')
        self._write(Clause(self._quotation(words, speaker, mood, tag), event))

    def _quotation(self, words: str, speaker: Character | Group, mood: str, tag: str) -> str:
        """``"…," said Mia.``, ``"…," she said. "…"`` or ``Mia said, "…"``."""
        halves = re.match(r"(.{8,}?[.!?]) (.+)$", words) if self.chance(0.6) else None
        first, rest = (halves[1], halves[2]) if halves else (words, "")
        exclaim = self.pick(("cry", "call", "say"))
        verb = f"[{tag or {'?': 'ask', '!': exclaim}.get(first[-1], 'say')}]"
        mood = f" {mood}" if mood else ""
        named = isinstance(speaker, Character) and speaker.called and speaker in self.narrator.reference.known
        by = f"{verb} {speaker:speaker}" if named and self.chance(0.5) else f"{speaker} {verb}"
        if not rest and not mood and self.chance(0.2):
            return f'{speaker} {verb}, "{words}"'
        first = first[:-1] + "," if first.endswith(".") and not first.endswith("...") else first
        return f'"{first}" ¦{by}{mood}' + (f'. "{rest}"' if rest else "")

    def reveal(self, clause: Clause, how: str = "") -> None:
        """Tell an event only now, though it happened earlier: in the past perfect."""
        self._write(clause, text=how.format(pluperfect(clause.template)) if how else pluperfect(clause.template))

    def link(self, cause: Clause, effect: Clause) -> None:
        """Record that one event brought about another."""
        if cause.event not in self.causes.get(effect.event, ()):
            self.causes[effect.event] = (*self.causes.get(effect.event, ()), cause.event)
        self.reasons.append(Reason(cause, effect))

    def plain(self, template: str) -> str:
        """A template as a phrase with names instead of pronouns."""
        return Narrator(self.entities, lambda _: False, plain=True).phrase(template)

    def numbering(self) -> dict[int, int]:
        """For each entry of the world's log its number in the order of happening, which `events` uses."""
        entries = range(len(self.world.log))
        order = sorted(entries, key=lambda entry: (self._before.get(entry, entry), entry not in self._before))
        return {entry: number for number, entry in enumerate(order)}

    def events(self) -> tuple[Event, ...]:
        """The log of the story so far, in the order of happening."""
        numbers = self.numbering()
        found = []
        for entry, number in numbers.items():
            causes = tuple(sorted(numbers[cause] for cause in self.causes.get(entry, ())))
            sentence = self.told_in.get(entry, -1)
            found.append(Event(number, *self.world.log[entry], self.texts[entry], causes, sentence))
        return tuple(found)

    # --- inner workings
    def _vary(self, styles: str) -> str:
        """One of the styles, if possible not the one used last."""
        options = styles.split("|")
        self._last_style = self.pick([style for style in options if style != self._last_style] or options)
        return self._last_style

    def _may_confuse(self, first: Clause, second: Clause) -> bool:
        """Two subjects with the same pronoun: *because he had been kind, Tom …* would puzzle a reader."""
        one, two = subject_and_rest(first.template), subject_and_rest(second.template)
        if one is None or two is None or one[0] == two[0]:
            return False
        subjects = [self.entities[opening[0].strip("<>")] for opening in (one, two)]
        return len({pronoun_of(subject) for subject in subjects}) == 1

    def _clauses(self, one: Clause | str, two: Clause | str) -> tuple[Clause, Clause]:
        """Two clauses, the first of which was so before the second happened, though it may be recorded only now."""
        a, b = self._clause(one), self._clause(two)
        if isinstance(one, str) and isinstance(two, Clause):
            self._before[a.event] = b.event
        return a, b

    def _clause(self, clause: Clause | str) -> Clause:
        return self.fact(clause) if isinstance(clause, str) else clause

    def _record(self, number: int, template: str) -> Clause:
        self.texts[number] = self.plain(template)
        return Clause(template, number)

    def _bare_fact(self) -> int:
        self.world.log.append(("state", "", "", "", ""))
        return len(self.world.log) - 1

    def _write(self, *clauses: Clause, text: str = "") -> None:
        sentence = self.narrator.write(text or clauses[0].template)
        for clause in clauses:
            self.told_in.setdefault(clause.event, sentence)

    def _rest_if_shared(self, one: Clause, two: Clause) -> str | None:
        a, b = subject_and_rest(one.template), subject_and_rest(two.template)
        return b[1] if a and b and a[0] == b[0] else None

    def _all_actions(self, template: str) -> bool:
        verbs = re.findall(r"\[([^\[\]]+)\]", template)
        return all(
            " " not in verb and ":" not in verb and verb not in ("be", "have", "can", "want", "see") for verb in verbs
        )
