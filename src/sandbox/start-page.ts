import { html } from 'hono/html'
import { GATEWAY_PATHS } from './gateway-paths.ts'
import { type Html, shell } from './payment-page/layout.ts'
import { MEMBERS, PIN } from './payment-page/members.ts'
import { TEXTS } from './payment-page/texts.ts'

const BASES = [
  ['Order gateway', GATEWAY_PATHS.ipay],
  ['Payments API', GATEWAY_PATHS['ipay-payments']],
  ['Payment sessions', GATEWAY_PATHS['ipay-sessions']],
] as const

/** What is where, for the developer who opens the simulator's own address. `origin` as the gateways' clients reach it. */
export function startPage(origin: string): Html {
  const t = TEXTS.en
  const content = html`<section class="card"><h1>Base addresses</h1>
<dl>${BASES.map(([name, path]) => html`<div><dt>${name}</dt><dd><code>${origin}${path}</code></dd></div>`)}</dl>
<p>Every key works but <code>invalid</code>. A payment page opens at the address that an order’s answer names.</p></section>
<section class="card people"><h2>${t.members}</h2>${t.everyPin(PIN)} The one-time code is shown on the page.
<ul>${MEMBERS.map(({ number, outcome }) => html`<li data-member="${number}"><b>${number}</b> ${t.outcomes[outcome]}</li>`)}</ul></section>
<section class="card people"><h2>Control</h2><a href="/_sandbox/orders">All orders, as JSON</a></section>`
  return shell('en', 'iPay simulator', html`<span class="mark">iPay simulator</span>`, content)
}
