/** A browser without scripts, for pages of the simulator: it follows redirects and sends forms. */
import assert from 'node:assert/strict'
import { PIN } from '../../../src/sandbox/index.ts'

export interface Page {
  readonly url: string
  /** Empty once the simulator's origin was left. */
  readonly text: string
}

/** Opens a page and follows the redirects of its own origin; stops at the first that leads elsewhere. */
export async function visit(url: string, init: RequestInit = {}): Promise<Page> {
  const reply = await fetch(url, { ...init, redirect: 'manual' })
  const location = reply.headers.get('location')
  if (location === null) return { url, text: await reply.text() }
  assert.equal(reply.status, 303)
  const next = new URL(location, url)
  return next.origin === new URL(url).origin ? visit(next.href) : { url: next.href, text: '' }
}

/** Sends the form that holds the button with this `data-action`, with its hidden fields, as a browser would. */
export async function press(from: Page, action: string, fields: Readonly<Record<string, string>> = {}): Promise<Page> {
  const form = from.text.split('<form ').find((part) => part.includes(`data-action="${action}"`))
  assert.ok(form, `no button ${action} at ${from.url}`)
  const target = new URL(/action="([^"]+)"/.exec(form)?.[1] ?? '', from.url)
  const body = new URLSearchParams()
  for (const [, name = '', value = ''] of form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g))
    body.set(name, value)
  const button = new RegExp(`<button([^>]*)data-action="${action}"`).exec(form)?.[1] ?? ''
  const name = /name="([^"]+)"/.exec(button)?.[1]
  if (name !== undefined) body.set(name, /value="([^"]*)"/.exec(button)?.[1] ?? '')
  for (const [field, value] of Object.entries(fields)) body.set(field, value)
  return visit(target.href, { method: 'POST', body })
}

/** The one-time code that the page shows. */
export const codeOn = (page: string) => /data-code="(\d{6})"/.exec(page)?.[1] ?? ''

/** Logs in and enters the code; ends on the page with the Pay button. */
export async function toConfirmation(paymentUrl: string, member: string, lang = 'en') {
  const login = await visit(`${paymentUrl}?lang=${lang}`)
  const code = await press(login, 'login', { member, pin: PIN })
  return press(code, 'verify', { code: codeOn(code.text) })
}
