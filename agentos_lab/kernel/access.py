"""Access control: who may do what, decided before it is done, by rules that anyone can read.

A rule gives a verdict on resources: *allow*, *ask* the person, or *deny*. The rule whose pattern says most about the
resource wins, and of equally specific ones the more cautious, so the order of rules never matters. Text from outside
carries no privileges: a process that has read some is *tainted*, and must ask before it changes anything but its
own storage (the flow of information, not the wording of an injection, is what is checked; Denning 1976).
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal, get_args

from .tools import Effect

__all__ = ["AuditLog", "Decision", "Rule", "Verdict", "as_rules", "decide", "narrowest"]

# From the freest to the most cautious.
Verdict = Literal["allow", "ask", "deny"]
_CAUTION = get_args(Verdict)


@dataclass(frozen=True)
class Rule:
    """A verdict on all resources that fit a pattern.

    Attributes:
        pattern: With ``*``, ``?`` and ``[…]``, e.g. ``"tool:causal.*"``, ``"storage:notes/*"``, ``"process:*"``,
            ``"*:*"`` (everything). Without a kind it means tools.
        verdict: ``"allow"``, ``"ask"`` or ``"deny"``.
        group: Only for processes of this group.
        effect: Only for this effect.
    """

    pattern: str
    verdict: Verdict
    group: str = "*"
    effect: Effect | Literal["*"] = "*"

    def __post_init__(self) -> None:
        if self.verdict not in _CAUTION:
            raise ValueError(f"the verdict on {self.pattern!r} must be one of {_CAUTION}, not {self.verdict!r}")
        if self.effect not in ("*", *get_args(Effect)):
            raise ValueError(f"the effect of {self.pattern!r} must be * or one of {get_args(Effect)}")
        if ":" not in self.pattern:
            object.__setattr__(self, "pattern", f"tool:{self.pattern}")

    def fits(self, resource: str, effect: str, groups: Collection[str]) -> bool:
        """Whether it speaks of this access."""
        known = self.group == "*" or self.group in groups
        return known and self.effect in ("*", effect) and fnmatchcase(resource, self.pattern)

    @property
    def precedence(self) -> tuple[int, int, str, str, str]:
        """The rule with the highest decides: literal characters of the pattern, then caution; the rest breaks ties."""
        literal = len(re.sub(r"\[[^]]*\]|[*?]", "", self.pattern))
        return literal, _CAUTION.index(self.verdict), self.pattern, self.group, self.effect

    def __str__(self) -> str:
        group = f" for {self.group}" if self.group != "*" else ""
        return f"{self.verdict} {self.pattern}{group}" + (f", effect {self.effect}" if self.effect != "*" else "")


@dataclass(frozen=True)
class Decision:
    """What was decided, why, and by which rule.

    Attributes:
        verdict: ``"allow"``, ``"ask"`` or ``"deny"``.
        reason: In words.
        rule: The rule that decided; None: none fits.
    """

    verdict: Verdict
    reason: str
    rule: Rule | None = None

    def __str__(self) -> str:
        return f"{self.verdict}: {self.reason}"


def decide(
    rules: Iterable[Rule], resource: str, effect: Effect, groups: Collection[str] = (), tainted: bool = False
) -> Decision:
    """Decide on one access. Pure: the same arguments, the same decision.

    Args:
        rules: In any order.
        resource: What is accessed: ``"tool:causal.effect"``, ``"storage:notes/x"``, ``"memory:"``, ``"process:1.2"``.
        effect: What the access does.
        groups: Of the process.
        tainted: Whether the process has read text from outside.

    Returns:
        The decision. Where no rule fits, only what cannot be undone is asked about.
    """
    fitting = [rule for rule in rules if rule.fits(resource, effect, groups)]
    if fitting:
        rule = max(fitting, key=lambda rule: rule.precedence)
        decision = Decision(rule.verdict, f"the rule “{rule}”", rule)
    elif effect == "irreversible":
        decision = Decision("ask", "it cannot be undone, and no rule allows it")
    else:
        decision = Decision("allow", "no rule forbids it")
    changes = effect in ("write", "irreversible") and not resource.startswith("storage:")
    if tainted and changes and decision.verdict == "allow":
        return Decision("ask", "the process has read text from outside, which carries no privileges", decision.rule)
    return decision


def narrowest(*decisions: Decision) -> Decision:
    """The most cautious of several decisions: that of a process and those of its ancestors, so a child never gains."""
    return max(decisions, key=lambda decision: _CAUTION.index(decision.verdict))


def as_rules(privileges: Mapping[str, Verdict] | Iterable[str | Rule] | None) -> tuple[Rule, ...]:
    """Rules from the short forms in which privileges are written.

    Args:
        privileges: None: no rule. A mapping: a verdict for each pattern. Patterns: these tools and no others, where
            what cannot be undone is still asked about (a mapping can allow it). Rules: themselves.

    Raises:
        ValueError: It is none of these.
    """
    if privileges is None:
        return ()
    if isinstance(privileges, Mapping):
        return tuple(Rule(pattern, verdict) for pattern, verdict in privileges.items())
    given = [privileges] if isinstance(privileges, str | Rule) else list(privileges)
    rules = tuple(each for each in given if isinstance(each, Rule))
    if rules and len(rules) == len(given):
        return rules
    if not all(isinstance(each, str) for each in given):
        raise ValueError(f"privileges are patterns, rules, or a mapping from patterns to verdicts, not {privileges!r}")
    allowed = [Rule(str(pattern), "allow") for pattern in given]
    return (Rule("*", "deny"), *allowed, *(Rule(rule.pattern, "ask", effect="irreversible") for rule in allowed))


@dataclass(frozen=True)
class AuditLog:
    """Every decision in its order, with the person's answer where one was asked: a fold over the trace.

    Attributes:
        entries: Mappings of tick, pid, resource, effect, verdict, reason and answer.
    """

    entries: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, events: Iterable[Any]) -> AuditLog:
        """The log of a trace: its events ``"access"``, each with what was ``"answered"`` when it was asked."""
        entries: list[dict[str, Any]] = []
        asking: dict[str, dict[str, Any]] = {}  # process -> the entry that waits for an answer
        for event in events:
            if event.kind == "access":
                entries.append({"tick": event.tick, "pid": event.pid, **event.data})
                asking[event.pid] = entries[-1]
            elif event.kind == "answered" and event.pid in asking:
                asking.pop(event.pid)["answer"] = event.data["answer"]
            elif event.kind == "call":  # it was served, or nobody was there to ask
                asking.pop(event.pid, None)
        return cls(tuple(entries))

    def _rows(self) -> list[list[str]]:
        return [
            ["" if entry.get(column) is None else str(entry[column]) for column in _COLUMNS] for entry in self.entries
        ]

    def __str__(self) -> str:
        rows = [list(_COLUMNS), *self._rows()]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = [list(_COLUMNS), *self._rows()]
        cells = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in rows)
        return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


_COLUMNS = ("tick", "pid", "resource", "effect", "verdict", "answer", "reason")
