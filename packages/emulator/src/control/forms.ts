import type { Provider } from "../provider/provider.ts";
import { UnknownName } from "../provider/unknown-name.ts";
import { problemPage } from "../pages/problem.ts";
import { page, redirect, type EmulatorRequest, type EmulatorResponse } from "../wire/message.ts";
import type { Control } from "./control.ts";
import { BadField } from "./fields.ts";
import { readFault } from "./read-fault.ts";

type FormHandler = { run(form: URLSearchParams, control: Control): void; next: string };

/** The forms of the emulator's pages, by path. */
const forms: Readonly<Record<string, FormHandler>> = {
  "/emulator/clock": {
    run: (form, control) => void control.advance(readNumber(form, "seconds")),
    next: "/emulator",
  },
  "/emulator/faults": {
    run: (form, control) => void control.fault(readFault(JSON.stringify(faultFields(form)))),
    next: "/emulator",
  },
  "/emulator/clear-faults": { run: (_form, control) => control.clearFaults(), next: "/emulator" },
  "/emulator/end-grant": {
    run: (form, control) => control.revoke(form.get("grant") ?? ""),
    next: "/emulator/grants",
  },
};

/**
 * Answers a form of the emulator's pages with a redirect to its page, or with what is wrong. undefined: no such form.
 */
export function answerForm(
  { method, path, body }: EmulatorRequest,
  control: Control,
  provider: Provider,
): EmulatorResponse | undefined {
  const handler = method === "POST" && Object.hasOwn(forms, path) ? forms[path] : undefined;
  if (handler === undefined) return undefined;
  try {
    handler.run(new URLSearchParams(body), control);
    return redirect(`${provider.url}${handler.next}`, 303);
  } catch (error) {
    if (error instanceof BadField || error instanceof UnknownName)
      return page(400, problemPage("This did not work", `${error.message}.`));
    throw error;
  }
}

/** The fields that were filled in; numbers where the fault takes numbers. */
function faultFields(form: URLSearchParams): Record<string, string | number> {
  const filled = [...form].filter(([, value]) => value !== "");
  return Object.fromEntries(
    filled.map(([name]) => [name, numberFields.has(name) ? readNumber(form, name) : form.get(name)!]),
  );
}

const numberFields: ReadonlySet<string> = new Set(["times", "ms", "status", "msPerByte"]);

function readNumber(form: URLSearchParams, name: string): number {
  const value = Number(form.get(name) || Number.NaN);
  if (!Number.isFinite(value)) throw new BadField(`${name} must be a number`);
  return value;
}
