import type { ResourceServer } from "@symbolon/server";

/** A resource server as the command prints it. Holds no secret. */
export const describeResourceServer = ({ id, name, resource, createdAt, secrets }: ResourceServer) => ({
  client_id: id,
  client_id_issued_at: createdAt,
  client_name: name,
  resource,
  secrets: secrets.map((slot) => ({ created_at: slot.createdAt })),
});
