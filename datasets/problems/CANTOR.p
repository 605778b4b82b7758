% File     : CANTOR
% Status   : Theorem
% Source   : textbook: diagonal argument

fof(axiom_1, axiom, ![F1]: ?[S1]: ![Y]: ('In'(Y, S1) <=> ~ 'Maps'(F1, Y, Y))).
fof(goal, conjecture, ~ ?[F1]: ![S1]: ?[X]: ![Y]: ('In'(Y, S1) <=> 'Maps'(F1, X, Y))).
