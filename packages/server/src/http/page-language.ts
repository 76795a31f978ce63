import { parseFormUnchecked, Sealed, type SealedTransaction } from "@symbolon/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import { unsealTransaction } from "../authorize/transaction.ts";
import { lookUpLanguage } from "../language/lookup.ts";
import { parseAcceptLanguage, parseUiLocales } from "../language/tags.ts";
import type { PageView } from "../views.ts";
import type { Edge } from "./edge.ts";
import { readPageForm } from "./form-request.ts";

type PageEdge = Pick<Edge, "deps" | "pages" | "paths">;

/**
 * What each view has, in the language of this request. `shown`: the transaction in the forms of the page. Sets the
 * headers that tell the language, and that it may be another for another browser.
 * @see RFC 9110 §8.5, §12.5.5
 */
export function startPage(reply: FastifyReply, edge: PageEdge, shown?: SealedTransaction): PageView {
  const language = languageOf(reply.request, edge, shown);
  reply.header("content-language", language).header("vary", "accept-language");
  return { assetsPath: edge.paths.assets, language };
}

/**
 * The language of the page that answers a request: the one that the authorization request asks for, else the one that
 * the browser asks for, else the first of the pages.
 */
function languageOf(request: FastifyRequest, { deps, pages }: PageEdge, shown?: SealedTransaction): string {
  const asked = shown === undefined ? uiLocalesOf(request, deps) : uiLocalesIn(shown, deps);
  const wanted = [...asked, ...parseAcceptLanguage(request.headers["accept-language"] ?? "")];
  return lookUpLanguage(wanted, pages.languages) ?? pages.languages[0] ?? "en";
}

/** `ui_locales` of an authorization request, or of the one whose transaction the form or the address carries. */
function uiLocalesOf(request: FastifyRequest, deps: Pick<Edge["deps"], "keyring">): readonly string[] {
  const form = readPageForm(request, parseFormUnchecked);
  if (!form.ok) return [];
  const asked = form.value.get("ui_locales");
  if (asked !== undefined) return parseUiLocales(asked);
  const sealed = form.value.get("transaction");
  return sealed === undefined ? [] : uiLocalesIn(new Sealed(sealed), deps);
}

const uiLocalesIn = (sealed: SealedTransaction, deps: Pick<Edge["deps"], "keyring">): readonly string[] =>
  unsealTransaction(sealed, deps)?.uiLocales ?? [];
