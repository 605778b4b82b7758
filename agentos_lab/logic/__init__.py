"""First-order logic: formulas, what follows from them and what does not, and plans that can be proved.

Read in this order: `terms`, `formulas` and `parser`; what they mean in a world: `models`, `truth` and `evaluation`.
Then the way to clauses: `negation_normal_form`, `prenex_form`, `skolemization` and `clausal_form`. Then the prover:
`unification`, `clauses` and `resolution`; the search in `clause_queue`, `active_clauses` and `saturation`, with the
switches in `strategy`; what makes it quick: `ordering` and `literal_selection`, `literal_index`, `subsumption` and
`simplification`; `equality`, and for comparison `equality_axioms`. What comes of it: `refutation`, `proof`, and
`proof_check` with `clausal_form_check`, which trust none of the others. What does not follow: `grounding`,
`finite_models` and `countermodels`. All engines together: `answers`, `proving`, `answer_extraction` and
`knowledge_base`.
By themselves stand satisfiability (`truth_table`, `propositional_clauses`, `dpll`, `cdcl`, `satisfiability_trace`,
`reverse_unit_propagation`), Z3 (`z3_translation`, `z3_backend`, `solutions`), chaining (`horn_clauses`,
`forward_chaining`, `backward_chaining`), `natural_deduction`, planning (`planning_domain`, `planning`, `plan_check`),
and the files of the field (`tptp`, `dimacs`, `problem`).
"""

from __future__ import annotations

from .answer_extraction import FoundAnswer, FoundAnswers, find_answers
from .answers import Answer, EngineDisagreement, GaveUp, Proved, Refuted
from .arithmetic import true_for
from .backward_chaining import Answers, backward_chain
from .cdcl import cdcl
from .clausal_form import ClausalForm, to_cnf
from .clauses import Clause, Literal
from .countermodels import Countermodel, NoCountermodel, find_countermodel
from .dimacs import read_dimacs, write_dimacs
from .dpll import dpll
from .evaluation import Evaluation
from .explanation import Explanation
from .finite_models import NoModel, find_model
from .formulas import FALSE, TRUE, And, Atom, Equal, Exists, ForAll, Formula, Iff, Implies, Not, Or
from .forward_chaining import Closure, forward_chain
from .horn_clauses import HornRule
from .knowledge_base import KnowledgeBase
from .models import Structure
from .natural_deduction import FitchCheck, check_fitch
from .negation_normal_form import negation_normal_form
from .number_sorts import uses_numbers
from .parser import parse
from .plan_check import PlanCheck, check_plan
from .planning import NoPlan, Plan, PlanUnknown, plan
from .planning_domain import Action, State
from .prenex_form import prenex
from .problem import Problem, load_problem, problem_names
from .proof import Parent, Proof, ProofStep
from .proof_check import ProofCheck, check_proof
from .propositional_clauses import CNF, propositional_clauses, truth_value
from .proving import prove
from .refutation import clause_set, refute
from .reverse_unit_propagation import RupCheck, check_rup
from .rewriting import Rewriting
from .satisfiability import satisfiable_assignment, solve
from .satisfiability_result import SatResult
from .satisfiability_trace import ImplicationGraph, SatTrace
from .saturation import Saturation, Search, saturate
from .signature import Signature
from .solutions import Solutions, solutions
from .strategy import Limits, Strategy
from .terms import Function, Term, Variable, constant, substitute, subterms
from .tptp import read_tptp, write_tptp
from .truth_table import TruthTable, truth_table
from .unification import Unification, match, most_general_unifier, unify
from .z3_backend import Satisfiability, Z3Answer, entails, follows, satisfiable
from .z3_translation import from_z3, to_z3

__all__ = [
    "CNF",
    "FALSE",
    "TRUE",
    "Action",
    "And",
    "Answer",
    "Answers",
    "Atom",
    "ClausalForm",
    "Clause",
    "Closure",
    "Countermodel",
    "EngineDisagreement",
    "Equal",
    "Evaluation",
    "Exists",
    "Explanation",
    "FitchCheck",
    "ForAll",
    "Formula",
    "FoundAnswer",
    "FoundAnswers",
    "Function",
    "GaveUp",
    "HornRule",
    "Iff",
    "ImplicationGraph",
    "Implies",
    "KnowledgeBase",
    "Limits",
    "Literal",
    "NoCountermodel",
    "NoModel",
    "NoPlan",
    "Not",
    "Or",
    "Parent",
    "Plan",
    "PlanCheck",
    "PlanUnknown",
    "Problem",
    "Proof",
    "ProofCheck",
    "ProofStep",
    "Proved",
    "Refuted",
    "Rewriting",
    "RupCheck",
    "SatResult",
    "SatTrace",
    "Satisfiability",
    "Saturation",
    "Search",
    "Signature",
    "Solutions",
    "State",
    "Strategy",
    "Structure",
    "Term",
    "TruthTable",
    "Unification",
    "Variable",
    "Z3Answer",
    "backward_chain",
    "cdcl",
    "check_fitch",
    "check_plan",
    "check_proof",
    "check_rup",
    "clause_set",
    "constant",
    "dpll",
    "entails",
    "find_answers",
    "find_countermodel",
    "find_model",
    "follows",
    "forward_chain",
    "from_z3",
    "load_problem",
    "match",
    "most_general_unifier",
    "negation_normal_form",
    "parse",
    "plan",
    "prenex",
    "problem_names",
    "propositional_clauses",
    "prove",
    "read_dimacs",
    "read_tptp",
    "refute",
    "satisfiable",
    "satisfiable_assignment",
    "saturate",
    "solutions",
    "solve",
    "substitute",
    "subterms",
    "to_cnf",
    "to_z3",
    "true_for",
    "truth_table",
    "truth_value",
    "unify",
    "uses_numbers",
    "write_dimacs",
    "write_tptp",
]
