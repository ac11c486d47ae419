import './node-guard.mjs'
import { spawn } from 'node:child_process'
import { PROGRAMS, ROOT, start } from './run.mjs'

/**
 * `npm run dev`: the shop with its simulator, started anew at every change of the server's files, and Vite in front of
 * it, which serves the pages from their sources and hands `/ipay` on to the shop.
 */
const shopPort = process.env['PORT'] ?? '3000'
const pagePort = process.env['DEV_PORT'] ?? '5173'

const shop = spawn(process.execPath, ['--watch', 'server-example/main.ts'], {
  cwd: ROOT,
  stdio: 'inherit',
  // The buyer's browser is at Vite's address, so that is where the gateway has to send it back to.
  env: { PUBLIC_URL: `http://localhost:${pagePort}`, ...process.env, PORT: shopPort },
})
const pages = start(PROGRAMS.vite, ['--port', pagePort, '--strictPort'], {
  SHOP_URL: `http://127.0.0.1:${shopPort}`,
})

/** One without the other is of no use. */
function stop(): void {
  shop.kill()
  pages.kill()
}
for (const child of [shop, pages]) child.once('exit', stop)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
