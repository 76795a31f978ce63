import { beforeEach, describe, expect, test } from "vitest";
import { authorizeUrl, browserOf, hiddenFields, signIn, type Browser } from "../../test/flows.ts";
import { makeWorld, password, type World } from "../../test/world.ts";

let world: World;
let browser: Browser;
beforeEach(async () => {
  world = await makeWorld();
  await world.addApplication("app_one");
  await world.addAccount("ann@example.com");
  await world.addAccount("gone@example.com", [], { suspendedAt: 1 });
  browser = browserOf(world);
});

const page = async () => hiddenFields((await browser.get(authorizeUrl("app_one"))).body);
const type = async (email: string, typed: string, remoteAddress?: string) => {
  const fields = await page();
  if (remoteAddress === undefined) return await browser.post("/oauth/sign-in", { ...fields, email, password: typed });
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const headers = {
    host: "localhost:8787",
    cookie,
    "content-type": "application/x-www-form-urlencoded",
    accept: "text/html",
  };
  const answer = await world.app.inject({
    method: "POST",
    url: "/oauth/sign-in",
    remoteAddress,
    headers,
    payload: new URLSearchParams({ ...fields, email, password: typed }).toString(),
  });
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: answer.body,
    location: String(answer.headers["location"] ?? ""),
  };
};
const times = async (count: number, attempt: () => Promise<unknown>) => {
  for (let at = 0; at < count; at++) await attempt();
};

describe("WB-02, RFC 9700 §4.7: refuses a sign-in form of another page", () => {
  const expectRefused = (
    answer: { status: number; body: string; headers: Record<string, unknown> },
    reason: string,
  ) => {
    expect(answer.status).toBe(403);
    expect(answer.body).toContain(`<p>${reason}</p>`);
    expect(world.eventNames()).not.toContain("account.signed_in");
    expect(String(answer.headers["set-cookie"] ?? "")).not.toContain("session");
  };
  const right = { email: "ann@example.com", password };

  test.each<[string, Record<string, string>]>([
    ["from another site", { "sec-fetch-site": "cross-site" }],
    ["from a sibling domain", { "sec-fetch-site": "same-site" }],
    ["from another origin", { origin: "https://evil.example" }],
  ])("the right password %s", async (_, headers) =>
    expectRefused(await browser.post("/oauth/sign-in", { ...(await page()), ...right }, headers), "cross_site_form"),
  );
  test("without the CSRF value", async () =>
    expectRefused(await browser.post("/oauth/sign-in", { ...(await page()), ...right, csrf: "" }), "form_outdated"));
  test("with a form that was shown to another browser", async () => {
    const theirs = hiddenFields((await browserOf(world).get(authorizeUrl("app_one"))).body);
    await page();
    expectRefused(await browser.post("/oauth/sign-in", { ...theirs, ...right }), "form_outdated");
  });
  test("from a browser without cookies", async () => {
    const fields = await page();
    expectRefused(await browserOf(world).post("/oauth/sign-in", { ...fields, ...right }), "no_cookie");
  });
  test("with the form of another transaction", async () => {
    const [one, two] = [
      await page(),
      hiddenFields((await browser.get(authorizeUrl("app_one", { scope: "read" }))).body),
    ];
    expectRefused(
      await browser.post("/oauth/sign-in", { ...right, transaction: one["transaction"]!, csrf: two["csrf"]! }),
      "form_outdated",
    );
  });
  test("two pages that were opened at once: the first shows the form again, and that form works", async () => {
    const first = await page();
    browser.cookies.clear(); // both requests left before an answer came
    await page();
    const shownAgain = await browser.post("/oauth/sign-in", { ...first, ...right });
    expectRefused(shownAgain, "form_outdated");
    expect(shownAgain.body).toContain("ann@example.com");
    const { location } = await browser.post("/oauth/sign-in", { ...hiddenFields(shownAgain.body), ...right });
    expect(location).toMatch(/^\/oauth\/consent\?transaction=/);
  });
});

describe("WB-12: known and unknown accounts get the same answer", () => {
  test("wrong password, unknown account, suspended account, no address", async () => {
    const answers = [
      await type("ann@example.com", "wrong"),
      await type("zoe@example.com", "wrong"),
      await type("gone@example.com", password),
      await type("not an address", "wrong"),
    ];
    for (const { status, body } of answers) {
      expect(status).toBe(400);
      expect(body).toContain("<p>wrong_credentials</p>");
    }
  });
  test("each attempt hashes once, with or without an account", async () => {
    const seen: unknown[] = [];
    const { verify } = world.deps.passwords;
    world.deps.passwords = {
      ...world.deps.passwords,
      verify: (account, text, origin) => (seen.push(account), verify(account, text, origin)),
    };
    for (const email of ["ann@example.com", "zoe@example.com", "gone@example.com", "nonsense"])
      await type(email, "wrong");
    expect(seen).toHaveLength(4);
    expect(seen[1]).toBeUndefined();
  });
  test("the log names the suspension, the account and the network, the page does not", async () => {
    await type("gone@example.com", password);
    const { id } = (await world.store.accounts.findByEmail("gone@example.com"))!;
    expect(world.events).toContainEqual({
      name: "account.sign_in_failed",
      reason: "suspended",
      account: id,
      network: expect.stringMatching(/^127\.0\.0\.1/) as unknown,
    });
  });
  test("OP-01: the log does not name an address that no account has: it may be a password", async () => {
    await type("hunter2@my-password", password);
    const failed = world.events.filter(({ name }) => name === "account.sign_in_failed");
    expect(failed).toEqual([
      { name: "account.sign_in_failed", reason: "wrong_credentials", network: expect.any(String) },
    ]);
  });
  test("finds an address in any case and width, with spaces around it", async () =>
    expect((await type(" ＡNN@Example.COM ", password)).status).toBe(303));
});

