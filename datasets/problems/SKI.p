% File     : SKI
% Status   : Theorem
% Source   : combinatory logic: I exists from S,K

fof(axiom_1, axiom, ![X, Y]: (ap(ap(k, X), Y) = X)).
fof(axiom_2, axiom, ![X, Y, Z]: (ap(ap(ap(s, X), Y), Z) = ap(ap(X, Z), ap(Y, Z)))).
fof(goal, conjecture, ?[X]: ![Y]: (ap(X, Y) = Y)).
