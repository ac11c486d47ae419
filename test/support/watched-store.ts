import { guardedRows } from '../../src/server/store/guarded-rows.ts'
import type { Store } from '../../src/server/store/port.ts'

/** Questions to a database that were not answered yet; shared by all who wait for the same clock. */
export interface Busy {
  count: number
}

/** The same store, counting what is under way, so that a test moves its clock only while the database is idle. */
export function watchedStore(store: Store, busy: Busy): Store {
  async function counted<T>(work: () => Promise<T>): Promise<T> {
    busy.count += 1
    try {
      return await work()
    } finally {
      busy.count -= 1
    }
  }
  return {
    ...store,
    rows: guardedRows(store.rows, counted),
    transaction: (work) => counted(() => store.transaction(work)),
  }
}
