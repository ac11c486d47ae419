import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { polluted } from '../../support/polluted.ts'
import { PRODUCTION, problemsOf, SANDBOX, settingsOf } from './environment.ts'

describe('settings of the example shop', () => {
  test('nothing has to be set to try the shop with the simulator', () => {
    const settings = settingsOf({})
    assert.equal(settings.port, 3000)
    assert.equal(settings.host, '127.0.0.1')
    assert.equal(settings.environment, 'simulator')
    assert.equal(settings.simulatorPort, 3001)
    assert.equal(settings.databaseUrl, 'file:data/shop.db')
    assert.equal(settings.opensPerMinute, 60)
    assert.equal(settings.publicUrl, null)
  })

  test('an empty variable counts as unset', () => {
    assert.equal(settingsOf({ PORT: '', PUBLIC_URL: '', LOG_LEVEL: '' }).port, 3000)
    assert.match(
      problemsOf({ ...PRODUCTION, IPAY_API_KEY: '' }).join(),
      /^IPAY_API_KEY or IPAY_API_KEY_FILE must be set/,
    )
  })

  test('H18: a trailing slash in an address is accepted and means nothing', () => {
    const settings = settingsOf({
      ...PRODUCTION,
      PUBLIC_URL: 'https://shop.example/',
      IPAY_BASE_URL: 'https://app.ipay.com.bd/api/pg/',
      IPAY_ALLOWED_ORIGINS: 'https://a.example/, https://b.example',
    })
    assert.equal(settings.publicUrl?.origin, 'https://shop.example')
    assert.equal(settings.baseUrl, 'https://app.ipay.com.bd/api/pg')
    assert.deepEqual(settings.allowedOrigins, ['https://a.example', 'https://b.example'])
  })

  test('a sandbox may be on this machine while the shop is', () => {
    for (const PUBLIC_URL of ['', 'http://localhost:3000', 'http://shop.localhost', 'http://[::1]:3000']) {
      const env = { ...SANDBOX, PUBLIC_URL, IPAY_BASE_URL: 'http://127.0.0.1:4000/api/pg' }
      assert.equal(settingsOf(env).baseUrl, 'http://127.0.0.1:4000/api/pg')
    }
  })

  test('H10: a polluted Object.prototype sets nothing', async () => {
    const members = {
      PUBLIC_URL: 'https://evil.example',
      IPAY_BASE_URL: 'https://evil.ipay.com.bd/api/pg',
      IPAY_API_KEY: 'key-of-a-stranger',
      IPAY_WEBHOOK_SECRET: 'secret-of-a-stranger',
      IPAY_ALLOWED_ORIGINS: 'https://evil.example',
      IPAY_CRASH_AT: 'before-answer',
      IPAY_TOKEN_SCOPE: 'everything',
    }
    const settings = await polluted(members, () => settingsOf(PRODUCTION))
    assert.deepEqual(settings.publicUrl?.origin, 'https://shop.example')
    assert.deepEqual([settings.baseUrl, settings.webhookSecrets, settings.crashAt], [null, null, null])
    assert.deepEqual(settings.allowedOrigins, [])
    const { IPAY_API_KEY: _key, ...keyless } = PRODUCTION
    assert.match((await polluted(members, () => problemsOf(keyless))).join(), /^IPAY_API_KEY or .* must be set/)
    // One wrong setting, so that the rest is read again without it.
    assert.deepEqual(await polluted(members, () => problemsOf({ PORT: 'http' })), [
      'PORT must be a port number from 0 to 65535.',
    ])
  })

  test('H18: the simulator goes with every name of this machine', () => {
    for (const PUBLIC_URL of [
      '',
      'http://localhost:3000',
      'https://shop.localhost',
      'http://127.0.0.1:3000',
      'http://[::1]',
    ])
      assert.equal(settingsOf({ PUBLIC_URL }).environment, 'simulator')
  })

  test('crash point and shifted clock are taken outside of production', () => {
    const settings = settingsOf({ IPAY_CRASH_AT: 'after-attempt-row', IPAY_CLOCK_OFFSET_MS: '-60000' })
    assert.equal(settings.crashAt, 'after-attempt-row')
    assert.equal(settings.clockOffsetMs, -60_000)
  })

  test("the gateway's own status codes replace our assumptions", () => {
    assert.deepEqual(settingsOf({ IPAY_STATUS_CODES: '{"200":"paid","310":"cancelled"}' }).statusCodes, {
      200: 'paid',
      310: 'cancelled',
    })
  })
})