describe("OP-03: failures count per account and network, and more loosely per account", () => {
  test("answers 429 with Retry-After to the ninth guess from one network, even with the right password", async () => {
    await times(8, () => type("ann@example.com", "wrong"));
    const answer = await type("ann@example.com", password);
    expect(answer.status).toBe(429);
    expect(answer.headers["retry-after"]).toMatch(/^[1-9][0-9]*$/);
    expect(answer.body).toContain("too_many_attempts");
    world.advance(Number(answer.headers["retry-after"]));
    expect((await type("ann@example.com", password)).status).toBe(303);
  });
  test("counts unknown accounts alike", async () => {
    await times(8, () => type("zoe@example.com", "wrong"));
    expect((await type("zoe@example.com", "wrong")).status).toBe(429);
  });
  test("does not lock out the user on another network", async () => {
    await times(8, () => type("ann@example.com", "wrong", "203.0.113.1"));
    expect((await type("ann@example.com", password, "203.0.113.1")).status).toBe(429);
    expect((await type("ann@example.com", password, "203.0.113.2")).status).toBe(303);
  });
  test("counts the first 64 bits of an IPv6 address", async () => {
    let at = 0;
    await times(8, () => type("ann@example.com", "wrong", `2001:db8:0:1::${(++at).toString(16)}`));
    expect((await type("ann@example.com", password, "2001:db8:0:1:ffff::1")).status).toBe(429);
    expect((await type("ann@example.com", password, "2001:db8:0:2::1")).status).toBe(303);
  });
  test("limits the account after failures from a hundred networks", async () => {
    let at = 0;
    await times(100, () => type("ann@example.com", "wrong", `203.0.${++at}.1`));
    expect((await type("ann@example.com", password, "198.51.100.1")).status).toBe(429);
  });
  test("does not limit another account on the same network, and a success of one does not reset another", async () => {
    await world.addAccount("bea@example.com");
    await times(8, () => type("ann@example.com", "wrong"));
    expect((await signIn(browserOf(world), authorizeUrl("app_one"), "bea@example.com")).body).toContain(
      "<h1>Consent</h1>",
    );
    expect((await type("ann@example.com", password)).status).toBe(429);
  });
  test("counts other spellings of the address together", async () => {
    const spellings = ["ann@example.com", "ANN@example.com", " ann@example.com", "ａnn@example.com"];
    let at = 0;
    await times(8, () => type(spellings[at++ % 4]!, "wrong"));
    expect((await type("ann@example.com", password)).status).toBe(429);
  });
  test("answers only eight of the guesses that are sent at the same time", async () => {
    const fields = await page();
    const { passwords } = world.deps;
    const all = Promise.withResolvers<void>();
    let inside = 0;
    world.deps.passwords = {
      ...passwords,
      verify: async (account, text, origin) => {
        if (++inside === 40) all.resolve();
        await all.promise;
        return await passwords.verify(account, text, origin);
      },
    };
    const guesses = Array.from({ length: 40 }, (_, at) =>
      browser.post("/oauth/sign-in", {
        ...fields,
        email: "ann@example.com",
        password: at === 39 ? password : `wrong ${at}`,
      }),
    );
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 400)).toHaveLength(8);
    expect(statuses.filter((status) => status === 429)).toHaveLength(32);
  });
});

describe("OP-05: a full queue of password checks", () => {
  test("answers 429 with Retry-After, and does not count as a failure", async () => {
    const { passwords } = world.deps;
    world.deps.passwords = { ...passwords, verify: async () => "busy" };
    await times(20, async () => {
      const answer = await type("ann@example.com", password);
      expect(answer).toMatchObject({ status: 429 });
      expect(answer.headers["retry-after"]).toBe("5");
    });
    world.deps.passwords = passwords;
    expect((await type("ann@example.com", password)).status).toBe(303);
  });
});

describe("WB-07: the typed address is shown escaped and cut", () => {
  test("markup", async () => expect((await type('"><img onerror=x>@example.com', "wrong")).body).not.toContain("<img"));
  test("never the password", async () =>
    expect((await type("ann@example.com", "wrong-secret-text")).body).not.toContain("wrong-secret-text"));
});

describe("WB-03, TM 4.4.1.8: after sign-in", () => {
  test("leads to the consent page of the same transaction", async () => {
    const consent = await signIn(browser, authorizeUrl("app_one", { scope: "write" }), "ann@example.com");
    expect(consent.body).toContain("Change your things");
    expect(consent.body).not.toContain("Read your things");
  });
});
