import { readSettings, type Settings } from '../../settings/settings.ts'
import { about, type Finding, type Variables } from './finding.ts'

/** What was found, and the settings when a shop would start with them. */
export interface SettingsLook {
  readonly findings: readonly Finding[]
  readonly settings: Settings | undefined
}

/** Would the reference shop start with these variables? Its own rules are asked, so that the answers cannot differ. */
export function lookAtSettings(variables: Variables): SettingsLook {
  const result = readSettings(variables)
  if ('settings' in result) return { findings: whatIsSet(result.settings), settings: result.settings }
  const findings = result.problems.map((sentence) => about(nameIn(sentence)).wrong(sentence))
  return { findings, settings: undefined }
}

/** The variable that a sentence is about, which is the first one that it names. */
const nameIn = (sentence: string): string => /[A-Z][A-Z_]+/.exec(sentence)?.[0] ?? 'settings'

function whatIsSet(settings: Settings): Finding[] {
  return [
    about('gateway').ok(settings.gateway),
    about('environment').ok(settings.environment),
    ...secrets(settings),
    about('PUBLIC_URL').ok(settings.publicUrl?.origin ?? 'the default, on this machine'),
  ]
}

function secrets({ environment, apiKey, apiSecret, webhookSecrets }: Settings): Finding[] {
  if (environment === 'simulator') return [about('secrets').skipped('The simulator takes any key.')]
  const length = (text: string) => `${text.length} characters`
  return [
    about('IPAY_API_KEY').ok(length(apiKey())),
    ...(apiSecret ? [about('IPAY_API_SECRET').ok(length(apiSecret()))] : []),
    ...(webhookSecrets ? [about('IPAY_WEBHOOK_SECRET').ok(webhookSecrets().map(length).join(', '))] : []),
  ]
}
