import { describeStoreContract } from "@symbolon/testing";
import { openSqliteStore } from "@symbolon/store-sqlite";
import { temporaryFolders } from "./temporary-folder.ts";

const newPath = temporaryFolders();

describeStoreContract("in SQLite", () => openSqliteStore({ path: newPath() }));
