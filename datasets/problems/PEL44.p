% File     : PEL44
% Status   : Theorem
% Source   : Pelletier 1986, problem 44

fof(axiom_1, axiom, ![X]: ('F'(X) => (?[Y]: ('G'(Y) & 'H'(X, Y)) & ?[Y]: ('G'(Y) & ~ 'H'(X, Y))))).
fof(axiom_2, axiom, ?[X]: ('J'(X) & ![Y]: ('G'(Y) => 'H'(X, Y)))).
fof(goal, conjecture, ?[X]: ('J'(X) & ~ 'F'(X))).
