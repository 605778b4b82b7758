% File     : PEL02
% Status   : Theorem
% Source   : Pelletier 1986, problem 2

fof(goal, conjecture, ~ ~ p <=> p).
