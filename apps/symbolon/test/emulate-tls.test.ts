import { spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { get } from "node:https";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emulator, profileWith } from "@symbolon/emulator";
import { newServerCertificate } from "../src/emulate/certificate.ts";
import { symbolonPath, temporaryDirectory } from "./start-server.ts";

const cwd = temporaryDirectory();
let stop: () => Promise<unknown>;
let ready: { url: string; control: string; certificate_authority: string };
beforeAll(async () => {
  const args = [symbolonPath, "emulate", "gusto", "--tls", "--port", "0", "--json"];
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  stop = () => (child.kill("SIGTERM"), ended);
  for await (const line of createInterface({ input: child.stdout })) {
    ready = JSON.parse(line) as typeof ready;
    break;
  }
});
afterAll(() => stop());

/** What a new Node process with this environment prints for the consent of the emulator. */
async function askFromNode(env: Record<string, string>): Promise<string> {
  const program = `fetch(process.argv[1] + "/consent", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" })
    .then((answer) => answer.json())
    .then((pair) => console.log(typeof pair.accessToken), ({ cause }) => console.log(cause.code));`;
  const child = spawn(process.execPath, ["-e", program, ready.control], { env, stdio: ["ignore", "pipe", "inherit"] });
  return (await text(child.stdout)).trim();
}

describe("symbolon emulate --tls", () => {
  test("serves https, to clients that trust the certificate that it names and to no others", async () => {
    expect(ready.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+/);
    expect(ready.certificate_authority).toBe(join(cwd, "symbolon-emulator-ca.pem"));
    expect(await askFromNode({ NODE_EXTRA_CA_CERTS: ready.certificate_authority })).toBe("string");
    expect(await askFromNode({})).toMatch(/UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT/);
  });

  test("writes no private key to the disk", () => {
    expect(readdirSync(cwd)).toEqual(["symbolon-emulator-ca.pem"]);
    expect(readFileSync(ready.certificate_authority, "utf8")).not.toContain("PRIVATE KEY");
  });

  test("tells how Node, Python, Java and curl trust the certificate", async () => {
    const args = [symbolonPath, "emulate", "lazy", "--tls", "--port", "0"];
    const elsewhere = temporaryDirectory();
    const child = spawn(process.execPath, args, { cwd: elsewhere, stdio: ["ignore", "pipe", "inherit"] });
    let printed = "";
    for await (const line of createInterface({ input: child.stdout })) {
      printed += `${line}\n`;
      if (line.includes("drop_answer")) child.kill("SIGTERM");
    }
    const file = join(elsewhere, "symbolon-emulator-ca.pem");
    expect(existsSync(file)).toBe(true);
    for (const way of ["NODE_EXTRA_CA_CERTS=", "REQUESTS_CA_BUNDLE=", "SSL_CERT_FILE=", "curl --cacert ", "-file "])
      expect(printed).toContain(`${way}${file}`);
    expect(printed).toContain("-Djavax.net.ssl.trustStore=");
  });
});

describe("the certificate of the emulator", () => {
  const nowMs = Date.UTC(2026, 10, 1);
  const { key, cert, authority } = newServerCertificate(nowMs);
  const [server, issuer] = [new X509Certificate(cert), new X509Certificate(authority)];

  test("is for 127.0.0.1 and localhost, for thirty days, signed by the authority, whose key is gone", () => {
    expect([server.checkIP("127.0.0.1"), server.checkHost("localhost"), server.checkHost("other.example")]).toEqual([
      "127.0.0.1",
      "localhost",
      undefined,
    ]);
    expect([server.verify(issuer.publicKey), server.checkIssued(issuer), issuer.ca, server.ca]).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(server.validToDate.getTime() - nowMs).toBe(30 * 86_400_000);
    expect(key).toContain("BEGIN RSA PRIVATE KEY");
  });

  test("no two starts have a key or a serial number in common", () => {
    const other = new X509Certificate(newServerCertificate(nowMs).cert);
    expect(other.serialNumber).not.toBe(server.serialNumber);
    expect(other.publicKey.equals(server.publicKey)).toBe(false);
  });

  test("serves an emulator that a test starts", async () => {
    await using emulated = await emulator({ profile: profileWith("lazy", []), tls: { key, cert } });
    expect(emulated.url).toMatch(/^https:/);
    const status = await new Promise((resolve, reject) =>
      get(`${emulated.url}/emulator`, { ca: authority }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).once("error", reject),
    );
    expect(status).toBe(200);
  });
});
