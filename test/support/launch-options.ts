import type { LaunchOptions } from 'puppeteer-core'
import { pathOf } from './browsers.ts'

/** Nothing but this machine is reachable: a test that leaves it fails instead of bothering a stranger's server. */
const LOOPBACK_ONLY = 'MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE [::1]'

/** Chromium as users have it: page cache on, popups blocked. Only the network is narrowed. */
export function chromiumOptions(): LaunchOptions {
  return {
    browser: 'chrome',
    executablePath: pathOf('chromium'),
    headless: true,
    ignoreDefaultArgs: ['--disable-popup-blocking'],
    args: [
      '--disable-quic',
      `--host-resolver-rules=${LOOPBACK_ONLY}`,
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...(process.env['CI'] ? ['--disable-dev-shm-usage'] : []),
    ],
  }
}

/** Firefox as users have it: page cache on, popups blocked. Every name resolves to this machine. */
export function firefoxOptions(): LaunchOptions {
  return {
    browser: 'firefox',
    executablePath: pathOf('firefox'),
    headless: true,
    extraPrefsFirefox: { 'dom.disable_open_during_load': true, 'network.dns.forceResolve': '127.0.0.1' },
  }
}
