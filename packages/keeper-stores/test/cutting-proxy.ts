import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A TCP proxy on loopback that can break or stall connections. */
export type CuttingProxy = {
  port: number;
  /** `pass`; `cut`: forwards a request and closes the connection before the response; `silent`: drops everything. */
  mode: "pass" | "cut" | "silent";
  close(): Promise<void>;
};

export async function startCuttingProxy(to: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  const proxy: CuttingProxy = {
    port: 0,
    mode: "pass",
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
  const server = createServer((near) => {
    const far = connect(to, "127.0.0.1");
    const end = () => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", end);
      socket.on("close", end);
    }
    near.on("data", (bytes) => void (proxy.mode === "silent" || far.write(bytes)));
    far.on("data", (bytes) => {
      if (proxy.mode === "cut") end();
      else if (proxy.mode === "pass") near.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  proxy.port = (server.address() as AddressInfo).port;
  return proxy;
}
