import { authenticate, type Authentication } from "../../provider/authenticate.ts";
import type { Provider } from "../../provider/provider.ts";
import { readBasic, readCredentials } from "../../wire/credentials.ts";
import type { EmulatorResponse, EmulatorRequest } from "../../wire/message.ts";
import { readParameters, type Parameters } from "../../wire/parameters.ts";
import { oauthError } from "../rfc.ts";

export type FromClient =
  | { ok: true; parameters: Parameters; application: (Authentication & { ok: true })["application"] }
  | { ok: false; answer: EmulatorResponse };

/**
 * Reads the form and authenticates its client: HTTP Basic, the body, or the client_id of a public client (RFC 6749
 * §2.3).
 */
export function readClientRequest(request: EmulatorRequest, provider: Provider): FromClient {
  const parameters = readParameters(request, ["form"]);
  const no = (answer: EmulatorResponse): FromClient => ({ ok: false, answer });
  const [repeated] = parameters.repeated.filter((name) => name !== "resource");
  if (repeated !== undefined) return no(oauthError("invalid_request", `${repeated} is repeated`));
  if (readBasic(request) === "malformed") return no(oauthError("invalid_client", "the Basic header cannot be read"));
  const authentication = authenticate(provider, readCredentials(request, parameters));
  return authentication.ok
    ? { ok: true, parameters, application: authentication.application }
    : no(oauthError("invalid_client", saysOf[authentication.because]));
}

const saysOf = {
  missing: "the client did not authenticate",
  unknown: "client authentication failed",
  wrong_secret: "client authentication failed",
  suspended: "the application is suspended",
};
