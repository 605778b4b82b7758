% File     : GRP_INV
% Status   : Theorem
% Source   : textbook

fof(axiom_1, axiom, ![X, Y, Z]: (f(X, f(Y, Z)) = f(f(X, Y), Z))).
fof(axiom_2, axiom, ![X]: (f(e, X) = X)).
fof(axiom_3, axiom, ![X]: (f(i(X), X) = e)).
fof(goal, conjecture, ![X]: (i(i(X)) = X)).
