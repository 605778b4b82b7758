"""Access: decisions by a table, and the laws that they obey for all rules."""

from __future__ import annotations

import contextlib
import inspect
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.errors import AccessDenied
from agentos_lab.kernel import Kernel, ScriptedCore, tool
from agentos_lab.kernel.access import AuditLog, Decision, Rule, as_rules, decide, narrowest

CAUTION = ["allow", "ask", "deny"]

STAFF = (Rule("*", "ask", group="staff"), Rule("files.*", "allow", group="staff"), Rule("files.delete", "deny"))


@pytest.mark.parametrize(
    ("rules", "resource", "effect", "groups", "tainted", "verdict"),
    [
        # without a rule
        ((), "tool:f", "pure", (), False, "allow"),
        ((), "tool:f", "read", (), False, "allow"),
        ((), "tool:f", "write", (), False, "allow"),
        ((), "tool:f", "irreversible", (), False, "ask"),
        # text from outside carries no privileges
        ((), "tool:f", "pure", (), True, "allow"),
        ((), "tool:f", "read", (), True, "allow"),
        ((), "tool:f", "write", (), True, "ask"),
        ((), "tool:f", "irreversible", (), True, "ask"),
        ((), "storage:notes", "write", (), True, "allow"),
        ((), "process:1", "write", (), True, "ask"),
        ((), "memory:", "write", (), True, "ask"),
        (as_rules({"f": "allow"}), "tool:f", "irreversible", (), False, "allow"),
        (as_rules({"f": "allow"}), "tool:f", "irreversible", (), True, "ask"),
        (as_rules({"f": "deny"}), "tool:f", "irreversible", (), True, "deny"),
        # the most specific pattern, whatever its verdict
        (as_rules({"*": "deny", "f": "allow"}), "tool:f", "pure", (), False, "allow"),
        (as_rules({"*": "deny", "f": "allow"}), "tool:g", "pure", (), False, "deny"),
        (as_rules({"files.*": "allow", "files.d*": "deny"}), "tool:files.delete", "write", (), False, "deny"),
        (as_rules({"files.*": "deny", "files.read": "allow"}), "tool:files.read", "read", (), False, "allow"),
        (as_rules({"f?": "deny", "f[12]": "allow"}), "tool:f1", "read", (), False, "deny"),  # as specific: cautious
        (as_rules({"*": "deny"}), "storage:f", "read", (), False, "allow"),  # a pattern without a kind means tools
        (as_rules({"*:*": "deny"}), "storage:f", "read", (), False, "deny"),
        (as_rules({"storage:notes/*": "deny"}), "storage:notes/a", "read", (), False, "deny"),
        (as_rules({"F": "deny"}), "tool:f", "read", (), False, "allow"),
        # a list of tools
        (as_rules(["f"]), "tool:f", "write", (), False, "allow"),
        (as_rules(["f"]), "tool:f", "irreversible", (), False, "ask"),
        (as_rules(["f"]), "tool:g", "pure", (), False, "deny"),
        (as_rules([]), "tool:g", "pure", (), False, "deny"),
        (as_rules("calc.*"), "tool:calc.add", "pure", (), False, "allow"),
        (as_rules(["f"]), "storage:x", "write", (), False, "allow"),
        # groups and effects
        (STAFF, "tool:files.read", "read", {"staff"}, False, "allow"),
        (STAFF, "tool:files.delete", "irreversible", {"staff"}, False, "deny"),
        (STAFF, "tool:mail", "read", {"staff", "guests"}, False, "ask"),
        (STAFF, "tool:mail", "read", {"guests"}, False, "allow"),
        ((Rule("*", "deny", effect="write"),), "tool:f", "write", (), False, "deny"),
        ((Rule("*", "deny", effect="write"),), "tool:f", "read", (), False, "allow"),
    ],
)
def test_decisions(rules, resource, effect, groups, tainted, verdict):
    decision = decide(rules, resource, effect, groups, tainted)
    assert decision.verdict == verdict and decision.reason
    assert str(decision).startswith(verdict)


def test_the_decision_fits_on_a_screen():
    lines, _ = inspect.getsourcelines(decide)
    body = "".join(lines).split('"""')[2]
    assert len(body.strip().splitlines()) <= 15


# --- laws --------------------------------------------------------------------------------------------------

effects = st.sampled_from(["pure", "read", "write", "irreversible"])
groups = st.sets(st.sampled_from(["staff", "guests"]))
resources = st.sampled_from(["tool:a", "tool:ab", "tool:b.c", "storage:a", "memory:", "process:1"])
patterns = st.sampled_from(["*", "a", "a*", "?b", "[ab]*", "b.c", "*.c", "storage:*", "*:*", "process:1", "memory:"])
some_rules = st.lists(
    st.builds(
        Rule,
        patterns,
        st.sampled_from(CAUTION),
        st.sampled_from(["*", "staff"]),
        st.sampled_from(["*", "read", "write"]),
    ),
    max_size=6,
)


