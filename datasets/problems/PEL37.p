% File     : PEL37
% Status   : Theorem
% Source   : Pelletier 1986, problem 37

fof(axiom_1, axiom, ![Z]: ?[W]: ![X]: ?[Y]: (('P'(X, Z) => 'P'(Y, W)) & 'P'(Y, Z) & ('P'(Y, W) => ?[U]: 'Q'(U, W)))).
fof(axiom_2, axiom, ![X, Z]: (~ 'P'(X, Z) => ?[Y]: 'Q'(Y, Z))).
fof(axiom_3, axiom, ?[X, Y]: 'Q'(X, Y) => ![X]: 'R'(X, X)).
fof(goal, conjecture, ![X]: ?[Y]: 'R'(X, Y)).
