% File     : PEL72_PHP5
% Status   : Theorem
% Source   : Pelletier 72, 6 pigeons in 5 holes

fof(axiom_1, axiom, h0_0 | h0_1 | h0_2 | h0_3 | h0_4).
fof(axiom_2, axiom, h1_0 | h1_1 | h1_2 | h1_3 | h1_4).
fof(axiom_3, axiom, h2_0 | h2_1 | h2_2 | h2_3 | h2_4).
fof(axiom_4, axiom, h3_0 | h3_1 | h3_2 | h3_3 | h3_4).
fof(axiom_5, axiom, h4_0 | h4_1 | h4_2 | h4_3 | h4_4).
fof(axiom_6, axiom, h5_0 | h5_1 | h5_2 | h5_3 | h5_4).
fof(axiom_7, axiom, ~ h0_0 | ~ h1_0).
fof(axiom_8, axiom, ~ h0_0 | ~ h2_0).
fof(axiom_9, axiom, ~ h0_0 | ~ h3_0).
fof(axiom_10, axiom, ~ h0_0 | ~ h4_0).
fof(axiom_11, axiom, ~ h0_0 | ~ h5_0).
fof(axiom_12, axiom, ~ h1_0 | ~ h2_0).
fof(axiom_13, axiom, ~ h1_0 | ~ h3_0).
fof(axiom_14, axiom, ~ h1_0 | ~ h4_0).
fof(axiom_15, axiom, ~ h1_0 | ~ h5_0).
fof(axiom_16, axiom, ~ h2_0 | ~ h3_0).
fof(axiom_17, axiom, ~ h2_0 | ~ h4_0).
fof(axiom_18, axiom, ~ h2_0 | ~ h5_0).
fof(axiom_19, axiom, ~ h3_0 | ~ h4_0).
fof(axiom_20, axiom, ~ h3_0 | ~ h5_0).
fof(axiom_21, axiom, ~ h4_0 | ~ h5_0).
fof(axiom_22, axiom, ~ h0_1 | ~ h1_1).
fof(axiom_23, axiom, ~ h0_1 | ~ h2_1).
fof(axiom_24, axiom, ~ h0_1 | ~ h3_1).
fof(axiom_25, axiom, ~ h0_1 | ~ h4_1).
fof(axiom_26, axiom, ~ h0_1 | ~ h5_1).
fof(axiom_27, axiom, ~ h1_1 | ~ h2_1).
fof(axiom_28, axiom, ~ h1_1 | ~ h3_1).
fof(axiom_29, axiom, ~ h1_1 | ~ h4_1).
fof(axiom_30, axiom, ~ h1_1 | ~ h5_1).
fof(axiom_31, axiom, ~ h2_1 | ~ h3_1).
fof(axiom_32, axiom, ~ h2_1 | ~ h4_1).
fof(axiom_33, axiom, ~ h2_1 | ~ h5_1).
fof(axiom_34, axiom, ~ h3_1 | ~ h4_1).
fof(axiom_35, axiom, ~ h3_1 | ~ h5_1).
fof(axiom_36, axiom, ~ h4_1 | ~ h5_1).
fof(axiom_37, axiom, ~ h0_2 | ~ h1_2).
fof(axiom_38, axiom, ~ h0_2 | ~ h2_2).
fof(axiom_39, axiom, ~ h0_2 | ~ h3_2).
fof(axiom_40, axiom, ~ h0_2 | ~ h4_2).
fof(axiom_41, axiom, ~ h0_2 | ~ h5_2).
fof(axiom_42, axiom, ~ h1_2 | ~ h2_2).
fof(axiom_43, axiom, ~ h1_2 | ~ h3_2).
fof(axiom_44, axiom, ~ h1_2 | ~ h4_2).
fof(axiom_45, axiom, ~ h1_2 | ~ h5_2).
fof(axiom_46, axiom, ~ h2_2 | ~ h3_2).
fof(axiom_47, axiom, ~ h2_2 | ~ h4_2).
fof(axiom_48, axiom, ~ h2_2 | ~ h5_2).
fof(axiom_49, axiom, ~ h3_2 | ~ h4_2).
fof(axiom_50, axiom, ~ h3_2 | ~ h5_2).
fof(axiom_51, axiom, ~ h4_2 | ~ h5_2).
fof(axiom_52, axiom, ~ h0_3 | ~ h1_3).
fof(axiom_53, axiom, ~ h0_3 | ~ h2_3).
fof(axiom_54, axiom, ~ h0_3 | ~ h3_3).
fof(axiom_55, axiom, ~ h0_3 | ~ h4_3).
fof(axiom_56, axiom, ~ h0_3 | ~ h5_3).
fof(axiom_57, axiom, ~ h1_3 | ~ h2_3).
fof(axiom_58, axiom, ~ h1_3 | ~ h3_3).
fof(axiom_59, axiom, ~ h1_3 | ~ h4_3).
fof(axiom_60, axiom, ~ h1_3 | ~ h5_3).
fof(axiom_61, axiom, ~ h2_3 | ~ h3_3).
fof(axiom_62, axiom, ~ h2_3 | ~ h4_3).
fof(axiom_63, axiom, ~ h2_3 | ~ h5_3).
fof(axiom_64, axiom, ~ h3_3 | ~ h4_3).
fof(axiom_65, axiom, ~ h3_3 | ~ h5_3).
fof(axiom_66, axiom, ~ h4_3 | ~ h5_3).
fof(axiom_67, axiom, ~ h0_4 | ~ h1_4).
fof(axiom_68, axiom, ~ h0_4 | ~ h2_4).
fof(axiom_69, axiom, ~ h0_4 | ~ h3_4).
fof(axiom_70, axiom, ~ h0_4 | ~ h4_4).
fof(axiom_71, axiom, ~ h0_4 | ~ h5_4).
fof(axiom_72, axiom, ~ h1_4 | ~ h2_4).
fof(axiom_73, axiom, ~ h1_4 | ~ h3_4).
fof(axiom_74, axiom, ~ h1_4 | ~ h4_4).
fof(axiom_75, axiom, ~ h1_4 | ~ h5_4).
fof(axiom_76, axiom, ~ h2_4 | ~ h3_4).
fof(axiom_77, axiom, ~ h2_4 | ~ h4_4).
fof(axiom_78, axiom, ~ h2_4 | ~ h5_4).
fof(axiom_79, axiom, ~ h3_4 | ~ h4_4).
fof(axiom_80, axiom, ~ h3_4 | ~ h5_4).
fof(axiom_81, axiom, ~ h4_4 | ~ h5_4).
fof(goal, conjecture, bot & ~ bot).
