import { parseMoney } from '../contract/money.ts'
import type { PaymentStatus } from '../contract/schemas.ts'
import { type Environment, PAYMENT_STATES } from '../contract/states.ts'
import { LABELS } from './button-choices.ts'
import { detailsOf } from './details.ts'
import { formatAmount } from './format.ts'
import { buttonStyles } from './ipay-button.styles.ts'
import { resultStyles } from './ipay-result.styles.ts'
import { type MessageKey, type Messages, message } from './messages.ts'
import { happeningOf, move } from './payment-state.ts'
import { sharedStyles } from './shared.styles.ts'
import { storyOf } from './story.ts'
import { WORDMARK_BOX, WORDMARK_PATH } from './wordmark-path.ts'

interface Common {
  readonly orderEndpoint: string
  readonly environment?: Environment
  /** BCP 47; left out: English, and the tag gets no `lang` of its own. */
  readonly lang?: string
  readonly messages?: Messages
  /** For the `<style>` inside, where the page's policy wants one. */
  readonly nonce?: string
}

/** What the tag is rendered with; names and meaning as the element's properties. */
export interface IpayButtonProps extends Common {
  /** What is being bought. The form that works without a script can only hold an object. */
  readonly order: unknown
  readonly amount?: string
  readonly currency?: string
  readonly label?: 'pay' | 'buy' | 'order' | 'book' | 'donate' | 'checkout'
  readonly variant?: 'brand' | 'dark' | 'light' | 'outline'
  readonly returnTo?: string
  readonly disabled?: boolean
}

/** What the panel is rendered with. */
export interface IpayResultProps extends Common {
  readonly token?: string
  readonly home?: string
  /** What the server knows already; left out, or null: that it is being checked. */
  readonly payment?: PaymentStatus | null
}

/**
 * `<ipay-button>` as HTML text: drawn before any script arrives, and working without one. The form is laid, transparent,
 * over the drawing, so that a press before the script arrives counts, and nothing moves when it does.
 * @throws TypeError without an `orderEndpoint`, to which the form would have to go
 */
export function renderIpayButton(props: IpayButtonProps): string {
  if (!props.orderEndpoint) throw new TypeError('renderIpayButton: orderEndpoint is missing, such as "/ipay/orders"')
  const { orderEndpoint, order, amount, currency = 'BDT', lang = '', nonce, disabled } = props
  const label = LABELS.find((verb) => verb === props.label) ?? 'pay'
  const text = (key: MessageKey) => message(key, lang, props.messages)
  const price = amount && parseMoney(amount, currency) ? formatAmount(amount, currency, lang) : ''
  const attributes = attributesOf({
    'order-endpoint': orderEndpoint,
    order: JSON.stringify(order),
    amount,
    currency: props.currency,
    label: props.label,
    variant: props.variant,
    environment: props.environment,
    'return-to': props.returnTo,
    lang: props.lang,
    disabled: disabled ? '' : undefined,
  })
  const drawn =
    `<div part="button" aria-hidden="true"><span part="logo"><svg viewBox="${WORDMARK_BOX}">` +
    `<path d="${WORDMARK_PATH}"/></svg></span><i> </i><span class="text"><span part="label">${escaped(text(label))}</span>` +
    `${price && ` <span part="amount">${price}</span>`}</span></div><div part="message"></div>`
  const ribbon = props.environment === 'sandbox' ? `<span part="ribbon">${escaped(text('ribbon'))}</span>` : ''
  return (
    `<ipay-button${attributes}>${shadow(`${sharedStyles}${buttonStyles}${OVERLAY}`, `${drawn}${ribbon}<slot></slot>`, nonce)}` +
    `<form method="post" action="${escaped(orderEndpoint)}">${fieldsOf(order)}` +
    `<button type="submit"${disabled ? ' disabled' : ''}>iPay ${escaped(text(label))} ${price}</button></form></ipay-button>`
  )
}

/** `<ipay-result>` as HTML text: what the server knows, in plain words, until the script asks again. */
export function renderIpayResult(props: IpayResultProps): string {
  const { lang = '', home } = props
  const payment = props.payment && known(props.payment)
  const text = (key: MessageKey) => message(key, lang, props.messages)
  const state = payment ? (move('confirming', happeningOf(payment)) ?? 'confirming') : 'confirming'
  const attributes = attributesOf({
    'order-endpoint': props.orderEndpoint,
    token: props.token ?? payment?.token,
    home,
    environment: props.environment,
    lang: props.lang,
  })
  const rows = payment ? detailsOf(payment, lang, props.messages) : []
  const row = ([name, value]: [string, string]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`
  const details = rows.length ? `<dl>${rows.map(row).join('')}</dl>` : ''
  const link = home ? `<p><a href="${escaped(safeLink(home))}">${escaped(text('home'))}</a></p>` : ''
  return (
    `<ipay-result${attributes}>${shadow(`${sharedStyles}${resultStyles}`, '<section part="panel"><slot></slot></section>', props.nonce)}` +
    `<h2>${escaped(text(`h-${state}` as MessageKey))}</h2><p>${escaped(storyOf({ state, payment: payment ?? null }, lang, props.messages))}</p>` +
    `${details}${link}</ipay-result>`
  )
}

/** A state of a later version is one that nobody knows. */
const known = (payment: PaymentStatus): PaymentStatus =>
  PAYMENT_STATES.includes(payment.state) ? payment : { ...payment, state: 'unresolved' }

const OVERLAY =
  ':host{min-height:44px}[part=button]{align-content:center;text-align:center}' +
  ':host(:focus-within) [part=button]{outline:3px solid #1a73e8;outline-offset:2px;box-shadow:0 0 0 7px #fff}' +
  '::slotted(form){position:absolute;inset:0;display:grid;margin:0;opacity:0;cursor:pointer}'

const shadow = (styles: string, content: string, nonce: string | undefined) =>
  `<template shadowrootmode="open" shadowrootdelegatesfocus><style${attributesOf({ nonce })}>${styles}</style>${content}</template>`

const attributesOf = (values: Readonly<Record<string, string | undefined>>): string =>
  Object.entries(values)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${escaped(value)}"`))
    .join('')

/** The order as hidden fields: text as it is, everything else as one field of JSON text, and no field for what JSON leaves out. */
function fieldsOf(order: unknown): string {
  if (order === null || typeof order !== 'object' || Array.isArray(order)) return ''
  return Object.entries(order)
    .map(([name, value]) => ({
      name,
      value: typeof value === 'string' ? value : (JSON.stringify(value) as string | undefined),
    }))
    .map(({ name, value }) => (value === undefined ? '' : `<input type="hidden"${attributesOf({ name, value })}>`))
    .join('')
}

const safeLink = (link: string): string => (/^(https?:\/\/|\/(?!\/)|\?|#)/i.test(link) ? link : '/')

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
