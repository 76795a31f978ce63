import type { Application } from "../../provider/application.ts";
import type { Provider } from "../../provider/provider.ts";
import type { EmulatorRequest, EmulatorResponse } from "../../wire/message.ts";
import type { Parameters } from "../../wire/parameters.ts";
import type { GustoSettings } from "./settings.ts";

/** Answers a token request of one grant type, for an authenticated client. */
export type GrantHandler = (
  parameters: Parameters,
  application: Application,
  request: EmulatorRequest,
  provider: Provider,
  settings: GustoSettings,
) => EmulatorResponse;
