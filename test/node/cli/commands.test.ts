import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startSandbox } from '../../../src/sandbox/index.ts'
import { MAIN, runInside, runProcess } from './run.ts'

test('the entry is a script that a shell can start', () => {
  assert.equal(readFileSync(MAIN, 'utf8').split('\n')[0], '#!/usr/bin/env node')
})

test('help goes to stdout and ends with 0, for the whole and for each command', async () => {
  const whole = await runProcess('--help')
  assert.equal(whole.code, 0)
  assert.match(whole.out, /Usage: pay-with-ipay <command>/)
  const commands = [...whole.out.matchAll(/^ {2}([a-z]+) {2,}/gm)].map((match) => match[1] ?? '')
  assert.ok(commands.includes('sandbox') && commands.includes('verify'))
  for (const command of commands) {
    const one = await runInside(command, '--help')
    assert.equal(one.code, 0)
    assert.match(one.out, new RegExp(`^Usage: pay-with-ipay ${command}`))
  }
})

const WRONG: readonly string[][] = [
  [],
  ['pay'],
  ['constructor'],
  ['sandbox', '--prot', '1'],
  ['sandbox', '--port', 'x'],
  ['sandbox', '--port', '65536'],
  ['sandbox', '--port', '-1'],
  ['sandbox', '--clock-offset-ms', '1.5'],
  ['sandbox', '--public-url', 'localhost'],
  ['sandbox', 'extra'],
  ['verify'],
  ['verify', 'not a url'],
  ['verify', 'ftp://127.0.0.1/'],
  ['verify', 'http://127.0.0.1:9/', 'http://127.0.0.1:9/'],
  ['verify', 'http://127.0.0.1:9/', '--order', '{'],
  ['verify', 'http://127.0.0.1:9/', '--header', 'no colon'],
]

for (const args of WRONG) {
  test(`"${args.join(' ')}" is a usage error: exit 2, a reason and the usage on stderr`, async () => {
    const { code, out, error } = await runInside(...args)
    assert.equal(code, 2)
    assert.equal(out, '')
    assert.match(error, /Usage: pay-with-ipay/)
  })
}

test('an unknown command ends the process with 2', async () => {
  const { code, error } = await runProcess('buy')
  assert.equal(code, 2)
  assert.match(error, /^Unknown command "buy"\./)
})

test('"sandbox" prints where it answers and what to give each gateway, and ends with 0 when it is told to', async (t) => {
  const child = spawn(process.execPath, [MAIN, 'sandbox', '--port', '0', '--clock-offset-ms', '3600000'])
  t.after(() => void child.kill('SIGKILL'))
  let out = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  await once(child.stdout, 'data')
  const url = /^simulator ready at (http:\/\/127\.0\.0\.1:\d+)\n/.exec(out)?.[1]
  assert.ok(url, out)
  const body = {
    amount: 5,
    referenceId: 'r',
    description: 'd',
    successCallbackUrl: 'http://a.example/',
    failureCallbackUrl: 'http://a.example/',
    cancelCallbackUrl: 'http://a.example/',
  }
  const headers = { authorization: 'Bearer key' }
  const order = await fetch(`${url}/api/pg/order`, { method: 'POST', headers, body: JSON.stringify(body) })
  assert.equal(order.status, 200)
  const [placed] = await (await fetch(`${url}/_sandbox/orders`)).json()
  assert.ok(Date.parse(placed.created) > Date.now() + 3_590_000)
  child.kill('SIGTERM')
  assert.deepEqual(await once(child, 'exit'), [0, null])
  for (const path of ['/api/pg', '/payments/api', '/sessions/api']) assert.ok(out.includes(`  ${url}${path}\n`), out)
})

test('a busy port is one plain sentence and exit 1', async (t) => {
  const sandbox = await startSandbox({ port: 0 })
  t.after(() => sandbox.stop())
  const { code, error } = await runProcess('sandbox', '--port', String(sandbox.port))
  assert.equal(code, 1)
  assert.match(error, /^Port \d+ on 127\.0\.0\.1 is in use: choose another port[^\n]*\n$/)
})

test('"--version" prints the version of the package and ends with 0', async () => {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'))
  for (const word of ['--version', '-v']) assert.deepEqual(await runInside(word), { code: 0, out: version, error: '' })
})
