% File     : MYBABY
% Status   : Theorem
% Source   : folklore: everybody loves my baby

fof(axiom_1, axiom, ![X]: 'Loves'(X, baby)).
fof(axiom_2, axiom, ![Y]: ('Loves'(baby, Y) => Y = me)).
fof(goal, conjecture, me = baby).
