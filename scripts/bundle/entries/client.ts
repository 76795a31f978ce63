/** All of the client: every verb, every profile, both styles. */
export * from "@symbolon/client";
