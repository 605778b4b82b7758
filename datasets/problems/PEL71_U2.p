% File     : PEL71_U2
% Status   : Theorem
% Source   : Pelletier 71 (Urquhart), n=2

fof(goal, conjecture, p1 <=> (p2 <=> (p1 <=> p2))).
