import type { IpayEventMap } from '../elements/events.ts'
import type { IpayButton } from '../elements/ipay-button.ts'
import type { IpayResult } from '../elements/ipay-result.ts'

type Shared =
  | 'orderEndpoint'
  | 'environment'
  | 'headers'
  | 'credentials'
  | 'createOrder'
  | 'readStatus'
  | 'messages'
  | 'lang'

type Given<Element, Names extends keyof Element> = { readonly [Name in Names]?: Exclude<Element[Name], undefined> }

/** What `<ipay-button>` can be given; names and meaning as the element's properties. */
export type ButtonProperties = Given<
  IpayButton,
  Shared | 'order' | 'amount' | 'currency' | 'label' | 'variant' | 'returnTo' | 'disabled'
>

/** What `<ipay-result>` can be given. */
export type ResultProperties = Given<IpayResult, Shared | 'token' | 'home'>

/** The elements' events. */
export const EVENTS = [
  'ipay-start',
  'ipay-redirect',
  'ipay-state',
  'ipay-paid',
  'ipay-cancelled',
  'ipay-failed',
  'ipay-expired',
  'ipay-unresolved',
  'ipay-error',
] as const satisfies readonly (keyof IpayEventMap)[]

export type EventName = (typeof EVENTS)[number]

/** What both elements take. */
const SHARED = [
  'orderEndpoint',
  'environment',
  'headers',
  'credentials',
  'createOrder',
  'readStatus',
  'messages',
  'lang',
] as const satisfies readonly (keyof ButtonProperties & keyof ResultProperties)[]

export const BUTTON_PROPERTIES = [
  ...SHARED,
  'order',
  'amount',
  'currency',
  'label',
  'variant',
  'returnTo',
  'disabled',
] as const satisfies readonly (keyof ButtonProperties)[]

export const RESULT_PROPERTIES = [...SHARED, 'token', 'home'] as const satisfies readonly (keyof ResultProperties)[]

/** Hands an element what a component is given now. What it was given before and is not any more goes back to its default. */
export function handOver(element: HTMLElement, names: readonly string[], now: object, before: object): void {
  for (const name of names) {
    if (isGiven(now, name)) Reflect.set(element, name, Reflect.get(now, name))
    else if (isGiven(before, name)) clear(element, name)
  }
}

/** Null is an order; for everything else it means what leaving it out means. */
export function isGiven(props: object, name: string): boolean {
  const value: unknown = Object.hasOwn(props, name) ? Reflect.get(props, name) : undefined
  return value !== undefined && (value !== null || name === 'order')
}

/** Sets a property to its default. */
export function clear(element: HTMLElement, name: string): void {
  // The browser's own property would become the text "undefined".
  if (name === 'lang') element.removeAttribute(name)
  else Reflect.set(element, name, undefined)
}
