import { parseArgs } from "node:util";
import { floods } from "./all.ts";
import { describeReport, runFlood } from "./flood.ts";

/**
 * `npm run floods`: every attack of this folder at full size, each on a server of its own, with what good clients felt.
 * `npm run floods -- long-ids --tenth`: one of them, at the size of CI.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { tenth: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
});

if (values.help) console.log(`npm run floods -- [--tenth] [${floods.map(({ name }) => name).join("|")}]…`);
else {
  for (const flood of floods)
    if (positionals.length === 0 || positionals.includes(flood.name))
      console.log(describeReport(await runFlood(flood, values.tenth ? 0.1 : 1)));
}
