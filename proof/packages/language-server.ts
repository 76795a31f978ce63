import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../scripts/packages/published.ts";

type Position = { line: number; character: number };

/** What an editor shows: the signature and documentation of a name, and the members that it offers after a dot. */
export type LanguageServer = {
  /** Opens a file of the project with this text. */
  open(file: string, text: string): void;
  /** What the editor shows where the pointer is on the position. */
  hover(file: string, at: Position): Promise<string>;
  /** Names and documentation of the members that the editor offers at the position. */
  members(file: string, at: Position): Promise<{ name: string; documentation: string }[]>;
  stop(): void;
};

type Message = { id?: number; method?: string; result?: unknown; error?: { message: string } };
type Markup = string | { value: string } | undefined;

const textOf = (markup: Markup): string => (typeof markup === "object" ? markup.value : (markup ?? ""));

/** Starts TypeScript's language server, which editors use, in the folder `project`. */
export async function startLanguageServer(project: string): Promise<LanguageServer> {
  const server = spawn(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "--lsp", "--stdio"], {
    cwd: project,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  let count = 0;
  const write = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const ask = (method: string, params: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.set(++count, { resolve, reject });
      write({ id: count, method, params });
    });
  const take = ({ id, method, result, error }: Message): void => {
    // The server also asks the editor, for its settings for instance.
    if (method !== undefined && id !== undefined) return write({ id, result: null });
    const asked = id === undefined ? undefined : waiting.get(id);
    if (error === undefined) asked?.resolve(result);
    else asked?.reject(new Error(error.message));
  };
  let buffer = Buffer.alloc(0);
  server.stdout.on("data", (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const head = buffer.indexOf("\r\n\r\n");
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, Math.max(0, head)).toString())?.[1]);
      if (head < 0 || buffer.length < head + 4 + length) return;
      take(JSON.parse(buffer.subarray(head + 4, head + 4 + length).toString()) as Message);
      buffer = buffer.subarray(head + 4 + length);
    }
  });
  const uriOf = (file: string): string => pathToFileURL(join(project, file)).href;
  await ask("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(project).href,
    capabilities: {
      textDocument: {
        hover: { contentFormat: ["markdown"] },
        completion: { completionItem: { documentationFormat: ["plaintext"] } },
      },
    },
  });
  write({ method: "initialized", params: {} });
  return {
    open(file, text) {
      writeFileSync(join(project, file), text);
      const textDocument = { uri: uriOf(file), languageId: "typescript", version: 1, text };
      write({ method: "textDocument/didOpen", params: { textDocument } });
    },
    async hover(file, position) {
      const found = await ask("textDocument/hover", { textDocument: { uri: uriOf(file) }, position });
      const { contents } = (found ?? {}) as { contents?: Markup | Markup[] };
      return [contents].flat().map(textOf).join("\n");
    },
    async members(file, position) {
      const params = { textDocument: { uri: uriOf(file) }, position };
      const found = (await ask("textDocument/completion", params)) as { items?: { label: string }[] } | null;
      return Promise.all(
        (found?.items ?? []).map(async (item) => {
          const { documentation } = (await ask("completionItem/resolve", item)) as { documentation?: Markup };
          return { name: item.label.replace(/\?$/, ""), documentation: textOf(documentation) };
        }),
      );
    },
    stop: () => void server.kill(),
  };
}
