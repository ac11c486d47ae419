import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LaunchOptions } from 'puppeteer-core'
import { pathOf } from './browsers.ts'

/** A browser that is read from a cold disk, beside others that start, takes longer than half a minute. */
const START_MS = 120_000

/** Nothing but this machine is reachable: a test that leaves it fails instead of bothering a stranger's server. */
const LOOPBACK_ONLY = 'MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE [::1]'

/** Chromium as users have it: page cache on, popups blocked. Only the network is narrowed. */
export function chromiumOptions(): LaunchOptions {
  return {
    browser: 'chrome',
    executablePath: pathOf('chromium'),
    headless: true,
    timeout: START_MS,
    ignoreDefaultArgs: ['--disable-popup-blocking'],
    args: [
      '--disable-quic',
      `--host-resolver-rules=${LOOPBACK_ONLY}`,
      // Containers seldom allow a sandbox or give shared memory, and no page of a stranger is ever loaded.
      '--no-sandbox',
      '--disable-dev-shm-usage',
      // A process kept ready for the next site is half of all processes here, where every buyer's pages are few.
      '--disable-features=SpareRendererForSitePerProcess',
    ],
  }
}

/** As root, Firefox starts in no home folder that belongs to somebody else, which containers often have: it gets one. */
function firefoxEnvironment(): Record<string, string | undefined> {
  if (process.getuid?.() !== 0) return process.env
  const home = mkdtempSync(join(tmpdir(), 'ipay-firefox-'))
  process.once('exit', () => {
    try {
      rmSync(home, { recursive: true, force: true })
    } catch {
      // Firefox is still writing while it ends; the system clears its temporary folder.
    }
  })
  return { ...process.env, HOME: home, XDG_RUNTIME_DIR: undefined }
}

/** Firefox as users have it: page cache on, popups blocked. Every name resolves to this machine. */
export function firefoxOptions(): LaunchOptions {
  return {
    browser: 'firefox',
    executablePath: pathOf('firefox'),
    headless: true,
    timeout: START_MS,
    env: firefoxEnvironment(),
    extraPrefsFirefox: { 'dom.disable_open_during_load': true, 'network.dns.forceResolve': '127.0.0.1' },
  }
}
