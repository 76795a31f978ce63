import type { Store } from "@symbolon/server";

/** An empty store for the current test. */
export type CurrentStore = () => Store;
