% File     : PEL06
% Status   : Theorem
% Source   : Pelletier 1986, problem 6

fof(goal, conjecture, p | ~ p).
