"""First-order logic: formulas, clauses, resolution, models, and what an agent does with them."""

from __future__ import annotations

from .clausal_form import ClausalForm, negation_normal_form, prenex, to_cnf
from .countermodels import Countermodel, NoCountermodel, NoModel, find_countermodel, find_model
from .evaluation import Evaluation
from .formulas import FALSE, TRUE, And, Atom, Equal, Exists, ForAll, Formula, Iff, Implies, Not, Or
from .models import Structure
from .parser import parse
from .problem import Problem, load_problem, problem_names
from .signature import Signature
from .terms import Function, Term, Variable, constant, substitute, subterms
from .tptp import read_tptp, write_tptp
from .unification import Unification, match, most_general_unifier, unify

__all__ = [
    "FALSE",
    "TRUE",
    "And",
    "Atom",
    "ClausalForm",
    "Countermodel",
    "Equal",
    "Evaluation",
    "Exists",
    "ForAll",
    "Formula",
    "Function",
    "Iff",
    "Implies",
    "NoCountermodel",
    "NoModel",
    "Not",
    "Or",
    "Problem",
    "Signature",
    "Structure",
    "Term",
    "Unification",
    "Variable",
    "constant",
    "find_countermodel",
    "find_model",
    "load_problem",
    "match",
    "most_general_unifier",
    "negation_normal_form",
    "parse",
    "prenex",
    "problem_names",
    "read_tptp",
    "substitute",
    "subterms",
    "to_cnf",
    "unify",
    "write_tptp",
]
