import type { IpayButton } from '../../src/elements/ipay-button.ts'
import { button, press } from './parts.ts'
import { inState, stay } from './shop.ts'

/** A button that was pressed and got its payment page, and whose test page stayed: `unfinished`. `urls` where it wanted to go. */
export async function begun(
  properties: Parameters<typeof button>[0],
): Promise<{ element: IpayButton; urls: string[] }> {
  const element = await button(properties)
  const urls = stay(element)
  press(element)
  await inState(element, 'unfinished')
  return { element, urls }
}

/** What a page meets that comes back out of the browser's page cache. */
export const comeFromPageCache = (): boolean => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
