import type { Application, Call, Secret } from "./application.ts";
import { authenticate } from "./authenticate.ts";
import { bearerHeader } from "./bearer.ts";
import { errorSource, invalidArgument, misspelt, reveal } from "./check-arguments.ts";
import { endpointUrl } from "./endpoint-url.ts";
import type { ClientErrorCode } from "./errors/client-error.ts";
import { readResponse } from "./errors/read-response.ts";
import type { HttpResponse, PreparedRequest } from "./http/prepared-request.ts";
import { send } from "./http/send.ts";
import type { Endpoints } from "./profile.ts";
import { ok, type Result } from "./result.ts";
import { withoutUndefined } from "./without-undefined.ts";

/** A POST to an endpoint at which clients authenticate. */
export type EndpointRequest = {
  /** The name of the public function, for errors and logs. */
  operation: string;
  /** Default: the token endpoint. */
  endpoint?: keyof Endpoints;
  /** In camel case: `refreshToken` is sent as `refresh_token`. Undefined values are not sent. */
  parameters: Readonly<Record<string, Secret | undefined>>;
  /** Several are sent as repeated parameters, or as a list in JSON. @see RFC 8707 §2 */
  resource?: string | readonly string[] | undefined;
  /** Names of the parameters without which nothing is sent. */
  required?: readonly string[];
  /** A bearer token that authorizes the request instead of the client's credentials. */
  accessToken?: Secret;
  /** A whole Authorization header value, instead of the client's credentials. */
  authorization?: Secret;
  /** What the provider's error codes mean at this operation. */
  codes?: Readonly<Record<string, ClientErrorCode>>;
  /** What 401 without a known error code means. Default: `refused`. */
  unauthorized?: ClientErrorCode;
  /** Whether the request may be sent twice: it spends nothing. Default false. */
  repeatable?: boolean;
  /** Whether a 2xx status with an empty body is a success. Default false. */
  mayBeEmpty?: boolean;
};

/** Client credentials for one call, instead of the application's. */
export type CallCredentials = {
  /** Default: the application's. */
  clientId?: string | undefined;
  /** Default: the application's. */
  clientSecret?: Secret | undefined;
};

/** A successful response: its members, with the request and the response they came from. */
export type Reply = { body: Record<string, unknown>; request: PreparedRequest; response: HttpResponse };

/** Authenticates the request, sends it and reads the response. @see RFC 6749 §2.3, §3.2 */
export async function callEndpoint(
  app: Application,
  asked: EndpointRequest,
  call: Call & CallCredentials,
): Promise<Result<Reply>> {
  const request = prepareRequest(app, asked, call);
  return request.ok ? await sendRequest(app, request.value, asked, call) : request;
}

/** Checks all arguments and builds the request. */
export function prepareRequest(
  app: Application,
  asked: EndpointRequest,
  call: Call & CallCredentials,
): Result<PreparedRequest> {
  const {
    operation,
    endpoint = "token",
    parameters,
    resource,
    required = [],
    accessToken,
    authorization = accessToken,
    repeatable = false,
  } = asked;
  const source = errorSource(app, operation);
  const { clientId = app.clientId, clientSecret = app.clientSecret } = withoutUndefined({ ...call });
  const resources = [resource ?? []].flat();
  const invalid =
    misspelt(source, call) ??
    invalidArgument(
      source,
      { ...parameters, clientId, clientSecret, accessToken, authorization },
      authorization === undefined ? [...required, "clientId"] : required,
    ) ??
    resources.map((one) => invalidArgument(source, { resource: one })).find(Boolean);
  if (invalid !== undefined) return invalid;
  const url = endpointUrl(app, endpoint, operation, call);
  if (!url.ok) return url;
  const style = app.authentication ?? app.profile.authentication;
  const proof = authenticate(
    style,
    clientId ?? "",
    clientSecret && reveal(clientSecret),
    accessToken ? bearerHeader(accessToken) : authorization && reveal(authorization),
  );
  const { sent, secrets } = wireParameters(parameters);
  Object.assign(sent, proof.parameters);
  const isJson = style === "client_secret_json";
  return ok({
    ...source,
    method: "POST",
    url: url.value,
    headers: {
      accept: "application/json",
      "content-type": isJson ? "application/json" : "application/x-www-form-urlencoded",
      ...proof.headers,
    },
    body: isJson
      ? JSON.stringify({ ...sent, resource: resources[0] && resource })
      : new URLSearchParams([...Object.entries(sent), ...resources.map((one) => ["resource", one])]).toString(),
    secrets: [...proof.secrets, ...secrets],
    repeatable,
  });
}

/** Wire names of parameters whose values are secret: codes, verifiers and tokens. */
const secretNames = /^(?:device_)?code|token$/;

/** The parameters under their wire names, in the clear, and which of the values must be masked. */
function wireParameters(parameters: EndpointRequest["parameters"]): {
  sent: Record<string, string>;
  secrets: string[];
} {
  const sent: Record<string, string> = {};
  const secrets: string[] = [];
  for (const [ours, value] of Object.entries(withoutUndefined(parameters))) {
    const name = ours.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    sent[name] = reveal(value!);
    if (secretNames.test(name)) secrets.push(sent[name]);
  }
  return { sent, secrets };
}

/** Sends a prepared request and reads the response. */
export async function sendRequest(
  app: Application,
  request: PreparedRequest,
  { codes, unauthorized, mayBeEmpty }: Partial<EndpointRequest>,
  call: Call,
): Promise<Result<Reply>> {
  const response = await send(request, app, call);
  if (!response.ok) return response;
  const isEmpty = mayBeEmpty === true && /^2\d\d$/.test(response.value.status + response.value.body);
  const body = isEmpty
    ? ok({})
    : readResponse(request, response.value, {
        codes: { ...codes, ...app.profile.quirks.refusals },
        unauthorized,
      });
  return body.ok ? ok({ body: body.value, request, response: response.value }) : body;
}
