import { createHash, randomBytes } from "node:crypto";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { launchBrowser } from "@symbolon/portal/browser";
import { makeDataDirectory, type DataDirectory } from "../harness/data-directory.ts";
import { addAccount, addApplication, password, type Credentials } from "../harness/registration.ts";
import { startServer, type ServerProcess } from "../harness/server.ts";

/** A real server with applications and accounts that bring a browser to every page it has. */
export type Gallery = {
  browser: Browser;
  server: ServerProcess;
  data: DataDirectory;
  applications: Record<"web" | "app" | "lookAlike" | "twoAddresses", Credentials>;
  /** A new browser window whose requests come from an address of their own, as through a proxy. */
  open(look: BrowserContextOptions): Promise<{ context: BrowserContext; page: Page; address: string }>;
  authorizeUrl(client: Credentials, parameters?: Record<string, string>): string;
  close(): Promise<void>;
};

export const emails = {
  noCompany: "joan@clarke.example",
  oneCompany: "grace@hopper.example",
  threeCompanies: "ada@lovelace.example",
} as const;

export const webAddress = "https://app.fernleaf.example/callback";
const appAddress = "com.fernleaf.payroll:/callback";
const companies = ["Lovelace Instruments Ltd", "Analytical Engines & Sons", "Byron Bookkeeping"].map((label, at) => ({
  name: `Company/${at}`,
  label,
}));

export async function openGallery(): Promise<Gallery> {
  const data = makeDataDirectory();
  const [server, browser] = await Promise.all([
    startServer(data, { env: { SYMBOLON_TRUSTED_PROXIES: "127.0.0.1" } }),
    launchBrowser(),
  ]);
  await addAccount(data, emails.noCompany);
  await addAccount(data, emails.oneCompany, companies.slice(0, 1));
  await addAccount(data, emails.threeCompanies, companies);
  let windows = 0;
  return {
    browser,
    server,
    data,
    applications: await addApplications(data),
    async open(look) {
      windows += 1;
      const address = `198.51.${windows >> 8}.${windows & 255}`;
      const context = await browser.newContext({ ...look, extraHTTPHeaders: { "x-forwarded-for": address } });
      context.setDefaultTimeout(20_000);
      return { context, page: await context.newPage(), address };
    },
    authorizeUrl(client, parameters = {}) {
      const query = new URLSearchParams({
        response_type: "code",
        client_id: client.id,
        code_challenge: createHash("sha256").update(randomBytes(32)).digest("base64url"),
        code_challenge_method: "S256",
        state: randomBytes(8).toString("hex"),
        ...parameters,
      });
      return `${server.url}/oauth/authorize?${query}`;
    },
    async close() {
      await browser.close();
      await server.stop();
      data.remove();
    },
  };
}

async function addApplications(data: DataDirectory): Promise<Gallery["applications"]> {
  const scope = ["employees:read", "payroll:read", "payroll:write"];
  const add = (name: string, redirectUris: readonly string[], type: "confidential" | "public" = "confidential") =>
    addApplication(data, { name, redirectUris, scope, type });
  return {
    web: await add("Fernleaf Payroll", [webAddress]),
    app: await add("Fernleaf Payroll", [appAddress], "public"),
    lookAlike: await add("F\u0435rnleaf Payroll", [webAddress]),
    twoAddresses: await add("Fernleaf Payroll", [webAddress, `${webAddress}/2`]),
  };
}

export async function signInAs(page: Page, email: string, typed = password): Promise<void> {
  await page.getByLabel("Email", { exact: true }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(typed);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForLoadState();
}
