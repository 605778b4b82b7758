% File     : PEL60
% Status   : Theorem
% Source   : Pelletier 1986, problem 60

fof(goal, conjecture, ![X]: ('F'(X, f(X)) <=> ?[Y]: (![Z]: ('F'(Z, Y) => 'F'(Z, f(X))) & 'F'(X, Y)))).
