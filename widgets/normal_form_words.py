"""The words of a NormalFormStepper: what a rule is called in a row, what it did, and why it may do that."""

from __future__ import annotations

from agentos_lab.logic import And, Exists, ForAll, Formula, Iff, Not

from .normal_form_lines import Line
from .normal_form_worlds import Shares, Worlds
from .runs import Runs, strong

__all__ = ["captions", "meaning", "row_rule", "sentence", "why"]

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

Words = tuple[str, str, str, str]  # the rule in a row, what happened, a heading, why


def row_rule(line: Line) -> str:
    """What the rule is called in a row of the ledger."""
    return _words(line)[0]


def why(line: Line) -> tuple[str, str]:
    """A heading and why the rule may do this, in one or two sentences."""
    return _words(line)[2:]


def meaning(line: Line) -> str:
    """How the line is related to the one above: "same", "new" (a new name), or "" for the first."""
    return "" if line.was is None else "new" if line.new_names else "same"


def sentence(lines: list[Line], step: int, worlds: Worlds | str, shares: list[Shares | None]) -> Runs:
    """The header's sentence for a step."""
    line = lines[step]
    if line.was is None:
        many = "the steps below make" if len(lines) > 2 else "one step makes"
        return [strong(line.text), f" as it was given; {many} clauses of it."]
    start: list = [f"Step {step} of {len(lines) - 1}: ", strong(_words(line)[1]), ". "]
    if line.new_names:
        return [
            *start,
            "The new line is satisfiable exactly when the old one is, but it says more: it uses a new name.",
        ]
    share = shares[step]
    if isinstance(worlds, str) or share is None or share.new:
        return [*start, "The new line means the same as the old one."]
    some = "" if len(worlds.places) == worlds.total else " that were tried"
    return [
        *start,
        f"The new line means the same: it is true in the same {share.count} of {len(share.values)} worlds{some}.",
    ]


def captions(worlds: Worlds | str, shares: list[Shares | None], step: int) -> tuple[str, list[str], str]:
    """What stands over and under the worlds: a title, a caption for each of the two grids, a note."""
    if isinstance(worlds, str):
        return "Worlds of size 2", [], worlds
    asked = f"{len(worlds.places)}"
    title = (
        f"The {asked} worlds of size 2"
        if len(worlds.places) == worlds.total
        else f"{asked} of {_big(worlds.total)} worlds"
    )
    if worlds.total == 1:
        title = "The one world of size 2"
    now, before = shares[step], shares[max(0, step - 1)]
    if now is None or before is None:
        return f"About {_big(worlds.total)} worlds", [], "Asking them would take too long for a formula of this size."
    if step == 0:
        return title, [f"line 0: true in {now.count}"], "Filled: the line is true there."
    again = " again" if now.count == before.count else ""
    count = f"{now.count}{again}" if now.tried == now.choices else f"at least {now.count}"
    told = [f"line {step - 1}: true in {before.count}", f"line {step}: {count}"]
    if not now.new:
        return title, told, "Same worlds, same meaning." if now == before else ""
    names = ", ".join(now.new)
    if now.tried < now.choices:
        return title, told, f"{now.tried} of {_big(now.choices)} choices of {names} tried"
    return title, told, f"Paler: for some choices of {names}"


def _big(count: int) -> str:
    if count < 10**6:
        return f"{count:,}"
    return "10" + str(int(0.30103 * (count.bit_length() - 1))).translate(SUPERSCRIPTS)


