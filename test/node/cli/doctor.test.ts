import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { machineClock, startSandbox } from '../../../src/sandbox/index.ts'
import { runInside, runProcess } from './run.ts'

const NAMES = [
  'IPAY_GATEWAY',
  'IPAY_ENVIRONMENT',
  'IPAY_BASE_URL',
  'IPAY_API_KEY',
  'IPAY_API_SECRET',
  'IPAY_WEBHOOK_SECRET',
  'PUBLIC_URL',
  'DATABASE_URL',
]

/** Runs the doctor with these settings in a file; those of the environment are set aside. */
async function doctor(t: TestContext, settings: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'doctor-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  for (const name of NAMES) delete process.env[name]
  const all = { DATABASE_URL: `file:${folder}/data/shop.db`, ...settings }
  const file = join(folder, 'env')
  writeFileSync(
    file,
    Object.entries(all)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  )
  const ended = await runInside('doctor', '--settings', file)
  assert.equal(ended.error, '')
  return ended
}

async function sandbox(t: TestContext) {
  const running = await startSandbox({ port: 0 })
  t.after(() => running.stop())
  return running
}

const OF_GATEWAY = {
  ipay: { path: '/api/pg', secrets: { IPAY_API_KEY: 'canary-key-1' } },
  'ipay-payments': {
    path: '/payments/api',
    secrets: { IPAY_API_KEY: 'canary-key-1', IPAY_API_SECRET: 'canary-secret', IPAY_WEBHOOK_SECRET: 'canary-hook' },
  },
  'ipay-sessions': {
    path: '/sessions/api',
    secrets: { IPAY_API_KEY: 'canary-key-1', IPAY_WEBHOOK_SECRET: 'canary-hook' },
  },
} as const

