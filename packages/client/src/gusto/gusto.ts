import { platformEnv } from "../edge.ts";
import type { Secret } from "../application.ts";
import { gusto, gustoServers } from "../profiles/gusto.ts";
import { unwrap } from "../result.ts";
import { gustoGetInfo } from "./get-info.ts";
import { gustoRefreshToken } from "./refresh-token.ts";
import type { GustoApplication } from "./settings.ts";

export type GustoOptions = Omit<GustoApplication, "profile" | "accessToken"> & {
  /** A company's access token, or a function that answers one; otherwise the environment's `GUSTO_COMPANY_ACCESS_AUTH`. */
  companyAccessAuth?: GustoApplication["accessToken"];
  /** Default `demo`; `baseUrl` beats it. */
  server?: keyof typeof gustoServers;
  /** Where the variables are read, at each call. Default: the process's. */
  env?: Readonly<Record<string, string | undefined>>;
};

/** Gusto, by the names of the seed. Every method throws a `ClientError`; the functions beneath answer a `Result` instead. */
export function createGusto({ companyAccessAuth, server = "demo", env, ...options }: GustoOptions = {}) {
  const fromEnv = (): Secret => {
    const variables = env ?? platformEnv();
    return variables["GUSTO_COMPANY_ACCESS_AUTH"] || variables["GUSTOEMBEDDED_COMPANY_ACCESS_AUTH"] || "";
  };
  const application: GustoApplication = { baseUrl: gustoServers[server], ...options, profile: gusto, accessToken: companyAccessAuth ?? fromEnv };
  return {
    application,
    introspection: {
      getInfo: (ask: Parameters<typeof gustoGetInfo>[1] = {}) => unwrap(gustoGetInfo(application, ask)),
      refreshToken: (ask: Parameters<typeof gustoRefreshToken>[1]) => unwrap(gustoRefreshToken(application, ask)),
    },
  };
}
