% File     : BARBER
% Status   : Theorem
% Source   : Russell

fof(goal, conjecture, ~ ?[X]: ![Y]: ('Shaves'(X, Y) <=> ~ 'Shaves'(Y, Y))).
