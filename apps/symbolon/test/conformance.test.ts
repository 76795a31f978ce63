import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { emulator, profiles, type Emulator, type Profile } from "@symbolon/emulator";
import { describe, expect, test } from "vitest";
import { run } from "../src/command/run.ts";
import { byCommand } from "../src/conformance/authorize.ts";
import { freePort, temporaryDirectory } from "./start-server.ts";

/** The command in this process, with a person at the terminal who opens every address that it shows. */
async function runHere(args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const visits: Promise<unknown>[] = [];
  const terminal = {
    out: (line: string) => void out.push(line),
    err(line: string) {
      err.push(line);
      const [, url] = /^Open and allow \(\d+\): (\S+)$/.exec(line) ?? [];
      if (url !== undefined) visits.push(fetch(url));
    },
    outStream: process.stdout,
    errIsTerminal: false,
    errIsBehind: () => false,
    readInput: async () => "",
    env: {},
    cwd: temporaryDirectory(),
  };
  const code = await run(["conformance", ...args], terminal);
  await Promise.all(visits);
  return { code, stdout: out.join("\n"), stderr: err.join("\n") };
}

/** A provider whose people allow at once, and what the command has to know of it. */
async function served(profile: Profile): Promise<{ emulated: Emulator; args: string[] }> {
  const redirectUri = `http://127.0.0.1:${await freePort()}/callback`;
  const emulated = await emulator({ profile, applications: [{ redirectUris: [redirectUri] }] });
  emulated.control.answerConsent("allow");
  const [application] = emulated.applications;
  return {
    emulated,
    args: [
      emulated.url,
      "--client-id",
      application!.clientId,
      "--client-secret",
      application!.clientSecret!,
      "--redirect-uri",
      redirectUri,
      "--scope",
      "profile",
    ],
  };
}

function pour(response: ServerResponse): void {
  while (!response.destroyed && response.write("x".repeat(65_536)));
  if (!response.destroyed) response.once("drain", () => pour(response));
}

function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write(" "), 100);
  response.once("close", () => clearInterval(timer));
}

describe("symbolon conformance", () => {
  test("reports a conforming server as JSON and as a page, with exit code 0", async () => {
    const { emulated, args } = await served(profiles.strict);
    await using strict = emulated;
    const html = join(temporaryDirectory(), "report.html");
    const { code, stdout, stderr } = await runHere([...args, "--html", html, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ issuer: strict.url, counts: { failed: 0, undecided: 0 } });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining("0 failed") as unknown,
    });
    expect(readFileSync(html, "utf8")).toContain(`<h1>Conformance of ${strict.url}</h1>`);
  });

  test("reports a failing server with exit code 1 and a line for each failure", async () => {
    const { emulated, args } = await served(profiles.grace);
    await using grace = emulated;
    const { code, stdout } = await runHere(args);
    expect(grace.control.requests("refresh_token").length).toBeGreaterThan(20);
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAIL {2}RFC 9700 §4\.14\.2 {3}Issues at most one successor/);
  });

  test("ends with exit code 3 if nothing failed and something is undecided", async () => {
    const { emulated, args } = await served(profiles.strict);
    await using strict = emulated;
    strict.control.fault({ what: "drop_request", operation: "authorization_code", nth: 3 });
    const { code, stdout } = await runHere([...args, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ counts: { failed: 0, undecided: 1 } });
    expect(code).toBe(3);
  });

  test("ends if the first consent fails", async () => {
    const { emulated, args } = await served(profiles.strict);
    await using strict = emulated;
    const { code, stderr } = await runHere([...args, "--authorize", "exit 7"]);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(
        "The first consent failed, so no check was run: Command failed: exit 7",
      ) as unknown,
    });
    expect(strict.control.requests("authorization_code")).toEqual([]);
  });

  test.each<[string, RequestListener, string]>([
    ["that is 404", (_request, response) => response.writeHead(404).end(), "answers 404"],
    [
      "in a redirect loop",
      (request, response) => response.writeHead(302, { location: request.url }).end(),
      "redirects to",
    ],
    ["that is no JSON", (_request, response) => response.end("<html>"), "answers 200 without a JSON object"],
    ["without end", (_request, response) => pour(response), "larger than 1 MiB"],
    ["that drips", (_request, response) => void drip(response), "did not answer in full within 10 seconds"],
  ])("reports metadata %s in one sentence, without a stack", async (_what, listener, message) => {
    const server = createServer(listener).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const { code, stderr } = await runHere([`http://127.0.0.1:${port}`, "--client-id", "x"]);
    server.closeAllConnections();
    server.close();
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(message) as unknown });
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test("--authorize runs a command with AUTHORIZATION_URL and reads the redirect from its last line", async () => {
    const play = byCommand(`"${process.execPath}" -p "'some words\\n' + process.env.AUTHORIZATION_URL + '&played=1'"`);
    expect((await play(new URL("https://id.example/authorize?a=%20b"))).href).toBe(
      "https://id.example/authorize?a=%20b&played=1",
    );
    await expect(byCommand("echo nothing")(new URL("https://id.example/"))).rejects.toThrow(
      "printed no URL in its last line",
    );
  });

  test.each([
    [["not-an-address", "--client-id", "x"], "ISSUER must be a URL"],
    [["http://127.0.0.1:9"], "--client-id is needed."],
    [["http://127.0.0.1:9", "--client-id", "x", "--auth-method", "magic"], "--auth-method must be one of"],
    [
      ["http://127.0.0.1:9", "--client-id", "x", "--redirect-uri", "https://app.example/cb"],
      "--redirect-uri must be on this computer, not https://app.example/cb.",
    ],
    [["http://127.0.0.1:9", "--client-id", "x", "--endpoint", "tokens=http://x"], "--endpoint must be NAME=URL"],
    [["http://127.0.0.1:9", "--client-id", "x"], "No server answers at http://127.0.0.1:9"],
  ])("refuses %j and names the remedy", async (args, problem) => {
    const { code, stderr } = await runHere(args);
    expect({ refused: code === 1 || code === 2, stderr }).toEqual({
      refused: true,
      stderr: expect.stringContaining(problem) as unknown,
    });
  });
});
