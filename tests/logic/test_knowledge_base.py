"""A knowledge base: told, asked, retracted, saved; slips are refused and lose nothing."""

from __future__ import annotations

import pytest

from agentos_lab.errors import ParseError
from agentos_lab.logic.answers import Proved, Refuted
from agentos_lab.logic.knowledge_base import KnowledgeBase
from agentos_lab.logic.parser import parse

WEST = {
    "law": "∀x ∀y ∀z (American(x) ∧ Weapon(y) ∧ Sells(x, y, z) ∧ Hostile(z) → Criminal(x))",
    "missiles": "∃x (Owns(Nono, x) ∧ Missile(x))",
    "seller": "∀x (Missile(x) ∧ Owns(Nono, x) → Sells(West, x, Nono))",
    "weapons": "∀x (Missile(x) → Weapon(x))",
    "enemies": "∀x (Enemy(x, America) → Hostile(x))",
    "west": "American(West)",
    "nono": "Enemy(Nono, America)",
    "other": "American(Ann)",
}


def test_it_answers_from_what_it_was_told():
    kb = KnowledgeBase(["forall x (Man(x) -> Mortal(x))", "Man(Socrates)"])
    assert isinstance(kb.ask("Mortal(Socrates)"), Proved)
    assert isinstance(kb.ask("Mortal(Plato)"), Refuted)


def test_it_says_who():
    kb = KnowledgeBase(WEST)
    found = kb.find("∃x Criminal(x)")
    assert [str(answer) for answer in found] == ["x = West"]
    assert found.complete
    (answer,) = found
    assert answer.proved.proof is not None and answer.proved.proof.check()
    assert answer.proved.used == tuple(name for name in WEST if name != "other")


def test_what_is_retracted_is_known_no_longer():
    kb = KnowledgeBase(WEST)
    kb.retract("nono")
    assert not kb.ask("Criminal(West)")
    with pytest.raises(ValueError, match="there is no formula named 'nono'"):
        kb.retract("nono")


def test_the_warning_names_those_that_contradict_each_other_and_not_those_that_were_used():
    kb = KnowledgeBase({"fact": "P(a)", "yes": "Q(b)", "no": "¬Q(b)"})
    answer = kb.ask("P(a)")
    assert answer.used == ("fact",) and answer.conflict == ("yes", "no")
    for text in (str(answer), answer._repr_html_()):
        assert "But the premises yes, no contradict each other" in text


def test_a_contradiction_in_what_it_was_told_is_named_with_the_answer():
    kb = KnowledgeBase(
        {"one": "Bird(Tweety)", "two": "∀x (Bird(x) → Flies(x))", "three": "¬Flies(Tweety)", "four": "Red(Ann)"}
    )
    answer = kb.ask("Red(Ann)")
    assert isinstance(answer, Proved) and answer.contradictory
    found = kb.contradiction()
    assert isinstance(found, Proved)
    assert found.used == ("one", "two", "three")


def test_a_slip_is_refused_and_nothing_is_lost():
    kb = KnowledgeBase(["Parent(Ann, Bob)"])
    with pytest.raises(
        ParseError, match="Parent is a predicate of 1 argument here, and was a predicate of 2 arguments"
    ):
        kb.tell("∀x Parent(x)")
    with pytest.raises(ParseError):
        kb.tell("∀x (Parent(x, Bob)")
    with pytest.raises(ValueError, match="there is a formula named 'fact 1' already"):
        kb.tell("Parent(Bob, Cid)", name="fact 1")
    with pytest.raises(ParseError):
        kb.ask("Parent(Ann)")
    assert len(kb) == 1
    kb.tell("Person(Ann)")
    assert len(kb) == 2


def test_what_was_refused_does_not_shape_what_comes_after():
    kb = KnowledgeBase()
    with pytest.raises(ParseError):
        kb.tell("P(a) ∧ Q(")
    kb.tell("P(a, b)")


def test_saving_and_loading_keep_everything(tmp_path):
    kb = KnowledgeBase(WEST)
    kb.save(tmp_path / "west.json")
    again = KnowledgeBase.load(tmp_path / "west.json")
    assert again.formulas == kb.formulas
    assert list(again.formulas) == list(kb.formulas)


@pytest.mark.parametrize("content", ["", "[]", '{"format": "something else", "formulas": {}}', "\x00"])
def test_a_damaged_file_is_refused(tmp_path, content):
    path = tmp_path / "kb.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r"kb\.json is no knowledge base"):
        KnowledgeBase.load(path)


def test_it_prints_itself_with_the_names():
    assert str(KnowledgeBase({"all men": "∀x (Man(x) → Mortal(x))"})) == "all men: ∀x (Man(x) → Mortal(x))"
    assert str(KnowledgeBase()) == "an empty knowledge base"


def test_what_was_told_is_there_by_name_and_as_it_is():
    kb = KnowledgeBase({"rain": "P → Q"})
    assert "rain" in kb
    assert parse("P → Q") in kb
    assert "P → Q" not in kb
    assert 5 not in kb


def test_what_no_premise_can_be_called_is_refused_when_it_is_told():
    kb = KnowledgeBase()
    with pytest.raises(ValueError, match="'negated goal' is what proofs call"):
        kb.tell("P", name="negated goal")
    for wrong in (5, None):
        with pytest.raises(ValueError, match="expected a list of formulas, or a mapping"):
            KnowledgeBase(wrong)
    with pytest.raises(ValueError, match="there is no formula named"):
        kb.retract(["rain"])


def test_a_symbol_that_nothing_uses_any_more_is_free_again():
    kb = KnowledgeBase({"one": "P(a)", "two": "Q"})
    with pytest.raises(ParseError):
        kb.tell("P(a, b)")
    kb.retract("one")
    kb.tell("P(a, b)")
    with pytest.raises(ParseError, match="Q is a predicate of 1 argument here"):
        kb.ask("Q(a)")
