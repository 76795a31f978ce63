import { addManagementClient, manage, managementToken } from "./management.ts";
import { authorizeUrl, browserOf, type Browser } from "./flows.ts";
import { memoryStore, type Store } from "../src/index.ts";
import { makeWorld, type World } from "./world.ts";

export const loginUrl = "https://login.example/sign-in";

/** A world whose people sign in on the login page of a provider, and that provider's server. */
export async function makeHandOffWorld(store: Store = memoryStore()) {
  const world = await makeWorld({ store, config: { signIn: { kind: "handOff", url: loginUrl } } });
  await world.addApplication("app");
  await addManagementClient(world, "login", ["symbolon:sign-in"]);
  const token = await managementToken(world, "login");
  const call = async (method: "GET" | "POST", path: string, body?: object) =>
    manage(world, await managementToken(world, "login"), method, `/sign-ins/${path}`, body);
  return {
    world,
    token,
    read: (id: string) => call("GET", id),
    complete: (id: string, given: object = {}) => call("POST", `${id}/complete`, { ...ada(world), ...given }),
    refuse: (id: string, reason: string) => call("POST", `${id}/refuse`, { reason }),
  };
}

export type HandOffWorld = Awaited<ReturnType<typeof makeHandOffWorld>>;

export const ada = (world: World) => ({ subject: "ada-77", authTime: world.now(), name: "Ada Lovelace" });

/** The id of the sign-in in the address of the login page. */
export const idIn = (location: string): string => new URL(location).searchParams.get("sign_in") ?? "";

/** Sends a browser to the authorization endpoint, and on to the login page. */
export async function leave(
  world: World,
  parameters: Record<string, string> = {},
  browser: Browser = browserOf(world),
) {
  const { location } = await browser.get(authorizeUrl("app", parameters));
  return { browser, location, id: idIn(location) };
}

/** A path of this server, from an absolute address of it. */
export const pathOf = (location: unknown): string => {
  const { pathname, search } = new URL(String(location));
  return pathname + search;
};

/** Leaves, is completed, comes back, and follows to the next page. */
export async function signInThere(host: HandOffWorld, given: object = {}, parameters: Record<string, string> = {}) {
  const { browser, id } = await leave(host.world, parameters);
  const { location } = (await host.complete(id, given)).json();
  const back = await browser.get(pathOf(location));
  return {
    browser,
    id,
    path: pathOf(location),
    back,
    page: back.location.startsWith("/") ? await browser.get(back.location) : back,
  };
}
