import { isBangla } from './format.ts'
import { bn } from './messages-bn.ts'
import { en, type MessageKey } from './messages-en.ts'

export type { MessageKey }

/** The shop's own words for any text, per language. `{amount}`, `{shown}` and `{time}` are filled in. */
export type Messages = Partial<Record<'en' | 'bn', Partial<Record<MessageKey, string>>>>

/** One text in the buyer's language, the shop's own words first. */
export function message(
  key: MessageKey,
  language: string,
  own?: Messages | null,
  values: Readonly<Record<string, string>> = {},
): string {
  const name = isBangla(language) ? 'bn' : 'en'
  const given: unknown = own?.[name]?.[key]
  const text = typeof given === 'string' ? given : { en, bn }[name][key]
  return text.replace(/\{(\w+)\}/g, (all, value: string) => values[value] ?? all)
}

/** Is there a text of that name? */
export const hasMessage = (key: string): key is MessageKey => Object.hasOwn(en, key)
