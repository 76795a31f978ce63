import { describeStoreContract } from "@symbolon/testing";
import { temporaryStores } from "./temporary-stores.ts";

const { open } = temporaryStores();

describeStoreContract("in SQLite", () => open());
