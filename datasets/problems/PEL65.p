% File     : PEL65
% Status   : Theorem
% Source   : Pelletier 1986, problem 65

fof(axiom_1, axiom, ![X, Y, Z]: (f(X, f(Y, Z)) = f(f(X, Y), Z))).
fof(axiom_2, axiom, ![X]: (f(e, X) = X)).
fof(axiom_3, axiom, ![X]: ?[Y]: (f(Y, X) = e)).
fof(axiom_4, axiom, ![X]: (f(X, X) = e)).
fof(goal, conjecture, ![X, Y]: (f(X, Y) = f(Y, X))).
