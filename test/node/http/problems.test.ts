import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { PROBLEM_CODES, PROBLEMS, type ProblemCode } from '../../../src/contract/problems.ts'
import { Problem } from '../../../src/contract/schemas.ts'
import { ProblemError, type ProblemExtras } from '../../../src/server/problem-error.ts'
import { codeOf, FRIEND, openShop, type Shop, TOKEN } from './shop.ts'

const order = { cart: 'c_81' }
const refusing = (error: unknown) => openShop({ payments: { open: () => Promise.reject(error) } })
const thrown = (code: ProblemCode, extras: ProblemExtras = {}) =>
  refusing(new ProblemError(code, 'why', extras)).open({ order })

/** How each problem of the table comes about, asked over HTTP. */
const WAYS: Readonly<Record<ProblemCode, () => Promise<Response>>> = {
  'invalid-request': () => openShop().open('{'),
  'bad-signature': () => {
    const notifications = { ipay: () => Promise.reject(new ProblemError('bad-signature')) }
    return openShop({ notifications }).send('/notifications/ipay', { method: 'POST', body: '{}' })
  },
  'cross-site': () => openShop().open({ order }, { 'Sec-Fetch-Site': 'cross-site' }),
  'not-found': () => openShop().send(`/${'x'.repeat(22)}`),
  'method-not-allowed': () => openShop().send('', { method: 'PATCH' }),
  'already-paid': () => thrown('already-paid', { token: TOKEN }),
  'price-changed': () => thrown('price-changed', { amount: '1300.00', currency: 'BDT' }),
  'in-progress': () => thrown('in-progress', { retryAfter: 3 }),
  'too-large': () => openShop().open('x'.repeat(65_537)),
  'unsupported-type': () => openShop().open({ order }, { 'Content-Type': 'text/plain' }),
  'key-reused': () => thrown('key-reused'),
  'order-refused': () => thrown('order-refused'),
  'too-many-requests': async () => {
    const shop = openShop({ opensPerMinute: 1 })
    await shop.open({ order }, {}, { clientAddress: '192.0.2.1' })
    return shop.open({ order }, {}, { clientAddress: '192.0.2.1' })
  },
  internal: () => refusing(new TypeError('cannot read password of null')).open({ order }),
  'gateway-refused': () => thrown('gateway-refused'),
  'gateway-unavailable': () => thrown('gateway-unavailable', { retryAfter: 0.2 }),
  unavailable: () => thrown('unavailable'),
}

describe('problems', () => {
  for (const code of PROBLEM_CODES) {
    test(`${code} is answered as the table has it`, async () => {
      const answer = await WAYS[code]()
      assert.equal(answer.status, PROBLEMS[code].status)
      assert.equal(answer.headers.get('content-type'), 'application/problem+json')
      const problem = Problem.parse(await answer.json())
      assert.equal(problem.code, code)
      assert.equal(problem.status, answer.status)
      assert.equal(problem.type, `urn:pay-with-ipay:problem:${code}`)
      assert.equal(problem.title, PROBLEMS[code].title)
      assert.match(problem.instance, /^urn:uuid:[0-9a-f-]{36}$/)
    })
  }

  for (const code of ['in-progress', 'too-many-requests', 'gateway-unavailable', 'unavailable'] as const) {
    test(`${code} says in whole seconds when to come again`, async () => {
      assert.match((await WAYS[code]()).headers.get('retry-after') ?? '', /^[1-9][0-9]*$/)
    })
  }

  test('already-paid names the payment, price-changed the price', async () => {
    assert.equal(((await (await WAYS['already-paid']()).json()) as Problem).token, TOKEN)
    const changed = (await (await WAYS['price-changed']()).json()) as Problem
    assert.deepEqual([changed.amount, changed.currency], ['1300.00', 'BDT'])
  })

  const faults: readonly unknown[] = [
    new TypeError('ECONNREFUSED db.internal:5432 password=hunter2'),
    'text',
    undefined,
    { status: 200 },
    Object.assign(new Error('x'), { status: 200, getResponse: () => new Response('fooled') }),
  ]
  for (const fault of faults) {
    test(`${String(fault)} becomes internal, with an incident id that the log has too (OWASP ASVS 5.0, 16.5.1)`, async () => {
      const shop = refusing(fault)
      const answer = await shop.open({ order })
      assert.equal(answer.status, 500)
      const text = await answer.text()
      assert.doesNotMatch(text, /ECONNREFUSED|hunter2|fooled|stack|detail/)
      const line = shop.said.find(({ name }) => name === 'request-failed')
      assert.equal(line?.fields['instance'], (JSON.parse(text) as Problem).instance)
      assert.equal(line?.fields['cause'], fault)
    })
  }

  test('a failing status and return end as problems too (OWASP ASVS 5.0, 16.5.4)', async () => {
    const fail = () => Promise.reject(new Error('store'))
    const shop = openShop({ payments: { status: fail, returned: fail, returnTo: fail } })
    assert.equal(await codeOf(await shop.send(`/${TOKEN}`)), 'internal')
    assert.equal(await codeOf(await shop.send(`/${TOKEN}/return/success`)), 'internal')
  })

  test('services that throw at once are no exception', async () => {
    const fail = () => {
      throw new Error('sync')
    }
    const shop = openShop({ payments: { open: fail, status: fail, returned: fail, returnTo: fail } })
    for (const answer of [
      await shop.open({ order }),
      await shop.send(`/${TOKEN}`),
      await shop.send(`/${TOKEN}/return/success`),
    ]) {
      assert.equal(await codeOf(answer), 'internal')
    }
  })
})

