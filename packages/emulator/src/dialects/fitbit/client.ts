import type { Application } from "../../provider/application.ts";
import { markAssumptions } from "../../provider/assumption.ts";
import { authenticate } from "../../provider/authenticate.ts";
import type { Provider } from "../../provider/provider.ts";
import { readBasic, readCredentials } from "../../wire/credentials.ts";
import type { EmulatorResponse, EmulatorRequest } from "../../wire/message.ts";
import type { Parameters } from "../../wire/parameters.ts";
import { invalidClient } from "./errors.ts";

/** Authenticates the client: HTTP Basic, the body, or, for Client and Personal applications, the client_id alone. */
export function readClient(
  request: EmulatorRequest,
  parameters: Parameters,
  provider: Provider,
): Application | EmulatorResponse {
  const header = request.headers["authorization"];
  const basic = readBasic(request);
  const presented = readCredentials(request, parameters);
  if (basic === "malformed" && !presented.some(({ secret }) => secret !== undefined))
    return invalidClient(
      `Invalid authorization header format. The client id was not provided in proper format inside Authorization Header. Received authorization header = ${header},  received client encoded id = null.`,
    );
  if (presented.length === 0)
    return invalidClient(
      `Invalid authorization header format. The header was not recognized to be a valid header for any of known implementations or a client_id was not specified in case of a public client Received header = ${header ?? "undefined"}.`,
    );
  const isContradictory =
    Array.isArray(basic) && presented.some(({ id, via }) => via === "body" && !basic.some((one) => one.id === id));
  if (isContradictory)
    return markAssumptions(
      invalidClient("Invalid authorization header. Client id invalid."),
      "fitbit-client-id-mismatch",
    );
  const authentication = authenticate(provider, presented);
  return authentication.ok
    ? authentication.application
    : invalidClient("Invalid authorization header. Client id invalid.");
}

export const isAnswer = (value: object): value is EmulatorResponse => "status" in value && "body" in value;
