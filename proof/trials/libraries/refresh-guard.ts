import { familyState, importLibrary, withProvider, callTenTimes, type TrialSetup, type Trial } from "../trial.ts";

type Credentials = { access_token: string; refresh_token: string; expires_at?: number };
type Manager = { getValidToken(): Promise<string> };
type Module = {
  memoryStore(initial: Credentials): object;
  createTokenManager(options: { store: object; refresh: (before: Credentials) => Promise<Credentials> }): Manager;
};

const subject = "refresh-guard";

const refreshAt =
  (url: string) =>
  async (before: Credentials): Promise<Credentials> => {
    const response = await fetch(`${url}/token`, {
      method: "POST",
      body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: before.refresh_token }),
    });
    if (!response.ok) throw new Error(await response.text());
    const { expires_in, ...pair } = (await response.json()) as Credentials & { expires_in: number };
    return { ...pair, expires_at: Date.now() + expires_in * 1000 };
  };

async function managers(setup: TrialSetup, count: number): Promise<Manager[]> {
  const { createTokenManager, memoryStore } = await importLibrary<Module>("refresh-guard");
  const store = memoryStore({ ...setup.first, expires_at: 1 });
  return Array.from({ length: count }, () => createTokenManager({ store, refresh: refreshAt(setup.url) }));
}

export const refreshGuard: Trial[] = [
  {
    scenario: "concurrent",
    subject,
    run: () =>
      withProvider("strict", async (setup) => {
        const [manager] = await managers(setup, 1);
        const { words } = await callTenTimes(() => manager!.getValidToken());
        return { outcome: words, kept: setup.isAlive() };
      }),
  },
  {
    scenario: "two_objects",
    subject,
    run: () =>
      withProvider("strict", async (setup) => {
        const both = await managers(setup, 2);
        const { words } = await callTenTimes((n) => both[n % 2]!.getValidToken());
        return { outcome: `${words}, ${familyState(setup)}`, kept: setup.isAlive() };
      }),
  },
];
