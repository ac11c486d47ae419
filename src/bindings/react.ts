import { createElement, type ReactNode, type Ref, useImperativeHandle, useLayoutEffect, useRef } from 'react'
import '../elements/define.ts'
import type { IpayEventMap } from '../elements/events.ts'
import type { IpayButton as ButtonElement } from '../elements/ipay-button.ts'
import type { IpayResult as ResultElement } from '../elements/ipay-result.ts'
import {
  BUTTON_PROPERTIES,
  type ButtonProperties,
  EVENTS,
  type EventName,
  handOver,
  RESULT_PROPERTIES,
  type ResultProperties,
} from './properties.ts'

type Handler<Name extends string> = Name extends `ipay-${infer Word}` ? `onIpay${Capitalize<Word>}` : never

/** `onIpayStart`, `onIpayPaid` …: one handler for each event of the elements. */
export type EventHandlers = { readonly [Name in EventName as Handler<Name>]?: (event: IpayEventMap[Name]) => void }

interface Html<Element> {
  readonly ref?: Ref<Element>
  readonly id?: string
  readonly className?: string
  readonly slot?: string
  readonly children?: ReactNode
}

/** Props of the React component: the element's properties, a handler for each event, a ref to the element. */
export type IpayButtonProps = ButtonProperties & EventHandlers & Html<ButtonElement>
export type IpayResultProps = ResultProperties & EventHandlers & Html<ResultElement>

/** `<ipay-button>` as a React component. Properties are set before the element's first drawing, and after each render. */
export const IpayButton = component<ButtonElement, IpayButtonProps>('ipay-button', BUTTON_PROPERTIES)
/** `<ipay-result>` as a React component. */
export const IpayResult = component<ResultElement, IpayResultProps>('ipay-result', RESULT_PROPERTIES)

function component<E extends HTMLElement, P extends EventHandlers & Html<E>>(tag: string, names: readonly string[]) {
  const Component = (props: P): ReactNode => {
    const { ref, id, className, slot, children } = props
    const inner = useRef<E>(null)
    const latest = useRef(props)
    useImperativeHandle(ref, () => inner.current as E, [])
    useLayoutEffect(() => {
      if (inner.current) handOver(inner.current, names, props, latest.current)
      latest.current = props
    })
    useLayoutEffect(() => {
      const listening = new AbortController()
      for (const type of EVENTS) {
        inner.current?.addEventListener(type, (event) => call(latest.current, event), listening)
      }
      return () => listening.abort()
    }, [])
    return createElement(tag, { ref: inner, id, className, slot }, children)
  }
  Component.displayName = tag
  return Component
}

/** The handler is looked up when the event comes, so that a new one at each render costs no new listener. */
function call(props: EventHandlers, event: Event): void {
  const word = event.type.slice('ipay-'.length)
  const name = `onIpay${word.charAt(0).toUpperCase()}${word.slice(1)}`
  const handler: unknown = Object.entries(props).find(([key]) => key === name)?.[1]
  if (typeof handler === 'function') handler(event)
}
