% File     : PEL56
% Status   : Theorem
% Source   : Pelletier 1986, problem 56

fof(goal, conjecture, ![X]: (?[Y]: ('F'(Y) & X = f(Y)) => 'F'(X)) <=> ![X]: ('F'(X) => 'F'(f(X)))).
