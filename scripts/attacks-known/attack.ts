/** An attack and its outcome. `absent`: a feature that the attack needs; the tests show that it does not exist. */
export type Attack = { id: string; outcome: string; absent?: string };

/** Attacks on something that is not built yet. */
export type UnbuiltGroup = { group: string; awaits: string };
