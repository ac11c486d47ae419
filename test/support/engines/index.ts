import { ENGINES, type EngineName, presentEngines } from '../browsers.ts'
import { startPuppeteerEngine } from './puppeteer-engine.ts'
import type { Engine } from './tab.ts'
import { startWebKitEngine } from './webkit-engine.ts'

export type { EngineName } from '../browsers.ts'
export type { Engine, Tab, Visitor, VisitorOptions } from './tab.ts'

/** Starts one engine. Throws a sentence with the Debian package when it is missing. */
export function startEngine(name: EngineName): Promise<Engine> {
  return name === 'webkit' ? startWebKitEngine() : startPuppeteerEngine(name)
}

/** The engines to test in: those that `ENGINES` names, such as `chromium,webkit`, else all that are installed. */
export function chosenEngines(): EngineName[] {
  const named = process.env['ENGINES']
  if (!named) return presentEngines()
  return named.split(',').map((name) => {
    const engine = ENGINES.find((known) => known === name)
    if (!engine) throw new Error(`ENGINES names ${name}, which is none of ${ENGINES.join(', ')}`)
    return engine
  })
}