for (const [gateway, { path, secrets }] of Object.entries(OF_GATEWAY)) {
  test(`a shop whose settings fit ${gateway} is well, and no secret is printed`, async (t) => {
    const { url } = await sandbox(t)
    const { code, out } = await doctor(t, {
      IPAY_GATEWAY: gateway,
      IPAY_ENVIRONMENT: 'sandbox',
      IPAY_BASE_URL: `${url}${path}/`,
      ...secrets,
    })
    assert.equal(code, 0, out)
    assert.match(out, /ok +gateway answers +http:\S+ knows the key/)
    assert.match(out, /ok +clock +[01] s from the gateway's/)
    assert.match(out, /ok +database +\S+, to be made/)
    assert.equal(out.includes('canary'), false)
    const orders = await (await fetch(`${url}/_sandbox/orders`)).json()
    assert.deepEqual(orders, [])
  })

  test(`a key that ${gateway} does not know is named`, async (t) => {
    const { url } = await sandbox(t)
    const settings = {
      IPAY_GATEWAY: gateway,
      IPAY_ENVIRONMENT: 'sandbox',
      IPAY_BASE_URL: url + path,
      ...secrets,
      IPAY_API_KEY: 'invalid',
    }
    const { code, out } = await doctor(t, settings)
    assert.equal(code, 1)
    assert.match(out, /WRONG +gateway answers +.* answers 401: it does not know the key\. Look at IPAY_API_KEY\./)
  })
}

const WRONG: readonly (readonly [settings: Record<string, string>, line: RegExp])[] = [
  [{ IPAY_GATEWAY: 'bkash' }, /WRONG +gateway +IPAY_GATEWAY has to be one of/],
  [{ IPAY_ENVIRONMENT: 'test' }, /WRONG +environment +IPAY_ENVIRONMENT has to be one of/],
  [{ IPAY_ENVIRONMENT: 'sandbox', IPAY_BASE_URL: 'http://127.0.0.1:9' }, /WRONG +IPAY_API_KEY +Set IPAY_API_KEY, or/],
  [
    { IPAY_ENVIRONMENT: 'sandbox', IPAY_BASE_URL: 'http://127.0.0.1:9', IPAY_API_KEY: 'k' },
    /WRONG +gateway answers +No answer from http:\/\/127\.0\.0\.1:9: .*ECONNREFUSED/,
  ],
  [
    { IPAY_ENVIRONMENT: 'sandbox', IPAY_BASE_URL: 'nowhere', IPAY_API_KEY: 'k' },
    /WRONG +gateway answers +IPAY_BASE_URL is not a web address/,
  ],
  [
    { IPAY_ENVIRONMENT: 'sandbox', IPAY_GATEWAY: 'ipay-sessions', IPAY_API_KEY: 'k' },
    /WRONG +gateway answers +Set IPAY_BASE_URL/,
  ],
  [
    { IPAY_ENVIRONMENT: 'sandbox', IPAY_BASE_URL: 'http://127.0.0.1:9', IPAY_API_KEY_FILE: '/nowhere/key' },
    /WRONG +IPAY_API_KEY +The file that IPAY_API_KEY_FILE names cannot be read/,
  ],
  [
    { IPAY_ENVIRONMENT: 'production', IPAY_BASE_URL: 'http://127.0.0.1:9' },
    /WRONG +PUBLIC_URL +Set PUBLIC_URL to the https address/,
  ],
  [
    { IPAY_ENVIRONMENT: 'production', IPAY_BASE_URL: 'http://127.0.0.1:9', PUBLIC_URL: 'http://shop.example' },
    /WRONG +PUBLIC_URL +It has to be https/,
  ],
  [
    { IPAY_ENVIRONMENT: 'production', IPAY_BASE_URL: 'http://127.0.0.1:9', PUBLIC_URL: 'https://localhost' },
    /WRONG +PUBLIC_URL +Buyers cannot reach/,
  ],
  [{ PUBLIC_URL: 'https://shop.example/path' }, /WRONG +PUBLIC_URL +Give the origin only/],
  [{ PUBLIC_URL: 'shop' }, /WRONG +PUBLIC_URL +"shop" is not a web address/],
  [{ DATABASE_URL: 'mysql://localhost' }, /WRONG +database +DATABASE_URL has to begin with/],
  [{ DATABASE_URL: 'file:/dev/null/shop.db' }, /WRONG +database +\/dev\/null is a file, not a folder/],
  [{ DATABASE_URL: 'file:/tmp' }, /WRONG +database +\/tmp is not a file/],
  [
    { DATABASE_URL: 'postgres://u:canary@127.0.0.1:9/shop' },
    /WRONG +database +PostgreSQL cannot be used: .*ECONNREFUSED/,
  ],
]

for (const [settings, line] of WRONG) {
  test(`the doctor sees what is wrong with ${JSON.stringify(settings)}`, async (t) => {
    const { code, out } = await doctor(t, settings)
    assert.match(out, line)
    assert.equal(out.includes('canary'), false)
    assert.equal(code, 1)
  })
}

test('a gateway address that is some other web site is seen', async (t) => {
  const server = createServer((_request, reply) =>
    reply.writeHead(404, { 'content-type': 'text/html' }).end('<h1>No</h1>'),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { out } = await doctor(t, { IPAY_ENVIRONMENT: 'sandbox', IPAY_BASE_URL: url, IPAY_API_KEY: 'k' })
  assert.match(out, /WRONG +gateway answers +.* answers something that is not JSON/)
})

test('a clock that is an hour off is seen', async (t) => {
  const hour = new Date(machineClock(-3600_000).now()).toUTCString()
  const server = createServer((_request, reply) => reply.writeHead(404, { date: hour }).end('{}'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { out } = await doctor(t, { IPAY_ENVIRONMENT: 'sandbox', IPAY_BASE_URL: url, IPAY_API_KEY: 'k' })
  assert.match(out, /WRONG +clock +This machine's clock is 3[56]\d\d s from the gateway's/)
})

test('with the simulator there is no gateway to ask', async (t) => {
  const { code, out } = await doctor(t, {})
  assert.match(out, /skipped +gateway answers +The simulator is started with the shop/)
  assert.equal(code, 0)
})

test('a settings file that cannot be read is a usage error', async () => {
  const { code, error } = await runProcess('doctor', '--settings', '/nowhere/env')
  assert.equal(code, 2)
  assert.match(error, /^--settings: ENOENT/)
})
