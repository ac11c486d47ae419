import { randomUUID } from 'node:crypto'
import { TOKEN_PARAMETER } from '../../contract/limits.ts'
import { moneyText, parseMoney } from '../../contract/money.ts'
import { isLoopback, paymentUrl } from '../../contract/payment-url.ts'
import { OpenReply, PaymentStatus } from '../../contract/schemas.ts'
import { askFor, type Check, newKey, open, type Target } from './check.ts'
import { ContractBroken, expectJson, expectProblem, expectStatus, must } from './expect.ts'

/** What really opening one payment has to give. The checks build on each other, in this order. */
export function openings(target: Target, order: unknown, paymentHosts: readonly string[]): Check[] {
  const key = newKey()
  let opened: OpenReply | undefined
  const first = (): OpenReply => {
    if (opened) return opened
    throw new ContractBroken('not tried, since no payment was opened')
  }
  const sameAttempt = (reply: OpenReply) => {
    for (const member of ['token', 'reference', 'paymentUrl'] as const)
      must(reply[member] === first()[member], `has another ${member} than the first answer`)
  }

  return [
    {
      rule: 'POST of the order opens a payment: 201, or 200 when one is open',
      run: async () => {
        const answer = await open(target, { order }, { 'Idempotency-Key': key })
        expectStatus(answer, 201, 200)
        opened = expectJson(answer, OpenReply)
      },
    },
    {
      rule: 'its paymentUrl is one that the page would follow',
      run: async () => {
        const { environment, paymentUrl: address } = first()
        const rules = { environment, paymentHosts, onLoopback: isLoopback(target.endpoint.hostname) }
        must(paymentUrl(address, rules) !== undefined, `the page refuses ${address} in environment ${environment}`)
      },
    },
    {
      rule: 'the same key and order get the same attempt, with 200',
      run: async () => {
        first()
        const answer = await open(target, { order }, { 'Idempotency-Key': key })
        expectStatus(answer, 200)
        sameAttempt(expectJson(answer, OpenReply))
      },
    },
    {
      rule: 'another key for the same order gets the same attempt',
      run: async () => {
        first()
        const answer = await open(target, { order })
        expectStatus(answer, 200)
        sameAttempt(expectJson(answer, OpenReply))
      },
    },
    {
      rule: 'the same key with another order is 422 key-reused',
      run: async () => {
        first()
        const other = { order: { verify: randomUUID() } }
        expectProblem(await open(target, other, { 'Idempotency-Key': key }), 'key-reused')
      },
    },
    {
      rule: 'a shown amount that is not the price is 409 price-changed, with the price',
      run: async () => {
        const { amount, currency } = first()
        const price = parseMoney(amount, currency)
        must(price !== undefined, `the amount ${amount} is not one in ${currency}`)
        const shown = { amount: moneyText({ minor: price.minor + 1, currency }), currency }
        const problem = expectProblem(await open(target, { order, shown }), 'price-changed')
        must(problem.amount === amount && problem.currency === currency, 'does not carry the price and its currency')
      },
    },
    {
      rule: 'a returnTo on a foreign origin is 400 invalid-request',
      run: async () => {
        first()
        for (const returnTo of ['https://other-site.example/', '//other-site.example/'])
          expectProblem(await open(target, { order, returnTo }), 'invalid-request')
      },
    },
    {
      rule: 'GET of the token is the status of that payment',
      run: async () => {
        const reply = first()
        const answer = await askFor(target, 'GET', `/${reply.token}`)
        expectStatus(answer, 200)
        const status = expectJson(answer, PaymentStatus)
        for (const member of ['token', 'amount', 'currency', 'environment'] as const)
          must(status[member] === reply[member], `has another ${member} than the open reply`)
        must(status.state !== 'paid', 'says paid, although nobody paid')
        must(status.state !== 'created' || status.retry === 'wait', `says retry "${status.retry}" while created`)
      },
    },
    {
      rule: 'a visit of the success address goes back to the shop with the token, and proves nothing',
      run: async () => {
        const { token } = first()
        const visit = await askFor(target, 'GET', `/${token}/return/success`)
        expectStatus(visit, 303)
        const location = URL.parse(visit.header('location'), target.endpoint)
        must(
          location?.searchParams.get(TOKEN_PARAMETER) === token,
          `goes to ${visit.header('location')}, without the token`,
        )
        const status = expectJson(await askFor(target, 'GET', `/${token}`), PaymentStatus)
        must(status.state !== 'paid', 'the payment says paid after a visit that anybody can make')
      },
    },
  ]
}
