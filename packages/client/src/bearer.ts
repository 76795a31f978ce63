import type { Application, Secret } from "./application.ts";
import { reveal } from "./arguments.ts";

/** The value of an Authorization header; one that begins with `bearer ` in any case goes as it is. */
export const bearer = (token: Secret): string => (/^bearer /i.test(reveal(token)) ? reveal(token) : `Bearer ${reveal(token)}`);

/** The application's own access token, fetched anew where it is a function. */
export const accessTokenOf = async (app: Pick<Application, "accessToken">): Promise<Secret | undefined> =>
  typeof app.accessToken === "function" ? await app.accessToken() : app.accessToken;
