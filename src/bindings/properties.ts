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

export const BUTTON_PROPERTIES = [
  'orderEndpoint',
  'environment',
  'headers',
  'credentials',
  'createOrder',
  'readStatus',
  'messages',
  'lang',
  'order',
  'amount',
  'currency',
  'label',
  'variant',
  'returnTo',
  'disabled',
] as const satisfies readonly (keyof ButtonProperties)[]

export const RESULT_PROPERTIES = [
  'orderEndpoint',
  'environment',
  'headers',
  'credentials',
  'createOrder',
  'readStatus',
  'messages',
  'lang',
  'token',
  'home',
] as const satisfies readonly (keyof ResultProperties)[]
