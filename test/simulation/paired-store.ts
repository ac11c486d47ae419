import { isDeepStrictEqual } from 'node:util'
import type { Rows, Store } from '../../src/server/store/port.ts'

/** Rows of a database have no prototype, and undefined members do not exist: only what they hold counts. */
const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)))

type Member = (...args: unknown[]) => Promise<unknown>

/** Does everything to both, and throws where they answer differently. What the first one says counts. */
function pairedRows<T extends object>(first: T, second: object): T {
  return new Proxy(first, {
    get(target, name) {
      const [one, other]: (Member | undefined)[] = [Reflect.get(target, name), Reflect.get(second, name)]
      if (one === undefined || other === undefined) return one
      return async (...args: unknown[]) => {
        const answer = await one(...args)
        const compared = await other(...args)
        if (!isDeepStrictEqual(plain(answer), plain(compared))) {
          const said = [answer, compared].map((value) => JSON.stringify(value))
          throw new Error(`${String(name)}(${JSON.stringify(args)}): ${said.join(' against ')}`)
        }
        return answer
      }
    },
  })
}

/** Two stores as one: whatever is done to the first is done to the second, and they must never differ. */
export function pairedStore(first: Store, second: Store): Store {
  let tail: Promise<unknown> = Promise.resolve()
  /** One after the other, so that both see everything in the same order. */
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const result = tail.then(work)
    tail = result.catch(() => {})
    return result
  }
  const rows = pairedRows(first.rows, second.rows)
  return {
    ...first,
    rows: new Proxy(rows, {
      get(target, name) {
        const member: Member | undefined = Reflect.get(target, name)
        return member && ((...args: unknown[]) => alone(() => member(...args)))
      },
    }),
    transaction: <T>(work: (rows: Rows) => Promise<T>) =>
      alone(() => first.transaction((one) => second.transaction((other) => work(pairedRows(one, other))))),
    releaseClaims: () =>
      alone(async () => {
        await first.releaseClaims()
        await second.releaseClaims()
      }),
  }
}
