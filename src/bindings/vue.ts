import { type DefineSetupFnComponent, defineComponent, h, onUpdated, ref } from 'vue'
import '../elements/define.ts'
import type { IpayEventMap } from '../elements/events.ts'
import type { IpayButton as ButtonElement } from '../elements/ipay-button.ts'
import type { IpayResult as ResultElement } from '../elements/ipay-result.ts'
import {
  BUTTON_PROPERTIES,
  type ButtonProperties,
  clear,
  EVENTS,
  type EventName,
  isGiven,
  RESULT_PROPERTIES,
  type ResultProperties,
} from './properties.ts'

/** The elements' events, for `@ipay-paid` and its kin. */
export type Emits = { [Name in EventName]: (event: IpayEventMap[Name]) => void }

/** `<ipay-button>` as a Vue component. The element itself is `element` of a template ref. */
export const IpayButton = component<ButtonElement, ButtonProperties>('ipay-button', BUTTON_PROPERTIES)
/** `<ipay-result>` as a Vue component. */
export const IpayResult = component<ResultElement, ResultProperties>('ipay-result', RESULT_PROPERTIES)

function component<E extends HTMLElement, P extends object>(
  tag: string,
  names: readonly (keyof P & string)[],
): DefineSetupFnComponent<P, Emits> {
  return defineComponent<P, Emits>(
    (props, { emit, slots, expose }) => {
      const element = ref<E | null>(null)
      expose({ element })
      const tell = emit as (type: EventName, event: Event) => void
      const listeners = Object.fromEntries(
        EVENTS.map((type) => [
          `on${type.charAt(0).toUpperCase()}${type.slice(1)}`,
          (event: Event) => tell(type, event),
        ]),
      )
      /** Names of what the element was ever given. */
      const touched = new Set<string>()
      // Vue leaves empty text where a property is not given any more.
      onUpdated(() => {
        for (const name of touched) if (element.value && !isGiven(props, name)) clear(element.value, name)
      })
      return () => {
        // What was not given keeps the element's own default.
        const given = names.filter((name) => isGiven(props, name))
        for (const name of given) touched.add(name)
        const properties = Object.fromEntries(given.map((name) => [`.${name}`, props[name as keyof typeof props]]))
        return h(tag, { ref: element, ...properties, ...listeners } as Record<string, unknown>, slots['default']?.())
      }
    },
    { name: tag, props: names as never, emits: [...EVENTS] as never },
  )
}
