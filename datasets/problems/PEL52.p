% File     : PEL52
% Status   : Theorem
% Source   : Pelletier 1986, problem 52

fof(axiom_1, axiom, ?[Z, W]: ![X, Y]: ('F'(X, Y) <=> (X = Z & Y = W))).
fof(goal, conjecture, ?[W]: ![Y]: (?[Z]: ![X]: ('F'(X, Y) <=> X = Z) <=> Y = W)).
