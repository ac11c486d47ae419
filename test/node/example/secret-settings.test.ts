import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { readSettings } from '../../../src/settings/settings.ts'
import { PRODUCTION, problemsOf, settingsOf } from './environment.ts'

const folder = mkdtempSync(join(tmpdir(), 'shop-settings-'))
after(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe('secrets of the example shop', () => {
  test('H18: a placeholder is no key, and is not repeated', () => {
    for (const key of [
      'changeme',
      'CHANGE_ME',
      'your-api-key',
      'your_api_key',
      'xxx',
      'XXXXXXXX',
      '<key>',
      '$KEY',
      'api-key',
      'todo',
      '...',
    ]) {
      const problems = problemsOf({ ...PRODUCTION, IPAY_API_KEY: key })
      assert.deepEqual(problems, ["IPAY_API_KEY is still a placeholder: put the gateway's own value there."], key)
    }
    for (const key of ['xa9', 'test-key', 'canary-81d2', 'your7', 'keyring-9'])
      settingsOf({ ...PRODUCTION, IPAY_API_KEY: key })
  })

  test('H18: a key that cannot travel in a header is refused', () => {
    for (const key of ['a b', 'a\nb', 'কী', 'a\u00a0']) {
      assert.match(
        problemsOf({ ...PRODUCTION, IPAY_API_KEY: key }).join(),
        /^IPAY_API_KEY holds spaces/,
        JSON.stringify(key),
      )
    }
  })

  test('a secret in a file loses one trailing line break, and no more', () => {
    const env = (path: string) => ({ IPAY_ENVIRONMENT: 'sandbox', IPAY_API_KEY_FILE: path })
    assert.equal(settingsOf(env(file('one', 'key-1\n'))).apiKey(), 'key-1')
    assert.equal(settingsOf(env(file('dos', 'key-1\r\n'))).apiKey(), 'key-1')
    assert.match(
      problemsOf(env(file('two', 'key-1\n\n'))).join(),
      /^The file that IPAY_API_KEY_FILE names holds spaces, line breaks/,
    )
    assert.match(problemsOf(env(file('none', '\n'))).join(), /^The file that IPAY_API_KEY_FILE names is empty/)
    assert.equal(problemsOf(env(join(folder, 'none'))).length, 1)
  })

  test('a secret in a file is read again when the file changes, and a broken change leaves the last good one', () => {
    const path = file('rotated', 'key-1\n')
    const { apiKey } = settingsOf({ IPAY_ENVIRONMENT: 'sandbox', IPAY_API_KEY_FILE: path })
    writeFileSync(path, 'key-two\n')
    assert.equal(apiKey(), 'key-two')
    renameSync(file('next', 'key-3'), path)
    assert.equal(apiKey(), 'key-3')
    writeFileSync(path, '')
    assert.equal(apiKey(), 'key-3')
    rmSync(path)
    assert.equal(apiKey(), 'key-3')
    writeFileSync(path, 'key-four')
    assert.equal(apiKey(), 'key-four')
  })

  test('a comma list in a file is read on a change as at start, spaces around its parts included', () => {
    const path = file('list', 'whsec-a1, whsec-b2\n')
    const { webhookSecrets } = settingsOf({ IPAY_WEBHOOK_SECRET_FILE: path })
    assert.deepEqual(webhookSecrets?.(), ['whsec-a1', 'whsec-b2'])
    writeFileSync(path, 'whsec-b2, whsec-c33\n')
    assert.deepEqual(webhookSecrets?.(), ['whsec-b2', 'whsec-c33'])
  })

  test('a change that cannot be used is told once by its name, without the secret, and the last good one stays', () => {
    const path = file('told', 'whsec-a1')
    const told: string[] = []
    const result = readSettings({ IPAY_WEBHOOK_SECRET_FILE: path }, (name, fault) => void told.push(`${name} ${fault}`))
    const secrets = ('settings' in result && result.settings.webhookSecrets) || assert.fail()
    for (const [text, fault] of [
      ['whsec-b2, change me', 'is still a placeholder'],
      ['whsec-b2, whsec c3', 'holds spaces, line breaks or letters that cannot travel in a header'],
      [' , \n', 'is empty'],
    ] as const) {
      told.length = 0
      writeFileSync(path, text)
      for (const _use of [1, 2, 3]) assert.deepEqual(secrets(), ['whsec-a1'])
      assert.deepEqual(told, [`IPAY_WEBHOOK_SECRET ${fault}`])
    }
    told.length = 0
    rmSync(path)
    mkdirSync(path)
    assert.deepEqual([secrets(), secrets()], [['whsec-a1'], ['whsec-a1']])
    assert.deepEqual(told, ['IPAY_WEBHOOK_SECRET cannot be read'])
  })

  test('a webhook secret may be a comma list while it is being replaced', () => {
    assert.deepEqual(settingsOf({ IPAY_WEBHOOK_SECRET: 'whsec-a1, whsec-b2' }).webhookSecrets?.(), [
      'whsec-a1',
      'whsec-b2',
    ])
    assert.match(
      problemsOf({ IPAY_WEBHOOK_SECRET: 'whsec-a1,changeme' }).join(),
      /^IPAY_WEBHOOK_SECRET is still a placeholder/,
    )
    assert.match(problemsOf({ IPAY_WEBHOOK_SECRET: ' , ' }).join(), /^IPAY_WEBHOOK_SECRET is empty/)
  })

  test('G2: a gateway that signs notifications is refused without its secret', () => {
    const problems = problemsOf({ ...PRODUCTION, IPAY_GATEWAY: 'ipay-payments', IPAY_API_SECRET: 's-1' })
    assert.ok(
      problems.some((problem) => problem.startsWith('IPAY_WEBHOOK_SECRET or IPAY_WEBHOOK_SECRET_FILE must be set')),
    )
  })
})
