import { identify, type Identified } from "../../provider/identify.ts";
import type { Provider } from "../../provider/provider.ts";
import { readBasic, readCredentials } from "../../wire/credentials.ts";
import type { Answer, Ask } from "../../wire/message.ts";
import { readParameters, type Parameters } from "../../wire/parameters.ts";
import { oauthError } from "../rfc.ts";

export type FromClient =
  | { ok: true; parameters: Parameters; application: (Identified & { ok: true })["application"] }
  | { ok: false; answer: Answer };

/**
 * Reads the form and authenticates its client: HTTP Basic, the body, or the client_id of a public client (RFC 6749
 * §2.3).
 */
export function readClientRequest(ask: Ask, provider: Provider): FromClient {
  const parameters = readParameters(ask, ["form"]);
  const no = (answer: Answer): FromClient => ({ ok: false, answer });
  const [repeated] = parameters.repeated.filter((name) => name !== "resource");
  if (repeated !== undefined) return no(oauthError("invalid_request", `${repeated} is repeated`));
  if (readBasic(ask) === "malformed") return no(oauthError("invalid_client", "the Basic header cannot be read"));
  const identified = identify(provider, readCredentials(ask, parameters));
  return identified.ok
    ? { ok: true, parameters, application: identified.application }
    : no(oauthError("invalid_client", saysOf[identified.because]));
}

const saysOf = {
  missing: "the client did not authenticate",
  unknown: "client authentication failed",
  wrong_secret: "client authentication failed",
  suspended: "the application is suspended",
};
