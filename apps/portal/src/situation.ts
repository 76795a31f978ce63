import type { Situation } from "@symbolon/server";
import type { MessageName } from "./languages/messages.ts";

/** What the person can do in each situation. */
const actions = {
  mistake: "action.tell_its_makers",
  access_ended: "action.connect_again",
  not_allowed: "action.tell_its_makers",
  not_identified: "action.tell_its_makers",
  fault: "action.tell_operators",
  busy: "action.reload",
  sign_in_needed: "action.connect_there",
  denied: "action.connect_if_wanted",
  application_unknown: "action.tell_its_makers",
  address_unknown: "action.tell_its_makers",
  address_missing: "action.tell_its_makers",
  page_outdated: "action.start_again",
  no_application: "action.connect_there",
  other_site: "action.close_page",
  no_page: "action.check_address",
  not_for_people: "action.go_back",
  other_host: "action.check_link",
  application_too_fast: "action.wait_minute",
  too_many_attempts: "action.wait_minutes",
  sign_in_busy: "action.wait_seconds",
  no_data: "action.reload_safely",
  other_browser: "action.close_link",
  suspended: "action.ask_login",
} as const satisfies Record<Situation, MessageName>;

/** The messages for the person: what happened, in a line and in full, and what to do. */
export const messagesOf = (situation: Situation) =>
  ({
    title: `problem.${situation}.title`,
    message: `problem.${situation}.message`,
    action: actions[situation],
  }) as const;
