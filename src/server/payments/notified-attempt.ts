import type { GatewayEvent } from '../gateways/port.ts'
import type { AttemptRow, Rows } from '../store/port.ts'

/** What an event names its order by: our reference, or else the gateway's own name for it. */
export type Naming = Pick<GatewayEvent, 'reference' | 'notifiedAs'>

/** Whether an event is about any order at all. */
export const namesOrder = ({ reference, notifiedAs = null }: Naming): boolean =>
  reference !== null || notifiedAs !== null

/** The attempt that an event of `gateway` is about. A reference that is not ours is not made up for by another name. */
export async function notifiedAttempt(
  rows: Pick<Rows, 'attemptByReference' | 'attemptNotifiedAs'>,
  gateway: string,
  { reference, notifiedAs = null }: Naming,
): Promise<AttemptRow | undefined> {
  if (reference === null) return notifiedAs === null ? undefined : rows.attemptNotifiedAs(gateway, notifiedAs)
  const attempt = await rows.attemptByReference(reference)
  return attempt?.gateway === gateway ? attempt : undefined
}
