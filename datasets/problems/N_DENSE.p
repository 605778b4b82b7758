% File     : N_DENSE
% Status   : CounterSatisfiable
% Source   : dense order: only infinite countermodels

fof(axiom_1, axiom, ![X]: ~ 'L'(X, X)).
fof(axiom_2, axiom, ![X, Y, Z]: (('L'(X, Y) & 'L'(Y, Z)) => 'L'(X, Z))).
fof(axiom_3, axiom, ![X, Y]: ('L'(X, Y) => ?[Z]: ('L'(X, Z) & 'L'(Z, Y)))).
fof(axiom_4, axiom, ?[X, Y]: 'L'(X, Y)).
fof(goal, conjecture, ?[X, Y]: ('L'(X, Y) & ~ ?[Z]: ('L'(X, Z) & 'L'(Z, Y)))).
