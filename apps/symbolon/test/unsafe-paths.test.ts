import { chmodSync, chownSync, linkSync, mkdirSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { runJson, runSymbolon, temporaryDirectory } from "./start-server.ts";

let parent: string;
let data: string;
beforeEach(async () => {
  parent = temporaryDirectory();
  data = join(parent, "data");
  await runJson(["app", "create", "--name", "Kept"], { data });
});

const files = ["keyring.json", "symbolon.sqlite", "symbolon.sqlite-wal", "symbolon.lock", "mark.json"];
const serve = ["serve", "--dev", "--port", "18785"];

async function expectRefusal(at: string, message: string, remedy: string, args = serve): Promise<void> {
  const { code, stdout, stderr } = await runSymbolon(args, { data: at });
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(message);
  expect(stderr).toContain(remedy);
  expect(stderr).not.toMatch(/^ +at /m);
}

describe("ST-10, ST-12: the server opens no file that another user could have put there or could change", () => {
  test.each(files)("refuses %s as a symbolic link", async (name) => {
    const [path, elsewhere] = [join(data, name), join(parent, name)];
    await runJson(["backup", "--to", join(parent, "backup.sqlite")], { data }); // Makes mark.json.
    if (name !== "symbolon.sqlite-wal") renameSync(path, elsewhere);
    symlinkSync(elsewhere, path);
    await expectRefusal(data, `${path} is a symbolic link`, "Put a regular file there");
  });

  test.each(["keyring.json", "symbolon.sqlite"])("refuses %s with a hard link", async (name) => {
    linkSync(join(data, name), join(parent, "second"));
    await expectRefusal(data, `${join(data, name)} has a hard link`, "Remove the other link");
  });

  test("refuses a data directory that is a symbolic link", async () => {
    symlinkSync(data, join(parent, "link"));
    for (const args of [serve, ["app", "list"]])
      await expectRefusal(
        join(parent, "link"),
        "link is a symbolic link",
        "Use the path of the directory itself",
        args,
      );
  });

  const givenAway = process.geteuid?.() === 0 ? ["", ...files.slice(0, 2)] : []; // Only root can give files away.
  test.each(givenAway)("refuses the path data/%s of another user", async (name) => {
    const path = name === "" ? data : join(data, name);
    chownSync(path, 54_321, 54_321);
    await expectRefusal(data, `${path} belongs to another user (uid 54321)`, `chown -R 0 ${path}`);
  });

  test.each(["720", "702"])("refuses a data directory of mode %s", async (mode) => {
    chmodSync(data, Number.parseInt(mode, 8));
    await expectRefusal(data, `${data} is open to other users (mode ${mode})`, `chmod 700 ${data}`);
  });

  test("refuses a data directory that every user can rename", async () => {
    const shared = join(parent, "shared");
    mkdirSync(shared);
    chmodSync(shared, 0o777);
    await expectRefusal(join(shared, "data"), "which every user can write to", "Use a directory of your own");
  });
});