@given(some_rules, st.randoms(use_true_random=False), resources, effects, groups, st.booleans())
def test_the_order_of_rules_does_not_matter(rules, random, resource, effect, groups, tainted):
    shuffled = random.sample(rules, len(rules))
    assert decide(rules, resource, effect, groups, tainted) == decide(shuffled, resource, effect, groups, tainted)
    assert decide(rules * 2, resource, effect, groups, tainted) == decide(rules, resource, effect, groups, tainted)


@given(st.lists(some_rules, min_size=1, max_size=4), resources, effects, groups, st.booleans())
def test_a_child_never_gains(lineage, resource, effect, groups, tainted):
    decisions = [decide(rules, resource, effect, groups, tainted) for rules in lineage]
    cautions = [CAUTION.index(narrowest(*decisions[:depth]).verdict) for depth in range(1, len(decisions) + 1)]
    assert cautions == sorted(cautions)
    assert narrowest(*decisions) in decisions


@given(some_rules, resources, effects, groups)
def test_reading_text_from_outside_never_gains(rules, resource, effect, groups):
    before, after = (decide(rules, resource, effect, groups, tainted).verdict for tainted in (False, True))
    assert CAUTION.index(after) >= CAUTION.index(before)
    if effect == "irreversible" and not resource.startswith("storage:"):
        assert after != "allow"


@given(some_rules, resources, effects, groups, st.booleans())
def test_denying_all_tools_but_one_allows_that_one(rules, resource, effect, groups, tainted):
    privileges = as_rules({"*": "deny", "ab": "allow"})
    verdict = decide(privileges, resource, effect, groups, False).verdict
    if resource.startswith("tool:"):
        assert verdict == ("allow" if resource == "tool:ab" else "deny")


@given(some_rules, resources, effects, groups, st.booleans())
def test_a_rule_that_says_no_more_than_another_does_not_free_it(rules, resource, effect, groups, tainted):
    exact = Rule(resource, "deny")
    assert decide([*rules, exact], resource, effect, groups, tainted).verdict == "deny"


# --- forms and errors --------------------------------------------------------------------------------------


def test_the_forms_of_privileges():
    assert as_rules(None) == ()
    assert as_rules({"f": "ask"}) == (Rule("tool:f", "ask"),)
    assert as_rules([Rule("f", "ask")]) == as_rules(Rule("f", "ask")) == (Rule("f", "ask"),)
    with pytest.raises(ValueError, match="privileges are patterns"):
        as_rules([1])
    with pytest.raises(ValueError, match="must be one of"):
        as_rules({"f": "maybe"})
    with pytest.raises(ValueError, match="effect"):
        Rule("f", "deny", effect="evil")


def test_a_decision_names_its_rule():
    decision = decide([Rule("f*", "deny", group="staff", effect="write")], "tool:f", "write", {"staff"})
    assert decision == Decision("deny", "the rule “deny tool:f* for staff, effect write”", decision.rule)


def test_the_audit_log_is_a_fold_over_the_trace():
    data = {"resource": "tool:mail", "effect": "irreversible", "verdict": "ask", "reason": "<it>", "answer": "deny"}
    events = [
        SimpleNamespace(tick=3, pid="1.2", kind="access", data=data),
        SimpleNamespace(tick=4, pid="1", kind="ready", data={}),
        SimpleNamespace(tick=5, pid="1", kind="access", data=data | {"verdict": "deny", "answer": None}),
    ]
    log = AuditLog.of(events)
    assert [entry["pid"] for entry in log.entries] == ["1.2", "1"]
    assert str(log).splitlines()[1].split() == ["3", "1.2", "tool:mail", "irreversible", "ask", "deny", "<it>"]
    assert len(str(AuditLog(()))) and "&lt;it&gt;" in log._repr_html_()


def test_the_audit_log_has_what_the_person_answered_to_each_permission_and_to_nothing_else():
    async def agent(syscall):
        await syscall.ask("Tea or coffee?")
        for name in ("draft", "draft", "report"):
            with contextlib.suppress(AccessDenied):
                await syscall.call("erase", name=name)
        await syscall.write("note", 1)

    erase = tool(lambda name: None, name="erase", effect="irreversible")
    answers = iter(["tea", "allow", "deny", "allow"])
    kernel = Kernel(ScriptedCore(), tools=[erase], person=lambda question: next(answers))
    kernel.spawn(agent)
    kernel.run()
    log = AuditLog.of(kernel.trace)
    assert [(entry["resource"], entry.get("answer")) for entry in log.entries] == [
        ("tool:erase", "allow"), ("tool:erase", "deny"), ("tool:erase", "allow"), ("storage:note", None),
    ]  # fmt: skip


def test_the_audit_log_has_no_answer_where_nobody_was_asked():
    async def agent(syscall):
        with contextlib.suppress(AccessDenied):
            await syscall.call("erase")

    kernel = Kernel(ScriptedCore(), tools=[tool(lambda: None, name="erase", effect="irreversible")])
    kernel.spawn(agent)
    kernel.run()
    assert [entry.get("answer") for entry in AuditLog.of(kernel.trace).entries] == [None]
