% File     : PEL03
% Status   : Theorem
% Source   : Pelletier 1986, problem 3

fof(goal, conjecture, ~ (p => q) => (q => p)).
