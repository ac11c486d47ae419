import { html } from 'hono/html'
import { moneyText } from '../../contract/money.ts'
import type { Order } from '../ledger/order.ts'
import type { PageContext } from './page-context.ts'
import { digitsText, type Language, numberText, TEXTS, takaText } from './texts.ts'

/** Markup whose parts were escaped. */
export type Html = ReturnType<typeof html>

/** An order's amount for people: taka with their sign and lakh grouping, other currencies with their code. */
export const amountText = (order: Order, language: Language) =>
  order.amount.currency === 'BDT'
    ? takaText(Number(moneyText(order.amount)), language)
    : `${digitsText(moneyText(order.amount), language)} ${order.amount.currency}`

/** A whole document of the simulator; every page says that it is one. */
export const shell = (language: Language, title: string, header: Html, content: Html): Html => html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<link rel="stylesheet" href="/pay/style.css">
<link rel="icon" href="data:,">
</head>
<body>
<div class="ribbon" role="note">${TEXTS[language].simulator}</div>
<div class="wallet">
<header>${header}</header>
<main>${content}</main>
<footer>${TEXTS[language].simulator}</footer>
</div>
</body>
</html>`

/** A whole payment page. */
export function layout(
  { language, switchHref, brand = TEXTS[language].wallet }: PageContext,
  title: string,
  body: Html,
): Html {
  const t = TEXTS[language]
  const other = language === 'en' ? 'bn' : 'en'
  const header = html`<span class="mark">${brand}</span><a data-action="language" lang="${other}" hreflang="${other}" href="${switchHref}">${t.otherLanguage}</a>`
  return shell(language, `${title} · ${brand}`, header, body)
}

/** The amount and the time left, as every page of an open order begins. */
export function due(order: Order, { language, now }: PageContext): Html {
  const t = TEXTS[language]
  const minutes = Math.max(0, Math.ceil((order.expiresAt - now) / 60_000))
  const size = minutes < 120 ? 1 : minutes < 2880 ? 60 : 1440
  const unit = size < 60 ? 'minute' : size > 60 ? 'day' : 'hour'
  return html`<div class="due"><p>${t.payTo}</p><p class="amount" data-field="amount">${amountText(order, language)}</p>
<p data-field="time-left">${t.timeLeft(numberText(Math.floor(minutes / size), language), unit)}</p></div>`
}
