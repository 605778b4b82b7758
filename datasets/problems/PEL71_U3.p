% File     : PEL71_U3
% Status   : Theorem
% Source   : Pelletier 71 (Urquhart), n=3

fof(goal, conjecture, p1 <=> (p2 <=> (p3 <=> (p1 <=> (p2 <=> p3))))).
