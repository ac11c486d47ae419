import { html } from 'hono/html'
import type { HistoryEntry, PaymentRecord } from '../../src/server/index.ts'
import type { Markup } from '../page-shell.ts'
import type { Deed, Field } from './deed.ts'

/** One line of the list. */
export interface Listed {
  readonly token: string
  readonly purchaseId: string
  readonly state: string
  readonly openedAt: Date
}

const page = (title: string, body: Markup): Markup => html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<link rel="icon" href="/favicon.svg"><link rel="stylesheet" href="/desk/style.css"></head>
<body><main>${body}</main></body>
</html>`

const timeText = (at: Date): string => at.toISOString().slice(0, 19).replace('T', ' ')

/** What a gateway answered has no spaces: it goes on in the next line after a comma. */
const breakable = (text: string): readonly Markup[] => text.split(/(?<=,)/).map((part) => html`${part}<wbr>`)

/** The newest payments. */
export const listPage = (gateway: string, payments: readonly Listed[]): Markup =>
  page(
    'Merchant’s desk',
    html`<h1>Merchant’s desk</h1>
<p>What the shop’s own people would do, over <b>${gateway}</b>. It exists only beside the simulator, on this machine. <a href="/">The shop</a></p>
<section class="card">${
      payments.length === 0
        ? html`<p>Nothing was opened yet: press the button in the shop, then come back.</p>`
        : html`<table><tr><th>Opened (UTC)</th><th>State</th><th>Cart</th></tr>${payments.map(
            ({ token, purchaseId, state, openedAt }) =>
              html`<tr><td>${timeText(openedAt)}</td><td>${state}</td><td><a href="/desk/${token}">${purchaseId}</a></td></tr>`,
          )}</table>`
    }</section>`,
  )

const row = (name: string, value: string | null | undefined): Markup =>
  html`<tr><th>${name}</th><td>${value ?? '–'}</td></tr>`

const field = ({ name, label, choices, hint }: Field): Markup =>
  choices
    ? html`<label>${label}<select name="${name}" required>${hint ? html`<option value="">${hint}</option>` : ''}${choices.map((word) => html`<option>${word}</option>`)}</select></label>`
    : html`<label>${label}<input name="${name}" autocomplete="off" placeholder="${hint ?? ''}"></label>`

/** One payment: what is known, what can be done, what happened. */
export function paymentPage(
  { status, purchaseId, hold, deliveredAt, audit }: PaymentRecord,
  deeds: readonly Deed[],
  history: readonly HistoryEntry[] | undefined,
  said: string | undefined,
): Markup {
  const { amount, currency, refunded, release } = status
  return page(
    'One payment · Merchant’s desk',
    html`<h1>One payment</h1>
<p><a href="/desk">All payments</a> · <a href="/thanks?ipay=${status.token}">What the buyer sees</a></p>
${said === undefined ? '' : html`<p class="card said" role="status">${said}</p>`}
<section class="card"><table>${row('Cart', purchaseId)}${row('State', status.state)}${row('Amount', `${amount} ${currency}`)}${row('Refunded', refunded)}${row('Parcel', release?.state)}${row('Reference', status.reference)}${row('Held for a person', hold)}${row('Fulfilled', deliveredAt && timeText(deliveredAt))}</table></section>
<div class="deeds">${deeds.map(
      (
        deed,
      ) => html`<form class="card" method="post" action="/desk/${status.token}"><h2>${deed.label}</h2><p>${deed.note}</p>
${deed.fields.map(field)}<button name="do" value="${deed.name}">${deed.label}</button></form>`,
    )}</div>
<section class="card"><h2>What happened</h2><table><tr><th>When (UTC)</th><th>Cause</th><th>What</th><th>Detail</th></tr>${audit.map(
      ({ at, cause, event, detail }) =>
        html`<tr><td>${timeText(new Date(at))}</td><td>${cause}</td><td>${event}</td><td class="long">${breakable(detail ?? '')}</td></tr>`,
    )}</table></section>
${
  history
    ? html`<section class="card"><h2>The gateway’s own history</h2><table>${history.map(
        ({ at, type }) => html`<tr><td>${at === null ? '–' : timeText(new Date(at))}</td><td>${type}</td></tr>`,
      )}</table></section>`
    : ''
}`,
  )
}
