"""How proofs are written: as a table in a notebook, as LaTeX, and as a TSTP derivation for other tools."""

from __future__ import annotations

import html

from .formulas import FALSE
from .proof import NEGATED_GOAL, Proof, ProofStep

__all__ = ["proof_html", "proof_latex", "proof_tptp"]

# What TSTP calls the rules; those that make something new keep satisfiability only (status esa).
_TSTP_RULES = {
    "resolution": "resolution",
    "factoring": "factor",
    "superposition": "superposition",
    "demodulation": "rewrite",
    "unit deletion": "subsumption_resolution",
    "equality resolution": "equality_resolution",
    "equality factoring": "equality_factoring",
}


def proof_html(proof: Proof) -> str:
    """The proof as a table: number, clause, reason."""
    given = "".join(
        f"<tr><td></td><td style='text-align:left'>{html.escape(str(formula))}</td>"
        f"<td style='text-align:left'>{html.escape(name)}</td></tr>"
        for name, formula in proof.formulas.items()
    )
    rows = "".join(
        f"<tr><td style='text-align:right'>{step.number}</td><td style='text-align:left'>{html.escape(step.text)}</td>"
        f"<td style='text-align:left'>{html.escape(step.reason)}</td></tr>"
        for step in proof.steps
    )
    head = "<thead><tr><th>step</th><th>clause</th><th>reason</th></tr></thead>"
    return f"<table>{head}<tbody>{given}{rows}</tbody></table>"


def proof_latex(proof: Proof) -> str:
    """The proof as an ``array`` of three columns: number, clause, reason."""
    rows = [rf"{step.number}. & {_clause_latex(step)} & \text{{{_escaped(step.reason)}}}" for step in proof.steps]
    return r"\begin{array}{rll}" + "\n" + " \\\\\n".join(rows) + "\n" + r"\end{array}"


def proof_tptp(proof: Proof) -> str:
    """The proof in TSTP: formulas as ``fof``, clauses as ``cnf``, each with the rule and the parents it comes from."""
    names = {name: f"f{number}" for number, name in enumerate(proof.formulas, 1)}
    lines = []
    for name, formula in proof.formulas.items():
        role = "negated_conjecture" if name == NEGATED_GOAL else "axiom"
        lines.append(f"fof({names[name]}, {role}, {formula.tptp()}, file({_quoted(name)})).")
    for step in proof.steps:
        if step.parents:
            parents = ", ".join(f"c{parent.step}" for parent in step.parents)
            source = f"inference({_TSTP_RULES[step.rule]}, [status(thm)], [{parents}])"
        else:
            source = f"inference(clausify, [status(esa)], [{names[step.formula_name]}])"
        lines.append(f"cnf(c{step.number}, plain, ({step.clause.tptp()}), {source}).")
    return "\n".join(lines)


def _clause_latex(step: ProofStep) -> str:
    return r"\square" if step.clause == FALSE else step.clause.latex()


def _escaped(text: str) -> str:
    return text.replace("_", r"\_").replace("&", r"\&").replace("∨", r"$\lor$").replace("¬", r"$\lnot$")


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
