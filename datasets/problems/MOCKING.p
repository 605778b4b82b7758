% File     : MOCKING
% Status   : Theorem
% Source   : Smullyan: to mock a mockingbird 1

fof(axiom_1, axiom, ![X, Y]: (ap(m, X) = ap(X, X))).
fof(axiom_2, axiom, ![X, Y]: ?[Z]: ![W]: (ap(Z, W) = ap(X, ap(Y, W)))).
fof(goal, conjecture, ![X]: ?[Y]: (ap(X, Y) = Y)).
