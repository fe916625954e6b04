// The names by which the browser tests learn of the stack that was started for them.

/** Address of the portal under test; Playwright's baseURL. */
export const STACK_URL_VARIABLE = 'SLIPWAY_E2E_URL';
/** Everything else about the stack, as JSON (see BrowserTestStack). */
export const STACK_VARIABLE = 'SLIPWAY_E2E_STACK';
