import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, test } from "vitest";
import { runSymbolon, symbolonPath, temporaryDirectory } from "./start-server.ts";

type Ready = {
  ready: boolean;
  profile: string;
  url: string;
  control: string;
  certificate_authority?: string;
  seed: number;
  applications: { clientId: string; clientSecret: string; redirectUris: string[] }[];
};

/** A real `symbolon emulate`, ready; it ends with SIGTERM. */
const emulate = (...args: string[]) => emulateIn(process.cwd(), ...args);

async function emulateIn(cwd: string, ...args: string[]) {
  const child = spawn(process.execPath, [symbolonPath, "emulate", ...args, "--port", "0", "--json"], {
    cwd,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    const stop = (): Promise<number | null> => {
      child.kill("SIGTERM");
      return ended;
    };
    return { ...(JSON.parse(line) as Ready), stop, [Symbol.asyncDispose]: async () => void (await stop()) };
  }
  throw new Error("the emulator ended before it was ready");
}

const command = async (url: string, body: object): Promise<Record<string, unknown>> =>
  (await (
    await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })
  ).json()) as Record<string, unknown>;

describe("symbolon emulate", () => {
  test("gusto: answers and is controlled with the ids and tokens of the seed, and SIGTERM stops it with exit code 0", async () => {
    const tokens: unknown[] = [];
    for (const seed of ["7", "7", "8"]) {
      const gusto = await emulate("gusto", "--seed", seed);
      expect(gusto).toMatchObject({ ready: true, profile: "gusto", control: `${gusto.url}/emulator/control` });
      tokens.push([gusto.applications, (await command(`${gusto.control}/consent`, {}))["accessToken"]]);
      expect(await gusto.stop()).toBe(0);
    }
    expect(tokens[1]).toEqual(tokens[0]);
    expect(tokens[2]).not.toEqual(tokens[0]);
  });

  test("--start and --set emulate Fitbit on the day of its shutdown", async () => {
    await using fitbit = await emulate("fitbit", "--start", "2026-11-02T00:00:00Z", "--set", "shutdown=schedule");
    expect((await fetch(`${fitbit.url}/oauth2/token`, { method: "POST" })).status).toBe(410);
  });

  test("the application by flags", async () => {
    await using strict = await emulate(
      "strict",
      "--client-id",
      "mine",
      "--client-secret",
      "known",
      "--redirect-uri",
      "https://app.example/cb",
      "--redirect-uri",
      "https://app.example/other",
    );
    expect(strict.applications).toMatchObject([
      {
        clientId: "mine",
        clientSecret: "known",
        redirectUris: ["https://app.example/cb", "https://app.example/other"],
      },
    ]);
  });

  test("applications by a file", async () => {
    const file = join(temporaryDirectory(), "applications.json");
    writeFileSync(file, JSON.stringify([{ name: "One" }, { name: "Two", clientSecret: null }]));
    await using strict = await emulate("strict", "--applications", file);
    expect(strict.applications).toMatchObject([{ name: "One" }, { name: "Two", clientSecret: null }]);
  });

  test.each([
    [["gusti"], 'There is no provider "gusti" (did you mean gusto?).'],
    [["gusto", "--port", "x"], "--port must be a whole number"],
    [["gusto", "--start", "noon"], "--start must be a time"],
    [["gusto", "--set", "versions=never"], "--set: versions must be one of all, schedule."],
    [["strict", "--set", "versions=all"], "--set: strict has no setting versions."],
    [["gusto", "--applications", "nowhere.json"], "nowhere.json cannot be read"],
    [["gusto", "--applications", "a.json", "--client-id", "x"], "--applications cannot be combined"],
  ])("refuses %j and names the remedy", async (args, problem) => {
    const { code, stderr } = await runSymbolon(["emulate", ...args]);
    expect({ code: code === 1 || code === 2, stderr }).toEqual({
      code: true,
      stderr: expect.stringContaining(problem) as unknown,
    });
  });
});
