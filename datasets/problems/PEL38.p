% File     : PEL38
% Status   : Theorem
% Source   : Pelletier 1986, problem 38

fof(goal, conjecture, ![X]: (('P'(a) & ('P'(X) => ?[Y]: ('P'(Y) & 'R'(X, Y)))) => ?[Z, W]: ('P'(Z) & 'R'(X, W) & 'R'(W, Z))) <=> ![X]: ((~ 'P'(a) | 'P'(X) | ?[Z, W]: ('P'(Z) & 'R'(X, W) & 'R'(W, Z))) & (~ 'P'(a) | ~ ?[Y]: ('P'(Y) & 'R'(X, Y)) | ?[Z, W]: ('P'(Z) & 'R'(X, W) & 'R'(W, Z))))).
