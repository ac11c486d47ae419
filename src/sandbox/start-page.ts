import { html } from 'hono/html'
import type { Html } from './payment-page/layout.ts'
import { MEMBERS, PIN } from './payment-page/members.ts'
import { TEXTS } from './payment-page/texts.ts'

/** The gateways by where they stand on the simulator's origin. */
const BASES = [
  ['Order gateway', '/api/pg'],
  ['Payments API', '/payments/api'],
  ['Payment sessions', '/sessions/api'],
] as const

/** What is where, for the developer who opens the simulator's own address. `origin` as the gateways' clients reach it. */
export function startPage(origin: string): Html {
  const t = TEXTS.en
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>iPay simulator</title>
<link rel="stylesheet" href="/pay/style.css">
<link rel="icon" href="data:,">
</head>
<body>
<div class="ribbon" role="note">${t.simulator}</div>
<div class="wallet">
<header><span class="mark">iPay simulator</span></header>
<main>
<section class="card"><h1>Base addresses</h1>
<dl>${BASES.map(([name, path]) => html`<div><dt>${name}</dt><dd><code>${origin}${path}</code></dd></div>`)}</dl>
<p>Every key works but <code>invalid</code>. A payment page opens at the address that an order’s answer names.</p></section>
<section class="card people"><h2>${t.members}</h2>${t.everyPin(PIN)} The one-time code is shown on the page.
<ul>${MEMBERS.map(({ number, outcome }) => html`<li data-member="${number}"><b>${number}</b> ${t.outcomes[outcome]}</li>`)}</ul></section>
<section class="card people"><h2>Control</h2><a href="/_sandbox/orders">All orders, as JSON</a></section>
</main>
</div>
</body>
</html>`
}
