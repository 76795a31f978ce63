/** Seconds since 1970-01-01T00:00:00Z, whole. Every time on the wire and in a grant has this unit. */
export type EpochSeconds = number;

/** Public identifier of an application (RFC 6749 §2.2) or of a resource server. */
export type ClientId = string & { readonly brand: "ClientId" };

/** Identifier of a built-in account; the `sub` of its tokens. A UUID, so it never equals a `ClientId`. */
export type AccountId = string & { readonly brand: "AccountId" };

/** A person whom the provider's own sign-in names: `subject:` and their `sub`. It never equals an `AccountId`. */
export type ExternalSubject = string & { readonly brand: "ExternalSubject" };

/** Who allowed a grant. `subOf` of the server makes the `sub` of it. */
export type Owner = AccountId | ExternalSubject;

/**
 * Identifier of a grant, no secret: a UUIDv7 in its usual text form, with 74 random bits, or 26 random bits and a keyed
 * digest of the authorization request.
 */
export type GrantId = string & { readonly brand: "GrantId" };

/** What a grant gives access to, as `Type/uuid`, for example `Company/0d0f6a52-…`. */
export type ResourceName = string & { readonly brand: "ResourceName" };

/**
 * A secret that prints as `[sealed]`. `reveal` is its one exit; search for that word to see every way out. `Kind` says
 * which secret it is and exists in the types alone, so that a password cannot be passed where a code is wanted.
 */
export class Sealed<Kind extends string = string> {
  declare protected readonly kind: Kind;
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return "[sealed]";
  }
  toJSON(): string {
    return "[sealed]";
  }
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[sealed]";
  }
}

export type AuthorizationCode = Sealed<"authorization code">;
export type AccessToken = Sealed<"access token">;
export type RefreshToken = Sealed<"refresh token">;
export type ClientSecret = Sealed<"client secret">;
export type Password = Sealed<"password">;
/** Value of the cookie of a signed-in browser. */
export type SessionCookie = Sealed<"session cookie">;
/** Value of the cookie that ties a sign-in form to the browser that it was shown to. */
export type BrowserCookie = Sealed<"browser cookie">;
/** Value of the cookie of a browser in which users have signed in before. */
export type DeviceCookie = Sealed<"device cookie">;
/** An authorization request on its way through the forms, with its MAC. */
export type SealedTransaction = Sealed<"transaction">;
