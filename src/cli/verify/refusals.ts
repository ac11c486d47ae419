import { MAX_BODY_BYTES } from '../../contract/limits.ts'
import { type Answer, ask } from './ask.ts'
import { askFor, below, type Check, open, type Target } from './check.ts'
import { expectProblem, must } from './expect.ts'

/** Shaped like a token, and of no payment. */
const UNKNOWN_TOKEN = 'verify-unknown-token-000000000000'
const BODY = { order: { verify: true } }

/** Leaves one header out of an open request. */
function openWithoutKey(target: Target): Promise<Answer> {
  const body = JSON.stringify(BODY)
  const headers = { 'Content-Type': 'application/json', 'Content-Length': String(body.length), ...target.headers }
  return ask({ method: 'POST', url: below(target, ''), headers, body })
}

const tooLarge = () => {
  const frame = JSON.stringify({ order: '' }).length
  return JSON.stringify({ order: 'x'.repeat(MAX_BODY_BYTES + 1 - frame) })
}

/** What the endpoint has to refuse, whatever the shop sells. None of these opens a payment. */
export const refusals = (target: Target): Check[] => [
  {
    rule: 'GET of an unknown token is 404 not-found',
    run: async () => void expectProblem(await askFor(target, 'GET', `/${UNKNOWN_TOKEN}`), 'not-found'),
  },
  {
    rule: 'GET of something that cannot be a token is 404 not-found',
    run: async () => void expectProblem(await askFor(target, 'GET', '/%00'), 'not-found'),
  },
  {
    rule: 'the return route of an unknown token is 404 not-found',
    run: async () => void expectProblem(await askFor(target, 'GET', `/${UNKNOWN_TOKEN}/return/success`), 'not-found'),
  },
  {
    rule: 'POST without Idempotency-Key is 400 invalid-request',
    run: async () => void expectProblem(await openWithoutKey(target), 'invalid-request'),
  },
  {
    rule: 'POST with a malformed key is 400 invalid-request',
    run: async () => {
      for (const key of ['short', 'x'.repeat(65), 'has spaces in it'])
        expectProblem(await open(target, BODY, { 'Idempotency-Key': key }), 'invalid-request')
    },
  },
  {
    rule: 'POST of malformed JSON is 400 invalid-request',
    run: async () => {
      for (const body of ['', '{', 'null', '[]', '{"shown":{"amount":"1.00","currency":"BDT"}}'])
        expectProblem(await open(target, body), 'invalid-request')
    },
  },
  {
    rule: 'POST of another type is 415 unsupported-type',
    run: async () => {
      for (const type of ['text/plain', 'application/xml'])
        expectProblem(await open(target, BODY, { 'Content-Type': type }), 'unsupported-type')
    },
  },
  {
    rule: `POST of more than ${MAX_BODY_BYTES} bytes is 413 too-large`,
    run: async () => void expectProblem(await open(target, tooLarge()), 'too-large'),
  },
  {
    rule: 'POST from a page of another site (Sec-Fetch-Site) is 403 cross-site',
    run: async () => {
      for (const site of ['cross-site', 'same-site'])
        expectProblem(await open(target, BODY, { 'Sec-Fetch-Site': site }), 'cross-site')
    },
  },
  {
    rule: 'POST from a foreign Origin is 403 cross-site',
    run: async () => {
      for (const origin of ['https://other-site.example', 'null'])
        expectProblem(await open(target, BODY, { Origin: origin }), 'cross-site')
    },
  },
  {
    rule: 'a method that the endpoint does not take is 405 with Allow',
    run: async () => {
      const answer = await askFor(target, 'DELETE', '')
      expectProblem(answer, 'method-not-allowed')
      must(/\bPOST\b/.test(answer.header('allow')), `has "Allow: ${answer.header('allow')}", which lacks POST`)
    },
  },
]
