import { once } from "node:events";
import { connect, type AddressInfo } from "node:net";
import { issuer, makeWorld } from "./world.ts";

/** A server that listens on a free port, and a way to send it bytes that no HTTP client would send. */
export async function listeningWorld(options: Parameters<typeof makeWorld>[0] = {}) {
  const world = await makeWorld({ ...options, config: { hosts: ["localhost"], ...options.config } });
  await world.app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = world.app.server.address() as AddressInfo;

  /** Everything that the server answers to these bytes until it closes the connection; what is sent should ask for that. */
  const send = async (bytes: string | Buffer): Promise<string> => {
    const socket = connect(port, "127.0.0.1");
    const answer: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => answer.push(chunk));
    socket.on("error", () => socket.destroy());
    socket.write(bytes);
    await once(socket, "close");
    return Buffer.concat(answer).toString("latin1");
  };
  return { ...world, port, send, statusOf: async (bytes: string | Buffer) => Number(/^HTTP\/1\.1 (\d{3}) /.exec(await send(bytes))?.[1]) };
}

export type ListeningWorld = Awaited<ReturnType<typeof listeningWorld>>;

const host = new URL(issuer).host;

/** A request in bytes, which ends its connection. */
export const requestOf = (method: string, target: string, headers: readonly string[] = [], body = ""): string =>
  [`${method} ${target} HTTP/1.1`, `Host: ${host}`, "Connection: close", ...headers, "", body].join("\r\n");

export const formOf = (target: string, body: string, headers: readonly string[] = []): string =>
  requestOf("POST", target, ["Content-Type: application/x-www-form-urlencoded", `Content-Length: ${Buffer.byteLength(body)}`, ...headers], body);
