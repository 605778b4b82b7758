% File     : PEL23
% Status   : Theorem
% Source   : Pelletier 1986, problem 23

fof(goal, conjecture, ![X]: (p | 'F'(X)) <=> (p | ![X]: 'F'(X))).
