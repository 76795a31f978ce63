import type { ResourceServer } from "@symbolon/server";

/** A resource server with the member names of RFC 7591. Holds no secret. */
export const describeResourceServer = ({ id, name, resource, createdAt, secrets }: ResourceServer) => ({
  client_id: id,
  client_id_issued_at: createdAt,
  client_name: name,
  resource,
  secrets: secrets.map((slot) => ({ created_at: slot.createdAt })),
});
