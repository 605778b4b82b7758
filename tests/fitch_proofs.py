"""Natural deductions for the tests: right ones, with what they show."""

from __future__ import annotations

RIGHT = {
    "modus ponens": """
        1. p -> q   premise
        2. p        premise
        3. q        ->E 1, 2""",
    "hypothetical syllogism": """
        1. p → q    premise
        2. q → r    premise
        3. | p      assume
        4. | q      →E 1, 3
        5. | r      →E 2, 4
        6. p → r    →I 3-5""",
    "modus tollens": """
        1. p -> q   premise
        2. ~q       premise
        3.   p      assume
        4.   q      ->E 1, 3
        5.   false  ~E 4, 2
        6. ~p       ~I 3-5""",
    "conjunction commutes": """
        1. p & q    premise
        2. q        &E 1
        3. p        &E 1
        4. q & p    &I 2, 3""",
    "disjunction commutes": """
        1. p ∨ q    premise
        2. | p      assume
        3. | q ∨ p  ∨I 2
        4. | q      assume
        5. | q ∨ p  ∨I 4
        6. q ∨ p    ∨E 1, 2-3, 4-5""",
    "disjunctive syllogism": """
        1. p ∨ q    premise
        2. ¬p       premise
        3. | p      assume
        4. | ⊥      ¬E 3, 2
        5. | q      ⊥E 4
        6. | q      assume
        7. | q      R 6
        8. q        ∨E 1, 3-5, 6-7""",
    "De Morgan": """
        1. ¬(p ∨ q)  premise
        2. | p       assume
        3. | p ∨ q   ∨I 2
        4. | ⊥       ¬E 1, 3
        5. ¬p        ¬I 2-4
        6. | q       assume
        7. | p ∨ q   ∨I 6
        8. | ⊥       ¬E 1, 7
        9. ¬q        ¬I 6-8
        10. ¬p ∧ ¬q  ∧I 5, 9""",
    "excluded middle": """
        1. | ¬(p ∨ ¬p)   assume
        2. | | p         assume
        3. | | p ∨ ¬p    ∨I 2
        4. | | ⊥         ¬E 1, 3
        5. | ¬p          ¬I 2-4
        6. | p ∨ ¬p      ∨I 5
        7. | ⊥           ¬E 1, 6
        8. p ∨ ¬p        IP 1-7""",
    "Peirce's law": """
        1. | (p → q) → p      assume
        2. | | ¬p             assume
        3. | | | p            assume
        4. | | | ⊥            ¬E 3, 2
        5. | | | q            ⊥E 4
        6. | | p → q          →I 3-5
        7. | | p              →E 1, 6
        8. | | ⊥              ¬E 7, 2
        9. | p                IP 2-8
        10. ((p → q) → p) → p  →I 1-9""",
    "contraposition both ways": """
        1. | p → q          assume
        2. | | ¬q           assume
        3. | | | p          assume
        4. | | | q          →E 1, 3
        5. | | | ⊥          ¬E 2, 4
        6. | | ¬p           ¬I 3-5
        7. | ¬q → ¬p        →I 2-6
        8. | ¬q → ¬p        assume
        9. | | p            assume
        10. | | | ¬q        assume
        11. | | | ¬p        →E 8, 10
        12. | | | ⊥         ¬E 9, 11
        13. | | q           IP 10-12
        14. | p → q         →I 9-13
        15. (p → q) ↔ (¬q → ¬p)  ↔I 1-7, 8-14""",
    "equivalence used": """
        1. p ↔ q    premise
        2. q        premise
        3. p        ↔E 1, 2""",
    "double negation": """
        1. ¬¬p      premise
        2. p        DNE 1
        3. q | ~q   LEM
        4. p & (q | ~q)   &I 2, 3""",
    "three cases": """
        1. p ∨ q ∨ r   premise
        2. | p         assume
        3. | s ∨ p ∨ q ∨ r   ∨I 2
        4. | q         assume
        5. | s ∨ p ∨ q ∨ r   ∨I 4
        6. | r         assume
        7. | s ∨ p ∨ q ∨ r   ∨I 6
        8. s ∨ p ∨ q ∨ r     ∨E 1, 2-3, 4-5, 6-7""",
    "Socrates": """
        ∀x (Man(x) → Mortal(x))           premise
        Man(socrates)                     premise
        Man(socrates) → Mortal(socrates)  ∀E 1
        Mortal(socrates)                  →E 3, 2""",
    "all and all": """
        1. ∀x (P(x) ∧ Q(x))  premise
        2. | [c]             assume
        3. | P(c) ∧ Q(c)     ∀E 1
        4. | P(c)            ∧E 3
        5. ∀x P(x)           ∀I 2-4""",
    "a chain for all, without a box": """
        1. ∀x (P(x) → Q(x))   premise
        2. ∀x (Q(x) → R(x))   premise
        3. | P(a)             assume
        4. | P(a) → Q(a)      ∀E 1
        5. | Q(a)             →E 4, 3
        6. | Q(a) → R(a)      ∀E 2
        7. | R(a)             →E 6, 5
        8. P(a) → R(a)        →I 3-7
        9. ∀y (P(y) → R(y))   ∀I 8""",
    "some of a conjunction": """
        1. ∃x (P(x) ∧ Q(x))    premise
        2. | [c] P(c) ∧ Q(c)   assume
        3. | P(c)              ∧E 2
        4. | ∃y P(y)           ∃I 3
        5. ∃y P(y)             ∃E 1, 2-4""",
    "no one is not everyone": """
        1. ¬∃x P(x)       premise
        2. | [c]          assume
        3. | | P(c)       assume
        4. | | ∃x P(x)    ∃I 3
        5. | | ⊥          ¬E 1, 4
        6. | ¬P(c)        ¬I 3-5
        7. ∀x ¬P(x)       ∀I 2-6""",
    "one for all is for all one": """
        1. ∃x ∀y Likes(x, y)     premise
        2. | [a] ∀y Likes(a, y)  assume
        3. | | [b]               assume
        4. | | Likes(a, b)       ∀E 2
        5. | | ∃x Likes(x, b)    ∃I 4
        6. | ∀y ∃x Likes(x, y)   ∀I 3-5
        7. ∀y ∃x Likes(x, y)     ∃E 1, 2-6""",
    "equality is symmetric": """
        1. a = b    premise
        2. a = a    =I
        3. b = a    =E 2, 1""",
    "equals for equals": """
        1. f(a) = b       premise
        2. P(f(a), a)     premise
        3. P(b, a)        =E 1, 2
        4. ∃x P(b, x)     ∃I 3
        5. ∃y ∃x P(y, x)  ∃I 4""",
    "names of bound variables do not matter": """
        1. ∀x P(x)        premise
        2. ∀y P(y)        R 1
        3. (∀z P(z)) ∨ q  ∨I 2""",
}
