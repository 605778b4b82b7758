% File     : UNION_COMM
% Status   : Theorem
% Source   : textbook: set extensionality

fof(axiom_1, axiom, ![X, Y]: (X = Y <=> ![U]: ('In'(U, X) <=> 'In'(U, Y)))).
fof(axiom_2, axiom, ![U, X, Y]: ('In'(U, un(X, Y)) <=> ('In'(U, X) | 'In'(U, Y)))).
fof(goal, conjecture, ![X, Y]: (un(X, Y) = un(Y, X))).
