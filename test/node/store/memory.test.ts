import { after } from 'node:test'
import { openStore } from '../../../src/server/store/open-store.ts'
import type { Store } from '../../../src/server/store/port.ts'
import { memoryStore } from '../../simulation/memory-store.ts'
import { storeSuite } from './suite.ts'

const opened: Store[] = []
after(() => Promise.all(opened.map((store) => store.close())))

storeSuite('SQLite in memory', async () => {
  const store = await openStore('file::memory:')
  opened.push(store)
  return store
})

storeSuite('the store of the simulation', async () => memoryStore())
