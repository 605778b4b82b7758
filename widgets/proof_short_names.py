"""Short names for the constants of a proof, for boxes that have no room for whole ones: a for agatha, b for butler."""

from __future__ import annotations

from collections.abc import Mapping

from agentos_lab.logic import Function, Literal, Proof, Term

__all__ = ["key_text", "short_names", "shortened"]

LONG = 4  # letters from which on a name is shortened
SAVED = 2  # letters that a short name must save


def short_names(proof: Proof) -> dict[str, str]:
    """For each long constant the shortest beginning of its name that nothing else begins with.

    Args:
        proof: Its constants are meant; names of variables are not taken for them.
    """
    constants: set[str] = set()
    variables: set[str] = set()
    for step in proof:
        for literal in step.literals:
            variables |= {variable.name for variable in literal.atom.variables}
            for arg in literal.atom.args:
                constants |= _constants(arg)
    found = {}
    for name in sorted(constants):
        others = variables | constants - {name}
        beginnings = (name[:end] for end in range(1, len(name)))
        short = next((each for each in beginnings if not any(other.startswith(each) for other in others)), name)
        if len(name) >= LONG and len(name) - len(short) >= SAVED:
            found[name] = short
    return found


def _constants(term: Term) -> set[str]:
    if not term.args:
        return {term.name} if isinstance(term, Function) else set()
    return set().union(*(_constants(arg) for arg in term.args))


def shortened(literal: Literal, names: Mapping[str, str]) -> Literal:
    """The literal with short names for its constants."""
    if not literal.atom.args or not names:
        return literal
    atom = Function(literal.atom.name, *(_renamed(arg, names) for arg in literal.atom.args))
    return Literal(literal.positive, atom)


def _renamed(term: Term, names: Mapping[str, str]) -> Term:
    if not isinstance(term, Function):
        return term
    if not term.args:
        return Function(names.get(term.name, term.name))
    return Function(term.name, *(_renamed(arg, names) for arg in term.args))


def key_text(names: Mapping[str, str]) -> str:
    """What the short names stand for, in one line."""
    return " · ".join(f"{short} {name}" for name, short in names.items())
