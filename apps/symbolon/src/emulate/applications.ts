import { readFile } from "node:fs/promises";
import { BadField, readApplication, type ApplicationOptions } from "@symbolon/emulator";
import { Failure, messageOf } from "../command/failure.ts";

/** Reads a JSON list of applications, of which each field is optional. */
export async function readApplications(path: string): Promise<readonly ApplicationOptions[]> {
  const list = parseList(await read(path), path);
  return list.map((one, at) => {
    try {
      return readApplication(JSON.stringify(one));
    } catch (error) {
      if (error instanceof BadField) throw new Failure(`${path}, application ${at + 1}: ${error.message}.`);
      throw error;
    }
  });
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new Failure(`${path} cannot be read: ${messageOf(error)}`, "Check --applications.", { cause: error });
  }
}

function parseList(text: string, path: string): unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.length > 0) return list;
  } catch {
    // Text that is not JSON is refused like JSON that is not a list.
  }
  throw new Failure(
    `${path} must hold a JSON list of applications.`,
    'For example [{"name": "Payroll Sync", "redirectUris": ["http://127.0.0.1:3000/callback"]}].',
  );
}
