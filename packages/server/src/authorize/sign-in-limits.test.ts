import { beforeEach, describe, expect, test } from "vitest";
import { changePassword } from "../accounts/change-password.ts";
import { fairQueue } from "../accounts/fair-queue.ts";
import { Sealed } from "@symbolon/protocol";
import { authorizeUrl, browserOf, hiddenFields, type Browser } from "../../test/flows.ts";
import { makeWorld, password, type World } from "../../test/world.ts";

const proxy = "127.0.0.1";
const ann = "ann@example.com";
const home = "2001:db8:1:1::1";

let world: World;
beforeEach(async () => {
  world = await makeWorld({ config: { trustedProxies: [proxy] } });
  await world.addApplication("app");
  await world.addAccount(ann);
});

/** Types an address and a password, in a browser at `address`. The answer's status: 303 after a sign-in. */
async function type(address: string, email: string, typed: string, browser: Browser = browserOf(world)) {
  const headers = { "x-forwarded-for": address };
  const fields = hiddenFields((await browser.get(authorizeUrl("app", { prompt: "login" }), headers)).body);
  return await browser.post("/oauth/sign-in", { ...fields, email, password: typed }, headers);
}
const statusOf = async (...attempt: Parameters<typeof type>) => (await type(...attempt)).status;

/** A browser in which the accounts have signed in once and out again. */
async function knownBrowser(...emails: string[]): Promise<Browser> {
  const browser = browserOf(world);
  for (const email of emails) {
    expect(await statusOf(home, email, password, browser)).toBe(303);
    for (const name of browser.cookies.keys()) if (name.endsWith("session")) browser.cookies.delete(name);
  }
  return browser;
}

/** Fails from every network in turn, until all of them are refused. */
async function exhaust(networks: readonly string[], email = ann): Promise<void> {
  for (let refused = 0; refused < networks.length;) {
    refused = 0;
    for (const network of networks) if ((await statusOf(network, email, "wrong")) === 429) refused++;
  }
}
const networksOf = (count: number, of: (index: number) => string) => Array.from({ length: count }, (_, at) => of(at));

describe("OP-14: one account, guessed from many networks", () => {
  test("13 networks of one /48 do not lock out an unknown browser elsewhere, for a day", async () => {
    const networks = networksOf(13, (at) => `2001:db8:ffff:${at}::1`);
    await exhaust(networks);
    for (let minutes = 0; minutes < 24 * 60; minutes += 30) {
      await exhaust(networks);
      expect(await statusOf(home, ann, password)).toBe(303);
      world.advance(1800);
    }
  });

  test("256 addresses of one IPv4 /24 do not either", async () => {
    await exhaust(networksOf(256, (at) => `203.0.113.${at}`));
    expect(await statusOf("203.0.113.77", ann, password)).toBe(429);
    expect(await statusOf("203.0.114.1", ann, password)).toBe(303);
  });

  test("guesses from a hundred ranges lock out unknown browsers", async () => {
    await exhaust(networksOf(100, (at) => `2001:db8:${at}:1::1`));
    expect(await statusOf("198.51.100.1", ann, password)).toBe(429);
  });

  test("but not the known device of its owner, on any network", async () => {
    const browser = await knownBrowser(ann);
    await exhaust(networksOf(100, (at) => `2001:db8:${at}:1::1`));
    for (const network of ["198.51.100.1", "2001:db8:7:1::1", home])
      expect(await statusOf(network, ann, password, browser)).toBe(303);
  });

  test("failures on the known device count for it alone, and lock it after eight", async () => {
    const browser = await knownBrowser(ann);
    for (let count = 0; count < 8; count++) expect(await statusOf(home, ann, "wrong", browser)).toBe(400);
    const refused = await type(home, ann, password, browser);
    expect([refused.status, refused.headers["retry-after"]]).toEqual([429, "30"]);
    expect(await statusOf(home, ann, password)).toBe(303);
    world.advance(30);
    expect(await statusOf(home, ann, password, browser)).toBe(303);
  });
});

describe("OP-14: one password, tried on many accounts", () => {
  const spray = async (network: (at: number) => string, count: number) => {
    const statuses: number[] = [];
    for (let at = 0; at < count; at++)
      statuses.push(await statusOf(network(at), `user${at}@example.com`, "Spring2026!"));
    return statuses;
  };

  test("of 60 accounts from one network, 40 get an answer; then one in ten seconds", async () => {
    const statuses = await spray(() => "203.0.113.1", 60);
    expect(statuses.filter((status) => status === 400)).toHaveLength(40);
    expect(statuses.filter((status) => status === 429)).toHaveLength(20);
    world.advance(10);
    expect((await spray(() => "203.0.113.1", 2)).toSorted()).toEqual([400, 429]);
    expect(await statusOf("203.0.113.2", ann, password)).toBe(303);
  });

  test("of 300 accounts from the networks of one /48, 160 get an answer", async () => {
    const statuses = await spray((at) => `2001:db8:ffff:${at % 100}::1`, 300);
    expect(statuses.filter((status) => status === 400)).toHaveLength(160);
    expect(await statusOf("2001:db8:ffff:aaaa::1", ann, password)).toBe(429);
    expect(await statusOf(home, ann, password)).toBe(303);
  });

  test("a known device signs in from that network meanwhile", async () => {
    const browser = await knownBrowser(ann);
    await spray(() => "203.0.113.1", 60);
    expect(await statusOf("203.0.113.1", ann, password)).toBe(429);
    expect(await statusOf("203.0.113.1", ann, password, browser)).toBe(303);
  });
});

