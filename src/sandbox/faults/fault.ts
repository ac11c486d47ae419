/** Which exchange a fault strikes. */
export const FAULT_PLACES = ['create', 'status', 'return', 'notify'] as const
export type FaultPlace = (typeof FAULT_PLACES)[number]

/** What goes wrong. */
export const FAULT_KINDS = [
  'delay',
  'hang',
  'drop-reply',
  'status',
  'html',
  'cut',
  'garbage',
  'redirect',
  'lag',
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

/**
 * One line of the fault script.
 *
 * | `do` | what the client sees | is the work done? |
 * |---|---|---|
 * | `delay` | the honest answer, `ms` later (default 1000) | yes, at once |
 * | `hang` | nothing, until it leaves | yes, at once |
 * | `drop-reply` | the connection closes without an answer | yes |
 * | `status` | the HTTP status `value` (default 500) with `{"message"}` | no |
 * | `html` | 200 `text/html` (`value` replaces the page) | no |
 * | `cut` | the head and `at` bytes of the body (default 1), then the connection closes | yes |
 * | `garbage` | 200 `application/json` whose body is `value` (default: not JSON) | yes |
 * | `redirect` | 302 to `value` (default `/elsewhere` on this origin) | no |
 * | `lag` | a status as it was `ms` ago (default 1000); elsewhere, where there are no news, the same as `delay` | yes |
 *
 * `work` overrules the last column. Faults of one place are used in the order of the list; one with `times` is used up
 * after so many strikes, one without strikes until the list is replaced.
 */
export interface Fault {
  readonly on: FaultPlace
  readonly do: FaultKind
  readonly ms?: number
  readonly value?: string | number
  readonly at?: number
  readonly times?: number
  readonly work?: boolean
}

const MEMBERS: Readonly<Record<string, (value: unknown) => boolean>> = {
  on: (value) => FAULT_PLACES.some((place) => place === value),
  do: (value) => FAULT_KINDS.some((kind) => kind === value),
  ms: isCount,
  at: isCount,
  times: isCount,
  value: (value) => typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value)),
  work: (value) => typeof value === 'boolean',
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

/**
 * Reads a fault script from parsed JSON.
 * @throws TypeError that says which line is wrong, and how.
 */
export function parseFaults(value: unknown): Fault[] {
  if (!Array.isArray(value)) throw new TypeError('send a list of faults, such as [{"on":"create","do":"hang"}]')
  return value.map(parseFault)
}

function parseFault(line: unknown, index: number): Fault {
  const where = `fault ${index + 1}`
  if (typeof line !== 'object' || line === null) throw new TypeError(`${where} is not an object`)
  for (const [name, member] of Object.entries(line)) {
    const fits = Object.hasOwn(MEMBERS, name) ? MEMBERS[name] : undefined
    if (!fits) throw new TypeError(`${where} has an unknown member "${name}"`)
    if (!fits(member)) throw new TypeError(`${where}: "${name}" cannot be ${JSON.stringify(member)}`)
  }
  const fault = line as Fault
  if (!('on' in fault) || !('do' in fault)) throw new TypeError(`${where} needs "on" and "do"`)
  const { value } = fault
  if (fault.do === 'status' && value !== undefined && !(Number(value) >= 200 && Number(value) <= 599)) {
    throw new TypeError(`${where}: "value" has to be an HTTP status from 200 to 599`)
  }
  return fault.do === 'lag' && fault.on !== 'status' ? { ...fault, do: 'delay' } : fault
}
