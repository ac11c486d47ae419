import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { INTERNAL } from '../../../scripts/vite-element.ts'
import { PROBLEM_CODES } from '../../../src/contract/problems.ts'
import { OpenReply, OpenRequest, PaymentStatus, Problem, Release, Shown } from '../../../src/contract/schemas.ts'
import { IpayButton, IpayResult } from '../../../src/elements/index.ts'
import { en } from '../../../src/elements/messages-en.ts'

test('no name that is shortened in the file for a script tag is one that a page, an answer or a text goes by', () => {
  const seen = [
    ...[OpenReply, OpenRequest, PaymentStatus, Problem, Release, Shown].flatMap(({ shape }) => Object.keys(shape)),
    ...[IpayButton, IpayResult].flatMap(({ properties }) => Object.keys(properties)),
    ...Object.keys(en),
    ...PROBLEM_CODES,
    ...['variant', 'disabled', 'updateComplete', 'requestUpdate'],
    ...['start', 'check', 'reset', 'focus', 'click', 'state', 'error', 'payment', 'endpointOrigins', 'paymentHosts'],
    ...['code', 'retryable', 'reference', 'cause', 'retryAfterSeconds', 'order', 'url', 'previous', 'waitUntil'],
  ]
  assert.deepEqual(
    seen.filter((name) => INTERNAL.test(name)),
    [],
  )
})

test('no name that is shortened is used as a word by the elements: a table is looked up by it', () => {
  const folder = new URL('../../../src/elements/', import.meta.url)
  for (const file of readdirSync(folder)) {
    const words = readFileSync(new URL(file, folder), 'utf8').match(/(?<=['"`])[\w$]+(?=['"`])/g) ?? []
    assert.deepEqual(
      words.filter((word) => INTERNAL.test(word)),
      [],
      file,
    )
  }
})
