import { html } from 'hono/html'
import type { Order } from '../ledger/order.ts'
import { amountText, due, type Html, layout } from '../payment-page/layout.ts'
import type { PageContext } from '../payment-page/page-context.ts'
import { TEXTS } from '../payment-page/texts.ts'
import { CHOICES, PAGE_TEXTS } from './page-texts.ts'

/** Where the buyer chooses how to pay. */
export function checkoutPage(order: Order, context: PageContext): Html {
  const { language } = context
  const [t, words] = [TEXTS[language], PAGE_TEXTS[language]]
  const choices = CHOICES.map(
    (choice, index) =>
      html`<label class="choice"><input type="radio" name="method" value="${choice.token}" required${
        index === 0 ? html` checked` : ''
      }><span>${choice[language]}</span></label>`,
  )
  return layout(
    { ...context, brand: words.brand },
    words.checkoutTitle,
    html`<section class="card">${due(order, context)}<h1>${words.checkoutTitle}</h1>
<dl><div><dt>${t.forWhat}</dt><dd data-field="description"><bdi>${order.description}</bdi></dd></div></dl>
<form method="post" action="/payments/checkout/${order.orderId}"><input type="hidden" name="lang" value="${language}">
${choices}
<button name="do" value="pay" data-action="pay">${t.pay(amountText(order, language))}</button></form>
<form method="post" action="/payments/checkout/${order.orderId}"><input type="hidden" name="lang" value="${language}">
<button class="quiet" name="do" value="cancel" data-action="cancel">${t.cancel}</button></form></section>`,
  )
}

/** Where the buyer's bank asks. */
export function challengePage(order: Order, context: PageContext): Html {
  const { language } = context
  const [t, words] = [TEXTS[language], PAGE_TEXTS[language]]
  const button = (act: 'pass' | 'fail' | 'abandon', look: string) =>
    html`<button class="${look}" name="do" value="${act}" data-action="${act}">${words[act]}</button>`
  return layout(
    { ...context, brand: words.bank },
    words.challengeTitle,
    html`<section class="card">${due(order, context)}<h1>${words.challengeTitle}</h1><p class="hint">${words.challengeHint}</p>
<dl><div><dt>${t.forWhat}</dt><dd data-field="description"><bdi>${order.description}</bdi></dd></div></dl>
<form method="post" action="/payments/challenge/${order.orderId}"><input type="hidden" name="lang" value="${language}">
${button('pass', '')}${button('fail', 'quiet')}${button('abandon', 'quiet')}</form></section>`,
  )
}
