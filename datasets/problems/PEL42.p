% File     : PEL42
% Status   : Theorem
% Source   : Pelletier 1986, problem 42

fof(goal, conjecture, ~ ?[Y]: ![X]: ('F'(X, Y) <=> ~ ?[Z]: ('F'(X, Z) & 'F'(Z, X)))).
