% File     : PEL41
% Status   : Theorem
% Source   : Pelletier 1986, problem 41

fof(axiom_1, axiom, ![Z]: ?[Y]: ![X]: ('F'(X, Y) <=> ('F'(X, Z) & ~ 'F'(X, X)))).
fof(goal, conjecture, ~ ?[Z]: ![X]: 'F'(X, Z)).
