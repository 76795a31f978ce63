import { emulator, type Emulator, type EmulatorFetch, type EmulatorOptions } from "@symbolon/emulator";

export type Tokens = {
  access_token: string;
  refresh_token: string;
  expires_in: number;
  scope: string;
  token_type: string;
};
export type ReceivedResponse = { status: number; headers: Headers; body: Record<string, unknown> };

/** An application of the generic wire, over sockets or without, and nothing clever: one function for each request. */
export function applicationOf(
  { url, applications: [application], ...held }: Pick<Emulator, "url" | "applications" | "fetch">,
  over: "sockets" | "fetch" = "fetch",
) {
  const send: EmulatorFetch = over === "fetch" ? held.fetch : fetch;
  const basic = `Basic ${btoa(`${application!.clientId}:${application!.clientSecret}`)}`;
  const post = async (
    path: string,
    form: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<ReceivedResponse> =>
    readResponse(
      await send(`${url}${path}`, {
        method: "POST",
        headers: { authorization: basic, ...headers },
        body: new URLSearchParams(form),
      }),
    );
  const refresh = (refresh_token: string): Promise<ReceivedResponse> =>
    post("/token", { grant_type: "refresh_token", refresh_token });
  return {
    post,
    refresh,
    refreshed: async (refresh_token: string): Promise<Tokens> => tokensOf(await refresh(refresh_token)),
    call: async (accessToken: string): Promise<number> =>
      (await send(`${url}/resource/records`, { headers: { authorization: `Bearer ${accessToken}` } })).status,
    introspect: async (token: string) => (await post("/introspect", { token })).body,
  };
}

export async function readResponse(response: Response): Promise<ReceivedResponse> {
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text.startsWith("{") ? (JSON.parse(text) as ReceivedResponse["body"]) : {},
  };
}

export function tokensOf({ status, body }: ReceivedResponse): Tokens {
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body as Tokens;
}

/** An emulator, its application and a first pair, as most tests begin. */
export async function begin(options: EmulatorOptions, over?: "sockets" | "fetch") {
  const emulated = await emulator(options);
  const application = applicationOf(emulated, over);
  const first = emulated.control.consent();
  const [grant] = emulated.control.grants();
  return {
    emulated,
    application,
    first,
    grantId: grant!.id,
    control: emulated.control,
    [Symbol.asyncDispose]: emulated.close,
  };
}
