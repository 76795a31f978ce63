import { statSync } from "node:fs";
import { expect, test } from "vitest";
import { grantIdFromBytes, type AccountId, type ClientId, type ResourceName } from "@symbolon/protocol";
import { exampleGrant, exampleGrantId, seededRandom } from "@symbolon/testing";
import { temporaryStores } from "./temporary-stores.ts";

const { newPath, open } = temporaryStores();

/** Random owners and resources, as in production: a sorted index would look smaller than it is. */
test("an active grant takes no more than 300 bytes, with its indexes", async () => {
  const path = newPath();
  const store = open({ path });
  const random = seededRandom(1);
  const uuid = () => grantIdFromBytes(random(16));
  const count = 10_000;
  for (let from = 0; from < count; from += 500) {
    const grants = Array.from({ length: 500 }, (_, n) =>
      exampleGrant({
        id: exampleGrantId(from + n),
        application: `app_0123456789abcde${random.below(10)}` as ClientId,
        owner: uuid() as string as AccountId,
        resource: `Company/${uuid()}` as ResourceName,
      }),
    );
    await Promise.all(grants.map((grant) => store.grants.insert(grant)));
  }
  await store.close();
  expect(statSync(path).size / count).toBeLessThanOrEqual(300);
  expect(statSync(path).size / count).toBeGreaterThan(200);
});
