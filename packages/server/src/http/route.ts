import type { parseForm, Result } from "@symbolon/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { BrowserRequest, Screen } from "../authorize/screen.ts";
import type { Deps } from "../deps.ts";
import type { MetadataKey } from "../metadata/metadata.ts";
import type { FormRequest } from "../request.ts";
import type { Edge } from "./edge.ts";

/** One row of the table in routes.ts. */
export type Route = FormRoute | BearerRoute | BrowserRoute | DocumentRoute;

type Row = {
  /** `{base}` stands for the path of the issuer; `:name` matches one segment. */
  path: string;
  /** What it is for, in one sentence: docs/endpoints.md shows it. */
  purpose: string;
  answers: "json" | "page" | "json or page" | "asset";
  /** Whether pages of every origin may read the answers, without cookies. Also answers OPTIONS. @see cors.ts */
  cors: boolean;
  /** What every other method is answered: 405 with Allow, or 404. */
  otherMethods: 405 | 404;
  /** Accepts any Host header: health probes use addresses (HT-09). */
  anyHost?: true;
  /** The member of the metadata document that names this endpoint. @see RFC 8414 §2 */
  metadataKey?: MetadataKey;
};

/** A posted form, answered before the framework parses anything: form-endpoint.ts. */
export type FormRoute = Row & {
  reads: "form";
  bodyLimit: number;
  POST: (request: FormRequest, deps: Deps) => Promise<Result<object | null>>;
};

/** The Authorization header alone. */
export type BearerRoute = Row & {
  reads: "bearer";
  GET: (authorization: string | undefined, deps: Deps) => Promise<Result<object>>;
};

/** Query or form, and the cookies, of a browser. */
export type BrowserRoute = Row & {
  reads: "browser";
  bodyLimit: number;
  parse: typeof parseForm;
  GET?: ScreenHandler;
  POST?: ScreenHandler;
};
export type ScreenHandler = (request: BrowserRequest, deps: Deps) => Promise<Screen>;

/** At most a name in the path. */
export type DocumentRoute = Row & {
  reads: "path";
  /** Further paths of the same document, which answer other methods with 404. */
  aliases?: readonly string[];
  /** `undefined` for 404. */
  GET: (request: FastifyRequest, reply: FastifyReply, edge: Edge) => FastifyReply | undefined | Promise<FastifyReply>;
};
