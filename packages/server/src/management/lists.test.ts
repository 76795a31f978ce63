import { beforeAll, describe, expect, test } from "vitest";
import { addManagementClient, manage, managementToken } from "../../test/management.ts";
import { makeWorld, type World } from "../../test/world.ts";

let world: World;
let token: string;
const ids = Array.from({ length: 120 }, (_, at) => `app_${String(at).padStart(3, "0")}`);
beforeAll(async () => {
  world = await makeWorld();
  for (const id of ids) await world.addApplication(id);
  await addManagementClient(world, "tool");
  token = await managementToken(world, "tool");
});

const list = async (query = "") => {
  const answer = await manage(world, token, "GET", `/applications${query}`);
  return { status: answer.status, ...(answer.json() as { items?: { id: string }[]; next?: string | null }) };
};
const refusals = async (query: string) => {
  const answer = await manage(world, token, "GET", `/applications${query}`);
  return [answer.status, answer.json()["errors"]];
};

describe("AD-07: lists are read in parts", () => {
  test.each([1, 7, 50, 100])("of %i, each row once and in order", async (limit) => {
    const found: string[] = [];
    for (let next: string | null = ""; next !== null;) {
      const part = await list(`?limit=${limit}${next === "" ? "" : `&cursor=${next}`}`);
      expect(part.items!.length).toBeLessThanOrEqual(limit);
      found.push(...part.items!.map(({ id }) => id));
      next = part.next!;
    }
    expect(found).toEqual([...ids, "tool"]);
  });
  test("of 50 where no limit is asked for", async () => expect((await list()).items!.length).toBe(50));
  test.each(["0", "101", "-1", "1.5", "all", "", "01", "1e1"])("a limit of %j is refused", async (limit) =>
    expect(await refusals(`?limit=${limit}`)).toEqual([
      400,
      [{ parameter: "limit", expected: "must be a whole number from 1 to 100" }],
    ]),
  );
  test("a cursor that is altered, made up, or of nothing is refused", async () => {
    const { next } = await list("?limit=1");
    const [body, mac] = next!.split(".");
    const expected = "must be `next` of the part before, of the same list";
    for (const cursor of [
      "",
      "x",
      `${body}`,
      `${body}.`,
      `A${body}.${mac}`,
      `${body}.${mac}.`,
      `.${mac}`,
      `${body}.A${mac!.slice(1)}`,
    ])
      expect(await refusals(`?cursor=${cursor}`)).toEqual([400, [{ parameter: "cursor", expected }]]);
  });
  test("an unknown parameter is named, with the one that was meant, and a repeated one too", async () => {
    expect(await refusals("?limits=3&limit=1&limit=2")).toEqual([
      400,
      [
        { parameter: "limits", expected: "is not a parameter of this operation (did you mean limit?)" },
        { parameter: "limit", expected: "must be sent once" },
        { parameter: "limit", expected: "must be sent once" },
      ],
    ]);
  });
});
