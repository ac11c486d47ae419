import { html } from 'hono/html'
import { parseMoney } from '../src/contract/money.ts'
import type { PaymentStatus } from '../src/contract/schemas.ts'
import type { Environment } from '../src/contract/states.ts'
import { amountText, type Language, timeText } from './language.ts'
import { homeHref, type Markup, nothing, type PageContent, pageFooter, pageHeader, payHref } from './page-shell.ts'
import { payForm } from './pay-form.ts'
import { RESULT_WORDS } from './result-words.ts'
import { SHOP_WORDS } from './shop-words.ts'

/** What the return page shows to one visit. */
export interface ThanksView {
  readonly language: Language
  readonly environment: Environment
  /** There is a merchant's desk to lead to. */
  readonly hasDesk?: boolean | undefined
  /** The token in the address; null when there is none that could be one. */
  readonly token: string | null
  /** What the payments know about it; undefined when they know no such token. */
  readonly status: PaymentStatus | undefined
  /** The order that the payment is about, for trying again. Null when it is not known. */
  readonly order: { readonly cart: string; readonly items: unknown } | null
  /** How often a page without script has asked by itself already. */
  readonly asked: number
}

/** How often, and after how many seconds, a page without script asks again by itself. */
const SELF_CHECKS = { times: 6, seconds: 10 }

/** The return page: the state as plain words inside `<ipay-result>`, which takes over when its script arrives. */
export function thanksPage(view: ThanksView): PageContent {
  const { language, environment, status } = view
  const words = RESULT_WORDS[language]
  const body = html`${pageHeader(language, (to) => addressOf(view, to))}
<main class="narrow">
  <h1>${words.heading}</h1>
  <ipay-result order-endpoint="/ipay/orders" environment="${environment}" home="${backHref(view)}">
    ${plainResult(view)}
  </ipay-result>
</main>
${pageFooter(language, view.hasDesk ? `/desk${status ? `/${status.token}` : ''}` : null)}`
  const asksAgain = status !== undefined && status.pollAfter !== null && view.asked < SELF_CHECKS.times
  const next = `${SELF_CHECKS.seconds}; url=${addressOf(view, language)}&again=${view.asked + 1}`
  return {
    language,
    title: `${words.title} · ${SHOP_WORDS[language].shop}`,
    body,
    head: asksAgain ? html`<noscript><meta http-equiv="refresh" content="${next}"></noscript>` : nothing,
  }
}

/** The way back to the shop: to the button of the same cart, unless it is paid and over, or nobody knows which it is. */
const backHref = ({ status, language }: ThanksView): string =>
  !status || status.state === 'paid' ? homeHref(language) : payHref(language)

/** This page for the same payment, in this language. */
const addressOf = ({ token }: ThanksView, language: Language): string =>
  `/thanks?lang=${language}${token === null ? '' : `&ipay=${token}`}`

function plainResult(view: ThanksView): Markup {
  const { language, status } = view
  const words = RESULT_WORDS[language]
  const outcome = words.outcomes[status?.state ?? 'unknown-token']
  const reason = status?.state === 'failed' && status.reason ? html`<p>${words.reasons[status.reason]}</p>` : nothing
  return html`<div class="plain-result" data-state="${status?.state ?? 'unknown-token'}">
      <h2>${outcome.heading}</h2>
      <p>${isAllBack(status) ? words.allBack : outcome.message}</p>
      ${reason}
      ${status ? details(status, language) : nothing}
      <div class="actions">${actions(view)}</div>
    </div>`
}

const isAllBack = (status: PaymentStatus | undefined): boolean =>
  status?.state === 'paid' && status.refunded === status.amount

function details(status: PaymentStatus, language: Language): Markup {
  const words = RESULT_WORDS[language]
  const { release } = status
  const taka = (text: string | null | undefined) => {
    const amount = parseMoney(text, status.currency)
    return amount ? amountText(amount, language) : null
  }
  const row = (name: string, value: string | null) =>
    value === null ? nothing : html`<div><dt>${name}</dt><dd><bdi>${value}</bdi></dd></div>`
  return html`<dl class="receipt">
        ${row(words.amount, taka(status.amount))}
        ${row(words.transaction, status.transactionId)}
        ${row(words.paidAt, status.paidAt === null ? null : timeText(status.paidAt, language))}
        ${row(words.reference, status.reference)}
        ${row(words.refunded, taka(status.refunded))}
        ${row(words.parcel, release ? [words.release[release.state], release.carrier].filter(Boolean).join(', ') : null)}
      </dl>`
}

function actions(view: ThanksView): Markup {
  const { language, status, order } = view
  const words = RESULT_WORDS[language]
  const home = html`<a class="action" href="${backHref(view)}">${words.home}</a>`
  const check = html`<a class="action" href="${addressOf(view, language)}">${words.check}</a>`
  if (!status || status.state === 'paid') return home
  if (status.retry === 'wait') {
    const resume = status.paymentUrl
      ? html`<a class="action main" href="${status.paymentUrl}">${words.resume}</a>`
      : nothing
    return html`${resume} ${check}`
  }
  return html`${order && status.retry === 'now' ? payForm(order, words.again) : nothing} ${home}`
}
