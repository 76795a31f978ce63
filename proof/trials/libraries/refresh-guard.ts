import { family, library, onStage, tenAtOnce, type Stage, type Trial } from "../trial.ts";

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

async function managers(stage: Stage, count: number): Promise<Manager[]> {
  const { createTokenManager, memoryStore } = await library<Module>("refresh-guard");
  const store = memoryStore({ ...stage.first, expires_at: 1 });
  return Array.from({ length: count }, () => createTokenManager({ store, refresh: refreshAt(stage.url) }));
}

export const refreshGuard: Trial[] = [
  {
    scenario: "concurrent",
    subject,
    run: () =>
      onStage("strict", async (stage) => {
        const [manager] = await managers(stage, 1);
        const { words } = await tenAtOnce(() => manager!.getValidToken());
        return { outcome: words, kept: stage.isAlive() };
      }),
  },
  {
    scenario: "two_objects",
    subject,
    run: () =>
      onStage("strict", async (stage) => {
        const both = await managers(stage, 2);
        const { words } = await tenAtOnce((n) => both[n % 2]!.getValidToken());
        return { outcome: `${words}, ${family(stage)}`, kept: stage.isAlive() };
      }),
  },
];
