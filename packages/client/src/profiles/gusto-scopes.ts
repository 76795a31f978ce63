const readAndWrite = [
  "ach_transactions", "benefits", "companies", "company_admin", "company_attachments", "company_bank_accounts", "company_benefits",
  "company_federal_taxes", "company_onboarding_status", "company_payment_configs", "company_reports", "company_suspensions",
  "company_tax_requirements", "compensations", "contractor_documents", "contractor_forms", "contractor_payment_methods", "contractors",
  "departments", "employee_benefits", "employee_federal_taxes", "employee_payment_methods", "employee_state_taxes",
  "employee_time_off_activities", "employees", "employments", "events", "external_payrolls", "garnishments", "generated_documents",
  "holiday_pay_policies", "i9_authorizations", "information_requests", "jobs", "partner_disbursements", "partner_managed_companies",
  "pay_schedules", "payrolls", "people_batches", "recovery_cases", "reimbursements", "salary_estimates", "signatories",
  "terms_of_services", "time_off_policies", "webhook_subscriptions",
] as const;

const others = [
  "public", "company_forms:read", "company_forms:sign", "employee_forms:read", "employee_forms:sign", "contractors:manage",
  "employees:manage", "flows:write", "i9_authorizations:manage", "invoices:read", "notifications:read",
  "partner_managed_companies:manage", "partner_managed_companies:disassociate", "partner_managed_companies:create", "pay_stubs:read",
  "payrolls:run", "plaid_processor:write", "signatories:manage", "employee_benefits:read:phi", "company_benefits:read:phi",
  "company_reports:read:tier_2_only", "contractor_payment_methods:read:account_numbers", "read:account_number",
] as const;

/** Assigned to an application during review; enforced in production only. */
export type GustoScope = `${(typeof readAndWrite)[number]}:${"read" | "write"}` | (typeof others)[number];

/** The scopes that Gusto documents. */
export const gustoScopes: readonly GustoScope[] = [
  ...readAndWrite.flatMap((family): GustoScope[] => [`${family}:read`, `${family}:write`]),
  ...others,
];
