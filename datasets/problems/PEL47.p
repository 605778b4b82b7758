% File     : PEL47
% Status   : Theorem
% Source   : Pelletier 1986, problem 47

fof(axiom_1, axiom, ![X]: (wolf(X) => animal(X))).
fof(axiom_2, axiom, ?[X]: wolf(X)).
fof(axiom_3, axiom, ![X]: (fox(X) => animal(X))).
fof(axiom_4, axiom, ?[X]: fox(X)).
fof(axiom_5, axiom, ![X]: (bird(X) => animal(X))).
fof(axiom_6, axiom, ?[X]: bird(X)).
fof(axiom_7, axiom, ![X]: (caterpillar(X) => animal(X))).
fof(axiom_8, axiom, ?[X]: caterpillar(X)).
fof(axiom_9, axiom, ![X]: (snail(X) => animal(X))).
fof(axiom_10, axiom, ?[X]: snail(X)).
fof(axiom_11, axiom, ?[X]: grain(X)).
fof(axiom_12, axiom, ![X]: (grain(X) => plant(X))).
fof(axiom_13, axiom, ![X]: (animal(X) => (![Y]: (plant(Y) => eats(X, Y)) | ![Y]: ((animal(Y) & smaller(Y, X) & ?[Z]: (plant(Z) & eats(Y, Z))) => eats(X, Y))))).
fof(axiom_14, axiom, ![X, Y]: ((bird(Y) & (snail(X) | caterpillar(X))) => smaller(X, Y))).
fof(axiom_15, axiom, ![X, Y]: ((bird(X) & fox(Y)) => smaller(X, Y))).
fof(axiom_16, axiom, ![X, Y]: ((fox(X) & wolf(Y)) => smaller(X, Y))).
fof(axiom_17, axiom, ![X, Y]: ((wolf(X) & (fox(Y) | grain(Y))) => ~ eats(X, Y))).
fof(axiom_18, axiom, ![X, Y]: ((bird(X) & caterpillar(Y)) => eats(X, Y))).
fof(axiom_19, axiom, ![X, Y]: ((bird(X) & snail(Y)) => ~ eats(X, Y))).
fof(axiom_20, axiom, ![X]: ((caterpillar(X) | snail(X)) => ?[Y]: (plant(Y) & eats(X, Y)))).
fof(goal, conjecture, ?[X, Y]: (animal(X) & animal(Y) & ?[Z]: (grain(Z) & eats(Y, Z) & eats(X, Y)))).
