/** The keeper, with the store in memory. */
export * from "@symbolon/client/keeper";
