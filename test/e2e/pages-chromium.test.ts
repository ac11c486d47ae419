import { describe } from 'node:test'
import { chosenEngines } from '../support/engines/index.ts'
import { conditionRules } from './pages-chromium-conditions.ts'
import { drawnRules } from './pages-chromium-drawn.ts'
import { spokenRules } from './pages-chromium-spoken.ts'
import { startChromiumOnce } from './pages-chromium-tabs.ts'

/** What only Chromium's own protocol can show: counters, emulation, throttling, its accessibility tree. */
describe('pages in Chromium', { skip: chosenEngines().includes('chromium') ? false : 'not chosen' }, () => {
  startChromiumOnce()
  conditionRules()
  spokenRules()
  drawnRules()
})
