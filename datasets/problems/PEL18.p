% File     : PEL18
% Status   : Theorem
% Source   : Pelletier 1986, problem 18

fof(goal, conjecture, ?[Y]: ![X]: ('F'(Y) => 'F'(X))).
