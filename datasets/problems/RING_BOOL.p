% File     : RING_BOOL
% Status   : Theorem
% Source   : x^2=x implies commutative ring

fof(axiom_1, axiom, ![X, Y, Z]: (s(X, s(Y, Z)) = s(s(X, Y), Z))).
fof(axiom_2, axiom, ![X, Y]: (s(X, Y) = s(Y, X))).
fof(axiom_3, axiom, ![X]: (s(o, X) = X)).
fof(axiom_4, axiom, ![X]: (s(g(X), X) = o)).
fof(axiom_5, axiom, ![X, Y, Z]: (m(X, m(Y, Z)) = m(m(X, Y), Z))).
fof(axiom_6, axiom, ![X, Y, Z]: (m(X, s(Y, Z)) = s(m(X, Y), m(X, Z)))).
fof(axiom_7, axiom, ![X, Y, Z]: (m(s(Y, Z), X) = s(m(Y, X), m(Z, X)))).
fof(axiom_8, axiom, ![X]: (m(X, X) = X)).
fof(goal, conjecture, ![X, Y]: (m(X, Y) = m(Y, X))).
