% File     : DRINKER
% Status   : Theorem
% Source   : Smullyan

fof(goal, conjecture, ?[X]: ('D'(X) => ![Y]: 'D'(Y))).
