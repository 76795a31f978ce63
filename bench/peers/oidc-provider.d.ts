/** The part of oidc-provider that the bench uses; the package brings no types. */
declare module "oidc-provider" {
  import type { RequestListener } from "node:http";

  export type Payload = Record<string, unknown> & { grantId?: string };

  export interface Adapter {
    upsert(id: string, payload: Payload, expiresIn: number): Promise<void>;
    find(id: string): Promise<Payload | undefined>;
    findByUid(uid: string): Promise<Payload | undefined>;
    findByUserCode(userCode: string): Promise<Payload | undefined>;
    consume(id: string): Promise<void>;
    destroy(id: string): Promise<void>;
    revokeByGrantId(grantId: string): Promise<void>;
  }

  interface Model {
    save(lifetimeSeconds?: number): Promise<string>;
  }
  interface GrantModel extends Model {
    addOIDCScope(scope: string): void;
  }
  type Client = { clientId: string };
  type TokenClass = new (
    properties: { client: Client; accountId: string; grantId: string; scope: string } & Record<string, unknown>,
  ) => Model;

  export class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>);
    callback(): RequestListener;
    readonly Client: { find(id: string): Promise<Client | undefined> };
    readonly Grant: new (properties: { clientId: string; accountId: string }) => GrantModel;
    readonly AccessToken: TokenClass;
    readonly RefreshToken: TokenClass;
    readonly AuthorizationCode: TokenClass;
  }
}
