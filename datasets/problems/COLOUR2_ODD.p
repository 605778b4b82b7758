% File     : COLOUR2_ODD
% Status   : Theorem
% Source   : 5-cycle is not 2-colourable

fof(axiom_1, axiom, ![X]: ('Red'(X) <=> ~ 'Blue'(X))).
fof(axiom_2, axiom, ![X, Y]: ('Edge'(X, Y) => ~ ('Red'(X) <=> 'Red'(Y)))).
fof(axiom_3, axiom, 'Edge'(a, b) & 'Edge'(b, c) & 'Edge'(c, d) & 'Edge'(d, e) & 'Edge'(e, a)).
fof(goal, conjecture, bot & ~ bot).
