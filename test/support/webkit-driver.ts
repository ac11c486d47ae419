import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathOf } from './browsers.ts'
import { freePort } from './free-port.ts'
import { until } from './until.ts'

/** In milliseconds. A page that is replaced while the driver asks it something may leave the question without an answer. */
const ANSWER_MS = 15_000
const START_MS = 120_000

/** One WebKitGTK browser, spoken to in plain W3C WebDriver over HTTP. */
export interface WebKitDriver {
  /** Sends one command of the session, such as `('POST', '/url', { url })`, and returns its `value`. Rejects with a `TimeoutError` after 15 s. */
  command(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown>
  stop(): Promise<void>
}

/** A virtual screen of its own: WebKitGTK draws nothing without one. Xvfb picks a free display number and tells it. */
async function startScreen(): Promise<{ display: string; screen: ChildProcess }> {
  const screen = spawn(pathOf('xvfb'), ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const pipe = screen.stdio[3]
  if (!pipe || !('read' in pipe)) throw new Error('Xvfb has no pipe for its display number')
  for await (const line of createInterface({ input: pipe })) return { display: `:${line}`, screen }
  throw new Error('Xvfb ended without a display number')
}

let folder: string | undefined

/**
 * GTK's settings, one folder for all of this process's browsers: scroll bars that stay. Those that fade in and out keep an
 * emulated graphics card, which is all that most test machines have, busy for seconds after each page.
 */
function configFolder(): string {
  if (folder) return folder
  const made = mkdtempSync(join(tmpdir(), 'ipay-gtk-'))
  mkdirSync(join(made, 'gtk-3.0'))
  writeFileSync(join(made, 'gtk-3.0/settings.ini'), '[Settings]\ngtk-overlay-scrolling=false\n')
  process.once('exit', () => rmSync(made, { recursive: true, force: true }))
  folder = made
  return made
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill()
  await gone
}

/** Starts Xvfb, WebKitWebDriver and one MiniBrowser. `settings` are MiniBrowser's own flags, without the dashes. */
export async function startWebKit(settings: readonly string[] = []): Promise<WebKitDriver> {
  const { display, screen } = await startScreen()
  const port = await freePort()
  const driver = spawn(pathOf('webKitDriver'), ['--host=127.0.0.1', `--port=${port}`], {
    stdio: 'ignore',
    env: {
      ...process.env,
      DISPLAY: display,
      GDK_BACKEND: 'x11',
      XDG_CONFIG_HOME: configFolder(),
      // WebKit's sandbox needs user namespaces, which a container seldom allows.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
      // Composing layers on an emulated graphics card doubles what a page costs. (Without it the driver takes no pictures.)
      WEBKIT_DISABLE_COMPOSITING_MODE: '1',
    },
  })

  async function send(method: string, path: string, body?: unknown, withinMs = ANSWER_MS): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      signal: AbortSignal.timeout(withinMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
    })
    const { value } = (await response.json()) as { value: unknown }
    if (response.ok) return value
    const { error, message } = value as { error: string; message: string }
    throw new Error(`WebKit: ${method} ${path}: ${error}: ${message}`)
  }

  async function stopAll(): Promise<void> {
    await end(driver)
    await end(screen)
  }

  try {
    await until('WebKitWebDriver to listen', () => send('GET', '/status'))
    const options = { binary: pathOf('miniBrowser'), args: ['--automation', ...settings.map((flag) => `--${flag}`)] }
    // Waiting for a page is the caller's: after Back out of the page cache the driver itself would wait for ever.
    const capabilities = { alwaysMatch: { pageLoadStrategy: 'none', 'webkitgtk:browserOptions': options } }
    const session = (await send('POST', '/session', { capabilities }, START_MS)) as { sessionId: string }
    const base = `/session/${session.sessionId}`
    return {
      command: (method, path, body) => send(method, base + path, body ?? (method === 'POST' ? {} : undefined)),
      async stop() {
        await send('DELETE', base).catch(() => undefined)
        await stopAll()
      },
    }
  } catch (error) {
    await stopAll()
    throw error
  }
}
