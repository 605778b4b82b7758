"""Checks and quiz of notebook 44, plans you can prove."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..checking import exercise
from ..comparison import Problem, compare_calls, require_list
from ..questions import Option, Question

__all__ = ["QUIZ", "after", "first_failures", "first_fault", "house_rules"]


@exercise(
    "first_failures",
    points=1,
    hints=(
        "Keep the state on paper: {OnTable, Locked}. For each step cross out what is deleted, and write what is added.",
        "After every step ask two things. Could it be done? And is the door open with the key on the table?",
    ),
    right="A missing precondition, a goal undone, a rule broken: three ways to fail, and one plan that works.",
)
def first_failures(answer: Any) -> Problem | None:
    """The first failing step of four plans for the door."""
    told = {
        (0, 2): "(i) Both steps can be done, and the goal is reached: this plan works.",
        (1, 2): "(ii) Dropping can be done while the key is yours. It is missed one step later.",
        (1, "works"): "(ii) After `drop` the key is not yours any more, and `unlock` needs it.",
        (2, 4): "(iii) When the key is dropped the door is locked again, which the invariant allows.",
        (2, "works"): "(iii) All steps can be done, but what is the state at the end? The door is locked.",
        (2, 5): "(iii) There are four steps, and no state is forbidden. What is the word for what is missing?",
        (3, 4): "(iv) `take` could be done. But look at the state before it: open, and the key on the table.",
        (3, "works"): "(iv) The goal is reached and every step can be done. But one state on the way is forbidden.",
    }
    look = (
        "(i) Go through the two steps: what each needs, the state after it, and the goal at the end.",
        "(ii) After `take` the key is yours. Whose is it after `drop`, and which step needs it?",
        "(iii) Look at each step: is what it needs there? Then look at the state at the end.",
        "(iv) Write down the state after each step. In which one is the door open and the key on the table?",
    )

    def is_verdict(entry: Any) -> bool:
        return entry in ("works", "goal") if isinstance(entry, str) else type(entry) is int

    if problem := require_list(answer, 4, is_verdict, 'the number of a step, "works" or "goal"'):
        return problem
    for place, (yours, right) in enumerate(zip(answer, ["works", 3, "goal", 3], strict=True)):
        if yours != right:
            return Problem(told.get((place, yours), look[place]))
    return None


@exercise(
    "after",
    points=1,
    hints=(
        "The formula is (s \\ delete) ∪ add. What is in both lists is taken out and put back in.",
        "Delete first, then add: `(state - delete) | add`.",
    ),
    right="What is deleted and added as well, holds afterwards.",
)
def after(answer: Any) -> Problem | None:
    """A function of a state, an add list and a delete list: the state afterwards."""
    mistakes = {
        "What is in both lists is gone at the end. The formula deletes first and adds last.": (
            lambda state, add, delete: (state | add) - delete
        ),
        "Nothing is deleted: the goat is on both banks again.": lambda state, add, delete: state | add,
        "Nothing is added.": lambda state, add, delete: state - delete,
        "What neither list mentions stays as it was: the rest of the state is lost.": (
            lambda state, add, delete: set(add)
        ),
        "`^` takes out what is there already. To add, take the union, `|`.": (
            lambda state, add, delete: (state - delete) ^ add
        ),
    }
    cases = [
        ({"At(goat, left)", "At(wolf, left)"}, {"At(goat, right)"}, {"At(goat, left)"}),
        ({"Dry"}, {"Dry"}, {"Dry"}),
        (set(), {"Open"}, {"Locked"}),
        ({"Open"}, {"Open"}, set()),
    ]
    return compare_calls(answer, lambda state, add, delete: (state - delete) | add, cases, mistakes=mistakes)


def _first_fault(
    steps: Any,
    state: Any,
    actions: Any,
    forbidden: Any,
    *,
    beginning: bool = True,
    any_fact: bool = False,
    moves: bool = True,
    add_last: bool = True,
    needed: bool = True,
    deletes: bool = True,
    equal: bool = False,
    every: bool = False,
    first: int = 1,
) -> int | None:
    """The right answer; each switch turned off is a typical mistake."""

    def bad(facts: Any) -> bool:
        if every:
            return bool(forbidden) and all(group <= facts for group in forbidden)
        if equal:
            return facts in forbidden
        return any(bool(group & facts) if any_fact else group <= facts for group in forbidden)

    if beginning and bad(state):
        return first - 1
    for number, name in enumerate(steps, first):
        needs, add, delete = actions[name]
        if needed and not needs <= state:
            return number
        delete = delete if deletes else set()
        new = (state - delete) | add if add_last else (state | add) - delete
        if bad(new):
            return number
        state = new if moves else state
    return None


_DOOR = {
    "take": ({"OnTable"}, {"Mine"}, {"OnTable"}),
    "unlock": ({"Mine", "Locked"}, {"Open"}, {"Locked"}),
    "drop": ({"Mine"}, {"OnTable"}, {"Mine"}),
    "polish": (set(), {"Dry"}, {"Dry"}),
}


@exercise(
    "first_fault",
    points=3,
    hints=(
        "Loop with `enumerate(steps, 1)`. In the loop: look up the three sets, test the needs, make the new state, "
        "test the forbidden sets. After the loop: `return None`.",
        "All facts of a set hold: `bad <= state`. All needs are met: `needs <= state`. The test of the forbidden sets "
        "stands twice: before the loop (return 0), and in it, after the new state was made.",
    ),
    right="Twelve lines, and no plan needs to be trusted any more.",
)
def first_fault(answer: Any) -> Problem | None:
    """A function of steps, a state, actions as sets, and forbidden sets: the first step that fails, or None."""
    mistakes = {
        "None comes back for every plan: `return` the number where a step fails.": lambda s, state, a, f: None,
        "The forbidden sets are never looked at.": lambda s, state, a, f: _first_fault(s, state, a, []),
        "A forbidden set is broken only where *all* its facts hold together: `bad <= state`.": (
            lambda s, state, a, f: _first_fault(s, state, a, f, any_fact=True)
        ),
        "The state at the beginning may be forbidden already; then the answer is 0.": (
            lambda s, state, a, f: _first_fault(s, state, a, f, beginning=False)
        ),
        "The preconditions (`needs`) are never looked at.": (
            lambda s, state, a, f: _first_fault(s, state, a, f, needed=False)
        ),
        "Each step is tried in the state at the beginning: keep the new state for the next step.": (
            lambda s, state, a, f: _first_fault(s, state, a, f, moves=False)
        ),
        "Delete first, then add: what is in both lists holds afterwards.": (
            lambda s, state, a, f: _first_fault(s, state, a, f, add_last=False)
        ),
        "Nothing is deleted: what a step takes away still holds in the next one.": (
            lambda s, state, a, f: _first_fault(s, state, a, f, deletes=False)
        ),
        "The three sets of an action are `(needs, add, delete)`, in this order.": (
            lambda s, state, a, f: _first_fault(s, state, {n: (v[0], v[2], v[1]) for n, v in a.items()}, f)
        ),
        "Other facts may hold as well: a forbidden set is broken if it is a part of the state, `bad <= state`.": (
            lambda s, state, a, f: _first_fault(s, state, a, f, equal=True)
        ),
        "One forbidden set is enough: `any`, not `all`.": (
            lambda s, state, a, f: _first_fault(s, state, a, f, every=True)
        ),
        "Steps are counted from 1: the first is number 1.": (
            lambda s, state, a, f: _first_fault(s, state, a, f, first=0)
        ),
    }
    start, no_keys_about = {"OnTable", "Locked"}, [{"Open", "OnTable"}]
    cases = [
        (["take", "unlock"], start, _DOOR, no_keys_about),
        (["unlock"], start, _DOOR, []),
        (["take", "drop", "unlock"], start, _DOOR, no_keys_about),
        (["take", "unlock", "drop", "take"], start, _DOOR, no_keys_about),
        (["polish"], {"Dry"}, _DOOR, [{"Wet"}]),
        (["polish"], {"Dry"}, _DOOR, [{"Dry"}, {"Wet"}]),
        (["unlock"], {"Mine", "Locked"}, _DOOR, [{"Wet"}, {"Mine", "Open"}]),
        (["take", "polish"], start, {**_DOOR, "polish": (set(), {"Mine"}, {"Mine"})}, [{"Mine", "Locked", "Wet"}]),
        (["polish", "polish"], {"Dry"}, {"polish": ({"Dry"}, {"Dry"}, {"Dry"})}, []),
        (["take"], {"OnTable", "Open"}, _DOOR, no_keys_about),
        (["drop"], {"Mine"}, _DOOR, [{"OnTable"}]),
        (["take", "unlock", "drop"], {*start, "Dry"}, _DOOR, [{"Wet"}, *no_keys_about]),
    ]
    problem = compare_calls(answer, _first_fault, cases, mistakes=mistakes, what="the number of the step")
    if problem is not None and problem.message.startswith("Nothing came back"):  # None is an answer here
        return replace(problem, message="None came back: no fault. But there is one.", yours="None")
    return problem


# Plans of the shop: whether the three rules allow them, and what is wrong with rules that judge otherwise.
_SHOP_PLANS = (
    ((), True, "They refuse even a shop where nothing has happened."),
    (("pay(a)",), True, "They refuse an order that is paid and waits. The rule is: *if* shipped, then paid."),
    (("pay(a)", "ship(a)"), True, "They refuse an order that was paid and then shipped."),
    (("ship(a)",), False, "They let an order be shipped that nobody paid."),
    (("pay(a)", "ship(b)"), False, "They let b be shipped because a was paid. Say for *each* order: `forall o (…)`."),
    (("refund(a)",), True, "They refuse a refund of an order that was not shipped."),
    (
        ("pay(a)", "ship(a)", "refund(b)"),
        True,
        "They refuse a refund of b because a was shipped: one order cannot be both, two orders can differ.",
    ),
    (("pay(a)", "ship(a)", "refund(a)"), False, "They let an order that was shipped be refunded."),
    (("pay(a)", "refund(a)", "ship(a)"), False, "They let an order that was refunded be shipped."),
    (("refund(a)", "refund(b)"), True, "They refuse to give back 100 in all. At most 100 means 100 is allowed."),
    (("refund(a)", "refund(b)", "refund(c)"), False, "They let 150 be given back."),
)


def _rule_problem(rule: Any) -> Problem | None:
    """What is wrong with a rule by itself: it is no formula, or speaks of something that the shop does not know."""
    from agentos_lab.logic import Atom, Formula, Signature, parse
    from agentos_lab.logic.formulas import atoms

    if not isinstance(rule, str | Formula):
        return Problem(
            f"Each rule is a formula as text, and this one is of type {type(rule).__name__}.", yours=repr(rule)
        )
    signature = Signature()
    try:
        formula = parse(rule)
        signature.add(formula)
    except ValueError as error:
        return Problem("A rule cannot be read.", yours=str(error))
    shop = {"Shipped": 1, "Paid": 1, "Refunded": 1, "refunds": 0}
    named = {
        str(arg) for atom in atoms(formula) if isinstance(atom, Atom) and atom.predicate in shop for arg in atom.args
    }
    for name, (_, arity) in signature.symbols.items():
        if shop.get(name) == arity or not name[0].isalpha():
            continue
        if name in named:
            said = f"No quantifier binds {name}, so it names one single order. For every order: `forall {name} (…)`."
            return Problem(said, yours=str(rule))
        strange = f"{name} with {arity} argument{'s' * (arity != 1)}" if name in shop else name
        known = "Shipped(o), Paid(o), Refunded(o) and the number refunds"
        return Problem(f"The shop does not know {strange}. It knows {known}.", yours=str(rule))
    return None


@exercise(
    "house_rules",
    points=2,
    hints=(
        'Model: `"forall m (Sent(m) -> Approved(m))"`. What must be so if an order is shipped?',
        "The second rule says that two facts do not hold together: `~(… & …)`, for all o. The third compares a number "
        "with 100.",
    ),
    right="Eleven plans, each judged as the shop wants it.",
)
def house_rules(answer: Any) -> Problem | None:
    """A list of three formulas that every state of the shop shall keep."""
    from agentos_lab.logic import Action, check_plan

    if isinstance(answer, str) or not isinstance(answer, list | tuple):
        return Problem("A list of formulas as text was expected.", yours=repr(answer))
    if any(rule is Ellipsis for rule in answer):
        raise NotImplementedError
    if problem := next((problem for rule in answer if (problem := _rule_problem(rule))), None):
        return problem
    shop = [
        Action("pay", "o: order", add="Paid(o)"),
        Action("ship", "o: order", add="Shipped(o)"),
        Action("refund", "o: order", add="Refunded(o)", sets={"refunds": "refunds + 50"}),
    ]
    for steps, allowed, message in _SHOP_PLANS:
        try:
            verdict = check_plan(
                steps, "refunds = 0", "true", shop, objects={"order": ["a", "b", "c"]}, invariants=answer
            )
        except ValueError as error:
            return Problem("A rule cannot be read.", yours=str(error))
        if bool(verdict) != allowed:
            case = ", ".join(steps) or "nothing is done"
            return Problem(message, case=case, yours=str(verdict), expected="works" if allowed else "refused")
    return None


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "A mail program sends any mail that is written. Your rule: nothing unapproved is sent. Where does it belong?",
        (
            Option(
                "Into the invariants.",
                "The world would send it. It is you who forbids the state, whatever action leads there.",
                right=True,
            ),
            Option(
                "Into the preconditions of `send`.",
                "That would describe a mail program that refuses, which yours does not. And another action that "
                "sends would come without it.",
            ),
            Option("Into the goal.", "A goal is asked for at the end. The mail is out long before."),
            Option("Into the delete list of `send`.", "A delete list says what stops being so. It forbids nothing."),
        ),
    ),
    Question(
        "`plan(…, horizon=6)` answers: no plan of at most 6 steps. What has been proved?",
        (
            Option("That the goal cannot be reached.", "The ferry has no plan of 6 steps, and one of 7."),
            Option("Nothing, Z3 gave up.", "Giving up has an answer of its own, `PlanUnknown`. This is a no."),
            Option(
                "That no plan of 0 to 6 steps reaches the goal, as described.",
                "More would need a larger horizon, or the number of states that can be reached.",
                right=True,
            ),
            Option("That every plan of 7 steps works.", "It says nothing about plans of 7 steps."),
        ),
    ),
    Question(
        "The formulas lack the line that says when `Open` changes. What will the solver do?",
        (
            Option(
                "Leave the door as it was: nobody touched it.",
                "That is your habit, not the solver's. A formula that is not there demands nothing.",
            ),
            Option("Stop with an error.", "The formulas are well formed. They only say too little."),
            Option("Answer that no plan exists.", "Fewer formulas are easier to make true, not harder."),
            Option(
                "Open the door whenever that helps.",
                "This is the frame problem: what does not change has to be said.",
                right=True,
            ),
        ),
    ),
    Question(
        "`check_plan` says that a plan works. In the world its third step goes wrong. How can that be?",
        (
            Option("The checker has a fault.", "It may be right in every line: it speaks of the description."),
            Option(
                "The description and the world differ: a forgotten effect, or a step that failed.",
                "So look after each step, and check the rest from the state that is seen.",
                right=True,
            ),
            Option("The plan was not the shortest.", "A plan need not be short in order to work."),
            Option("The horizon was too small.", "The horizon limits the search for a plan, not the check of one."),
        ),
    ),
)
