import { createRequire } from "node:module";
import type { Credentials } from "../../harness/registration.ts";
import type { Row } from "../../foreign/record.ts";
import type { Place } from "../place.ts";

export const redirectUri = "https://app.example/cb";

/** What a client is told: the server, its registration, and a person who allows. */
export type Stage = {
  issuer: string;
  credentials: Credentials;
  /** Leads a browser through sign-in and consent. Resolves with the URL of the final redirect. */
  allow(authorizationUrl: string): Promise<URL>;
  /** Runs one step and notes its outcome; a step that throws ends the run. */
  step<T>(name: string, run: () => Promise<T>): Promise<T>;
  /** Registers another application, for a client that needs a redirect URI of its own. */
  register(redirectUri: string): Promise<Credentials>;
};

/** An unmodified client from npm. Each method is an authentication method that it can be told to use. */
export type NpmClient = {
  packageName: string;
  methods: readonly ("client_secret_basic" | "client_secret_post")[];
  run(stage: Stage, method: "client_secret_basic" | "client_secret_post"): Promise<void>;
};

const require = createRequire(import.meta.url);

/** Read from the file that was installed, because not every package exports its package.json. */
export const versionOf = (packageName: string): string =>
  (require(`../../../node_modules/${packageName}/package.json`) as { version: string }).version;

/** Runs a client with each of its methods, for an application that is registered with none. */
export async function runNpmClient({ packageName, methods, run }: NpmClient, place: Place): Promise<Row[]> {
  const rows: Row[] = [];
  for (const method of methods) {
    const register = (uri: string) => place.register({ redirectUris: [uri], authMethod: null });
    const row = { client: packageName, version: versionOf(packageName), server: `symbolon, ${method}` };
    const stage: Stage = {
      issuer: place.server.issuer,
      credentials: await register(redirectUri),
      allow: (url) => place.newBrowser().allow(url, { email: place.email }),
      register,
      async step(step, perform) {
        try {
          const value = await perform();
          rows.push({ ...row, step, outcome: "works" });
          return value;
        } catch (error) {
          rows.push({ ...row, step, outcome: "fails", detail: String(error).slice(0, 300) });
          throw error;
        }
      },
    };
    await run(stage, method).catch((error: unknown) => {
      if (rows.at(-1)?.outcome !== "fails") throw error;
    });
  }
  return rows;
}

/** Rejects unless `value` holds; the message is the client's failure in the record. */
export function must(value: boolean, otherwise: string): void {
  if (!value) throw new Error(otherwise);
}

/** Resolves if `perform` rejects with an error that names `code`, as the client understood it. */
export async function mustBeRefused(code: string, perform: () => Promise<unknown>, read: (error: never) => unknown) {
  const error: unknown = await perform().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  must(error !== undefined, "was not refused");
  const understood = read(error as never);
  must(understood === code, `understood ${String(understood)}, not ${code}`);
}
