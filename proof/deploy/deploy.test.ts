import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { published, root } from "../../scripts/packages/published.ts";

const read = (name: string): string => readFileSync(join(root, "deploy", name), "utf8");
const containerfile = read("Containerfile");
const instructions = containerfile.split("\n").filter((line) => /^[A-Z]/.test(line));

describe("deploy/Containerfile", () => {
  test("runs nothing but the stages that a test runs without a container engine, and makes the data directory", () => {
    expect(instructions.filter((line) => line.startsWith("RUN"))).toEqual([
      "RUN sh deploy/stages.sh build /source /opt/symbolon",
      "RUN install -d -o node -g node -m 0700 /var/lib/symbolon",
    ]);
  });
  test("names its base image by the official name, and ends as the user node", () => {
    expect(instructions.filter((line) => line.startsWith("FROM"))).toEqual([
      "FROM node:24-bookworm-slim AS build",
      "FROM node:24-bookworm-slim",
    ]);
    expect(instructions.filter((line) => line.startsWith("USER"))).toEqual(["USER node"]);
  });
  test("has a health check, and starts files that the stages install", () => {
    expect(containerfile).toContain('HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["node", "/opt/');
    expect(existsSync(join(root, "deploy/health.mjs"))).toBe(true);
    expect(containerfile).toContain('ENTRYPOINT ["node", "/opt/symbolon/node_modules/symbolon/esm/main.mjs"]');
  });
  test("packs every package that is published", () => {
    const names = /for name in ([^;]+);/.exec(read("stages.sh"))![1]!.split(" ");
    expect(names.sort()).toEqual(published.map(({ name }) => name).sort());
  });
  test("the stages are a shell script without a mistake of syntax", () =>
    expect(execFileSync("sh", ["-n", join(root, "deploy/stages.sh")], { encoding: "utf8" })).toBe(""));
});

describe("deploy/compose.yaml and deploy/Caddyfile", () => {
  const compose = read("compose.yaml");

  test("the root file system is read-only, without capabilities", () => {
    expect(compose).toMatch(/read_only: true/);
    expect(compose).toMatch(/cap_drop:\n\s+- ALL/);
    expect(compose).toContain("no-new-privileges:true");
  });
  test("only Caddy has ports, and the server trusts Caddy's address alone", () => {
    expect(compose.match(/^ {4}ports:/gm)).toHaveLength(1);
    const trusted = /SYMBOLON_TRUSTED_PROXIES: (\S+)/.exec(compose)![1]!;
    const caddy = compose.slice(compose.indexOf("  caddy:"));
    expect(caddy).toContain(`ipv4_address: ${trusted}`);
    expect(read("Caddyfile")).toContain("reverse_proxy symbolon:8787");
  });
});

describe("deploy/symbolon.service", () => {
  const unit = read("symbolon.service");

  test.each(["DynamicUser=yes", "ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "UMask=0077"])(
    "%s",
    (line) => expect(unit.split("\n")).toContain(line),
  );
  test("allows memory that is written and executed, which V8 needs", () =>
    expect(unit).not.toContain("MemoryDenyWriteExecute"));
  test("leaves the server more time to stop than it takes", () => expect(unit).toContain("TimeoutStopSec=20"));
  test("its socket unit opens the port that the server has by default, on loopback", () =>
    expect(read("symbolon.socket").split("\n")).toContain("ListenStream=127.0.0.1:8787"));
});
