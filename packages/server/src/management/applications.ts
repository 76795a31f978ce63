import { isClientId } from "@symbolon/protocol";
import { z } from "zod";
import type { Application } from "../applications/application.ts";
import { operation, refusal } from "./operation.ts";
import { listQuery, listOf, list, named, nullable, object, oneOf, text, time, whole } from "./schemas.ts";
import { listPart } from "./list.ts";

const replay = named(
  "ReplayPolicy",
  z.discriminatedUnion("preset", [
    object({ preset: z.literal("lazy") }),
    object({ preset: z.literal("window"), seconds: whole("How long a spent refresh token still gets its successor") }),
    object({ preset: z.literal("strict") }),
  ]),
);

export const applicationSchema = named(
  "Application",
  object({
    id: text("Its client_id"),
    name: text("The name on the consent page"),
    type: oneOf(["confidential", "public"], "Whether it can keep a secret"),
    authMethod: nullable(
      oneOf(["client_secret_basic", "client_secret_post", "none"], ""),
      "Where it must send its secret; null: header or body",
    ),
    secrets: list(
      object({ createdAt: time("When it was made") }),
      2,
      "Its secrets, newest first, without their values",
    ),
    redirectUris: z.array(z.string()).meta({ description: "Compared byte for byte" }),
    scope: z.array(z.string()).meta({ description: "The scopes that it may request" }),
    replay,
    accessTokenLifetimes: z.array(whole("In seconds")).meta({
      description: "The lifetimes that it may request, the default first; empty: as configured",
    }),
    createdAt: time("When it was registered"),
    suspendedAt: nullable(time("When it was suspended"), "null: it is not suspended"),
  }),
);

/** An application without its secrets' digests. */
export const applicationView = ({ secrets, ...application }: Application): z.output<typeof applicationSchema> => ({
  id: application.id,
  name: application.name,
  type: application.type,
  authMethod: application.authMethod,
  secrets: secrets.map(({ createdAt }) => ({ createdAt })),
  redirectUris: [...application.redirectUris],
  scope: [...application.scope],
  replay: application.replay,
  accessTokenLifetimes: [...application.accessTokenLifetimes],
  createdAt: application.createdAt,
  suspendedAt: application.suspendedAt,
});

export const listApplications = operation({
  id: "listApplications",
  summary: "List the applications, oldest first",
  scope: "symbolon:read",
  query: object(listQuery),
  answer: listOf("ApplicationList", applicationSchema),
  async run({ query }, { store, keyring }) {
    return await listPart("applications", query, keyring, applicationView, (page) => store.applications.list(page));
  },
});

export const getApplication = operation({
  id: "getApplication",
  summary: "Get an application",
  scope: "symbolon:read",
  answer: applicationSchema,
  refusals: ["record_unknown"],
  async run({ id }, { store }) {
    const application = isClientId(id) ? await store.applications.find(id) : undefined;
    return application === undefined ? refusal("record_unknown") : { ok: true, answer: applicationView(application) };
  },
});
