import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { runJson, runSymbolon, temporaryDirectory } from "./start-server.ts";

const data = join(temporaryDirectory(), "data");
const uuid = "0d0f6a52-6a3c-4c5e-8a57-2f5a3b1c9d10";
const create = (input: string, ...flags: string[]) =>
  runSymbolon(["account", "create", "--password-stdin", ...flags], { data, input });

describe("account create", () => {
  beforeAll(() =>
    runJson(["account", "create", "--email", "taken@example.com", "--password-stdin"], {
      data,
      input: "correct horse battery",
    }),
  );

  test("prints sub, e-mail and resources, with a new id for a resource name and the same id for a UUID", async () => {
    const flags = [
      "--email",
      " Jo＠Example.COM",
      "--resource",
      "Company/Acme & Söhne",
      "--resource",
      `Company/${uuid.toUpperCase()}`,
    ];
    const account = await runJson(["account", "create", "--password-stdin", ...flags], {
      data,
      input: "correct horse battery\n",
    });
    expect(account).toEqual({
      sub: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      email: "jo@example.com",
      resources: [
        { name: expect.stringMatching(/^Company\/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f-]{21}$/), label: "Acme & Söhne" },
        { name: `Company/${uuid}`, label: uuid.toUpperCase() },
      ],
    });
  });

  const refused: [string, string, string[], number, string][] = [
    ["no e-mail", "correct horse", [], 2, "--email is needed"],
    ["two @", "correct horse", ["--email", "a@b@c.example"], 2, "one @"],
    ["no @", "correct horse", ["--email", "a.example"], 2, "one @"],
    ["a short password", "1234567", ["--email", "a@b.example"], 2, "at least 8 characters"],
    ["an empty password", "\n", ["--email", "a@b.example"], 2, "empty"],
    ["two lines", "correct horse\nbattery", ["--email", "a@b.example"], 2, "single line"],
    ["a common password", "Password1", ["--email", "a@b.example"], 2, "too easy to guess"],
    ["the address as password", "a@b.example", ["--email", "A@b.example"], 2, "too easy to guess"],
    [
      "a resource without a type",
      "correct horse",
      ["--email", "a@b.example", "--resource", "Acme"],
      2,
      "--resource must be Type/Name",
    ],
    [
      "a resource without a name",
      "correct horse",
      ["--email", "a@b.example", "--resource", "Company/"],
      2,
      "--resource must be Type/Name",
    ],
    [
      "an address that is taken, however it is written",
      "correct horse",
      ["--email", "TAKEN@example.com"],
      1,
      "already",
    ],
  ];
  test.for(refused)("refuses %s", async ([, input, flags, code, says]) => {
    const result = await create(input, ...flags);
    expect(result).toMatchObject({ code, stdout: "" });
    expect(result.stderr).toContain(says);
    expect(result.stderr).not.toContain(
      input.trim() === "" || flags.join().toLowerCase().includes(input) ? "\0" : input.trim(),
    );
  });

  test("refuses a password from anywhere but stdin", async () => {
    const { code, stderr } = await runSymbolon(["account", "create", "--email", "a@b.example"], { data });
    expect(code).toBe(2);
    expect(stderr).toContain("--password-stdin is needed");
    expect((await runSymbolon(["account", "create", "--password", "x"], { data })).stderr).toContain("--password");
  });
});

describe("resource-server create and list", () => {
  test("prints its credentials once, and the list has none", async () => {
    const made = await runJson<{ client_id: string }>(
      ["resource-server", "create", "--name", "Payroll API", "--resource", "https://api.example.com/payroll"],
      { data },
    );
    expect(made).toMatchObject({
      client_id: expect.stringMatching(/^rs_[0-9abcdefghjkmnpqrstvwxyz]{16}$/),
      client_secret: expect.stringMatching(/^sym_cs_[A-Za-z0-9_-]{43}$/),
      client_name: "Payroll API",
      resource: "https://api.example.com/payroll",
    });
    const list = await runSymbolon(["resource-server", "list", "--json"], { data });
    expect(JSON.parse(list.stdout)).toMatchObject({ resource_servers: [{ client_id: made.client_id }] });
    expect(list.stdout).not.toContain("sym_cs_");
  });

  test.for([
    [["--name", "N", "--resource", "api"], 2, "--resource must be an absolute URI"],
    [["--name", "N", "--resource", "https://api.example.com/#f"], 2, "--resource must be an absolute URI"],
    [["--name", "N", "--resource", "https://api.example.com/payroll"], 1, "belongs to rs_"],
    [["--resource", "https://api.example.com/b"], 2, "--name is needed"],
  ] as [string[], number, string][])("refuses %j", async ([flags, code, says]) => {
    const result = await runSymbolon(["resource-server", "create", ...flags], { data });
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(says);
  });
});
