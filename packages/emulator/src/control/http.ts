import { applicationsPage } from "../pages/applications.ts";
import { assumptionsPage } from "../pages/assumptions.ts";
import { grantsPage } from "../pages/grants.ts";
import { requestsPage } from "../pages/requests.ts";
import type { Provider } from "../provider/provider.ts";
import { UnknownName } from "../provider/unknown-name.ts";
import { json, page, redirect, type EmulatorResponse, type EmulatorRequest } from "../wire/message.ts";
import type { Control } from "./control.ts";
import { BadField, defined, readFields, type Fields } from "./fields.ts";
import { answerForm } from "./forms.ts";
import { isFromOwnOrigin } from "./own-origin.ts";
import { readApplication } from "./read-application.ts";
import { readFault } from "./read-fault.ts";

/** Answers every path below /emulator: the pages and the control API over HTTP. undefined for other paths. */
export function answerControl(
  request: EmulatorRequest,
  control: Control,
  provider: Provider,
): EmulatorResponse | undefined {
  if (request.path === "/" && request.method === "GET") return redirect(`${provider.url}/emulator`);
  if (!/^\/emulator(?:\/|$)/.test(request.path)) return undefined;
  if (!isFromOwnOrigin(request))
    return json(403, { problem: "/emulator answers loopback host names and its own origin only" });
  const answered = answerForm(request, control, provider);
  if (answered !== undefined) return answered;
  const view = request.method === "GET" ? pages[request.path] : undefined;
  if (view !== undefined) return page(200, view(control, provider));
  const verb = /^\/emulator\/control\/([a-z-]+)$/.exec(request.path)?.[1] ?? "";
  if (request.method === "GET" && Object.hasOwn(questions, verb))
    return json(200, questions[verb]!(control, request, provider));
  if (request.method === "POST" && Object.hasOwn(commands, verb)) return command(verb, request, control);
  return json(404, {
    problem: `There is no ${request.method} ${request.path}`,
    questions: Object.keys(questions),
    commands: Object.keys(commands),
  });
}

const pages: Readonly<Record<string, (control: Control, provider: Provider) => string>> = {
  "/emulator": applicationsPage,
  "/emulator/requests": requestsPage,
  "/emulator/grants": grantsPage,
  "/emulator/assumptions": assumptionsPage,
};

const questions: Readonly<Record<string, (control: Control, request: EmulatorRequest, provider: Provider) => object>> =
  {
    state: (control, _ask, { profile, url, people }) => ({
      profile: profile.name,
      url,
      now: control.now(),
      people,
      applications: control.applications(),
      faults: control.faults(),
    }),
    applications: (control) => control.applications(),
    grants: (control) => control.grants(),
    requests: (control, { query }) => control.requests(new URLSearchParams(query).get("operation") ?? undefined),
    faults: (control) => control.faults(),
  };

/** Requires a JSON body: a page of another origin cannot send one without a CORS preflight. */
function command(verb: string, request: EmulatorRequest, control: Control): EmulatorResponse {
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? ""))
    return json(415, { problem: "Content-Type must be application/json" });
  try {
    return json(200, commands[verb]!(control, request.body) ?? {});
  } catch (error) {
    if (error instanceof BadField) return json(400, { problem: error.message });
    if (error instanceof UnknownName) return json(404, { problem: error.message });
    throw error;
  }
}

/** A command with fields. Every field is read and unknown ones are refused before anything changes. */
const commandWith =
  <T>(read: (fields: Fields) => T, run: (control: Control, asked: T) => object | void) =>
  (control: Control, body: string): object | void => {
    const fields = readFields(body);
    const asked = read(fields);
    fields.finish();
    return run(control, asked);
  };

const readConsent = (fields: Fields) =>
  defined({
    application: fields.text("application"),
    scope: fields.text("scope"),
    person: fields.text("person"),
    resource: fields.text("resource"),
    legacy: fields.flag("legacy"),
  });

const commands: Readonly<Record<string, (control: Control, body: string) => object | void>> = {
  consent: commandWith(readConsent, (control, options) => control.consent(options)),
  code: commandWith(
    (fields) => ({
      ...readConsent(fields),
      ...defined({
        redirectUri: fields.text("redirectUri"),
        state: fields.text("state"),
        codeChallenge: fields.text("codeChallenge"),
        codeChallengeMethod: fields.oneOf("codeChallengeMethod", ["S256", "plain"]),
      }),
    }),
    (control, options) => ({ code: control.code(options) }),
  ),
  "answer-consent": commandWith(
    (fields) => fields.need(fields.oneOf("how", ["ask", "allow", "deny"]), "how"),
    (control, how) => control.answerConsent(how),
  ),
  advance: commandWith(
    (fields) => fields.need(fields.number("seconds"), "seconds"),
    (control, seconds) => ({ now: control.advance(seconds) }),
  ),
  fault: (control, body) => ({ id: control.fault(readFault(body)) }),
  "remove-fault": commandWith(
    (fields) => fields.need(fields.text("id"), "id"),
    (control, id) => ({ removed: control.removeFault(id) }),
  ),
  "clear-faults": commandWith(
    () => undefined,
    (control) => control.clearFaults(),
  ),
  application: (control, body) => control.application(readApplication(body)),
  suspend: commandWith(
    (fields) => fields.text("application"),
    (control, name) => control.suspend(name),
  ),
  resume: commandWith(
    (fields) => fields.text("application"),
    (control, name) => control.resume(name),
  ),
  "rotate-secret": commandWith(
    (fields) => fields.text("application"),
    (control, name) => ({ clientSecret: control.rotateSecret(name) }),
  ),
  revoke: commandWith(
    (fields) => fields.text("grant"),
    (control, grant) => control.revoke(grant),
  ),
  narrow: commandWith(
    (fields) => ({
      grant: fields.need(fields.text("grant"), "grant"),
      scope: fields.need(fields.text("scope"), "scope"),
    }),
    (control, { grant, scope }) => control.narrow(grant, scope),
  ),
};
