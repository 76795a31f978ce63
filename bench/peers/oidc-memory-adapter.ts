import type { Adapter, Payload } from "oidc-provider";

/** An in-memory adapter like oidc-provider's own, but without its limit of a thousand entries. Nothing is durable. */
export function memoryAdapter(): (model: string) => Adapter {
  const payloads = new Map<string, Payload>();
  const members = new Map<string, string[]>();
  return (model) => {
    const keyOf = (id: string) => `${model}:${id}`;
    return {
      async upsert(id, payload) {
        const key = keyOf(id);
        payloads.set(key, payload);
        if (payload.grantId === undefined) return;
        const siblings = members.get(payload.grantId);
        if (siblings === undefined) members.set(payload.grantId, [key]);
        else siblings.push(key);
      },
      find: async (id) => payloads.get(keyOf(id)),
      findByUid: async () => undefined,
      findByUserCode: async () => undefined,
      async consume(id) {
        const payload = payloads.get(keyOf(id));
        if (payload !== undefined) payload["consumed"] = Math.floor(Date.now() / 1000);
      },
      async destroy(id) {
        payloads.delete(keyOf(id));
      },
      async revokeByGrantId(grantId) {
        for (const key of members.get(grantId) ?? []) payloads.delete(key);
        members.delete(grantId);
      },
    };
  };
}
