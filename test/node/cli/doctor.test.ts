import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { machineClock, startSandbox } from '../../../src/sandbox/index.ts'
import { runInside, runProcess } from './run.ts'

/** What the machine that runs the tests may have set. */
const SETTING = /^(?:IPAY_.*|PORT|HOST|PUBLIC_URL|DATABASE_URL|SIMULATOR_PORT|LOG_LEVEL)$/

/** Runs the doctor with these settings in a file; those of the environment are set aside. */
async function doctor(t: TestContext, settings: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'doctor-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  for (const name of Object.keys(process.env)) if (SETTING.test(name)) delete process.env[name]
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

const PRODUCTION = { IPAY_ENVIRONMENT: 'production', PUBLIC_URL: 'https://shop.example', IPAY_API_KEY: 'canary-key-1' }
const PAYMENTS = { IPAY_GATEWAY: 'ipay-payments' }
const SANDBOX = { IPAY_ENVIRONMENT: 'sandbox', IPAY_BASE_URL: 'http://127.0.0.1:9' }

const WRONG: readonly (readonly [settings: Record<string, string>, line: RegExp])[] = [
  [{ IPAY_GATEWAY: 'bkash' }, /WRONG +IPAY_GATEWAY +IPAY_GATEWAY must be one of/],
  [{ IPAY_ENVIRONMENT: 'test' }, /WRONG +IPAY_ENVIRONMENT +IPAY_ENVIRONMENT must be one of/],
  [SANDBOX, /WRONG +IPAY_API_KEY +IPAY_API_KEY or IPAY_API_KEY_FILE must be set/],
  [{ ...SANDBOX, IPAY_API_KEY: 'k' }, /WRONG +gateway answers +No answer from http:\/\/127\.0\.0\.1:9: .*ECONNREFUSED/],
  [
    { ...SANDBOX, ...OF_GATEWAY['ipay-payments'].secrets, ...PAYMENTS, IPAY_AUTH: 'oauth' },
    /WRONG +gateway answers +http:\/\/127\.0\.0\.1:9\/oauth\/token: no token: .* Look at IPAY_TOKEN_URL/,
  ],
  [
    { ...SANDBOX, IPAY_API_KEY: 'k', IPAY_BASE_URL: 'nowhere' },
    /WRONG +IPAY_BASE_URL +IPAY_BASE_URL must be an address/,
  ],
  [
    { ...SANDBOX, IPAY_API_KEY: 'k', IPAY_BASE_URL: 'http://shop:canary@127.0.0.1:9' },
    /WRONG +IPAY_BASE_URL +.* without query or user name/,
  ],
  [
    { IPAY_ENVIRONMENT: 'sandbox', IPAY_GATEWAY: 'ipay-sessions', IPAY_API_KEY: 'k' },
    /WRONG +IPAY_BASE_URL +IPAY_BASE_URL must be set/,
  ],
  [{ ...SANDBOX, IPAY_API_KEY_FILE: '/nowhere/key' }, /WRONG +IPAY_API_KEY_FILE +.* that this process can read/],
  [{ ...PRODUCTION, PUBLIC_URL: '' }, /WRONG +PUBLIC_URL +PUBLIC_URL must be the https address/],
  [{ ...PRODUCTION, PUBLIC_URL: 'http://shop.example' }, /WRONG +PUBLIC_URL +PUBLIC_URL must be the https address/],
  [{ ...PRODUCTION, PUBLIC_URL: 'https://localhost' }, /WRONG +PUBLIC_URL +.* that buyers can reach/],
  [{ ...PRODUCTION, IPAY_BASE_URL: 'http://127.0.0.1:9' }, /WRONG +IPAY_BASE_URL +.* not this machine/],
  [{ ...PRODUCTION, IPAY_CLOCK_OFFSET_MS: '1000' }, /WRONG +IPAY_CLOCK_OFFSET_MS +.* is for tests/],
  [{ PUBLIC_URL: 'https://shop.example/path' }, /WRONG +PUBLIC_URL +.* without path, query or user name/],
  [{ PUBLIC_URL: 'https://shop:canary@shop.example' }, /WRONG +PUBLIC_URL +.* without path, query or user name/],
  [
    { PUBLIC_URL: 'http://192.168.1.5:3000' },
    /WRONG +PUBLIC_URL +.* on this machine .* while IPAY_ENVIRONMENT is simulator/,
  ],
  [{ PUBLIC_URL: 'shop' }, /WRONG +PUBLIC_URL +PUBLIC_URL must be an origin/],
  [{ LOG_LEVEL: 'loud' }, /WRONG +LOG_LEVEL +LOG_LEVEL must be one of/],
  [{ PORT: '99999' }, /WRONG +PORT +PORT must be a port number/],
  [{ IPAY_STATUS_CODES: '{"x"' }, /WRONG +IPAY_STATUS_CODES /],
  [{ IPAY_OPENS_PER_MINUTE: '-3' }, /WRONG +IPAY_OPENS_PER_MINUTE +.* must be a whole number/],
  [{ IPAY_ALLOWED_ORIGINS: 'nope' }, /WRONG +IPAY_ALLOWED_ORIGINS +.* must be a comma list/],
  [{ IPAY_PAYMENT_HOSTS: 'https://x/' }, /WRONG +IPAY_PAYMENT_HOSTS +.* must be a comma list/],
  [{ IPAY_CRASH_AT: 'zzz' }, /WRONG +IPAY_CRASH_AT +IPAY_CRASH_AT must be one of/],
  [{ ...PAYMENTS, IPAY_AUTH: 'zzz' }, /WRONG +IPAY_AUTH +IPAY_AUTH must be one of/],
  [{ ...PAYMENTS, IPAY_CAPTURE: 'zzz' }, /WRONG +IPAY_CAPTURE +IPAY_CAPTURE must be one of/],
  [{ DATABASE_URL: 'mysql://localhost' }, /WRONG +DATABASE_URL +DATABASE_URL must be file:/],
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

const JWT = [{ alg: 'HS256' }, { iss: 'shop', exp: 4_102_444_800 }, 'canary']
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.')

for (const settings of [{ IPAY_AUTH: 'oauth' }, { IPAY_AUTH: 'jwt', IPAY_API_KEY: JWT }]) {
  test(`ipay-payments is asked with IPAY_AUTH=${settings.IPAY_AUTH} as the shop would ask it`, async (t) => {
    const { url } = await sandbox(t)
    const { path, secrets } = OF_GATEWAY['ipay-payments']
    const base = { IPAY_ENVIRONMENT: 'sandbox', IPAY_BASE_URL: url + path }
    const { code, out } = await doctor(t, { ...PAYMENTS, ...base, ...secrets, ...settings })
    assert.match(out, /ok +gateway answers +http:\S+ knows the key/)
    assert.equal(code, 0, out)
  })
}

test('as long as a setting is wrong no key travels, and the network is not blamed', async (t) => {
  let asked = 0
  const server = createServer((_request, reply) => {
    asked += 1
    reply.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const base = { ...SANDBOX, IPAY_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
  for (const settings of [
    { ...base, IPAY_API_KEY_FILE: '/nowhere/key' },
    { ...base, IPAY_API_KEY: 'k', LOG_LEVEL: 'loud' },
  ]) {
    const { out } = await doctor(t, settings)
    assert.match(out, /skipped +gateway answers +Not asked before the settings are right/)
    assert.doesNotMatch(out, /network/)
  }
  assert.equal(asked, 0)
})

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
