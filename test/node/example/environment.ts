import assert from 'node:assert/strict'
import { readSettings, type Settings } from '../../../src/settings/settings.ts'

export type Environment = Readonly<Record<string, string>>

/** Complete and right for real money; every test of a fault breaks one thing in it. */
export const PRODUCTION: Environment = {
  IPAY_ENVIRONMENT: 'production',
  PUBLIC_URL: 'https://shop.example',
  IPAY_API_KEY: 'pk-7Qd2mB81',
}
export const SANDBOX: Environment = { IPAY_ENVIRONMENT: 'sandbox', IPAY_API_KEY: 'sk-4f81' }

/** The settings that an environment makes; any fault fails the test. */
export function settingsOf(env: Environment): Settings {
  const result = readSettings(env)
  if ('problems' in result) assert.fail(result.problems.join('\n'))
  return result.settings
}

/** What is said about an environment; empty when nothing is wrong. */
export function problemsOf(env: Environment): readonly string[] {
  const result = readSettings(env)
  return 'problems' in result ? result.problems : []
}
