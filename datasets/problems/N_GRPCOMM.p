% File     : N_GRPCOMM
% Status   : CounterSatisfiable
% Source   : not every group commutes; smallest countermodel has 6 elements

fof(axiom_1, axiom, ![X, Y, Z]: (f(X, f(Y, Z)) = f(f(X, Y), Z))).
fof(axiom_2, axiom, ![X]: (f(e, X) = X)).
fof(axiom_3, axiom, ![X]: (f(i(X), X) = e)).
fof(goal, conjecture, ![X, Y]: (f(X, Y) = f(Y, X))).
