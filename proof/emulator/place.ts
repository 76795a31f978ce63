import { request, type IncomingMessage } from "node:http";
import { emulator, type Application, type Emulator, type EmulatorOptions, type FirstTokens } from "@symbolon/emulator";

export type ReceivedResponse = {
  status: number;
  headers: Readonly<Record<string, string | undefined>>;
  text: string;
  json: Record<string, unknown>;
};

export type Place = AsyncDisposable & {
  emulated: Emulator;
  url: string;
  control: Emulator["control"];
  application: Application & { clientSecret: string };
  /** A request with these headers and no other, which fetch would not send. */
  send(
    method: string,
    path: string,
    headers?: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<ReceivedResponse>;
  /** A first pair. */
  consent(scope?: string): FirstTokens;
};

export async function openPlace(options: EmulatorOptions): Promise<Place> {
  const emulated = await emulator(options);
  const { url, control } = emulated;
  return {
    emulated,
    url,
    control,
    application: emulated.applications[0] as Place["application"],
    send: (method, path, headers = {}, body = "") => send(new URL(`${url}${path}`), method, headers, body),
    consent: (scope) => control.consent(scope === undefined ? {} : { scope }),
    [Symbol.asyncDispose]: emulated.close,
  };
}

const send = (
  url: URL,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<ReceivedResponse> =>
  new Promise((resolve, reject) => {
    const asked = request(
      url,
      {
        method,
        headers: {
          ...headers,
          ...(body === "" && method === "GET" ? {} : { "content-length": Buffer.byteLength(body) }),
        },
      },
      (response) => {
        readResponse(response).then(resolve, reject);
      },
    );
    asked.once("error", reject).end(body);
  });

async function readResponse(response: IncomingMessage): Promise<ReceivedResponse> {
  const text = (await response.toArray()).join("");
  const json = text.startsWith("{") ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: response.statusCode!, headers: response.headers as ReceivedResponse["headers"], text, json };
}

export const form = (values: Record<string, string>): string => new URLSearchParams(values).toString();
export const formType = { "content-type": "application/x-www-form-urlencoded" };
export const jsonType = { "content-type": "application/json" };
export const basic = (id: string, secret: string): { authorization: string } => ({
  authorization: `Basic ${btoa(`${id}:${secret}`)}`,
});
export const bearer = (token: string): { authorization: string } => ({ authorization: `Bearer ${token}` });

/** As libraries encode that encode everything: `cid-a` becomes `cid%2Da`. */
export const overEncoded = (text: string): string =>
  encodeURIComponent(text).replace(/[-_.~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
