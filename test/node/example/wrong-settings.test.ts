import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Environment, PRODUCTION, problemsOf, SANDBOX } from './environment.ts'

describe('wrong settings of the example shop', () => {
  test('H18: every wrong and missing setting is reported at once, one sentence each', () => {
    const problems = problemsOf({
      PORT: 'http',
      IPAY_ENVIRONMENT: 'production',
      PUBLIC_URL: 'http://shop.example',
      LOG_LEVEL: 'loud',
      IPAY_OPENS_PER_MINUTE: '-1',
      IPAY_STATUS_CODES: '{',
      IPAY_CRASH_AT: 'before-answer',
    })
    const names = problems.map((problem) => problem.split(' ')[0]).sort()
    assert.deepEqual(names, [
      'IPAY_API_KEY',
      'IPAY_CRASH_AT',
      'IPAY_OPENS_PER_MINUTE',
      'IPAY_STATUS_CODES',
      'LOG_LEVEL',
      'PORT',
      'PUBLIC_URL',
    ])
    for (const problem of problems) assert.match(problem, /^[A-Z_]+ [^.]+.*\.$/)
  })

  const faults: [what: string, env: Environment, sentence: RegExp][] = [
    ['H18: no key in production', { ...PRODUCTION, IPAY_API_KEY: '' }, /^IPAY_API_KEY or .* must be set/],
    ['H18: no key in the sandbox', { IPAY_ENVIRONMENT: 'sandbox' }, /^IPAY_API_KEY or .* must be set/],
    ['H18: http in production', { ...PRODUCTION, PUBLIC_URL: 'http://shop.example' }, /^PUBLIC_URL must be the https/],
    [
      'H18: no public address in production',
      { IPAY_ENVIRONMENT: 'production', IPAY_API_KEY: 'pk-1' },
      /^PUBLIC_URL must be/,
    ],
    [
      'H7: a private public address in production',
      { ...PRODUCTION, PUBLIC_URL: 'https://192.168.0.4' },
      /^PUBLIC_URL .* private/,
    ],
    [
      'H7: this machine as the public address in production',
      { ...PRODUCTION, PUBLIC_URL: 'https://localhost' },
      /^PUBLIC_URL .* private/,
    ],
    [
      'H7: a public address with a path',
      { ...PRODUCTION, PUBLIC_URL: 'https://shop.example/bd' },
      /^PUBLIC_URL must be an origin/,
    ],
    [
      'H7: a public address with a fragment',
      { ...PRODUCTION, PUBLIC_URL: 'https://shop.example#a' },
      /^PUBLIC_URL must be an origin/,
    ],
    [
      'H7: a public address with a user name',
      { ...PRODUCTION, PUBLIC_URL: 'https://a@shop.example' },
      /^PUBLIC_URL must be an origin/,
    ],
    [
      'H7: a public address of another kind',
      { ...PRODUCTION, PUBLIC_URL: 'ftp://shop.example' },
      /^PUBLIC_URL must be an origin/,
    ],
    [
      'H7: a public address too long for callbacks',
      { PUBLIC_URL: `http://${'a.'.repeat(200)}example` },
      /^PUBLIC_URL must be at most/,
    ],
    [
      'H18: the gateway over http',
      { ...PRODUCTION, IPAY_BASE_URL: 'http://app.ipay.com.bd/api/pg' },
      /^IPAY_BASE_URL must be an https/,
    ],
    [
      'H18: the gateway on another domain',
      { ...PRODUCTION, IPAY_BASE_URL: 'https://ipay.com.bd.evil.example' },
      /^IPAY_BASE_URL must be on ipay\.com\.bd/,
    ],
    [
      'H18: the sandbox in production',
      { ...PRODUCTION, IPAY_BASE_URL: 'https://demo.ipay.com.bd/api/pg' },
      /^IPAY_BASE_URL names the sandbox/,
    ],
    [
      'H18: production in the sandbox',
      { ...SANDBOX, IPAY_BASE_URL: 'https://app.ipay.com.bd/api/pg' },
      /^IPAY_BASE_URL must be on demo/,
    ],
    [
      'H18: this machine as the gateway in production',
      { ...PRODUCTION, IPAY_BASE_URL: 'http://127.0.0.1:9/api/pg' },
      /^IPAY_BASE_URL must be the https/,
    ],
    [
      'H18: a gateway on this machine for a shop that is not',
      { ...SANDBOX, IPAY_BASE_URL: 'http://127.0.0.1:9/api/pg', PUBLIC_URL: 'https://shop.example' },
      /^IPAY_BASE_URL may be on this machine only while/,
    ],
    [
      'H18: a far gateway beside the simulator',
      { IPAY_BASE_URL: 'https://app.ipay.com.bd/api/pg' },
      /^IPAY_BASE_URL must be on this machine/,
    ],
    [
      'H18: a shop in the network whose simulator is on this machine',
      { PUBLIC_URL: 'http://192.168.1.5:3000' },
      /^PUBLIC_URL must be on this machine .* unset it, or set IPAY_ENVIRONMENT/,
    ],
    [
      'H18: a shop that others can reach beside a simulator elsewhere on this machine',
      { PUBLIC_URL: 'https://shop.example', IPAY_BASE_URL: 'http://127.0.0.1:4000/api/pg' },
      /^PUBLIC_URL must be on this machine/,
    ],
    [
      'payment sessions in the sandbox without an address',
      { ...SANDBOX, IPAY_GATEWAY: 'ipay-sessions', IPAY_WEBHOOK_SECRET: 'whsec-1' },
      /^IPAY_BASE_URL must be set/,
    ],
    ['an unknown environment', { IPAY_ENVIRONMENT: 'prod' }, /^IPAY_ENVIRONMENT must be one of simulator/],
    ['an unknown gateway', { IPAY_GATEWAY: 'bkash' }, /^IPAY_GATEWAY must be one of/],
    ['a port that is none', { PORT: '70000' }, /^PORT must be a port/],
    ['shop and simulator on one port', { PORT: '3001' }, /^SIMULATOR_PORT must differ/],
    ['an unknown database', { DATABASE_URL: 'mysql://x' }, /^DATABASE_URL must be file:/],
    [
      'an allowed origin with a path',
      { IPAY_ALLOWED_ORIGINS: 'https://a.example/x' },
      /^IPAY_ALLOWED_ORIGINS must be a comma list/,
    ],
    [
      'an allowed origin that is a wildcard',
      { IPAY_ALLOWED_ORIGINS: '*' },
      /^IPAY_ALLOWED_ORIGINS must be a comma list/,
    ],
    [
      'an allowed http origin in production',
      { ...PRODUCTION, IPAY_ALLOWED_ORIGINS: 'http://a.example' },
      /^IPAY_ALLOWED_ORIGINS must list https/,
    ],
    ['half a status code', { IPAY_STATUS_CODES: '{"3x":"cancelled"}' }, /^IPAY_STATUS_CODES /],
    ['a status code with an unknown state', { IPAY_STATUS_CODES: '{"300":"gone"}' }, /^IPAY_STATUS_CODES /],
    ['another meaning for 200', { IPAY_STATUS_CODES: '{"200":"failed"}' }, /^IPAY_STATUS_CODES /],
    ['a crash point that does not exist', { IPAY_CRASH_AT: 'anywhere' }, /^IPAY_CRASH_AT must be one of/],
    ['a crash point in production', { ...PRODUCTION, IPAY_CRASH_AT: 'before-answer' }, /^IPAY_CRASH_AT is for tests/],
    [
      'a shifted clock in production',
      { ...PRODUCTION, IPAY_CLOCK_OFFSET_MS: '60000' },
      /^IPAY_CLOCK_OFFSET_MS is for tests/,
    ],
    [
      'a key and a key file',
      { ...PRODUCTION, IPAY_API_KEY_FILE: '/k' },
      /^IPAY_API_KEY and IPAY_API_KEY_FILE are both set/,
    ],
    [
      'a key file that is not there',
      { IPAY_ENVIRONMENT: 'sandbox', IPAY_API_KEY_FILE: '/nowhere/key' },
      /^IPAY_API_KEY_FILE must name a file/,
    ],
  ]
  for (const [what, env, sentence] of faults) {
    test(`is refused with one sentence: ${what}`, () => {
      const problems = problemsOf(env)
      assert.equal(problems.length, 1, problems.join('\n'))
      assert.match(problems[0] ?? '', sentence)
    })
  }
})
