% File     : PEL62
% Status   : Theorem
% Source   : Pelletier 1986, problem 62

fof(goal, conjecture, ![X]: (('F'(a) & ('F'(X) => 'F'(f(X)))) => 'F'(f(f(X)))) <=> ![X]: ((~ 'F'(a) | 'F'(X) | 'F'(f(f(X)))) & (~ 'F'(a) | ~ 'F'(f(X)) | 'F'(f(f(X)))))).
