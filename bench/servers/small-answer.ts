/** The fixed answer of the baseline servers, as long as an introspection response. */
export const smallAnswer = {
  active: true,
  scope: "companies:read employees:read payrolls:read",
  client_id: "app_0000000000000000",
  username: "000000000000-0000000@example.com",
  token_type: "Bearer",
  exp: 1_800_000_000,
  iat: 1_800_000_000,
  sub: "00000000-0000-7000-8000-000000000000",
  aud: "http://localhost:8787",
  iss: "http://localhost:8787",
  jti: "0000000000000000000000",
  resource: { type: "Company", uuid: "00000000-0000-7000-8000-000000000000" },
  resource_owner: { type: "Account", uuid: "00000000-0000-7000-8000-000000000000" },
};
