import type { buildServer } from "@symbolon/server";
import { Failure } from "../command/failure.ts";

/** Listens, or throws a Failure that names --port or --host. */
export async function listen(server: ReturnType<typeof buildServer>, host: string, port: number): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    throw describeListenError(error as NodeJS.ErrnoException, host, port);
  }
}

function describeListenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === "EADDRINUSE")
    return new Failure(
      `Port ${port} is in use.`,
      `Stop the process that listens on it, or choose another port: --port ${port === 65_535 ? 8787 : port + 1}`,
    );
  if (error.code === "EACCES")
    return new Failure(`This user may not listen on port ${port}.`, "Choose a --port above 1023.");
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND")
    return new Failure(`${host} is not an address of this computer.`, "Choose another --host, or leave it out.");
  return error;
}