describe("OP-14: the cookie of a known device", () => {
  const cookieOf = (browser: Browser) => browser.cookies.get("symbolon-device")!;
  const lockOut = () => exhaust(networksOf(100, (at) => `2001:db8:${at}:1::1`));

  test("is set at sign-in, stays after sign-out, and holds neither e-mail address nor account id", async () => {
    const browser = browserOf(world);
    const answer = await type(home, ann, password, browser);
    const set = [answer.headers["set-cookie"]].flat().find((line) => line?.startsWith("symbolon-device="));
    expect(set).toMatch(
      /^symbolon-device=[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=15552000$/,
    );
    const signOut = await browser.get("/oauth/sign-out");
    await browser.post("/oauth/sign-out", hiddenFields(signOut.body));
    expect(browser.cookies.has("symbolon-session")).toBe(false);
    expect(browser.cookies.has("symbolon-device")).toBe(true);
  });

  test("is not set by a failed sign-in", async () => {
    const browser = browserOf(world);
    await type(home, ann, "wrong", browser);
    expect(browser.cookies.has("symbolon-device")).toBe(false);
  });

  test("does not sign anyone in", async () => {
    const browser = await knownBrowser(ann);
    expect((await browser.get(authorizeUrl("app"))).body).toContain("<h1>Sign in</h1>");
    expect(await statusOf(home, ann, "wrong", browser)).toBe(400);
  });

  test("is worth nothing for another account, after a new password, altered, cut or made up", async () => {
    await world.addAccount("bea@example.com");
    const ofBea = await knownBrowser("bea@example.com");
    const ofAnn = await knownBrowser(ann);
    const good = cookieOf(ofAnn);
    await lockOut();
    const withCookie = (value: string) => {
      const browser = browserOf(world);
      browser.cookies.set("symbolon-device", value);
      return statusOf(home, ann, password, browser);
    };
    const [device = "", mac = ""] = good.split(".");
    const other = cookieOf(ofBea).split(".");
    expect(await withCookie(good)).toBe(303);
    for (const bad of [
      cookieOf(ofBea),
      `${other[0]}.${mac}`,
      `${device}.${other[1]}`,
      device,
      `${device}.`,
      `${good}.`,
      good.slice(0, -1),
      `${device}.${"A".repeat(43)}`,
      `${good}.${Array(4).fill(mac).join(".")}`,
    ])
      expect(await withCookie(bad), bad).toBe(429);
    const account = (await world.store.accounts.findByEmail(ann))!;
    await changePassword(account.id, new Sealed("another good password"), world.deps);
    const browser = browserOf(world);
    browser.cookies.set("symbolon-device", good);
    expect(await statusOf(home, ann, "another good password", browser)).toBe(429);
  });

  test("knows the last four accounts of a browser, under one device id", async () => {
    const emails = networksOf(5, (at) => `user${at}@example.com`);
    for (const email of emails) await world.addAccount(email);
    const browser = await knownBrowser(...emails);
    expect(cookieOf(browser).split(".")).toHaveLength(5);
    for (const email of emails)
      await exhaust(
        networksOf(100, (at) => `2001:db8:${at}:1::1`),
        email,
      );
    const statuses = [];
    for (const email of emails.slice(1)) statuses.push(await statusOf(home, email, password, browser));
    expect(statuses).toEqual([303, 303, 303, 303]);
    expect(await statusOf("198.51.100.1", emails[0]!, password, browser)).toBe(429);
  }, 60_000);

  test("WB-12: takes the same work for a known account, an unknown one and none", async () => {
    const browser = await knownBrowser(ann);
    const { keyring } = world.deps;
    const checked: number[] = [];
    for (const email of [ann, "zoe@example.com", "nonsense"]) {
      let count = 0;
      world.deps.keyring = {
        ...keyring,
        isSealed: (purpose, message, mac) => {
          if (purpose === "device") count++;
          return keyring.isSealed(purpose, message, mac);
        },
      };
      await type(home, email, "wrong", browser);
      checked.push(count);
    }
    expect(checked).toEqual([1, 1, 1]);
  });
});

describe("OP-05, OP-14: the queue of password checks", () => {
  test("one account has the places of one, however many devices its owner has made known", async () => {
    const mallory = "mallory@example.com";
    await world.addAccount(mallory);
    const browsers = await Promise.all(networksOf(6, () => mallory).map((email) => knownBrowser(email)));
    const annsBrowser = await knownBrowser(ann);
    const enter = fairQueue({ atOnce: 1, waiting: 4, waitingPerOrigin: 2 });
    const gate = Promise.withResolvers<void>();
    const { passwords } = world.deps;
    const { verify } = passwords;
    passwords.verify = async (account, typed, origin) => {
      const leave = await enter(origin);
      if (leave === undefined) return "busy";
      await gate.promise;
      const matches = await verify(account, typed, origin);
      leave();
      return matches;
    };
    const attempts = browsers.map((browser) => statusOf(home, mallory, password, browser));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const own = statusOf(home, ann, password, annsBrowser);
    setTimeout(gate.resolve, 100);
    try {
      expect(await own).toBe(303);
      expect((await Promise.all(attempts)).toSorted()).toEqual([303, 303, 303, 429, 429, 429]);
    } finally {
      passwords.verify = verify;
    }
  });
});
