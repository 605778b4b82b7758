% File     : GRANDPA
% Status   : Theorem
% Source   : textbook

fof(axiom_1, axiom, ![X, Y, Z]: (('Parent'(X, Y) & 'Parent'(Y, Z)) => 'Grandparent'(X, Z))).
fof(axiom_2, axiom, ![X]: ?[Y]: 'Parent'(Y, X)).
fof(goal, conjecture, ?[X]: 'Grandparent'(X, jim)).
