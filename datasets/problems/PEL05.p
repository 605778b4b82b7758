% File     : PEL05
% Status   : Theorem
% Source   : Pelletier 1986, problem 5

fof(goal, conjecture, ((p | q) => (p | r)) => (p | (q => r))).
