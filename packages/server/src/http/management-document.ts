import type { ServerConfig } from "../config.ts";
import { openApiDocument } from "../management/openapi.ts";
import { managementMethods, managementRoutes } from "./management-routes.ts";
import { routes } from "./routes.ts";

/** The OpenAPI document of the management API of this issuer. */
export const managementDocument = ({ issuer }: Pick<ServerConfig, "issuer">): object =>
  openApiDocument(
    managementRoutes.flatMap((route) =>
      managementMethods.flatMap((method) => {
        const operation = route[method];
        return operation === undefined ? [] : [{ path: route.path, method, operation }];
      }),
    ),
    { issuer, tokenPath: routes.token.path.replace("{base}", "") },
  );
