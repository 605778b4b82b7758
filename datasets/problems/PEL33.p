% File     : PEL33
% Status   : Theorem
% Source   : Pelletier 1986, problem 33

fof(goal, conjecture, ![X]: (('P'(a) & ('P'(X) => 'P'(b))) => 'P'(c)) <=> ![X]: ((~ 'P'(a) | 'P'(X) | 'P'(c)) & (~ 'P'(a) | ~ 'P'(b) | 'P'(c)))).