def _words(line: Line) -> Words:
    """All the words about a line."""
    rule, was, part = line.rule, line.was, line.part
    if " becomes " in rule:
        return _skolem_words(rule)
    match rule:
        case "given":
            return rule, "given", "The formula as it was given", (
                "Each step changes one part of the line before, by one rule. What changed is marked."
            )  # fmt: skip
        case "eliminate →" | "eliminate ↔":
            sign = rule[-1]
            shape = "a → b says: not a, or b." if sign == "→" else "a ↔ b says: each follows from the other."
            return f"replace {sign}", f"{sign} is written with ¬, ∧ and ∨", f"What {sign} is short for", (
                f"{shape} Only ¬, ∧, ∨ and quantifiers are left to deal with."
            )  # fmt: skip
        case "¬ past a quantifier":
            old, new, said = ("∀", "∃", "Not all are so: one is not") if _inside(was, ForAll) else (
                "∃", "∀", "None is so: all are not")  # fmt: skip
            return f"push ¬ past {old}", f"¬{old} becomes {new}¬", "¬ turns a quantifier over", (
                f"{said}. The ¬ is one level nearer to the atoms, where it must go."
            )  # fmt: skip
        case "De Morgan":
            old, new = ("∧", "∨") if _inside(was, And) else ("∨", "∧")
            said = "Not both: one of them fails" if old == "∧" else "Neither: each of them fails"
            return f"push ¬ past {old}", f"¬ over {old} becomes {new} of ¬", "De Morgan’s law", (
                f"{said}. The ¬ moves to each part, and {old} turns into {new}."
            )  # fmt: skip
        case "double negation":
            return "drop ¬¬", "¬¬ cancels out", "Two negations", "What is not false is true, so both can go."
        case "negated arrow":
            sign = "↔" if isinstance(was, Not) and isinstance(was.part, Iff) else "→"
            said = (
                "a → b fails only where a holds and b does not." if sign == "→" else "a ↔ b fails where just one holds."
            )
            return f"push ¬ past {sign}", f"¬ over {sign} is written out", f"When {sign} fails", said
        case "simplify":
            return "simplify", "what says nothing is left out", "⊤, ⊥ and repetitions", (
                "a ∧ a is a, a ∨ ⊥ is a, and a quantifier whose variable does not occur says nothing."
            )  # fmt: skip
        case "push a quantifier in":
            sign = _quantifier(was)
            return f"move {sign} inwards", f"{sign} moves inwards", "Why inwards", (
                "A quantifier needs to stand only around what holds its variable. "
                "The fewer ∀ around an ∃, the fewer arguments its Skolem function gets."
            )  # fmt: skip
        case "rename apart":
            old, new = _variable(was), _variable(part)
            return f"rename {old}", f"{old} is renamed {new}", "One name, one variable", (
                "A bound variable may have any name. Once the quantifiers are gone, "
                "equal names would mean the same thing."
            )  # fmt: skip
        case "drop ∀":
            name = _variable(was)
            return f"drop ∀{name}".rstrip(), f"∀{name} is no longer written", "∀ goes without saying", (
                "No ∃ is left, so every variable that remains stands for everything."
            )  # fmt: skip
        case "distribute":
            return "distribute ∨", "∨ is distributed over ∧", "∨ goes inwards", (
                "“a, or both b and c” says: “a or b”, and “a or c”. Then ∧ stands only between clauses."
            )  # fmt: skip
        case "split at ∧":
            return rule, "the line is cut at each ∧", "A set of clauses", (
                "All clauses must hold, so they can stand apart; the order of their literals does not matter. "
                "Resolution works on these sets."
            )  # fmt: skip
        case "name parts" | "name a part":
            names = ", ".join(line.new_names)
            return "name parts", f"parts get the names {names}", "Names instead of copies", (
                "Written out, this would grow exponentially. A new predicate stands for the part, "
                "and a clause says what it stands for."
            )  # fmt: skip
    return rule, rule, "Why", f"{line.source[:1].upper()}{line.source[1:]}."


def _skolem_words(rule: str) -> Words:
    name, term = rule.split(" becomes ", 1)
    function, _, arguments = term.partition("(")
    if not arguments:
        told = f"No ∀ stands around ∃{name}: one thing does for all. The constant {function} names it."
        return f"Skolemise {name}", f"∃{name} is replaced by {term}", f"Why the constant {function}", told
    depends = arguments.rstrip(")")
    told = (
        f"∃{name} stands inside ∀, so what exists may differ with {depends}. "
        f"{function} names the choice: {term} is what exists for {depends}."
    )
    return f"Skolemise {name}", f"∃{name} is replaced by {term}", f"Why {term} and not a constant", told


def _inside(formula: Formula | None, kind: type[Formula]) -> bool:
    return isinstance(formula, Not) and isinstance(formula.part, kind)


def _quantifier(formula: Formula | None) -> str:
    return "∃" if isinstance(formula, Exists) else "∀"


def _variable(formula: Formula | None) -> str:
    return formula.variable.name if isinstance(formula, ForAll | Exists) else ""
