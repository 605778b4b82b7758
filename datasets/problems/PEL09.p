% File     : PEL09
% Status   : Theorem
% Source   : Pelletier 1986, problem 9

fof(goal, conjecture, ((p | q) & (~ p | q) & (p | ~ q)) => ~ (~ p | ~ q)).
