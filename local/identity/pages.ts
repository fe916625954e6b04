/**
 * The pages of the identity stand-in: sign-in, sign-out, an error, and a front page that says what this is. They work without
 * scripts; the sign-out page's script only presses its own button.
 */
import { html, page, trusted, type Markup } from '../support/html';
import { LOCAL_ACCOUNTS } from './accounts';

const STANDIN_NOTE = html`<p class="note">
  This is the identity provider of a local Slipway on this machine. Its accounts and passwords are public and open
  nothing else.
</p>`;

function accountList(action: string | undefined): Markup {
  return html`<ul class="accounts">
    ${LOCAL_ACCOUNTS.map(
      (account) =>
        html`<li>
          <span>
            ${account.name}<br /><span class="note">
              <code>${account.user}</code> / <code>${account.password}</code><br />${account.purpose}
            </span>
          </span>
          ${
            action === undefined
              ? undefined
              : html`<form method="post" action="${action}">
                  <input type="hidden" name="user" value="${account.user}" />
                  <input type="hidden" name="password" value="${account.password}" />
                  <button type="submit" aria-label="Continue as ${account.name}">Continue</button>
                </form>`
          }
        </li>`,
    )}
  </ul>`;
}

/** The form that asks for user and password. `failed` says that the last try was wrong and keeps what was typed as user. */
export function signInPage(options: { action: string; user?: string; failed?: boolean }): string {
  const failed = options.failed === true;
  return page({
    title: failed ? 'Wrong password – Sign in' : 'Sign in',
    width: 'narrow',
    body: html`
      <h1>Sign in</h1>
      ${STANDIN_NOTE}
      ${failed ? html`<p class="error" role="alert" id="problem">No account has this user and password. Look at the list below.</p>` : undefined}
      <form method="post" action="${options.action}">
        <label for="user">User</label>
        <input
          type="text"
          id="user"
          name="user"
          value="${options.user ?? ''}"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required
          autofocus${failed ? trusted(' aria-describedby="problem"') : undefined}
        />
        <label for="password">Password</label>
        <input
          type="password"
          id="password"
          name="password"
          autocomplete="current-password"
          required${failed ? trusted(' aria-describedby="problem"') : undefined}
        />
        <div class="row">
          <button class="primary" type="submit">Sign in</button>
        </div>
      </form>
      <h2>Accounts</h2>
      ${accountList(options.action)}
      <form method="post" action="${options.action}/abort" class="row">
        <button type="submit">Cancel</button>
      </form>
    `,
  });
}

/** Asks whether to sign out. With a script allowed (`nonce`) it presses its own button: the portal has already asked. */
export function signOutPage(options: { form: string; nonce: string }): string {
  return page({
    title: 'Sign out',
    width: 'narrow',
    script: {
      nonce: options.nonce,
      text: "document.getElementById('op.logoutForm').requestSubmit(document.getElementById('confirm'))",
    },
    body: html`
      <h1>Sign out</h1>
      <p>This ends your session here as well.</p>
      ${trusted(options.form)}
      <div class="row">
        <button class="primary" id="confirm" type="submit" form="op.logoutForm" name="logout" value="yes">
          Sign out
        </button>
        <button type="submit" form="op.logoutForm">Stay signed in</button>
      </div>
    `,
  });
}

/** What somebody sees who signed out without an address to go back to. */
export function signedOutPage(): string {
  return page({
    title: 'Signed out',
    width: 'narrow',
    body: html`<h1>Signed out</h1>
      <p>You can close this page.</p>`,
  });
}

/** A request that the provider refuses and cannot send back to the application. */
export function errorPage(problem: { error: string; description?: string }): string {
  return page({
    title: 'Sign-in stopped',
    width: 'narrow',
    body: html`
      <h1>Sign-in stopped</h1>
      <p>${problem.description ?? 'The request could not be used.'}</p>
      <p class="note">Error <code>${problem.error}</code>. Go back to the portal and start again.</p>
    `,
  });
}

/** The front page. */
export function frontPage(issuer: string): string {
  return page({
    title: 'Local identity provider',
    width: 'narrow',
    body: html`
      <h1>Local identity provider</h1>
      ${STANDIN_NOTE}
      <p>Issuer <code>${issuer}</code> · <a href="${issuer}/.well-known/openid-configuration">discovery document</a></p>
      <h2>Accounts</h2>
      ${accountList(undefined)}
    `,
  });
}
