% File     : DEMORGAN_SET
% Status   : Theorem
% Source   : textbook

fof(axiom_1, axiom, ![X, Y]: ('Eq'(X, Y) <=> ![U]: ('In'(U, X) <=> 'In'(U, Y)))).
fof(axiom_2, axiom, ![U, X, Y]: ('In'(U, un(X, Y)) <=> ('In'(U, X) | 'In'(U, Y)))).
fof(axiom_3, axiom, ![U, X, Y]: ('In'(U, in2(X, Y)) <=> ('In'(U, X) & 'In'(U, Y)))).
fof(axiom_4, axiom, ![U, X]: ('In'(U, co(X)) <=> ~ 'In'(U, X))).
fof(goal, conjecture, ![X, Y]: 'Eq'(co(un(X, Y)), in2(co(X), co(Y)))).
