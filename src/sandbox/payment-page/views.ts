import { html } from 'hono/html'
import type { Order, OrderState } from '../ledger/order.ts'
import { amountText, due, type Html, layout } from './layout.ts'
import { MEMBERS, PIN } from './members.ts'
import type { PageContext } from './page-context.ts'
import { digitsText, type Language, type Mistake, numberText, TEXTS } from './texts.ts'
import type { Visit } from './visits.ts'

/** As long as a number with its country's prefix, spaces and dashes may be. */
export const MEMBER_LENGTH = 20

const cancelForm = (order: Order, language: Language): Html => html`
<form method="post" action="/pay/${order.orderId}/cancel"><input type="hidden" name="lang" value="${language}">
<button class="quiet" data-action="cancel">${TEXTS[language].cancel}</button></form>`

const mistakeText = (mistake: Mistake | undefined, triesLeft: number, language: Language): Html | '' =>
  mistake
    ? html`<p class="wrong" role="alert">${TEXTS[language].mistakes[mistake](numberText(triesLeft, language))}</p>`
    : ''

/** Step 1: member number and PIN, with the list of test members. `member`: the number typed last time, as it was typed. */
export function loginPage(
  order: Order,
  context: PageContext,
  mistake: Mistake | undefined,
  triesLeft: number,
  member = '',
): Html {
  const { language } = context
  const t = TEXTS[language]
  return layout(
    context,
    t.loginTitle,
    html`<section class="card">${due(order, context)}<h1>${t.loginTitle}</h1>
${mistakeText(mistake, triesLeft, language)}
<form method="post" action="/pay/${order.orderId}/login"><input type="hidden" name="lang" value="${language}">
<label for="member">${t.member}</label>
<input id="member" name="member" type="tel" autocomplete="off" required maxlength="${MEMBER_LENGTH}" value="${member}">
<label for="pin">${t.pin}</label>
<input id="pin" name="pin" type="password" inputmode="numeric" autocomplete="off" required maxlength="12">
<button data-action="login">${t.login}</button></form>${cancelForm(order, language)}</section>
<section class="card people"><h2>${t.members}</h2>${t.everyPin(digitsText(PIN, language))}
<ul>${MEMBERS.map(
      ({ number, outcome }) =>
        html`<li data-member="${number}"><b>${digitsText(number, language)}</b> ${t.outcomes[outcome]}</li>`,
    )}</ul></section>`,
  )
}

/** Step 2: the one-time code, which the simulator shows on the page itself. */
export function codePage(
  order: Order,
  context: PageContext,
  visit: Visit,
  mistake: Mistake | undefined,
  triesLeft: number,
): Html {
  const { language } = context
  const t = TEXTS[language]
  return layout(
    context,
    t.codeTitle,
    html`<section class="card">${due(order, context)}<h1>${t.codeTitle}</h1>
${mistakeText(mistake, triesLeft, language)}
<p class="hint" data-code="${visit.code}">${t.codeHint(digitsText(visit.code, language))}</p>
<form method="post" action="/pay/${order.orderId}/verify"><input type="hidden" name="lang" value="${language}">
<input type="hidden" name="visit" value="${visit.id}">
<label for="code">${t.code}</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required maxlength="12">
<button data-action="verify">${t.verify}</button></form>${cancelForm(order, language)}</section>`,
  )
}

/** Step 3: what is paid, by whom, and the two buttons. */
export function confirmPage(order: Order, context: PageContext, visit: Visit): Html {
  const { language } = context
  const t = TEXTS[language]
  return layout(
    context,
    t.confirmTitle,
    html`<section class="card">${due(order, context)}<h1>${t.confirmTitle}</h1>
<dl><div><dt>${t.forWhat}</dt><dd data-field="description"><bdi>${order.description}</bdi></dd></div>
<div><dt>${t.payingAs}</dt><dd>${digitsText(visit.member.number, language)}</dd></div>
<div><dt>${t.order}</dt><dd>${order.orderId}</dd></div></dl>
<form method="post" action="/pay/${order.orderId}/pay"><input type="hidden" name="lang" value="${language}">
<input type="hidden" name="visit" value="${visit.id}">
<button data-action="pay">${t.pay(amountText(order, language))}</button></form>${cancelForm(order, language)}</section>`,
  )
}

/** An order that cannot be paid any more, and the way back; an empty address for none. */
export function finishedPage(order: Order, context: PageContext, state: OrderState, backHref: string): Html {
  const t = TEXTS[context.language]
  const final = state === 'created' || state === 'authorized' ? 'processing' : state
  return layout(
    context,
    t.finished[final],
    html`<section class="card"><h1 data-state="${state}">${t.finished[final]}</h1>
<dl><div><dt>${t.order}</dt><dd>${order.orderId}</dd></div></dl>
${backHref === '' ? '' : html`<a class="button" data-action="back" href="${backHref}">${t.back}</a>`}</section>`,
  )
}

/** An address without an order. */
export function unknownPage(context: PageContext): Html {
  const t = TEXTS[context.language]
  return layout(
    context,
    t.notFound,
    html`<section class="card"><h1>${t.notFound}</h1><p>${t.notFoundHint}</p></section>`,
  )
}