/** A request for every route, method and kind of trouble. */
async function crawl(shop: Shop): Promise<[string, Response][]> {
  const answers: [string, Response][] = []
  const paths = ['', '/', `/${TOKEN}`, '/nope', `/${TOKEN}/return/success`, '/x/return/cancel', `/${TOKEN}/events`]
  for (const path of [
    ...paths,
    '/notifications/ipay',
    '/a/b/c/d',
    'https://shop.example/',
    'https://shop.example/healthz',
  ]) {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      for (const headers of [{}, { Origin: FRIEND }, { Origin: 'null' }, { Accept: 'text/html' }]) {
        const answer = await shop.send(path, { method, headers })
        answers.push([`${method} ${path} ${JSON.stringify(headers)} ${answer.status}`, answer])
        await answer.body?.cancel()
      }
    }
  }
  for (const code of PROBLEM_CODES) answers.push([code, await WAYS[code]()])
  answers.push(['form', await shop.form('a=1')], ['broken form', await shop.form('a=%FF')])
  answers.push(['failing form', await refusing(new Error('x')).form('a=1')], ['opened', await shop.open({ order })])
  return answers
}

describe('H16: headers (OWASP ASVS 5.0, 3.4.3)', () => {
  test('every answer of every route carries them, errors included', async () => {
    const answers = await crawl(openShop())
    assert.ok(answers.length > 300)
    for (const [what, { headers, status }] of answers) {
      assert.equal(headers.get('cache-control'), 'no-store', what)
      assert.equal(headers.get('x-content-type-options'), 'nosniff', what)
      assert.equal(headers.get('referrer-policy'), 'no-referrer', what)
      assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none';.*frame-ancestors 'none'$/, what)
      assert.match(headers.get('strict-transport-security') ?? '', /^max-age=31536000/, what)
      assert.match(headers.get('cross-origin-resource-policy') ?? '', /^(same|cross)-origin$/, what)
      assert.notEqual(headers.get('access-control-allow-origin'), '*', what)
      for (const name of ['server', 'x-powered-by', 'set-cookie', 'etag']) assert.equal(headers.get(name), null, what)
      if (status === 405) assert.ok(headers.get('allow'), what)
      if (status === 401) assert.ok(headers.get('www-authenticate'), what)
      assert.ok(status < 500 || /internal|gateway|unavailable|failing/.test(what), what)
    }
  })

  test('a page is isolated from those who opened it (OWASP ASVS 5.0, 3.4.8)', async () => {
    const answer = await openShop().form('a=%FF')
    assert.equal(answer.headers.get('cross-origin-opener-policy'), 'same-origin')
  })

  test('over http there is nothing to be strict about', async () => {
    const shop = openShop({ endpoint: new URL('http://localhost:3000/ipay/orders') })
    assert.equal((await shop.open({ order })).headers.get('strict-transport-security'), null)
  })

  test('requests are counted by route and status, never by address', async () => {
    const shop = openShop()
    await crawl(shop)
    const routes = shop.said
      .filter(({ name }) => name === 'ipay_http_requests_total')
      .map(({ fields }) => fields['route'])
    assert.deepEqual(
      [...new Set(routes)].sort(),
      ['events', 'notification', 'open', 'other', 'return', 'status'].filter((name) => routes.includes(name)),
    )
    assert.ok(routes.length > 280)
  })
})
