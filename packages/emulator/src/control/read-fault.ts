import { misbehaviours, type Fault, type Misbehaviour } from "../faults/fault.ts";
import { defined, readFields, type Fields } from "./fields.ts";

/** Reads a fault from JSON: `{ "what": "drop_answer", "operation": "refresh_token", "times": 1 }`. */
export function readFault(json: string): Fault {
  const fields = readFields(json);
  const misbehaviour = readMisbehaviour(fields);
  const where = defined({
    operation: fields.text("operation"),
    client: fields.text("client"),
    times: fields.number("times"),
    nth: fields.number("nth"),
    probability: fields.number("probability"),
  });
  fields.finish();
  return { ...misbehaviour, ...where } as Fault;
}

function readMisbehaviour(fields: Fields): Misbehaviour {
  const what = fields.need(fields.oneOf("what", misbehaviours), "what");
  switch (what) {
    case "delay":
      return defined({
        what,
        ms: fields.need(fields.number("ms"), "ms"),
        when: fields.oneOf("when", ["before_processing", "after_processing"]),
      }) as Misbehaviour;
    case "slow_body":
      return { what, msPerByte: fields.need(fields.number("msPerByte"), "msPerByte") };
    case "status":
      return defined({
        what,
        status: statusOf(fields.need(fields.number("status"), "status"), fields),
        code: fields.text("code"),
        retryAfterSeconds: fields.number("retryAfterSeconds"),
        processed: fields.flag("processed"),
      }) as Misbehaviour;
    case "html":
      return defined({ what, status: fields.number("status"), processed: fields.flag("processed") }) as Misbehaviour;
    case "wrong_iss":
      return defined({ what, iss: fields.text("iss") }) as Misbehaviour;
    case "duplicate":
      return defined({ what, answer: fields.oneOf("answer", ["first", "second"]) }) as Misbehaviour;
    default:
      return { what };
  }
}

const statusOf = (status: number, fields: Fields): number =>
  fields.need(
    Number.isInteger(status) && status >= 200 && status <= 599 ? status : undefined,
    "a status from 200 to 599",
  );
