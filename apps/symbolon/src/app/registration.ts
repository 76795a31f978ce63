import { parseScope, whyUnregistrable, type Scope } from "@symbolon/protocol";
import type { Application, ReplayPolicy } from "@symbolon/server";
import { suggestion } from "../command/did-you-mean.ts";
import { UsageError } from "../command/failure.ts";
import type { Settings } from "../config/settings.ts";

/** What an application may be registered with; each refusal names the flag and says what would do. */

export function readType(text: string | undefined): Application["type"] {
  if (text === undefined || text === "confidential" || text === "public") return text ?? "confidential";
  throw new UsageError(
    `--type must be confidential or public, not ${text}.`,
    "public is for applications that cannot keep a secret: phones, browsers, desktops.",
  );
}

/** A name is what people read on the consent page: one line without control characters. */
export function readName(text: string | undefined): string {
  const name = text?.normalize("NFC").trim() ?? "";
  if (name === "")
    throw new UsageError("--name is needed.", 'People read it on the consent page: --name "Acme Payroll"');
  const isPlain = name.length <= 80 && !/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(name);
  if (!isPlain) throw new UsageError("--name must be one line of at most 80 characters, without control characters.");
  return name;
}

export function readRedirectUris(uris: readonly string[], type: Application["type"]): readonly string[] {
  const problems = uris.flatMap((uri) => {
    const why = whyUnregistrable(uri, type);
    return why === undefined ? [] : [`--redirect-uri ${uri.slice(0, 200)} ${why}.`];
  });
  if (problems.length > 0)
    throw new UsageError(problems.join("\n"), "It must be the exact address that the application will send.");
  if (uris.length === 0 && type === "public")
    throw new UsageError("A public application needs --redirect-uri.", "Without one it could not ask anybody.");
  return [...new Set(uris)];
}

/** The whole catalogue, unless --scope says less. Any scope may be given as long as nobody has written a catalogue. */
export function readScope(text: string | undefined, settings: Settings): Scope {
  const catalogue = Object.keys(settings.scopes);
  if (text === undefined) return catalogue;
  const scope = parseScope(text.trim());
  if (!scope.ok)
    throw new UsageError(
      "--scope must be scope names separated by single spaces.",
      `For example --scope "${catalogue.slice(0, 2).join(" ")}"`,
    );
  const unknown = settings.isCatalogueConfigured ? scope.value.filter((name) => !catalogue.includes(name)) : [];
  if (unknown.length === 0) return scope.value;
  const named = unknown.map((name) => `--scope: ${name} is not in the catalogue${suggestion(name, catalogue)}.`);
  throw new UsageError(named.join("\n"), `The catalogue of the configuration has ${catalogue.join(" ")}.`);
}

export function readReplay(text: string | undefined): ReplayPolicy {
  if (text === undefined || text === "lazy") return { preset: "lazy" };
  if (text === "strict") return { preset: "strict" };
  const seconds = Number(/^window:([1-9]\d{0,5})$/.exec(text)?.[1]);
  if (seconds <= 86_400) return { preset: "window", seconds };
  throw new UsageError(
    `--replay must be lazy, strict or window:SECONDS (1 to 86400), not ${text}.`,
    "lazy suits most: a spent refresh token works until its successor is used.",
  );
}

const methods = ["client_secret_basic", "client_secret_post"] as const;

/** null: bound by first use (docs/decisions/0005). */
export function readAuthMethod(text: string | undefined, type: Application["type"]): Application["authMethod"] {
  if (type === "public") {
    if (text === undefined || text === "none") return "none";
    throw new UsageError(
      "A public application has no secret, so --auth-method does not fit it.",
      "Leave --auth-method out, or use --type confidential.",
    );
  }
  if (text === undefined) return null;
  const method = methods.find((one) => one === text);
  if (method === undefined)
    throw new UsageError(
      `--auth-method must be ${methods.join(" or ")}, not ${text}.`,
      "Leave it out to let the first use decide.",
    );
  return method;
}

/** Seconds that the application may ask for; the first is what it gets when it asks for none. */
export function readLifetimes(text: string | undefined): readonly number[] {
  if (text === undefined) return [];
  const lifetimes = text.split(",").map((part) => (/^[1-9]\d{0,7}$/.test(part.trim()) ? Number(part) : 0));
  const isGood = lifetimes.length <= 16 && lifetimes.every((seconds) => seconds >= 10 && seconds <= 30 * 86_400);
  if (!isGood)
    throw new UsageError(
      "--lifetimes must be seconds from 10 to 2592000, separated by commas.",
      "For example --lifetimes 600,3600: the first is the default.",
    );
  return [...new Set(lifetimes)];
}
