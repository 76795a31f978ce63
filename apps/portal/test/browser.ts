import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import npmChromium, { inflate } from "@sparticuz/chromium";
import { chromium, type Browser } from "playwright-core";

/**
 * A Chromium from npm, with the libraries and the font that it needs: it runs on a bare machine, also as root. The npm
 * package is for Linux on x64; elsewhere set `CHROMIUM` to the path of a browser.
 */
export async function launchBrowser(): Promise<Browser> {
  const installed = process.env["CHROMIUM"];
  if (installed !== undefined) return chromium.launch({ executablePath: installed, args: quiet });
  const home = await unpacked();
  npmChromium.setGraphicsMode = false;
  return chromium.launch({
    executablePath: join(home, "chromium"),
    args: [...npmChromium.args.filter((flag) => !unwanted.has(flag)), ...quiet],
    env: {
      ...process.env,
      FONTCONFIG_FILE: join(home, "fonts.conf"),
      LD_LIBRARY_PATH: [join(home, "al2023", "lib"), process.env["LD_LIBRARY_PATH"] ?? ""]
        .filter((path) => path !== "")
        .join(":"),
    },
  });
}

const quiet = [
  "--no-sandbox", // root cannot have one
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Flags for cloud functions, which crash with a second context, or switch off protections that the tests need.
 */
const unwanted = new Set([
  "--single-process",
  "--no-zygote",
  "--in-process-gpu",
  "--disable-web-security",
  "--allow-running-insecure-content",
  "--disable-site-isolation-trials",
]);

const packageHome = join(dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium")), "..");

/**
 * Unpacks once for each version, below node_modules. Several test files may do so at once: each unpacks into its own
 * directory, and the first to finish renames it, so that no process sees a partial program.
 */
async function unpacked(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(packageHome, "package.json"), "utf8")) as { version: string };
  const cache = join(packageHome, "..", "..", ".cache", "symbolon");
  const home = join(cache, `chromium-${version}`);
  if (existsSync(home)) return home;
  mkdirSync(cache, { recursive: true });
  const stage = mkdtempSync(join(cache, "unpacking-"));
  await unpackInto(stage);
  writeFileSync(join(stage, "fonts.conf"), fontsBelow(home));
  try {
    renameSync(stage, home);
  } catch (failure) {
    rmSync(stage, { recursive: true, force: true });
    if (!existsSync(home)) throw failure;
  }
  return home;
}

/** `inflate` reads the temporary directory when it is called, before its first await. */
async function unpackInto(directory: string): Promise<void> {
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = directory;
  const work = ["chromium.br", "fonts.tar.br", "al2023.tar.br"].map((file) => inflate(join(packageHome, "bin", file)));
  if (before === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = before;
  await Promise.all(work);
}

/** The font of the package first, then those of the system, for scripts that it lacks. */
const fontsBelow = (home: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${home}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${home}/fonts-cache</cachedir>
  <alias binding="same"><family>system-ui</family><prefer><family>Open Sans</family></prefer></alias>
  <alias binding="same"><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
  <alias binding="same"><family>sans-serif</family><prefer><family>Open Sans</family></prefer></alias>
</fontconfig>
`;
