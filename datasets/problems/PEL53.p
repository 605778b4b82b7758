% File     : PEL53
% Status   : Theorem
% Source   : Pelletier 1986, problem 53

fof(axiom_1, axiom, ?[X, Y]: (X != Y & ![Z]: (Z = X | Z = Y))).
fof(goal, conjecture, ?[Z]: ![X]: (?[W]: ![Y]: ('F'(X, Y) <=> Y = W) <=> X = Z) <=> ?[W]: ![Y]: (?[Z]: ![X]: ('F'(X, Y) <=> X = Z) <=> Y = W)).
