% File     : PEL66
% Status   : Theorem
% Source   : Pelletier 1986, problem 66

fof(axiom_1, axiom, ![X, Y]: 'T'(i(X, i(Y, X)))).
fof(axiom_2, axiom, ![X, Y, Z]: 'T'(i(i(X, i(Y, Z)), i(i(X, Y), i(X, Z))))).
fof(axiom_3, axiom, ![X, Y]: 'T'(i(i(n(X), n(Y)), i(Y, X)))).
fof(axiom_4, axiom, ![X, Y]: (('T'(i(X, Y)) & 'T'(X)) => 'T'(Y))).
fof(goal, conjecture, ![X]: 'T'(i(X, n(n(X))))).
