import '../src/elements/define.ts'
import type { OpenReply, PaymentStatus } from '../src/contract/schemas.ts'
import type { Label, Variant } from '../src/elements/button-choices.ts'
import type { IpayButton } from '../src/elements/ipay-button.ts'
import type { IpayResult } from '../src/elements/ipay-result.ts'
import type { ElementState } from '../src/elements/payment-state.ts'

/**
 * Every state of both elements, in every look and language, without a shop: functions in place of the requests answer
 * what leads to the state. `?lang=bn`, `?theme=dark` and `?dir=rtl` set the page, `?width=160` the columns in pixels, and
 * `?only=dark` (a variant, or `panel`) narrows it down for a picture.
 */
const asked = new URLSearchParams(location.search)
const root = document.documentElement
root.lang = asked.get('lang') ?? 'en'
root.dir = asked.get('dir') ?? 'ltr'
root.dataset['theme'] = asked.get('theme') ?? 'light'
const width = asked.get('width')
if (width) {
  root.dataset['narrow'] = ''
  root.style.setProperty('--column', `${Number(width)}px`)
}
localStorage.removeItem('pay-with-ipay')

const REPLY: OpenReply = {
  version: 1,
  token: 'gallery_token_0000000000',
  state: 'created',
  amount: '125000.00',
  currency: 'BDT',
  reference: '6BR62GXZPJQ939X8JC4BW201NN',
  paymentUrl: 'https://demo.ipay.com.bd/pay/1',
  expiresAt: '2026-11-21T10:12:00Z',
  serverTime: '2026-11-21T10:00:00Z',
  environment: 'sandbox',
}

const status = (changed: Partial<PaymentStatus>): PaymentStatus => ({
  ...REPLY,
  paymentUrl: null,
  expiresAt: null,
  transactionId: null,
  paidAt: null,
  reason: null,
  retry: 'wait',
  pollAfter: 60,
  ...changed,
})

const paid = status({ state: 'paid', transactionId: '23I2-12345678', paidAt: '2026-11-21T10:03:11Z', retry: 'no' })

/** What the shop would say, by the state that it leads to. */
const STATUSES: Partial<Record<ElementState, PaymentStatus>> = {
  unfinished: status({ paymentUrl: REPLY.paymentUrl, expiresAt: REPLY.expiresAt }),
  confirming: status({ state: 'processing' }),
  paid,
  cancelled: status({ state: 'cancelled', retry: 'now' }),
  failed: status({ state: 'failed', reason: 'insufficient-balance', retry: 'now' }),
  expired: status({ state: 'expired', retry: 'now' }),
  unresolved: status({ state: 'unresolved' }),
}

const problem = (code: string, more: object = {}) => ({
  type: `urn:pay-with-ipay:problem:${code}`,
  title: code,
  status: 409,
  code,
  instance: 'urn:incident:1',
  ...more,
})

const BUTTON_STATES: readonly ElementState[] = [
  'idle',
  'starting',
  'unfinished',
  'confirming',
  'paid',
  'cancelled',
  'failed',
  'expired',
  'unresolved',
  'price-changed',
  'error',
]
const VARIANTS: readonly Variant[] = ['brand', 'dark', 'light', 'outline']
const LABELS: readonly Label[] = ['pay', 'buy', 'order', 'book', 'donate', 'checkout']

let made = 0

function button(state: ElementState, variant: Variant, environment: 'production' | 'sandbox' = 'sandbox'): IpayButton {
  const element = document.createElement('ipay-button')
  const answer = async (): Promise<OpenReply> => {
    if (state === 'starting') return new Promise(() => {})
    if (state === 'error') throw problem('unavailable')
    if (state === 'price-changed') throw problem(state, { amount: '126500.00', currency: 'BDT' })
    if (state === 'unfinished') return REPLY
    throw problem('already-paid', { token: REPLY.token })
  }
  element.addEventListener('ipay-redirect', (event) => event.preventDefault())
  Object.assign(element, {
    order: { gallery: made++ },
    amount: '125000.00',
    variant,
    environment,
    createOrder: answer,
    readStatus: async () => STATUSES[state],
  })
  if (state !== 'idle') void element.updateComplete.then(() => element.start())
  return element
}

function panel(state: ElementState): IpayResult {
  const element = document.createElement('ipay-result')
  const readStatus = async () => {
    if (state === 'error') throw problem('not-found', { status: 404 })
    return STATUSES[state]
  }
  Object.assign(element, { token: REPLY.token, home: '/', environment: 'sandbox', readStatus })
  return element
}

function figure(caption: string, ...elements: HTMLElement[]): HTMLElement {
  const made = document.createElement('figure')
  const title = document.createElement('figcaption')
  title.textContent = caption
  made.append(title, ...elements)
  return made
}

function section(title: string, figures: HTMLElement[]): void {
  const heading = document.createElement('h2')
  heading.textContent = title
  const row = document.createElement('div')
  row.className = 'row'
  row.append(...figures)
  document.querySelector('main')?.append(heading, row)
}

const only = asked.get('only')
for (const variant of VARIANTS.filter((variant) => (only ?? variant) === variant)) {
  section(
    variant,
    BUTTON_STATES.map((state) => figure(state, button(state, variant, state === 'idle' ? 'production' : 'sandbox'))),
  )
}
if (only === null || only === 'panel') {
  section(
    'labels',
    LABELS.map((label) => figure(label, Object.assign(button('idle', 'brand', 'production'), { label }))),
  )
  const narrow = button('unfinished', 'brand')
  narrow.className = 'narrow'
  const disabled = Object.assign(button('idle', 'brand', 'production'), { disabled: true })
  const plain = Object.assign(button('idle', 'brand', 'production'), { amount: undefined })
  section('other', [figure('160 px', narrow), figure('disabled', disabled), figure('no amount', plain)])
  section(
    'ipay-result',
    (['unfinished', 'confirming', 'paid', 'cancelled', 'failed', 'expired', 'unresolved', 'error'] as const).map(
      (state) => figure(state, panel(state)),
    ),
  )
}
