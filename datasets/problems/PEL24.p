% File     : PEL24
% Status   : Theorem
% Source   : Pelletier 1986, problem 24

fof(axiom_1, axiom, ~ ?[X]: ('S'(X) & 'Q'(X))).
fof(axiom_2, axiom, ![X]: ('P'(X) => ('Q'(X) | 'R'(X)))).
fof(axiom_3, axiom, ~ ?[X]: 'P'(X) => ?[X]: 'Q'(X)).
fof(axiom_4, axiom, ![X]: (('Q'(X) | 'R'(X)) => 'S'(X))).
fof(goal, conjecture, ?[X]: ('P'(X) & 'R'(X))).
