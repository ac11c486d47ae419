import type { OpenReply, PaymentStatus } from '../../src/contract/schemas.ts'
import type { ElementState } from '../../src/elements/payment-state.ts'
import { realNow, turn } from './clock.ts'

/** One answer of the scripted shop; see `test/support/shop-middleware.mjs`. */
export interface Answer {
  readonly on?: 'post' | 'get'
  readonly status?: number
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly text?: string
  readonly base64?: string
  readonly delayMs?: number
  /** Waits for `release()`. */
  readonly held?: boolean
  readonly hang?: boolean
  readonly cut?: number
}

/** What the shop was asked. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A shop of one test: its endpoint, what it answers, and what it was asked. */
export interface TestShop {
  readonly endpoint: string
  answers(...script: Answer[]): Promise<void>
  /** Lets the answers go that are held. */
  release(): Promise<void>
  asked(): Promise<Asked[]>
  /** Opens a page of its own, in a frame, with headers such as a policy. */
  page(html: string, headers?: Readonly<Record<string, string>>): Promise<HTMLIFrameElement>
}

let made = 0

/**
 * Files run at the same time, in tabs of one browser: each has a storage of its own inside the real one, and is in view
 * unless its test says otherwise.
 */
export const ownStorage = `${Math.random().toString(36).slice(2)}:`
const { localStorage: real } = window
const storage = {
  getItem: (name: string) => real.getItem(ownStorage + name),
  setItem: (name: string, value: string) => real.setItem(ownStorage + name, value),
  removeItem: (name: string) => real.removeItem(ownStorage + name),
  clear: () => real.removeItem(`${ownStorage}pay-with-ipay`),
}
Object.defineProperty(window, 'localStorage', { value: storage, configurable: true })
export const view = { hidden: false }
Object.defineProperty(document, 'hidden', { get: () => view.hidden, configurable: true })

/** Makes a shop that no other test knows. */
export function testShop(): TestShop {
  const name = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}-${made++}`
  return {
    endpoint: `/shop/${name}/orders`,
    async answers(...script) {
      await fetch(`/shop/${name}/script`, { method: 'PUT', body: JSON.stringify(script) })
    },
    async release() {
      await fetch(`/shop/${name}/release`, { method: 'PUT' })
    },
    asked: async () => (await fetch(`/shop/${name}/journal`)).json(),
    async page(html, headers = {}) {
      await fetch(`/shop/${name}/page`, { method: 'PUT', body: JSON.stringify({ html, headers }) })
      const frame = document.createElement('iframe')
      frame.src = `/shop/${name}/page`
      document.body.append(frame)
      await new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
      return frame
    },
  }
}

export const TOKEN = 'tok_0123456789abcdefghijk'
export const PAY_URL = 'https://app.ipay.com.bd/pay/IPAY-1'

/** A fresh attempt as the shop answers it. */
export const openReply = (changed: Partial<OpenReply> = {}): OpenReply => ({
  version: 1,
  token: TOKEN,
  state: 'created',
  amount: '1250.00',
  currency: 'BDT',
  reference: 'R-1001',
  paymentUrl: PAY_URL,
  expiresAt: '2026-11-21T10:15:00Z',
  serverTime: '2026-11-21T10:00:00Z',
  environment: 'production',
  ...changed,
})

/** A status as the shop answers it. */
export const statusReply = (changed: Partial<PaymentStatus> = {}): PaymentStatus => ({
  ...openReply(),
  state: 'created',
  transactionId: null,
  paidAt: null,
  reason: null,
  retry: 'wait',
  pollAfter: null,
  ...changed,
})

/** A problem as the shop answers it. */
export const problem = (code: string, status: number, more: object = {}): Answer => ({
  status,
  body: { type: `urn:pay-with-ipay:problem:${code}`, title: 'A title', status, code, instance: 'urn:x:1', ...more },
})

/** Waits for a condition in real time, also while a test holds the page's own; gives up before the test framework does. */
export async function waitFor(what: string, condition: () => unknown): Promise<void> {
  const end = realNow() + 50_000
  while (!condition()) {
    if (realNow() > end) throw new Error(`waited in vain: ${what}`)
    await turn(5)
  }
}

/** Waits until the element is in a state. */
export const inState = (element: { readonly state: ElementState }, state: ElementState): Promise<void> =>
  waitFor(`the state becomes ${state}`, () => element.state === state).catch((error) => {
    throw new Error(`the state is ${element.state}`, { cause: error })
  })

/** Keeps the test page where it is: the address that the element wanted to leave for. */
export const stay = (element: HTMLElement): string[] => {
  const urls: string[] = []
  element.addEventListener('ipay-redirect', (event) => {
    event.preventDefault()
    urls.push((event as Event & { url: string }).url)
  })
  return urls
}

/** Lets everything that is already due run. */
export const settle = (): Promise<void> => turn()

/** What a shop was asked by one method, oldest first. */
export const asked = async (shop: TestShop, method: 'GET' | 'POST'): Promise<Asked[]> =>
  (await shop.asked()).filter((request) => request.method === method)
